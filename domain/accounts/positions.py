"""The ledger's balances of one account, as its events have them. They always sum to zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.accounts.account import AccrualStatus
from domain.accounts.earning import earned_interest
from domain.accounts.rows import NOTHING
from domain.accounts.running import Running, Totals
from domain.ledger import LedgerAccount
from domain.repayments import Bucket


def positions(running: Running, day: date) -> Mapping[LedgerAccount, Decimal]:
    """Balance of each ledger account, debit positive; empty ones left out.

    Unit: the currency. Rounding: none beyond `earned_interest`.
    Source: the journals of release, accrual, receipt, non-accrual, write-off and recovery.
    """
    paid, waived, totals = _paid(running), running.totals.waived, running.totals
    by_money = {b: paid[b] - waived.get(b, NOTHING) for b in Bucket}
    earned = earned_interest(running, day) - waived.get(Bucket.INTEREST, NOTHING)
    receivable = earned - by_money[Bucket.INTEREST]
    on_books = NOTHING if running.status is AccrualStatus.NON_ACCRUAL else receivable
    principal_waived = waived.get(Bucket.PRINCIPAL, NOTHING)
    claim = totals.drawn + totals.charged_back - paid[Bucket.PRINCIPAL]
    off = running.written_off_on is not None
    balances = {
        LedgerAccount.LOANS: NOTHING if off else claim,
        LedgerAccount.CLEARING: totals.received - _gone(totals),
        LedgerAccount.SUSPENSE: -running.held,
        LedgerAccount.REFUND_PAYABLE: -totals.promised,
        LedgerAccount.INTEREST_RECEIVABLE: on_books,
        LedgerAccount.INTEREST_INCOME: -(by_money[Bucket.INTEREST] + on_books),
        LedgerAccount.PENALTY_INCOME: -(by_money[Bucket.PENALTY] + by_money[Bucket.COMPOUND]),
        LedgerAccount.FEE_INCOME: -by_money[Bucket.FEE],
        LedgerAccount.LOAN_LOSS_ALLOWANCE: principal_waived + (claim if off else NOTHING),
        LedgerAccount.MEMO_INTEREST: receivable - on_books,
        LedgerAccount.MEMO_WRITTEN_OFF: claim if off else NOTHING,
    }
    memo = balances[LedgerAccount.MEMO_INTEREST] + balances[LedgerAccount.MEMO_WRITTEN_OFF]
    balances[LedgerAccount.MEMO_CONTRA] = -memo
    return {account: amount for account, amount in balances.items() if amount}


def _gone(totals: Totals) -> Decimal:
    return totals.drawn + totals.refunded + totals.charged_back - totals.promised


def _paid(running: Running) -> dict[Bucket, Decimal]:
    paid = dict.fromkeys(Bucket, NOTHING)
    for row in running.rows:
        for bucket, amount in row.paid.items():
            paid[bucket] += amount
    return paid
