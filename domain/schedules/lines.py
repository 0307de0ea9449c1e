"""The lines of a schedule and their due dates."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, init=False)
class ScheduleLine:
    """One instalment (期次): what falls due when, and the principal outstanding after it.

    Unit: the note's currency. Range: nothing negative. Rounding: to the smallest unit.
    """

    n: int
    period_start_on: date
    due_on: date
    principal: Decimal
    interest: Decimal
    balance_after: Decimal

    def __init__(  # its members, by position as the dataclass's own
        self,
        n: int,
        period_start_on: date,
        due_on: date,
        principal: Decimal,
        interest: Decimal,
        balance_after: Decimal,
    ) -> None:
        # a frozen dataclass's own costs four times as much, and schedules are made of lines
        members = self.__dict__
        members["n"] = n
        members["period_start_on"] = period_start_on
        members["due_on"] = due_on
        members["principal"] = principal
        members["interest"] = interest
        members["balance_after"] = balance_after

    @property
    def total(self) -> Decimal:
        """Principal and interest together."""
        return self.principal + self.interest


def due_date(drawn_on: date, n: int) -> date:
    """The date n whole months after drawdown.

    The day of drawdown is the anchor; a month without that day uses its last day, and the next
    month goes back to the anchor. Range: n >= 0. Rounding: none.
    """
    years, month_index = divmod(drawn_on.month - 1 + n, 12)
    year, month = drawn_on.year + years, month_index + 1
    return date(year, month, min(drawn_on.day, monthrange(year, month)[1]))
