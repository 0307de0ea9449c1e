"""What a claim that left the balance sheet still asks for, by both interest bases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import Account, fold
from domain.accounts.events import AfterWriteOff, Charge, RateSet, Receipt, Reversal, WriteOff
from domain.accounts.terms import AccountTerms, AllocationRule, FutureMoney, InterestBasis
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import drawn, paid, terms

OFF_ON = date(2024, 3, 16)
LATER = date(2024, 9, 1)
BASES = tuple(InterestBasis)
PRINCIPAL, INTEREST = Bucket.PRINCIPAL, Bucket.INTEREST


def loan(basis: InterestBasis) -> AccountTerms:
    made = terms("1000", "0.12", 6, drawn_on=date(2024, 1, 1))
    ahead = AllocationRule(made.allocation.order, future=FutureMoney.NEXT_INSTALMENT)
    return replace(made, interest_basis=basis, allocation=ahead, non_accrual_allocation=ahead)


def off(after: AfterWriteOff) -> WriteOff:
    return WriteOff(key="off", value_on=OFF_ON, recorded_on=OFF_ON, after=after)


def seen(basis: InterestBasis, after: AfterWriteOff, *more: Receipt | Charge) -> Account:
    account = loan(basis)
    return fold(account, [drawn(account), *more, off(after)], LATER)


def owed(account: Account, bucket: Bucket) -> list[Decimal]:
    return [line.owed.get(bucket, Decimal(0)) for line in account.lines]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("after", AfterWriteOff)
def test_principal_adds_up_whatever_is_agreed(basis: InterestBasis, after: AfterWriteOff) -> None:
    account = seen(basis, after, paid(date(2024, 2, 1), "172.55"))
    assert sum(owed(account, PRINCIPAL)) == 1000
    assert account.written_off_on == OFF_ON
    assert sum(account.positions.values()) == 0


@pytest.mark.parametrize("basis", BASES)
def test_without_interest_the_instalments_stay_and_the_last_asks_for_less(
    basis: InterestBasis,
) -> None:
    account = seen(basis, AfterWriteOff.NO_INTEREST, paid(date(2024, 2, 1), "172.55"))
    assert owed(account, INTEREST)[3:] == [0, 0, 0]
    assert 0 < owed(account, INTEREST)[2] < Decimal("6.74")
    asked = [
        principal + interest
        for principal, interest in zip(
            owed(account, PRINCIPAL), owed(account, INTEREST), strict=True
        )
    ]
    assert asked[1] == asked[2] == asked[3] == asked[4]
    assert asked[5] < asked[4]


@pytest.mark.parametrize("basis", BASES)
def test_all_due_is_one_row_on_the_day_and_charges_keep_their_own(basis: InterestBasis) -> None:
    fee = Charge(
        key="fee",
        value_on=date(2024, 1, 2),
        recorded_on=date(2024, 1, 2),
        bucket=Bucket.FEE,
        amount=Decimal(10),
        due_on=date(2024, 5, 20),
    )
    account = seen(basis, AfterWriteOff.ALL_DUE, fee)
    assert [line.due_on for line in account.lines][2:] == [OFF_ON, date(2024, 5, 20)]
    assert owed(account, Bucket.FEE) == [0, 0, 0, 10]
    assert owed(account, PRINCIPAL)[3] == 0


@pytest.mark.parametrize("basis", BASES)
def test_what_is_fixed_does_not_follow_later_money(basis: InterestBasis) -> None:
    account = loan(basis)
    events = [drawn(account), off(AfterWriteOff.FIXED)]
    before = fold(account, events, OFF_ON)
    after = fold(account, [*events, paid(date(2024, 3, 20), "400")], LATER)
    assert owed(after, INTEREST) == owed(before, INTEREST)
    assert sum(sum(line.paid.values()) for line in after.lines) == 400


def test_fixed_rows_refuse_what_would_lay_them_anew() -> None:
    account = loan(InterestBasis.DAILY_BALANCE)
    later = RateSet(key="rate", value_on=LATER, recorded_on=LATER, yearly_rate=Decimal("0.05"))
    with pytest.raises(LoanRuleViolation) as refused:
        fold(account, [drawn(account), off(AfterWriteOff.FIXED), later], LATER)
    assert refused.value.code == "event.not_offered"


@pytest.mark.parametrize("basis", BASES)
def test_taken_back_it_never_was(basis: InterestBasis) -> None:
    account = loan(basis)
    back = Reversal(key="back", value_on=OFF_ON, recorded_on=LATER, reversed_key="off")
    events = [drawn(account), off(AfterWriteOff.ALL_DUE), back]
    assert owed(fold(account, events, LATER), PRINCIPAL) == owed(
        fold(account, [drawn(account)], LATER), PRINCIPAL
    )
