"""Rows that come later: extensions, restructures, prepayments go on as the contract says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Drawdown,
    Event,
    Extension,
    Payoff,
    Prepayment,
    PrepaymentChoice,
    RateSet,
    Restructure,
    Waiver,
)
from domain.repayments import Bucket
from domain.schedules import CustomRow, HolidayRule, PeriodUnit, RepaymentMethod
from domain.violations import LoanRuleViolation
from tests.domain.accounts.lives import calendar_of
from tests.domain.accounts.notes import DRAWN_ON, drawn, paid, settled_quarterly, terms

DAY = date(2026, 3, 20)
STEPS = (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("0.4"))
NOTHING = Decimal(0)


def after(loan: AccountTerms, *events: Event, on: date = DAY) -> Account:
    return fold(loan, [drawn(loan), *events], on, calendar_of(loan))


def extension(extra: int, on: date = DAY) -> Extension:
    return Extension(key="x", value_on=on, recorded_on=on, extra_instalments=extra)


def restructure(first_due_on: date, count: int, on: date = DAY, **more: object) -> Restructure:
    return Restructure(
        key="r",
        value_on=on,
        recorded_on=on,
        first_due_on=first_due_on,
        instalments=count,
        yearly_rate=Decimal("0.04"),
        **more,  # type: ignore[arg-type] # a test names the fields it gives
    )


def prepaid(choice: PrepaymentChoice = PrepaymentChoice.KEEP_INSTALMENT) -> Prepayment:
    return Prepayment(
        key="p", value_on=DAY, recorded_on=DAY, amount=Decimal(300_000), choice=choice
    )


def dues(account: Account) -> list[date]:
    return [line.due_on for line in account.lines]


def principal(account: Account) -> list[Decimal]:
    return [line.owed.get(Bucket.PRINCIPAL, NOTHING) for line in account.lines]


def interest(account: Account) -> list[Decimal]:
    return [line.owed.get(Bucket.INTEREST, NOTHING) for line in account.lines]


def test_an_extension_keeps_the_30th_after_a_february() -> None:
    loan = terms(instalments=3, drawn_on=date(2026, 11, 30))
    account = after(loan, extension(3, date(2026, 12, 1)), on=date(2026, 12, 1))
    assert [due.day for due in dues(account)] == [30, 30, 28, 30, 30, 30]


def test_an_extension_moves_due_dates_off_days_off() -> None:
    loan = terms(instalments=3, drawn_on=date(2026, 3, 13), holiday=HolidayRule.FOLLOWING)
    account = after(loan, extension(3))
    # the 13th is a Saturday in June and a Sunday in September
    assert dues(account)[2:] == [
        date(2026, 6, 15), date(2026, 7, 13), date(2026, 8, 13), date(2026, 9, 14),
    ]  # fmt: skip


def test_an_extension_of_a_settled_loan_stays_on_the_21st_up_to_the_later_maturity() -> None:
    account = after(settled_quarterly(), extension(2))
    assert dues(account)[3:] == [
        date(2026, 12, 21), date(2027, 3, 21), date(2027, 6, 21), date(2027, 9, 10),
    ]  # fmt: skip
    assert principal(account)[:-1] == [NOTHING] * 6


def test_interest_and_principal_at_maturity_stay_one_row_when_extended() -> None:
    loan = terms(instalments=6, method=RepaymentMethod.MATURITY)
    account = after(loan, extension(3))
    assert dues(account) == [date(2026, 12, 10)]
    assert interest(account) == [Decimal("39150.00")]  # 1.2 m x 4.35 % x 9 / 12


def test_a_new_rate_on_a_loan_due_at_maturity_counts_every_month_of_it() -> None:
    loan = terms(instalments=6, method=RepaymentMethod.MATURITY)
    day = date(2026, 6, 10)
    new = RateSet(key="n", value_on=day, recorded_on=day, yearly_rate=Decimal("0.06"))
    assert interest(after(loan, new, on=day)) == [Decimal("31050.00")]  # 3 months each


def test_added_rows_of_a_step_up_take_as_much_as_its_last() -> None:
    loan = terms(
        instalments=4, method=RepaymentMethod.STEP_UP, step_shares=STEPS, unit=PeriodUnit.QUARTER
    )
    shares = principal(after(loan, extension(1)))
    # 1 : 2 : 3 : 4 : 4 over 1.2 m
    assert [str(each) for each in shares] == [
        "85714.29", "171428.57", "257142.86", "342857.14", "342857.14",
    ]  # fmt: skip


def test_added_rows_of_agreed_ones_follow_the_last_date() -> None:
    custom = (
        CustomRow(date(2026, 9, 10), Decimal(700_000)),
        CustomRow(date(2027, 1, 31), Decimal(500_000)),
    )
    account = after(
        terms(instalments=2, method=RepaymentMethod.CUSTOM, custom=custom), extension(2)
    )
    assert dues(account)[2:] == [date(2027, 2, 28), date(2027, 3, 31)]
    assert sum(principal(account)) == Decimal(1_200_000)


def test_an_extension_beyond_2100_is_refused_by_name() -> None:
    loan = terms(unit=PeriodUnit.YEAR, instalments=70)
    with pytest.raises(LoanRuleViolation) as caught:
        after(loan, extension(10))
    assert caught.value.code == "terms.date"


def test_a_restructure_moves_due_dates_off_days_off() -> None:
    loan = terms(instalments=3, holiday=HolidayRule.FOLLOWING)
    account = after(loan, restructure(date(2026, 8, 15), 2))
    assert dues(account) == [date(2026, 8, 17), date(2026, 9, 15)]


def test_overdue_principal_can_be_restructured_and_its_interest_stays_due() -> None:
    loan, day = terms(instalments=6), date(2026, 5, 20)
    before = after(loan, on=day)
    account = after(loan, restructure(date(2026, 6, 20), 12, day, overdue_too=True), on=day)
    assert account.outstanding == Decimal(1_200_000)
    assert principal(account)[:2] == [NOTHING, NOTHING]
    assert interest(account)[:2] == interest(before)[:2]
    assert account.open_amount(Bucket.PRINCIPAL, due_by=day) == 0
    assert sum(principal(account)) == Decimal(1_200_000)


def test_interest_earned_before_a_restructure_stays_earned() -> None:
    loan = terms("1200000", "0.06", 6, RepaymentMethod.INTEREST_FIRST_BULLET)
    day = date(2026, 3, 25)
    before = after(loan, on=day)
    account = after(loan, restructure(date(2026, 4, 25), 6, day), on=day)
    assert account.accrued_interest == before.accrued_interest == Decimal("2903.23")


def test_a_payoff_within_an_interest_free_period_costs_the_principal_only() -> None:
    loan = terms(instalments=6, interest_free=2)
    off = Payoff(key="o", value_on=DAY, recorded_on=DAY)
    assert sum(interest(after(loan, off))) == 0


def test_interest_put_off_is_earned_meanwhile_and_due_at_a_payoff() -> None:
    loan, day = terms(instalments=6, interest_payment_grace=2), date(2026, 5, 10)
    account = after(loan, paid(date(2026, 4, 10), "198195.15"), on=day)
    assert interest(account)[:2] == [NOTHING, NOTHING]
    assert account.accrued_interest == Decimal("7981.54")  # 4350.00 and 3631.54
    off = Payoff(key="o", value_on=day, recorded_on=day)
    assert sum(interest(after(loan, off, on=day))) == Decimal("7981.54")


def test_flat_interest_counts_on_what_was_lent_at_first() -> None:
    loan, day = terms(instalments=6, method=RepaymentMethod.FLAT), date(2026, 5, 20)
    new = RateSet(key="n", value_on=day, recorded_on=day, yearly_rate=Decimal("0.06"))
    account = after(loan, new, on=date(2026, 5, 20))
    assert interest(account)[3:] == [Decimal("6000.00")] * 3


def test_a_tranche_costs_nothing_before_it_came_at_a_payoff_neither() -> None:
    loan = terms(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    day = date(2026, 3, 25)
    more = Drawdown(key="d2", value_on=day, recorded_on=day, amount=Decimal(300_000))
    off = Payoff(key="o", value_on=day, recorded_on=day)
    earned = after(loan, on=day).accrued_interest
    assert sum(interest(after(loan, more, off, on=day))) == earned == Decimal("2104.84")


@pytest.mark.parametrize(
    ("method", "more", "expected"),
    [
        (RepaymentMethod.EQUAL_PRINCIPAL, {}, ["100000.00"] * 9),
        (
            RepaymentMethod.STEP_UP,
            {"instalments": 4, "step_shares": STEPS},
            ["120000.00", "240000.00", "360000.00", "180000.00"],
        ),
    ],
)
def test_keeping_the_instalment_keeps_the_agreed_parts_from_the_front(
    method: RepaymentMethod, more: dict[str, object], expected: list[str]
) -> None:
    account = after(terms(method=method, **more), prepaid())  # type: ignore[arg-type] # named above
    assert [str(each) for each in principal(account)[1:]] == expected


def test_keeping_the_instalment_leaves_a_grace_in_place() -> None:
    account = after(terms(principal_grace=2), prepaid())
    assert principal(account)[1:3] == [NOTHING, NOTHING]
    level = [line.total for line in account.lines[3:-1]]
    assert level == [after(terms(principal_grace=2)).lines[2].total] * len(level)
    assert account.lines[-1].due_on < date(2027, 3, 10)


def test_what_was_waived_on_a_row_that_leaves_stays_with_the_debt() -> None:
    loan = terms(method=RepaymentMethod.INTEREST_FIRST_BULLET)
    given = Waiver(
        key="w", value_on=DRAWN_ON, recorded_on=DAY, bucket=Bucket.INTEREST, amount=Decimal(5000)
    )
    account = after(loan, given, restructure(date(2026, 4, 20), 2))
    assert sum(account.positions.values()) == 0
    assert sum(line.paid.get(Bucket.INTEREST, NOTHING) for line in account.lines) == Decimal(5000)
