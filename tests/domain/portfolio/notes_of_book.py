"""Notes for the tests of the portfolio."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from domain.classification import FiveClass
from domain.portfolio.exposure import Exposure

TODAY = date(2026, 11, 28)
_SPACE = UUID(int=1)


def an_id(name: str) -> UUID:
    return uuid5(_SPACE, name)


def note(name: str, outstanding: str, whose: str = "", **other: object) -> Exposure:
    values: dict[str, object] = {
        "loan_id": an_id(name),
        "customer_id": an_id(whose or name),
        "currency": "CNY",
        "outstanding": Decimal(outstanding),
    }
    return Exposure(**(values | other))  # type: ignore[arg-type] # the caller's names are checked


BOOK = (
    note("a", "600000", industry="C", region="32", group="云帆系"),
    note("b", "200000", days_past_due=31, five_class=FiveClass.SPECIAL_MENTION, industry="C"),
    note("c", "100000", "a", days_past_due=120, five_class=FiveClass.SUBSTANDARD, industry="C"),
    note("d", "100000", five_class=FiveClass.LOSS, industry="F", region="44"),
)
