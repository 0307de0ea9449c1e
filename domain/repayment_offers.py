"""How a product lets a loan come back: periods, days, grace and drawdowns on offer, as data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from domain.day_counts import DayCount
from domain.schedules import HolidayRule, MonthEnd, PeriodUnit
from domain.schedules.terms import SETTLEMENT_DAY_MAX
from domain.strict_data import StrictReader

_CODE = "product.malformed"
_WHERE = "repayment"
_T = TypeVar("_T", bound=StrEnum)
GRACE_MAX = 360
DRAWDOWNS_MAX = 60
_COUNTS = ("principal_grace_max", "interest_payment_grace_max", "interest_free_max")


@dataclass(frozen=True, slots=True)
class RepaymentOffer:
    """What an application may choose. The first of each list is what an empty entry means.

    Counts are of instalments; `down_payment_max` is a share; `availability_months` is how long
    after the first drawdown further ones may be asked for.
    """

    units: tuple[PeriodUnit, ...] = (PeriodUnit.MONTH,)
    settlement_days: tuple[int, ...] = ()
    day_counts: tuple[DayCount, ...] = (DayCount.THIRTY_360,)
    month_ends: tuple[MonthEnd, ...] = (MonthEnd.LAST_DAY,)
    holidays: tuple[HolidayRule, ...] = (HolidayRule.NONE,)
    longer_periods: bool = False
    first_due: bool = False
    multiples: bool = False
    principal_grace_max: int = 0
    interest_payment_grace_max: int = 0
    interest_free_max: int = 0
    down_payment_max: Decimal = Decimal(0)
    drawdowns_max: int = 1
    availability_months: int = 12


HOUSE_OFFER = RepaymentOffer()
"""Monthly by 30/360, drawn at once: what a product offers that says nothing else."""


def offer_from_data(data: object) -> RepaymentOffer:
    """Read a product's offer; what it does not name is as the house offers it.

    Violation: `product.malformed` with the member's name.
    """
    said = _Members(data, _CODE, _WHERE)
    said.only(frozenset(), frozenset(RepaymentOffer.__dataclass_fields__))
    share = said.number("down_payment_max") if said.has("down_payment_max") else Decimal(0)
    if not 0 <= share < 1:
        raise said.refuse("down_payment_max", "contradiction")
    counts = {name: said.count(name, 0, GRACE_MAX) for name in _COUNTS}
    return RepaymentOffer(
        units=said.offered("units", HOUSE_OFFER.units),
        settlement_days=said.settlement_days(),
        day_counts=said.offered("day_counts", HOUSE_OFFER.day_counts),
        month_ends=said.offered("month_ends", HOUSE_OFFER.month_ends),
        holidays=said.offered("holidays", HOUSE_OFFER.holidays),
        longer_periods=said.has("longer_periods") and said.flag("longer_periods"),
        first_due=said.has("first_due") and said.flag("first_due"),
        multiples=said.has("multiples") and said.flag("multiples"),
        down_payment_max=share,
        drawdowns_max=said.count("drawdowns_max", 1, DRAWDOWNS_MAX),
        availability_months=said.count("availability_months", 12, GRACE_MAX),
        **counts,
    )


class _Members(StrictReader):
    """The members of an offer."""

    def offered(self, key: str, otherwise: tuple[_T, ...]) -> tuple[_T, ...]:
        if not self.has(key):
            return otherwise
        kind = type(otherwise[0])
        try:
            found = tuple(kind(text) for text in self.texts(key))
        except ValueError as error:
            raise self.refuse(key, "unknown_choice") from error
        if not found:
            raise self.refuse(key, "missing")
        return found

    def settlement_days(self) -> tuple[int, ...]:
        key = "settlement_days"
        value = self.raw(key) if self.has(key) else []
        if not isinstance(value, list | tuple):
            raise self.refuse(key, "not_a_list")
        for day in value:
            whole = isinstance(day, int) and not isinstance(day, bool)
            if not whole or not 1 <= day <= SETTLEMENT_DAY_MAX:
                raise self.refuse(key, "not_a_settlement_day")
        return tuple(value)

    def count(self, key: str, otherwise: int, most: int) -> int:
        if not self.has(key):
            return otherwise
        count = self.whole(key, min(otherwise, 1))
        if count > most:
            raise self.refuse(key, "contradiction")
        return count
