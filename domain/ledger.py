"""The double-entry books of a loan: accounts, postings, and journals that always balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.money import Currency, checked_amount
from domain.repayments import Allocation, Bucket
from domain.violations import LoanRuleViolation


class LedgerAccount(StrEnum):
    """The accounts of the general ledger that a loan touches."""

    LOANS = "loans"  # 贷款
    BORROWER_DEPOSIT = "borrower_deposit"  # 吸收存款-借款人
    CLEARING = "clearing"  # 清算资金
    INTEREST_RECEIVABLE = "interest_receivable"  # 应收利息
    INTEREST_INCOME = "interest_income"  # 利息收入
    PENALTY_INCOME = "penalty_income"  # 罚息收入
    FEE_INCOME = "fee_income"  # 手续费收入
    SUSPENSE = "suspense"  # 暂收款
    REFUND_PAYABLE = "refund_payable"  # 应付退款
    LOAN_LOSS_ALLOWANCE = "loan_loss_allowance"  # 贷款损失准备
    MEMO_INTEREST = "memo_interest"  # 表外应收利息
    MEMO_WRITTEN_OFF = "memo_written_off"  # 账销案存
    MEMO_CONTRA = "memo_contra"  # 表外对应科目


class JournalKind(StrEnum):
    """The event a journal records."""

    RELEASE = "release"
    ACCRUAL = "accrual"
    RECEIPT = "receipt"
    SUSPENSE = "suspense"
    SUSPENSE_MATCH = "suspense_match"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"  # 调整: what a change, a reversal or a re-run makes of the rest


CREDITED_BY: Mapping[Bucket, LedgerAccount] = {
    Bucket.FEE: LedgerAccount.FEE_INCOME,
    Bucket.PENALTY: LedgerAccount.PENALTY_INCOME,
    Bucket.COMPOUND: LedgerAccount.PENALTY_INCOME,
    Bucket.INTEREST: LedgerAccount.INTEREST_RECEIVABLE,
    Bucket.PRINCIPAL: LedgerAccount.LOANS,
}
"""Lateness is income when it is paid; contract interest became income when it was accrued."""


@dataclass(frozen=True)
class Posting:
    """One side of a journal.

    Unit: the currency; debit positive, credit negative. Range: not zero, |amount| < 10^13.
    Rounding: none, a finer amount is refused.
    """

    account: LedgerAccount
    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        amount = checked_amount(self.amount, self.currency)
        if amount == 0:
            raise LoanRuleViolation("amount.range")
        object.__setattr__(self, "amount", amount)


@dataclass(frozen=True)
class Journal:
    """One event in the books. Its key makes booking it twice impossible.

    Refuses to exist unless its postings sum to zero in every currency.
    """

    key: str
    kind: JournalKind
    business_on: date
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if not self.key or not self.postings:
            raise ValueError("a journal needs a key and postings")
        if any(_totals(self.postings).values()):
            raise ValueError(f"journal {self.key} does not balance")


def release_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """The loan is lent into the borrower's account and leaves from there to the payee.

    Unit: the currency. Range: above zero. Rounding: none.
    """
    lent = _transfer(LedgerAccount.LOANS, LedgerAccount.BORROWER_DEPOSIT, amount, currency)
    paid = _transfer(LedgerAccount.BORROWER_DEPOSIT, LedgerAccount.CLEARING, amount, currency)
    return Journal(key, JournalKind.RELEASE, on, lent + paid)


def receipt_journal(
    key: str, on: date, currency: Currency, allocations: Sequence[Allocation], surplus: Decimal
) -> Journal:
    """Money of a known loan arrived: it pays what it was allocated to, the rest is held.

    Unit: the currency. Range: allocations and surplus not negative, together above zero.
    """
    parts = [*_credits(allocations), (LedgerAccount.SUSPENSE, surplus)]
    postings = _against(LedgerAccount.CLEARING, parts, currency)
    return Journal(key, JournalKind.RECEIPT, on, postings)


def suspense_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """Money arrived that belongs to no loan yet; it is held, never lost."""
    postings = _transfer(LedgerAccount.CLEARING, LedgerAccount.SUSPENSE, amount, currency)
    return Journal(key, JournalKind.SUSPENSE, on, postings)


def suspense_match_journal(
    key: str, on: date, currency: Currency, allocations: Sequence[Allocation]
) -> Journal:
    """Held money is matched to what it pays. What stays unmatched stays in suspense."""
    postings = _against(LedgerAccount.SUSPENSE, _credits(allocations), currency)
    return Journal(key, JournalKind.SUSPENSE_MATCH, on, postings)


def refund_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """Held money is promised back to its payer."""
    postings = _transfer(LedgerAccount.SUSPENSE, LedgerAccount.REFUND_PAYABLE, amount, currency)
    return Journal(key, JournalKind.REFUND, on, postings)


def suspense_release_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """Held money leaves suspense whole: it is booked anew to a loan, or its bank took it back."""
    postings = _transfer(LedgerAccount.SUSPENSE, LedgerAccount.CLEARING, amount, currency)
    return Journal(key, JournalKind.SUSPENSE, on, postings)


def refund_paid_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """Money promised back has left the bank."""
    postings = _transfer(LedgerAccount.REFUND_PAYABLE, LedgerAccount.CLEARING, amount, currency)
    return Journal(key, JournalKind.REFUND, on, postings)


def refund_failed_journal(key: str, on: date, amount: Decimal, currency: Currency) -> Journal:
    """Money promised back could not be paid: it is held again."""
    postings = _transfer(LedgerAccount.REFUND_PAYABLE, LedgerAccount.SUSPENSE, amount, currency)
    return Journal(key, JournalKind.REFUND, on, postings)


def balances(journals: Iterable[Journal]) -> dict[tuple[LedgerAccount, Currency], Decimal]:
    """The balance of each account and currency, debit positive."""
    sums: defaultdict[tuple[LedgerAccount, Currency], Decimal] = defaultdict(Decimal)
    for journal in journals:
        for posting in journal.postings:
            sums[posting.account, posting.currency] += posting.amount
    return dict(sums)


def _transfer(
    debit: LedgerAccount, credit: LedgerAccount, amount: Decimal, currency: Currency
) -> tuple[Posting, ...]:
    if not amount.is_finite() or amount <= 0:
        raise LoanRuleViolation("amount.range")
    return Posting(debit, amount, currency), Posting(credit, -amount, currency)


def _credits(allocations: Sequence[Allocation]) -> list[tuple[LedgerAccount, Decimal]]:
    return [(CREDITED_BY[allocation.bucket], allocation.amount) for allocation in allocations]


def _against(
    debit: LedgerAccount, parts: Iterable[tuple[LedgerAccount, Decimal]], currency: Currency
) -> tuple[Posting, ...]:
    """One debit against the sum of its credits, one posting an account, empty ones left out."""
    sums: defaultdict[LedgerAccount, Decimal] = defaultdict(Decimal)
    for account, amount in parts:
        if not amount.is_finite() or amount < 0:
            raise LoanRuleViolation("amount.range")
        sums[account] += amount
    posted = [Posting(account, -total, currency) for account, total in sums.items() if total]
    return Posting(debit, sum(sums.values(), Decimal(0)), currency), *posted


def _totals(postings: Iterable[Posting]) -> dict[Currency, Decimal]:
    sums: defaultdict[Currency, Decimal] = defaultdict(Decimal)
    for posting in postings:
        sums[posting.currency] += posting.amount
    return dict(sums)
