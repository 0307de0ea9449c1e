"""A level-instalment loan whose interest follows what is really owed each day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import fold
from domain.accounts.account import Account
from domain.accounts.events import (
    Acceleration,
    Chargeback,
    Drawdown,
    Event,
    InterestPause,
    Payoff,
    RateSet,
    Receipt,
    Refund,
    Reversal,
)
from domain.accounts.terms import (
    HOUSE_ALLOCATION,
    AccountTerms,
    AllocationRule,
    FutureMoney,
    InterestBasis,
    Processing,
)
from domain.day_counts import DayCount
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod, ScheduleTerms, build_schedule
from domain.violations import LoanRuleViolation

START = date(2026, 1, 1)
PRINCIPAL = Decimal("1200000.00")
NEXT = AllocationRule(
    HOUSE_ALLOCATION.order, Processing.INSTALMENT_FIRST, FutureMoney.NEXT_INSTALMENT
)


def terms(method: RepaymentMethod = RepaymentMethod.EQUAL_INSTALMENT) -> AccountTerms:
    schedule = ScheduleTerms(
        principal=PRINCIPAL,
        currency=Currency.CNY,
        yearly_rate=Decimal("0.06"),
        method=method,
        drawn_on=START,
        instalments=12,
        day_count=DayCount.ACT_360,
    )
    return AccountTerms(
        schedule=schedule, interest_basis=InterestBasis.DAILY_BALANCE, allocation=NEXT
    )


def drawn(on: date = START, amount: Decimal = PRINCIPAL, key: str = "draw") -> Drawdown:
    return Drawdown(key=key, value_on=on, recorded_on=on, amount=amount)


def paid(on: date, amount: Decimal, key: str = "paid") -> Receipt:
    return Receipt(key=key, value_on=on, recorded_on=on, amount=amount)


def after(as_of: date, *events: Event) -> Account:
    return fold(terms(), [drawn(), *events], as_of)


def interest(account: Account) -> Decimal:
    return sum((line.owed.get(Bucket.INTEREST, Decimal(0)) for line in account.lines), Decimal(0))


def test_without_events_it_is_the_schedule() -> None:
    lines = build_schedule(terms().schedule)
    account = after(START)
    assert [
        (x.due_on, x.owed[Bucket.PRINCIPAL], x.owed[Bucket.INTEREST]) for x in account.lines
    ] == [(line.due_on, line.principal, line.interest) for line in lines]


def test_late_principal_bears_interest_until_the_day() -> None:
    ten_days_late = after(date(2026, 2, 11))
    overdue = ten_days_late.lines[0].owed[Bucket.PRINCIPAL]
    second = ten_days_late.lines[1].owed[Bucket.INTEREST]
    before = after(START).lines[1].owed[Bucket.INTEREST]
    assert second - before == (overdue * Decimal("0.06") * 10 / 360).quantize(Decimal("0.01"))
    assert ten_days_late.days_past_due == 10


def test_early_money_saves_interest_from_its_day() -> None:
    level = after(START).lines[0].total
    early = after(date(2026, 1, 16), paid(date(2026, 1, 16), level))
    first = early.lines[0]
    assert first.owed[Bucket.INTEREST] == Decimal("3000.00")
    assert first.total == level
    assert interest(early) < interest(after(date(2026, 1, 16)))


def test_a_payoff_asks_interest_to_the_day_and_nothing_after() -> None:
    day = date(2026, 1, 16)
    account = after(day, Payoff(key="off", value_on=day, recorded_on=day))
    assert account.movements[-1].amount == PRINCIPAL + Decimal("3000.00")
    assert account.settled
    assert account.outstanding == 0
    assert interest(account) == Decimal("3000.00")


def test_a_rate_changes_the_level_from_its_instalment_on() -> None:
    day = date(2026, 3, 1)
    rate = RateSet(key="rate", value_on=day, recorded_on=day, yearly_rate=Decimal("0.03"))
    before, changed = after(day), after(day, rate)
    assert changed.lines[1].total == before.lines[1].total
    assert changed.lines[2].total < before.lines[2].total
    assert changed.lines[-1].balance_after == 0
    assert changed.yearly_rate == Decimal("0.03")


def test_a_pause_keeps_the_level_and_frees_its_days() -> None:
    pause = InterestPause(
        key="pause", value_on=date(2026, 2, 1), recorded_on=START, to_on=date(2026, 2, 28)
    )
    account = after(START, pause)
    assert Bucket.INTEREST not in account.lines[1].owed
    assert account.lines[1].total == account.lines[0].total
    assert account.lines[-1].total < account.lines[0].total


def test_a_tranche_raises_what_is_due_from_its_instalment_on() -> None:
    day = date(2026, 2, 15)
    account = after(day, drawn(day, Decimal("300000.00"), "tranche"))
    plain = after(day)
    assert account.lines[0].owed == plain.lines[0].owed
    assert account.lines[1].total > plain.lines[1].total
    principal = sum(line.owed[Bucket.PRINCIPAL] for line in account.lines)
    assert principal == PRINCIPAL + Decimal("300000.00")


def test_a_reversed_receipt_never_was() -> None:
    day = date(2026, 2, 1)
    undo = Reversal(key="undo", value_on=day, recorded_on=day, reversed_key="paid")
    account = after(day, paid(day, Decimal("50000.00")), undo)
    assert account.lines == after(day).lines
    assert account.movements[-1].reversed


def test_a_chargeback_owes_again_what_the_receipt_paid() -> None:
    day = date(2026, 2, 1)
    level = after(START).lines[0].total
    back = Chargeback(key="back", value_on=day, recorded_on=day, receipt_key="paid", amount=level)
    account = after(day, paid(day, level), back)
    assert account.outstanding == PRINCIPAL
    assert account.lines[1].total == level * 2


def test_everything_falls_due_at_once() -> None:
    day = date(2026, 2, 15)
    account = after(day, Acceleration(key="all", value_on=day, recorded_on=day))
    assert account.lines[-1].due_on == day
    assert account.accelerated_on == day
    assert sum(line.owed[Bucket.PRINCIPAL] for line in account.lines) == PRINCIPAL


@pytest.mark.parametrize("days", [0, 14, 31, 45, 200, 400])
def test_the_ledger_sums_to_zero_on_every_day(days: int) -> None:
    day = date.fromordinal(START.toordinal() + days)
    events = [
        drawn(),
        paid(date(2026, 1, 20), Decimal("150000.00")),
        paid(date(2026, 3, 5), Decimal("1500000.00"), "too-much"),
        Refund(
            key="refund",
            value_on=date(2026, 3, 9),
            recorded_on=date(2026, 3, 9),
            amount=Decimal("1000.00"),
        ),
    ]
    account = fold(terms(), events, day)
    assert sum(account.positions.values()) == 0


def test_only_level_instalments_follow_a_balance() -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        fold(terms(RepaymentMethod.EQUAL_PRINCIPAL), [drawn()], START)
    assert refused.value.code == "terms.daily_balance"


def test_nothing_can_happen_before_a_drawdown() -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        fold(terms(), [paid(START, Decimal(1))], START)
    assert refused.value.code == "account.not_drawn"
