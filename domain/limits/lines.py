"""A line of a derivation: an amount, what it was derived from, or why it could not be.

Amounts are in the currency of the case, rounded half up to its smallest unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class LineName(StrEnum):
    """The caps on a customer's limit, in the order a sheet shows them."""

    WORKING_CAPITAL = "working_capital"
    NET_WORTH = "net_worth"
    DEBT_SERVICE = "debt_service"
    SECURITY = "security"
    SINGLE_NAME = "single_name"
    GROUP = "group"
    PRODUCT = "product"
    ASK = "ask"


class Origin(StrEnum):
    """Where an input comes from."""

    STATEMENT = "statement"
    AVERAGE = "average"  # of two year ends
    YEAR_END = "year_end"  # of one, because the year before is not stated
    ASKED = "asked"
    TERMS = "terms"
    BOOK = "book"
    DERIVED = "derived"


class Unit(StrEnum):
    """How an input reads."""

    AMOUNT = "amount"
    SHARE = "share"
    DAYS = "days"
    TURNS = "turns"
    YEARS = "years"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Input:
    """One figure a line was derived from, with the year of the statement it stands in, if any."""

    name: str
    value: Decimal
    unit: Unit
    origin: Origin
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One cap. `amount` is None where it could not be computed: `problem` says why, by a code,
    and `missing` names what would be needed. Such a line goes to a person; it is never left out.
    """

    name: LineName
    amount: Decimal | None
    inputs: tuple[Input, ...] = ()
    problem: str | None = None
    missing: tuple[str, ...] = ()
    binding: bool = False


class NotComputable(Exception):
    """A line cannot be computed; carries the code of the reason and the names of what is missing.

    Never leaves this package.
    """

    def __init__(self, problem: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.missing = missing
