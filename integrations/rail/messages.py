"""What the bank and the payment rail say to each other, as the bank's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PaymentStatus(StrEnum):
    """Accepted is not final; settled and rejected are."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"


class EventKind(StrEnum):
    """The notices the rail posts to the bank's callback door."""

    PAYMENT_SETTLED = "payment.settled"
    PAYMENT_REJECTED = "payment.rejected"
    RECEIPT_POSTED = "receipt.posted"
    RECEIPT_RETURNED = "receipt.returned"
    COLLECTION_FAILED = "collection.failed"


@dataclass(frozen=True, slots=True)
class PaymentInstruction:
    """Pay once under a business key; the same key with other content is refused."""

    key: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    loan_id: str
    purpose: str


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One payment as reconciliation compares it with the ledger."""

    key: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str


@dataclass(frozen=True, slots=True)
class PaymentState:
    """Where a payment stands on the rail. `reason` is an ISO 20022 code, for rejected ones."""

    key: str
    status: PaymentStatus
    reference: str
    reason: str | None
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str

    def entry(self) -> RailEntry:
        return RailEntry(self.key, self.amount, self.currency, self.payee_name, self.payee_account)


@dataclass(frozen=True, slots=True)
class CollectionInstruction:
    """Direct debit 自动扣款 of one instalment 期次 from the borrower's account."""

    key: str
    loan_id: str
    amount: Decimal
    currency: str
    due_on: date
    instalment_n: int
