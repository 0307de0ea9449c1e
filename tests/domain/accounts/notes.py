"""Loans the account tests run: the bank's usual ones, and how an event is written briefly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.accounts import AccountTerms
from domain.accounts.events import Drawdown, Receipt
from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules import PeriodUnit, RepaymentMethod, ScheduleTerms

DRAWN_ON = date(2026, 3, 10)


def terms(
    principal: str = "1200000",
    rate: str = "0.0435",
    instalments: int = 12,
    method: RepaymentMethod = RepaymentMethod.EQUAL_INSTALMENT,
    drawn_on: date = DRAWN_ON,
    **more: object,
) -> AccountTerms:
    """A monthly loan in house conventions, unless said otherwise."""
    schedule = ScheduleTerms(
        principal=Decimal(principal),
        currency=Currency.CNY,
        yearly_rate=Decimal(rate),
        instalments=instalments,
        method=method,
        drawn_on=drawn_on,
        **more,  # type: ignore[arg-type] # a test names the fields it changes
    )
    return AccountTerms(schedule=schedule)


def settled_quarterly(**more: object) -> AccountTerms:
    """CNY 10 m, interest settled on the 20th of quarter ends, ACT/360."""
    return terms(
        "10000000",
        "0.0345",
        5,
        RepaymentMethod.INTEREST_FIRST_BULLET,
        unit=PeriodUnit.QUARTER,
        settlement_day=20,
        matures_on=date(2027, 3, 10),
        day_count=DayCount.ACT_360,
        **more,  # type: ignore[arg-type] # a test names the fields it changes
    )


def drawn(account: AccountTerms, on: date | None = None) -> Drawdown:
    """All of the loan goes out on its first day."""
    day = on or account.schedule.drawn_on
    return Drawdown(
        key="drawdown:1", value_on=day, recorded_on=day, amount=account.schedule.principal
    )


def paid(on: date, amount: str | Decimal, key: str | None = None) -> Receipt:
    """Money comes in."""
    name = key or f"receipt:{on.isoformat()}"
    return Receipt(key=name, value_on=on, recorded_on=on, amount=Decimal(amount))
