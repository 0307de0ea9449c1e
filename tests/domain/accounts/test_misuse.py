"""What misused money costs: on its amount, from its day, due or not, until it is brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Event,
    Misuse,
    MisuseEnded,
    Payoff,
    Prepayment,
    PrepaymentChoice,
    RateSet,
    Receipt,
    Restructure,
)
from domain.accounts.fold import account_of, take
from domain.accounts.rates import RateTimeline
from domain.accounts.running import Running
from domain.accounts.terms import LatenessTerms
from domain.day_counts import DayCount
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import drawn, paid, terms
from tests.properties import examples

START, DUE = date(2026, 6, 21), date(2026, 9, 20)
WHOLE = Decimal(5_000_000)


def bullet(**lateness: object) -> AccountTerms:
    """CNY 5 m at 4 %, all of it due on 2026-09-20."""
    loan = terms(
        "5000000",
        "0.04",
        1,
        RepaymentMethod.MATURITY,
        START,
        matures_on=DUE,
        day_count=DayCount.ACT_360,
    )
    return replace(loan, lateness=LatenessTerms(**lateness))  # type: ignore[arg-type] # named by a test


def misuse(on: date, amount: Decimal | int = WHOLE) -> Misuse:
    return Misuse(key=f"misuse:{on}", value_on=on, recorded_on=on, amount=Decimal(amount))


def ended(on: date, amount: Decimal | int) -> MisuseEnded:
    return MisuseEnded(key=f"ended:{on}", value_on=on, recorded_on=on, amount=Decimal(amount))


def penalty(account: Account) -> Decimal:
    return sum((line.owed.get(Bucket.PENALTY, Decimal(0)) for line in account.lines), Decimal(0))


def on(day: date, *events: Event, loan: AccountTerms | None = None) -> Account:
    found = loan or bullet()
    return fold(found, [drawn(found), *events], day)


def test_misused_and_not_due_the_loan_costs_eight_percent_in_place_of_four() -> None:
    account = on(DUE, misuse(START))
    interest = account.lines[0].owed[Bucket.INTEREST]
    assert interest == Decimal("50555.56")
    assert interest + penalty(account) == Decimal("101111.12")  # 5 m x 8 % x 91 / 360, by parts


def test_misuse_counts_from_its_day_and_on_its_amount_alone() -> None:
    account = on(DUE, misuse(date(2026, 7, 21), 2_000_000))
    assert penalty(account) == Decimal("13555.56")  # 2 m x 4 % x 61 / 360
    assert account.misused == 2_000_000


def test_misused_and_overdue_the_heavier_rate_counts_alone() -> None:
    account = on(date(2026, 10, 20), misuse(DUE))
    assert penalty(account) == Decimal("33333.33")  # 5 m x 8 % x 30 / 360
    assert account.lines[0].owed[Bucket.COMPOUND] == Decimal("252.78")


def test_one_misused_yuan_does_not_double_the_rate_on_the_rest() -> None:
    account = on(date(2026, 10, 20), misuse(DUE, 1))
    assert penalty(account) == Decimal("25000.00")  # 5 m x 6 % x 30 / 360, and 1 x 2 %


def test_a_lighter_misuse_rate_adds_nothing_to_what_is_overdue() -> None:
    loan = bullet(misuse_uplift=Decimal("0.5"))
    account = on(date(2026, 10, 20), misuse(DUE), loan=loan)
    assert penalty(account) == Decimal("25000.00")


def test_what_is_overdue_first_is_taken_to_be_what_was_misused() -> None:
    """Two instalments of 100,000 overdue, 150,000 misused: no part of it is priced twice."""
    loan = terms("1200000", "0.06", 12, RepaymentMethod.EQUAL_PRINCIPAL)
    found, day = misuse(date(2026, 5, 10), 150_000), date(2026, 6, 9)
    account = on(day, found, loan=loan)
    plain = on(day, loan=loan)
    # 30 days: 100,000 and 50,000 at 12 % in place of 9 %, the latter from its due date
    assert penalty(account) - penalty(plain) == Decimal("375.00")
    assert account.lines[2].owed.get(Bucket.PENALTY) is None


def test_the_price_falls_due_with_the_next_instalment_and_money_on_time_pays_it() -> None:
    loan = terms("1200000", "0.06", 12, RepaymentMethod.EQUAL_PRINCIPAL)
    account = on(date(2026, 4, 10), misuse(date(2026, 3, 10), 600_000), loan=loan)
    assert account.lines[0].owed[Bucket.PENALTY] == Decimal("3100.00")  # 31 days at 6 %
    money = paid(date(2026, 4, 10), "109100.00")
    settled = on(date(2026, 4, 20), misuse(date(2026, 3, 10), 600_000), money, loan=loan)
    assert settled.lines[0].open_total == 0
    assert settled.lines[1].owed[Bucket.PENALTY] == Decimal("1000.00")
    assert settled.positions[LedgerAccount.PENALTY_INCOME] == Decimal("-3100.00")


def test_a_decision_ends_it_and_what_it_cost_stays_owed() -> None:
    events = (misuse(date(2026, 7, 21)), ended(date(2026, 8, 20), WHOLE))
    account = on(DUE, *events)
    assert penalty(account) == Decimal("16666.67")  # 5 m x 4 % x 30 / 360
    assert account.misused == 0


def test_no_more_can_be_ended_than_there_is() -> None:
    with pytest.raises(LoanRuleViolation, match=r"account\.misuse_ended"):
        on(DUE, misuse(START, 100), ended(DUE, 101))


def test_what_is_prepaid_comes_off_what_was_misused() -> None:
    day = date(2026, 7, 21)
    money = paid(day, "4000000.00")
    early = Prepayment(
        key="change:1", value_on=day, recorded_on=day, amount=Decimal(3_000_000),
        choice=PrepaymentChoice.KEEP_TERM,
    )  # fmt: skip
    account = on(DUE, misuse(START, 3_500_000), money, early)
    assert account.misused == 500_000
    # 3.5 m over 30 days, 0.5 m over 61, each at 4 %
    assert penalty(account) == Decimal("15055.56")


def test_the_rate_of_the_day_is_what_the_uplift_doubles() -> None:
    day = date(2026, 8, 20)
    step = RateSet(key="r", value_on=day, recorded_on=START, yearly_rate=Decimal("0.05"))
    account = on(DUE, misuse(date(2026, 7, 21)), step)
    assert penalty(account) == Decimal("38194.44")  # 30 days at 4 %, 31 at 5 %


def test_a_payoff_pays_what_misuse_has_cost_by_its_day() -> None:
    day = date(2026, 7, 21)
    money, end = paid(day, "6000000.00"), Payoff(key="p", value_on=day, recorded_on=day)
    account = on(DUE, misuse(START), money, end)
    assert account.settled
    assert penalty(account) == Decimal("16666.67")


def test_what_misuse_cost_outlives_the_rows_it_stood_on() -> None:
    day = date(2026, 7, 21)
    anew = Restructure(
        key="r", value_on=day, recorded_on=day, first_due_on=date(2026, 8, 21), instalments=3,
        yearly_rate=Decimal("0.04"),
    )  # fmt: skip
    account = on(day, misuse(START), anew)
    assert penalty(account) == Decimal("16666.67")


@examples(60)
@given(
    st.sampled_from(list(RepaymentMethod)[:4]),
    st.decimals("0.01", "1200000", places=2),
    st.integers(1, 500),
    st.lists(st.tuples(st.integers(1, 500), st.decimals("1", "200000", places=2)), max_size=5),
)
def test_looking_every_day_and_at_once_come_to_the_same_and_no_rate_counts_twice(
    method: RepaymentMethod, amount: Decimal, days: int, money: list[tuple[int, Decimal]]
) -> None:
    loan = terms(method=method)
    start = loan.schedule.drawn_on
    receipts = [
        Receipt(key=f"r{n}", value_on=start + timedelta(days=late), amount=sum_in,
                recorded_on=start + timedelta(days=late))
        for n, (late, sum_in) in enumerate(money)
    ]  # fmt: skip
    found, day = misuse(start, amount), start + timedelta(days=days)
    events = [drawn(loan), found, *receipts]
    account = fold(loan, events, day)
    assert penalty(account_of(daily(loan, events, day), day)) == penalty(account)
    most = amount * loan.schedule.yearly_rate * days / 360
    plain = on(day, *receipts, loan=loan)
    assert penalty(account) <= penalty(plain) + most * 2 + 1


def daily(loan: AccountTerms, events: list[Event], to_on: date) -> Running:
    """The account looked at on every day of its life."""
    start = loan.schedule.drawn_on
    running = Running(loan, RateTimeline(loan.schedule))
    for n in range((to_on - start).days + 1):
        today = start + timedelta(days=n)
        for event in (event for event in events if event.value_on == today):
            take(running, event, set(), None)
        running.advance(today)
    return running
