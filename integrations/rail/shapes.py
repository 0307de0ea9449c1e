"""The rail's messages on the wire, the same for the client and the shipped rail."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from integrations.rail.messages import PaymentStatus
from integrations.wire import AmountText, CurrencyText, KeyText, NameText, NoteText, StrictModel

AccountText = Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,34}$")]
BankCodeText = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,20}$")]
FaultKind = Literal[
    "lose_reply",
    "reject",
    "slow",
    "down",
    "duplicate_notice",
    "late_notice",
    "out_of_order",
    "return",
]
Behaviour = Literal["pays", "refuses", "partial"]


class PaymentOrder(StrictModel):
    key: KeyText
    amount: AmountText
    currency: CurrencyText
    payee_name: NameText
    payee_account: AccountText
    payee_bank_code: BankCodeText | None
    loan_id: UUID
    purpose: NoteText


class PaymentReply(StrictModel):
    key: KeyText
    status: PaymentStatus
    reference: str
    reason: str | None
    amount: AmountText
    currency: CurrencyText
    payee_name: NameText
    payee_account: AccountText


class PaymentPage(StrictModel):
    payments: tuple[PaymentReply, ...]
    next: int | None


class CollectionOrder(StrictModel):
    key: KeyText
    loan_id: UUID
    amount: AmountText
    currency: CurrencyText
    due_on: date
    instalment_n: Annotated[int, Field(ge=1, le=100_000)]


class CollectionReply(StrictModel):
    key: KeyText
    reference: str


class ReceiptOrder(StrictModel):
    """A credit transfer somebody makes by hand. `loan_id` is what they wrote as reference:
    a loan's id, or anything else, or nothing."""

    amount: AmountText
    currency: CurrencyText
    payer_name: NameText
    loan_id: NoteText | None = None
    remittance: NoteText = ""
    transaction_id: KeyText | None = None


class BehaviourOrder(StrictModel):
    behaviour: Behaviour


class AccountOrder(StrictModel):
    """The console's form: the loan and its behaviour in one."""

    loan_id: UUID
    behaviour: Behaviour


class FaultOrder(StrictModel):
    kind: FaultKind
    count: Annotated[int, Field(ge=1, le=100_000)] = 1
