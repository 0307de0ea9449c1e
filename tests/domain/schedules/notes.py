"""Terms for the tests of schedules: the worked note, changed where a test says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from domain.money import Currency
from domain.schedules import RepaymentMethod, ScheduleLine, ScheduleTerms, build_schedule

NOTE: dict[str, Any] = {
    "principal": Decimal(1200000),
    "currency": Currency.CNY,
    "yearly_rate": Decimal("0.0435"),
    "method": RepaymentMethod.EQUAL_INSTALMENT,
    "drawn_on": date(2026, 3, 10),
    "instalments": 12,
}


def note(**changed: Any) -> ScheduleTerms:
    return ScheduleTerms(**{**NOTE, **changed})


def lines(**changed: Any) -> tuple[ScheduleLine, ...]:
    return build_schedule(note(**changed))


def interest(of: tuple[ScheduleLine, ...]) -> Decimal:
    return sum((line.interest for line in of), Decimal(0))
