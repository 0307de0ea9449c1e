"""Open debt laid over new instalments, and overdue debt laid onto those to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Charge,
    Event,
    ReAge,
    ReAgedInterest,
    ReAmortisation,
    ReAmortisedInterest,
    Receipt,
    Reversal,
)
from domain.accounts.terms import (
    HOUSE_ALLOCATION,
    AllocationRule,
    FutureMoney,
    InterestBasis,
    Processing,
)
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules import PeriodUnit
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms
from tests.properties import examples

DAY = date(2026, 6, 20)  # the third instalment is due on 10 June, the fourth on 10 July
FIRST_DUE = date(2026, 7, 1)
NOTHING = Decimal(0)
NEXT = AllocationRule(
    HOUSE_ALLOCATION.order, Processing.INSTALMENT_FIRST, FutureMoney.NEXT_INSTALMENT
)


def loan(rate: str, *, daily: bool) -> AccountTerms:
    made = replace(terms("120000", rate, 6), allocation=NEXT, non_accrual_allocation=NEXT)
    return replace(made, interest_basis=InterestBasis.DAILY_BALANCE) if daily else made


def named(on: date, key: str) -> dict[str, Any]:
    return {"key": key, "value_on": on, "recorded_on": on}


def re_aged(on: date = DAY, **more: Any) -> ReAge:
    said: dict[str, Any] = {
        "first_due_on": max(FIRST_DUE, on),
        "instalments": 5,
        "unit": PeriodUnit.MONTH,
        **more,
    }
    return ReAge(**named(on, "re-age"), **said)


def paid(on: date, amount: str, key: str = "paid") -> Receipt:
    return Receipt(**named(on, key), amount=Decimal(amount))


def after(made: AccountTerms, *events: Event, on: date = DAY) -> Account:
    return fold(made, [drawn(made), *events], on)


def total(account: Account, bucket: Bucket, rows: Sequence[int] | None = None) -> Decimal:
    lines = [line for line in account.lines if rows is None or line.n in rows]
    return sum((line.owed.get(bucket, NOTHING) for line in lines), NOTHING)


@pytest.mark.parametrize("daily", [False, True])
def test_without_interest_the_rest_comes_back_in_equal_parts(*, daily: bool) -> None:
    first = paid(date(2026, 4, 10), "20000.00")
    account = after(loan("0", daily=daily), first, re_aged(every=2, unit=PeriodUnit.WEEK))
    assert [line.total for line in account.lines[:4]] == [Decimal(20000), 0, 0, 0]
    assert [line.due_on for line in account.lines[3:5]] == [DAY, FIRST_DUE]
    assert [line.total for line in account.lines[4:]] == [Decimal(20000)] * 5
    assert {b.due_on - a.due_on for a, b in pairwise(account.lines[4:])} == {timedelta(weeks=2)}
    assert account.lines[1].paid_on == DAY
    assert account.movements[-1].amount == Decimal(100_000)
    assert account.outstanding == Decimal(100_000)
    assert account.days_past_due == 0


@pytest.mark.parametrize("daily", [False, True])
def test_what_was_paid_ahead_stands_in_a_row_of_the_day(*, daily: bool) -> None:
    early = paid(date(2026, 4, 10), "90000.00")
    account = after(loan("0", daily=daily), early, re_aged())
    of_the_day = next(line for line in account.lines if line.due_on == DAY)
    assert of_the_day.owed == of_the_day.paid == {Bucket.PRINCIPAL: Decimal(30000)}
    assert of_the_day.paid_in_advance == Decimal(30000)
    assert total(account, Bucket.PRINCIPAL) == Decimal(120_000)
    assert [line.total for line in account.lines[-5:]] == [Decimal(6000)] * 5


def test_rows_due_before_the_first_new_one_stay_with_nothing_on_them() -> None:
    account = after(loan("0", daily=False), re_aged(first_due_on=date(2026, 8, 1)))
    july = next(line for line in account.lines if line.due_on == date(2026, 7, 10))
    assert july.total == 0
    assert account.lines[-5].due_on == date(2026, 8, 1)


def test_scheduled_interest_comes_back_to_the_day_or_to_the_old_end() -> None:
    made = loan("0.12", daily=False)
    plain = after(made)
    whole = after(made, re_aged(interest=ReAgedInterest.EQUAL_WHOLE))
    payable = after(made, re_aged(interest=ReAgedInterest.EQUAL_PAYABLE))
    assert total(whole, Bucket.INTEREST) == total(plain, Bucket.INTEREST)
    due = sum((line.owed[Bucket.INTEREST] for line in plain.lines[:3]), NOTHING)
    running = plain.lines[3].owed[Bucket.INTEREST] * 10 / 30
    assert abs(total(payable, Bucket.INTEREST) - due - running) < Decimal("0.01")
    assert len({line.total for line in whole.lines[-5:-1]}) == 1
    assert total(whole, Bucket.PRINCIPAL) == Decimal(120_000)


def test_charges_come_back_in_equal_parts_with_the_interest() -> None:
    fee = Charge(
        **named(date(2026, 4, 1), "fee"),
        bucket=Bucket.FEE,
        amount=Decimal("100.00"),
        due_on=date(2026, 4, 5),
    )
    for daily in (False, True):
        account = after(
            loan("0.12", daily=daily), fee, re_aged(interest=ReAgedInterest.EQUAL_PAYABLE)
        )
        assert [line.owed[Bucket.FEE] for line in account.lines[-5:]] == [Decimal(20)] * 5


def test_interest_by_the_schedule_cannot_run_on_over_new_rows() -> None:
    with pytest.raises(LoanRuleViolation, match=r"account\.re_age"):
        after(loan("0.12", daily=False), re_aged())


@pytest.mark.parametrize("daily", [False, True])
@pytest.mark.parametrize(
    "wrong", [{"instalments": 0}, {"every": 0}, {"first_due_on": DAY - timedelta(days=1)}]
)
def test_no_new_instalment_no_re_ageing(wrong: dict[str, Any], *, daily: bool) -> None:
    with pytest.raises(LoanRuleViolation, match=r"account\.re_age"):
        after(loan("0", daily=daily), re_aged(**wrong))


def test_on_a_daily_balance_open_interest_falls_due_with_the_first_new_row() -> None:
    account = after(loan("0.12", daily=True), re_aged())
    first, *others = account.lines[-5:]
    month = Decimal("1200.00")
    assert first.owed[Bucket.INTEREST] > 3 * month
    assert others[0].owed[Bucket.INTEREST] < month
    assert [line.total for line in account.lines[:4]] == [NOTHING] * 4
    assert len({line.total for line in account.lines[-5:-1]}) == 1
    assert account.lines[-1].balance_after == 0
    assert account.movements[-1].amount == Decimal(120_000) + Decimal("4000.00")


def test_in_equal_parts_no_interest_runs_any_more() -> None:
    made = loan("0.12", daily=True)
    then = after(made, re_aged(interest=ReAgedInterest.EQUAL_PAYABLE))
    later = after(made, re_aged(interest=ReAgedInterest.EQUAL_PAYABLE), on=date(2027, 3, 1))
    assert total(then, Bucket.INTEREST) == total(later, Bucket.INTEREST) == Decimal("4000.00")


def test_a_re_ageing_on_the_first_day_from_the_first_day_is_the_plan_again() -> None:
    made = loan("0.12", daily=True)
    again = re_aged(DRAWN_ON, first_due_on=DRAWN_ON, instalments=6)
    assert after(made, again, on=DRAWN_ON).lines == after(made, on=DRAWN_ON).lines


def test_charges_to_come_follow_their_due_date() -> None:
    fee = Charge(
        **named(date(2026, 4, 1), "fee"),
        bucket=Bucket.FEE,
        amount=Decimal("70.00"),
        due_on=date(2026, 7, 5),
    )
    account = after(loan("0.12", daily=True), fee, re_aged())
    charged = [line for line in account.lines if Bucket.FEE in line.owed]
    assert [line.due_on for line in charged] == [date(2026, 8, 1)]


@pytest.mark.parametrize("daily", [False, True])
def test_overdue_debt_joins_the_instalments_to_come(*, daily: bool) -> None:
    again = ReAmortisation(**named(DAY, "again"))
    account = after(loan("0", daily=daily), again)
    assert [line.total for line in account.lines] == [0, 0, 0, *[Decimal(40000)] * 3]
    assert [line.balance_after for line in account.lines[3:]] == [80000, 40000, 0]
    assert account.movements[-1].amount == Decimal(60_000)
    assert account.days_past_due == 0


def test_overdue_interest_falls_due_next_or_in_equal_parts() -> None:
    made = loan("0.12", daily=True)
    relaid = after(made, ReAmortisation(**named(DAY, "again")))
    in_parts = ReAmortisation(**named(DAY, "again"), interest=ReAmortisedInterest.EQUAL_PARTS)
    parted = after(made, in_parts)
    three = Decimal("3600.00")
    assert relaid.lines[3].owed[Bucket.INTEREST] > three
    assert three / 3 < parted.lines[3].owed[Bucket.INTEREST] < three
    assert len({line.total for line in parted.lines[3:5]}) == 1
    assert total(parted, Bucket.PRINCIPAL) == total(relaid, Bucket.PRINCIPAL) == Decimal(120_000)


@pytest.mark.parametrize("daily", [False, True])
def test_nothing_to_come_takes_no_overdue_debt(*, daily: bool) -> None:
    late = date(2026, 12, 1)
    with pytest.raises(LoanRuleViolation, match=r"account\.re_amortisation"):
        after(loan("0", daily=daily), ReAmortisation(**named(late, "again")), on=late)


@pytest.mark.parametrize("daily", [False, True])
def test_one_that_never_counted_leaves_no_trace(*, daily: bool) -> None:
    made = loan("0", daily=daily)
    undone = Reversal(**named(DAY, "not"), reversed_key="re-age")
    assert after(made, re_aged(), undone).lines == after(made).lines


@st.composite
def lives(draw: st.DrawFn) -> tuple[AccountTerms, list[Event]]:
    daily = draw(st.booleans())
    handling = draw(st.sampled_from(list(ReAgedInterest)))
    runs_on = handling is ReAgedInterest.RELAID
    rate = "0" if runs_on and not daily else draw(st.sampled_from(["0", "0.0435", "0.12"]))
    on = DRAWN_ON + timedelta(days=draw(st.integers(0, 250)))
    events: list[Event] = [
        paid(DRAWN_ON + timedelta(days=draw(st.integers(0, 400))), str(amount), f"r{n}")
        for n, amount in enumerate(
            draw(st.lists(st.decimals("0.01", "60000", places=2), max_size=4))
        )
    ]
    first_due_on = on + timedelta(days=draw(st.integers(1, 60)))
    events.append(
        re_aged(
            on,
            first_due_on=first_due_on,
            instalments=draw(st.integers(1, 9)),
            unit=draw(st.sampled_from([PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH])),
            every=draw(st.integers(1, 30)),
            interest=handling,
        )
    )
    return loan(rate, daily=daily), events


@examples(150)
@given(lives(), st.integers(250, 800))
def test_no_cent_is_lost_whenever_a_loan_is_re_aged(
    life: tuple[AccountTerms, list[Event]], age: int
) -> None:
    made, events = life
    account = after(made, *events, on=DRAWN_ON + timedelta(days=age))
    received = sum(
        (e.amount for e in events if isinstance(e, Receipt) and e.value_on <= account.as_of),
        NOTHING,
    )
    paid_in_all = sum((sum(line.paid.values(), NOTHING) for line in account.lines), NOTHING)
    assert received == paid_in_all + account.held
    assert total(account, Bucket.PRINCIPAL) == Decimal(120_000)
    assert account.outstanding == account.open_amount(Bucket.PRINCIPAL)
    assert account.lines[-1].balance_after == 0
    assert sum(account.positions.values(), NOTHING) == 0
    assert account.positions.get(LedgerAccount.LOANS, NOTHING) == account.outstanding
    assert [line.due_on for line in account.lines] == sorted(line.due_on for line in account.lines)
    for line in account.lines:
        for bucket in Bucket:
            assert 0 <= line.paid.get(bucket, NOTHING) <= line.owed.get(bucket, NOTHING)
