"""An instalment as the books keep it: what is open, what counts days, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.repayments import Bucket, InstalmentState, days_past_due, is_settled

DUE_ON = date(2026, 9, 20)
FIRST = InstalmentState(1, DUE_ON, Decimal("98021.88"), Decimal("4350.00"))
SECOND = InstalmentState(2, DUE_ON + timedelta(days=30), Decimal("98377.21"), Decimal("3994.67"))


def paid(state: InstalmentState, short: str = "0.00") -> InstalmentState:
    principal = state.principal - Decimal(short)
    return replace(state, principal_paid=principal, interest_paid=state.interest)


def test_what_is_open_is_what_is_owed_and_not_paid_bucket_by_bucket() -> None:
    state = replace(FIRST, fee=Decimal(50), fee_paid=Decimal(20), interest_paid=Decimal("350.00"))
    assert state.open_amount(Bucket.FEE) == 30
    assert state.open_amount(Bucket.INTEREST) == 4000
    assert state.open_total == Decimal("98021.88") + 4000 + 30


def test_days_past_due_run_from_the_oldest_unpaid_instalment_until_all_is_paid() -> None:
    day = SECOND.due_on + timedelta(days=4)
    assert days_past_due([FIRST, SECOND], day) == 34
    assert days_past_due([paid(FIRST), SECOND], day) == 4
    assert days_past_due([paid(FIRST, short="0.01"), SECOND], day) == 34
    assert days_past_due([FIRST, SECOND], DUE_ON) == 0


def test_penalty_left_over_owes_money_but_counts_no_days() -> None:
    late = replace(paid(FIRST), penalty_accrued=Decimal("25.00"))
    assert days_past_due([late], DUE_ON + timedelta(days=30)) == 0
    assert not is_settled([late])
    assert is_settled([replace(late, penalty_paid=Decimal("25.00"))])


def test_an_instalment_refuses_more_paid_than_owed() -> None:
    with pytest.raises(ValueError, match="interest paid"):
        replace(FIRST, interest_paid=Decimal("4350.01"))
    with pytest.raises(ValueError, match="principal paid"):
        replace(FIRST, principal_paid=Decimal("-0.01"))
