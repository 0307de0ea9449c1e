"""Mistakes that users of other systems reported of running loans; ours does not make them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.accounts import AccountLine, AccountTerms, fold
from domain.accounts.events import Event, RateSet
from domain.day_counts import DayCount
from domain.money import Currency, round_half_up
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from tests.domain.accounts.notes import DRAWN_ON, drawn, paid, terms

FIXINGS = (
    (date(2026, 4, 25), Decimal("0.0525")),
    (date(2026, 7, 10), Decimal("0.0310")),
    (date(2026, 11, 3), Decimal("0.0480")),
)
FOLLOWING_THE_RATE = (
    RepaymentMethod.EQUAL_INSTALMENT,
    RepaymentMethod.EQUAL_PRINCIPAL,
    RepaymentMethod.INTEREST_FIRST_BULLET,
)
END = date(2027, 6, 1)


def fixed(known_on: date | None = None) -> list[Event]:
    """The fixings, each known on its own day or all on one day."""
    return [
        RateSet(
            key=f"fixing:{on}",
            value_on=on,
            recorded_on=max(on, known_on or on),
            yearly_rate=rate,
        )
        for on, rate in FIXINGS
    ]


def rate_on(loan: AccountTerms, day: date) -> Decimal:
    known = [rate for on, rate in FIXINGS if on <= day]
    return known[-1] if known else loan.schedule.yearly_rate


def interest_by_days(loan: AccountTerms, lines: tuple[AccountLine, ...]) -> Iterator[Decimal]:
    """Balance x the rate of each single day / 360, added up: no period, no segment."""
    balance = loan.schedule.principal
    for line in lines:
        days = range((line.due_on - line.period_start_on).days)
        rates = (rate_on(loan, line.period_start_on + timedelta(days=n)) for n in days)
        yield round_half_up(balance * sum(rates) / 360, Currency.CNY)
        balance = line.balance_after


@pytest.mark.parametrize("method", FOLLOWING_THE_RATE)
def test_floating_interest_is_that_of_each_day_whenever_a_fixing_was_known(
    method: RepaymentMethod,
) -> None:
    """Cumulative loans with floating rates recalculated interest inconsistently (fineract 5593)."""
    loan = terms(method=method, day_count=DayCount.ACT_360)
    at_once = fold(loan, [drawn(loan), *fixed()], END)
    late = fold(loan, [drawn(loan), *fixed(known_on=date(2026, 12, 20))], END)
    interest = [line.owed[Bucket.INTEREST] for line in at_once.lines]
    assert interest == list(interest_by_days(loan, at_once.lines))
    assert [line.due_on for line in late.lines] == [line.due_on for line in at_once.lines]
    assert [line.owed[Bucket.INTEREST] for line in late.lines] == list(
        interest_by_days(loan, late.lines)
    )


def test_a_bullet_asks_for_interest_alone_until_its_last_day() -> None:
    """A bullet loan was attempted and given up (fineract 1738)."""
    loan = terms(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    planned = fold(loan, [drawn(loan)], DRAWN_ON).lines
    receipts = [paid(line.due_on, line.open_total) for line in planned]
    account = fold(loan, [drawn(loan), *receipts], END)
    principal = [line.owed.get(Bucket.PRINCIPAL, 0) for line in account.lines]
    assert principal == [0] * 11 + [1_200_000]
    assert {line.owed[Bucket.INTEREST] for line in account.lines} == {Decimal("4350.00")}
    assert account.outstanding == account.held == 0
