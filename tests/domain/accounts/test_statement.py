"""The interest statement: stretch by stretch, and in sum exactly what the account has earned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given

from domain.accounts import fold
from domain.accounts.account import Account
from domain.accounts.events import (
    Drawdown,
    Event,
    InterestPause,
    Prepayment,
    PrepaymentChoice,
    RateSet,
)
from domain.accounts.statement import InterestStretch, interest_statement
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from tests.domain.accounts.lives import Case, calendar_of, cases
from tests.domain.accounts.notes import drawn, paid, settled_quarterly, terms
from tests.properties import examples

NOTHING = Decimal(0)


def total(stretches: tuple[InterestStretch, ...]) -> Decimal:
    return sum((stretch.interest for stretch in stretches), NOTHING)


def earned(account: Account) -> Decimal:
    due = (line for line in account.lines if line.due_on <= account.as_of)
    return account.accrued_interest + sum(
        (line.owed.get(Bucket.INTEREST, NOTHING) for line in due), NOTHING
    )


def test_a_settled_quarter_is_one_stretch_and_the_day_itself_does_not_count() -> None:
    loan = settled_quarterly()
    [first] = interest_statement(loan, [drawn(loan)], date(2026, 3, 21))
    assert (first.from_on, first.to_on, first.days) == (date(2026, 3, 10), date(2026, 3, 21), 11)
    assert (first.balance, first.yearly_rate) == (Decimal("10000000.00"), Decimal("0.0345"))
    assert first.interest == Decimal("10541.67")  # 10 m x 3.45 % x 11 / 360


def test_a_new_rate_begins_a_new_stretch_on_its_own_day() -> None:
    loan = settled_quarterly()
    day = date(2026, 4, 10)
    events: list[Event] = [
        drawn(loan),
        RateSet(key="r", value_on=day, recorded_on=day, yearly_rate=Decimal("0.03")),
    ]
    told = interest_statement(loan, events, date(2026, 5, 10))
    assert [(each.from_on, each.yearly_rate) for each in told] == [
        (date(2026, 3, 10), Decimal("0.0345")),
        (date(2026, 3, 21), Decimal("0.0345")),
        (day, Decimal("0.03")),
    ]
    assert told[-1].interest == Decimal("25000.00")  # 10 m x 3 % x 30 / 360


def test_a_pause_bears_no_interest_at_a_rate_of_nothing() -> None:
    loan = settled_quarterly()
    first, last = date(2026, 4, 1), date(2026, 4, 10)
    pause = InterestPause(key="p", value_on=first, recorded_on=first, to_on=last)
    told = interest_statement(loan, [drawn(loan), pause], date(2026, 5, 1))
    [paused] = [each for each in told if each.from_on == first]
    assert (paused.to_on, paused.yearly_rate) == (last + timedelta(days=1), NOTHING)
    assert abs(paused.interest) <= Decimal("0.01")


def test_money_that_comes_in_cuts_no_stretch() -> None:
    loan = terms()
    events = [drawn(loan), paid(date(2026, 3, 20), "5000"), paid(date(2026, 4, 1), "7000")]
    assert len(interest_statement(loan, events, date(2026, 4, 10))) == 1


def test_a_prepayment_lowers_the_balance_from_its_day_on() -> None:
    loan = terms(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    day = date(2026, 4, 25)
    choice = PrepaymentChoice.KEEP_TERM
    early = Prepayment(
        key="e", value_on=day, recorded_on=day, amount=Decimal(200_000), choice=choice
    )
    events = [drawn(loan), paid(date(2026, 4, 10), "4350"), early]
    told = interest_statement(loan, events, date(2026, 5, 10))
    assert [(each.balance, each.days) for each in told] == [
        (Decimal("1200000.00"), 31),
        (Decimal("1200000.00"), 15),
        (Decimal("1000000.00"), 15),
    ]


def test_a_tranche_raises_the_balance_from_its_day_on() -> None:
    loan = terms(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    day = date(2026, 3, 25)
    more = Drawdown(key="d2", value_on=day, recorded_on=day, amount=Decimal(300_000))
    told = interest_statement(loan, [drawn(loan), more], date(2026, 4, 10))
    assert [each.balance for each in told] == [Decimal("1200000.00"), Decimal("1500000.00")]
    assert told[1].interest == Decimal("2806.45")  # 1.5 m x 4.35 % / 12 x 16 of 31 days


@given(cases())
@examples(200)
def test_the_stretches_sum_to_all_that_was_earned(case: Case) -> None:
    loan, events, day = case
    told = interest_statement(loan, events, day, calendar_of(loan))
    assert total(told) == earned(fold(loan, events, day, calendar_of(loan)))
    assert all(one.to_on <= after.from_on for one, after in pairwise(told))
