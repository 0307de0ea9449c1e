"""What a contract says of late money and of who is paid first: read strictly, and obeyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AccrualStatus, fold
from domain.accounts.agreed import (
    allocation_document,
    allocation_from_data,
    lateness_document,
    lateness_from_data,
    order_of,
)
from domain.accounts.terms import HOUSE_ALLOCATION, HOUSE_LATENESS, NON_ACCRUAL_ALLOCATION
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import drawn, paid, terms

HALF = Decimal("0.5")


def test_what_is_not_said_is_as_the_house_has_it() -> None:
    assert lateness_from_data({}, HALF) == HOUSE_LATENESS
    assert allocation_from_data({}) == (HOUSE_ALLOCATION, NON_ACCRUAL_ALLOCATION)


@given(
    st.integers(0, 30),
    st.booleans(),
    st.decimals("0", "1", places=4),
    st.integers(31, 90),
    st.permutations(list(Bucket)),
)
def test_what_is_said_is_read_back_from_its_document(
    grace: int, compound: bool, uplift: Decimal, threshold: int, order: list[Bucket]
) -> None:
    said = {
        "grace_days": grace,
        "compound": compound,
        "misuse_uplift": f"{uplift:f}",
        "non_accrual_after_days": threshold,
    }
    read = lateness_from_data(said, HALF)
    assert lateness_document(read) == said
    rules = allocation_from_data({"accrual": [bucket.value for bucket in order]})
    assert order_of(rules[0]) == tuple(order)
    assert allocation_from_data(allocation_document(*rules)) == rules


@pytest.mark.parametrize(
    "said",
    [
        {"grace": 3},
        {"grace_days": -1},
        {"grace_days": 31},
        {"grace_days": "3"},
        {"grace_days": 20, "non_accrual_after_days": 20},
        {"compound": "yes"},
        {"misuse_uplift": "1.01"},
        {"misuse_uplift": 1},
        {"non_accrual_after_days": 91},
        {"non_accrual_after_days": 0},
        None,
    ],
)
def test_half_right_terms_of_lateness_are_refused(said: object) -> None:
    with pytest.raises(LoanRuleViolation, match=r"product\.malformed"):
        lateness_from_data(said, HALF)


@pytest.mark.parametrize(
    "said",
    [
        {"accrual": ["fee", "principal"]},
        {"accrual": ["fee", "fee", "penalty", "compound", "interest"]},
        {"non_accrual": ["fee", "penalty", "compound", "interest", "costs"]},
        {"order": []},
    ],
)
def test_half_an_order_is_refused(said: object) -> None:
    with pytest.raises(LoanRuleViolation, match=r"product\.malformed"):
        allocation_from_data(said)


def test_paid_within_its_days_of_grace_lateness_costs_nothing() -> None:
    loan = replace(terms(), lateness=lateness_from_data({"grace_days": 3}, HALF))
    within = paid(date(2026, 4, 13), "102371.88")
    account = fold(loan, [drawn(loan), within], date(2026, 4, 20))
    assert account.lines[0].open_total == 0
    after = fold(loan, [drawn(loan)], date(2026, 4, 14))
    assert after.lines[0].owed[Bucket.PENALTY] == Decimal("71.07")  # 4 days from the due date


def test_a_contract_without_compound_interest_charges_none() -> None:
    loan = replace(terms(), lateness=lateness_from_data({"compound": False}, HALF))
    account = fold(loan, [drawn(loan)], date(2026, 9, 1))
    assert account.open_amount(Bucket.COMPOUND) == 0
    assert account.open_amount(Bucket.PENALTY) > 0


def test_the_contracts_own_threshold_and_orders_rule_its_money() -> None:
    accrual, non_accrual = allocation_from_data(
        {
            "accrual": ["principal", "interest", "fee", "penalty", "compound"],
            "non_accrual": ["penalty", "fee", "principal", "interest", "compound"],
        }
    )
    loan = replace(
        terms(),
        lateness=lateness_from_data({"non_accrual_after_days": 10}, HALF),
        allocation=accrual,
        non_accrual_allocation=non_accrual,
    )
    early, late = paid(date(2026, 4, 20), "100.00"), paid(date(2026, 4, 21), "100.00", "late")
    account = fold(loan, [drawn(loan), early, late], date(2026, 4, 21))
    assert account.accrual_status is AccrualStatus.NON_ACCRUAL
    first = [[part.bucket for part in move.portions] for move in account.movements[1:]]
    assert first == [[Bucket.PRINCIPAL], [Bucket.PENALTY]]
