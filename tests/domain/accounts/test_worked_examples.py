"""The worked figures of the banking rules, to the cent, through the one engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import AccountTerms, fold
from domain.accounts.allocation import allocate
from domain.accounts.events import Charge, Prepayment, PrepaymentChoice, RateSet
from domain.accounts.rows import Row
from domain.accounts.terms import HOUSE_ALLOCATION, NON_ACCRUAL_ALLOCATION
from domain.day_counts import DayCount
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod, build_schedule
from domain.schedules.periods import Period
from tests.domain.accounts.notes import DRAWN_ON, drawn, paid, settled_quarterly, terms


def money(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_interest_settled_on_the_20th_of_quarter_ends_is_due_on_the_21st() -> None:
    lines = build_schedule(settled_quarterly().schedule)
    assert [line.due_on for line in lines] == [
        date(2026, 3, 21),
        date(2026, 6, 21),
        date(2026, 9, 21),
        date(2026, 12, 21),
        date(2027, 3, 10),
    ]
    assert [line.interest for line in lines] == money(
        "10541.67", "88166.67", "88166.67", "87208.33", "75708.33"
    )
    assert sum(line.interest for line in lines) == Decimal("349791.67")


def test_a_rate_that_changes_inside_a_period_counts_in_two_parts() -> None:
    loan = settled_quarterly()
    event = RateSet(
        key="fixing:1",
        value_on=date(2026, 5, 1),
        recorded_on=date(2026, 5, 1),
        yearly_rate=Decimal("0.0335"),
    )
    account = fold(loan, [drawn(loan), event], date(2026, 6, 21))
    # 41 days at 3.45 % and 51 days at 3.35 %
    assert account.lines[1].owed[Bucket.INTEREST] == Decimal("86750.00")


def overdue_bullet() -> AccountTerms:
    """CNY 5 m at 4 %, the last settlement of 91 days and all principal due on 2026-09-20."""
    return terms(
        "5000000",
        "0.04",
        1,
        RepaymentMethod.MATURITY,
        date(2026, 6, 21),
        matures_on=date(2026, 9, 20),
        day_count=DayCount.ACT_360,
    )


def test_thirty_days_late_cost_penalty_on_principal_and_compound_on_interest() -> None:
    loan = overdue_bullet()
    account = fold(loan, [drawn(loan)], date(2026, 10, 20))
    line = account.lines[0]
    assert line.owed[Bucket.INTEREST] == Decimal("50555.56")
    assert line.owed[Bucket.PENALTY] == Decimal("25000.00")
    assert line.owed[Bucket.COMPOUND] == Decimal("252.78")
    assert line.open_total == Decimal("5075808.34")
    assert account.days_past_due == 30


def late_row() -> Row:
    owed = {
        Bucket.FEE: "2000",
        Bucket.PENALTY: "25000",
        Bucket.COMPOUND: "252.78",
        Bucket.INTEREST: "50555.56",
        Bucket.PRINCIPAL: "5000000",
    }
    due = date(2026, 9, 20)
    lump = {bucket: Decimal(amount) for bucket, amount in owed.items()}
    return Row(Period(1, date(2026, 6, 21), due, 91), due, Decimal(0), lump)


def test_a_receipt_on_accrual_pays_costs_before_principal() -> None:
    parts, left = allocate(
        [late_row()], HOUSE_ALLOCATION, Decimal(100_000), date(2026, 10, 20), Currency.CNY
    )
    assert [(bucket, amount) for _, bucket, amount in parts] == [
        (Bucket.FEE, Decimal(2000)),
        (Bucket.PENALTY, Decimal(25000)),
        (Bucket.COMPOUND, Decimal("252.78")),
        (Bucket.INTEREST, Decimal("50555.56")),
        (Bucket.PRINCIPAL, Decimal("22191.66")),
    ]
    assert left == 0


def test_a_receipt_on_non_accrual_brings_principal_back_first() -> None:
    parts, left = allocate(
        [late_row()], NON_ACCRUAL_ALLOCATION, Decimal(100_000), date(2027, 1, 20), Currency.CNY
    )
    assert [(bucket, amount) for _, bucket, amount in parts] == [
        (Bucket.FEE, Decimal(2000)),
        (Bucket.PRINCIPAL, Decimal(98000)),
    ]
    assert left == 0


def prepaid_after_three(choice: PrepaymentChoice) -> list[Decimal]:
    loan = terms()
    day = date(2026, 6, 10)
    receipts = [paid(date(2026, month, 10), "102371.88") for month in (4, 5, 6)]
    event = Prepayment(
        key="change:1", value_on=day, recorded_on=day, amount=Decimal(300_000), choice=choice
    )
    before = fold(loan, [drawn(loan), *receipts], day)
    assert before.outstanding == Decimal("904867.08")
    account = fold(loan, [drawn(loan), *receipts, event], day)
    assert account.outstanding == Decimal("604867.08")
    return [line.total for line in account.lines if line.due_on > day]


def test_a_part_prepayment_that_keeps_the_term_lowers_the_instalments() -> None:
    left = prepaid_after_three(PrepaymentChoice.KEEP_TERM)
    assert len(left) == 9
    assert set(left[:-1]) == {Decimal("68431.47")}


def test_a_part_prepayment_that_keeps_the_instalment_shortens_the_term() -> None:
    left = prepaid_after_three(PrepaymentChoice.KEEP_INSTALMENT)
    assert len(left) == 6
    assert set(left[:-1]) == {Decimal("102371.88")}
    assert left[-1] == Decimal("100689.89")


@pytest.mark.parametrize(
    ("due_on", "n"), [(date(2026, 4, 1), 1), (date(2026, 4, 10), 1), (date(2026, 4, 11), 2)]
)
def test_a_fee_joins_the_instalment_in_whose_period_it_falls_due(due_on: date, n: int) -> None:
    loan = terms()
    fee = Charge(
        key="fee:1",
        value_on=DRAWN_ON,
        recorded_on=DRAWN_ON,
        bucket=Bucket.FEE,
        amount=Decimal(120),
        due_on=due_on,
    )
    account = fold(loan, [drawn(loan), fee], DRAWN_ON)
    assert account.lines[n - 1].owed[Bucket.FEE] == Decimal(120)
