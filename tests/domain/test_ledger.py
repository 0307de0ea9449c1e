"""Journals balance, and each event touches the accounts it should."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import (
    Journal,
    JournalKind,
    LedgerAccount,
    Posting,
    balances,
    receipt_journal,
    refund_journal,
    release_journal,
    suspense_journal,
    suspense_match_journal,
)
from domain.money import Currency
from domain.repayments import Allocation, Bucket
from domain.schedules import LoanTerms, RepaymentMethod, ScheduleLine, build_schedule
from domain.violations import LoanRuleViolation
from tests.domain.notes import PLAIN_METHODS

ON, CNY = date(2026, 3, 10), Currency.CNY
AMOUNTS = st.decimals("0.01", "999999999.99", places=2)


def shown(journal: Journal) -> list[tuple[str, str]]:
    return [(posting.account.value, str(posting.amount)) for posting in journal.postings]


def test_a_release_lends_into_the_deposit_and_pays_out_of_it() -> None:
    journal = release_journal("release/1", ON, Decimal(1_200_000), CNY)
    assert shown(journal) == [
        ("loans", "1200000.00"),
        ("borrower_deposit", "-1200000.00"),
        ("borrower_deposit", "1200000.00"),
        ("clearing", "-1200000.00"),
    ]


def test_a_receipt_credits_each_debt_it_pays_and_holds_the_surplus() -> None:
    allocations = [
        Allocation(Bucket.FEE, 1, Decimal("2000.00")),
        Allocation(Bucket.PENALTY, 1, Decimal("25000.00")),
        Allocation(Bucket.COMPOUND, 1, Decimal("252.78")),
        Allocation(Bucket.INTEREST, 1, Decimal("50555.56")),
        Allocation(Bucket.PRINCIPAL, 1, Decimal("20000.00")),
        Allocation(Bucket.PRINCIPAL, 2, Decimal("2191.66")),
    ]
    journal = receipt_journal("receipt/1", ON, CNY, allocations, Decimal("7.00"))
    assert shown(journal) == [
        ("clearing", "100007.00"),
        ("fee_income", "-2000.00"),
        ("penalty_income", "-25252.78"),
        ("interest_receivable", "-50555.56"),
        ("loans", "-22191.66"),
        ("suspense", "-7.00"),
    ]


def test_money_of_nobody_known_is_held_matched_or_refunded() -> None:
    held = suspense_journal("suspense/1", ON, Decimal(100), CNY)
    matched = suspense_match_journal(
        "match/1", ON, CNY, [Allocation(Bucket.PRINCIPAL, 1, Decimal(60))]
    )
    refunded = refund_journal("refund/1", ON, Decimal(40), CNY)
    assert shown(held) == [("clearing", "100.00"), ("suspense", "-100.00")]
    assert shown(matched) == [("suspense", "60.00"), ("loans", "-60.00")]
    assert shown(refunded) == [("suspense", "40.00"), ("refund_payable", "-40.00")]
    assert balances([held, matched, refunded])[LedgerAccount.SUSPENSE, CNY] == 0


def test_a_journal_that_does_not_balance_cannot_exist() -> None:
    postings = (
        Posting(LedgerAccount.LOANS, Decimal("1.00"), CNY),
        Posting(LedgerAccount.CLEARING, Decimal("-0.99"), CNY),
    )
    with pytest.raises(ValueError, match="does not balance"):
        Journal("odd", JournalKind.RELEASE, ON, postings)


def test_a_journal_balances_in_each_currency_and_not_across_them() -> None:
    postings = (
        Posting(LedgerAccount.LOANS, Decimal(1), CNY),
        Posting(LedgerAccount.CLEARING, Decimal(-1), Currency.USD),
    )
    with pytest.raises(ValueError, match="does not balance"):
        Journal("mixed", JournalKind.RELEASE, ON, postings)


@pytest.mark.parametrize(("key", "postings"), [("", True), ("empty", False)])
def test_a_journal_has_a_key_and_postings(key: str, postings: bool) -> None:
    sides = release_journal("any", ON, Decimal(1), CNY).postings if postings else ()
    with pytest.raises(ValueError, match="key and postings"):
        Journal(key, JournalKind.RELEASE, ON, sides)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1E+13", "NaN", "Infinity"])
def test_nothing_unreal_is_booked(amount: str) -> None:
    for builder in (release_journal, suspense_journal, refund_journal):
        with pytest.raises(LoanRuleViolation):
            builder("key", ON, Decimal(amount), CNY)


@pytest.mark.parametrize("surplus", ["-1", "NaN", "0"])
def test_a_receipt_of_nothing_is_not_booked(surplus: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"amount\.range"):
        receipt_journal("key", ON, CNY, [], Decimal(surplus))


@given(
    st.lists(st.builds(Allocation, st.sampled_from(Bucket), st.integers(1, 12), AMOUNTS)), AMOUNTS
)
def test_every_receipt_balances_and_clears_its_whole_amount(
    allocations: list[Allocation], surplus: Decimal
) -> None:
    journal = receipt_journal("key", ON, CNY, allocations, surplus)
    assert sum(posting.amount for posting in journal.postings) == 0
    assert journal.postings[0].amount == sum((part.amount for part in allocations), surplus)


def accrued(line: ScheduleLine) -> Journal:
    claim = Posting(LedgerAccount.INTEREST_RECEIVABLE, line.interest, CNY)
    income = Posting(LedgerAccount.INTEREST_INCOME, -line.interest, CNY)
    return Journal(f"accrual/{line.n}", JournalKind.ACCRUAL, line.due_on, (claim, income))


@pytest.mark.parametrize("method", PLAIN_METHODS)
def test_a_loan_repaid_on_time_leaves_only_its_interest_in_the_books(
    method: RepaymentMethod,
) -> None:
    terms = LoanTerms(Decimal(1_200_000), CNY, Decimal("0.0435"), 12, method, ON)
    lines = build_schedule(terms)
    journals = [release_journal("release", ON, terms.principal, CNY)]
    for line in lines:
        journals.append(accrued(line))
        parts = (
            Allocation(Bucket.INTEREST, line.n, line.interest),
            Allocation(Bucket.PRINCIPAL, line.n, line.principal),
        )
        journals.append(receipt_journal(f"receipt/{line.n}", line.due_on, CNY, parts, Decimal(0)))
    interest = sum(line.interest for line in lines)
    assert {k[0]: v for k, v in balances(journals).items() if v} == {
        LedgerAccount.CLEARING: interest,
        LedgerAccount.INTEREST_INCOME: -interest,
    }
