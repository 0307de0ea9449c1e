"""Statement files, held money and refunds as programs see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from api.schemas.changes import Events
from api.schemas.lists import PageTold
from api.schemas.strict import Asked, Comment, Name, Paragraph, Told, by_rule
from domain.texts import clean_name


class StatementTold(Told):
    """A file that was taken in, and how many of its lines came to what then."""

    id: UUID
    filename: str
    format: str
    account: str | None
    name: str | None
    sha256: str
    door: str
    taken_at: datetime
    lines: int
    counts: Mapping[str, int]


class LineTold(Told):
    """A line and what it has come to by now."""

    number: int
    state: str
    reason: str | None
    params: Mapping[str, str]
    kind: str | None
    reference: str | None
    amount: Decimal | None
    currency: str | None
    value_on: date | None
    payer_name: str | None
    payer_account: str | None
    remittance: str | None
    loan_id: UUID | None
    case_number: str | None
    matched_by: str | None
    receipt_id: UUID | None


class StatementsTold(Told):
    """One page of files, newest first."""

    files: tuple[StatementTold, ...]
    page: PageTold


class StatementDetailTold(Told):
    """A file and one page of its lines."""

    file: StatementTold
    lines: tuple[LineTold, ...]
    page: PageTold


class HeldTold(Told):
    """Money that is held or promised back."""

    id: UUID
    provider: str
    transaction_id: str
    amount: Decimal
    suspense: Decimal
    refund_pending: Decimal
    currency: str
    value_on: date
    received_at: datetime
    age_days: int
    payer_name: str | None
    payer_account: str | None
    remittance: str | None
    reason: str | None
    loan_id: UUID | None
    case_number: str | None
    refund_id: UUID | None
    refund_status: str | None


class HeldPageTold(Told):
    """One page of held money, the oldest first."""

    lines: tuple[HeldTold, ...]
    page: PageTold


class RefundTold(Told):
    """A refund and where it stands."""

    id: UUID
    receipt_id: UUID
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    reason: str
    status: str
    loan_id: UUID | None
    proposed_at: datetime
    decided_at: datetime | None
    comment: str | None
    reference: str | None
    rail_reason: str | None
    is_mine: bool


class RefundAccepted(Told):
    """The act on a refund was done. The same key gets this same answer again."""

    refund_id: UUID


class BookReceipt(Asked):
    """Held money is this loan's, on the account as the preview showed it."""

    receipt_id: Annotated[UUID, Field(strict=False)]
    seen_events: Events


class TakeReceiptOut(Asked):
    """Money posted to this loan is not its own."""

    reason: Annotated[Paragraph, Field(max_length=200)]
    seen_events: Events


def _optional_name(text: str) -> str:
    return clean_name(text) if text.strip() else ""


class AskRefund(Asked):
    """Held money goes back to its payer once another person approves."""

    payee_name: Name
    payee_account: Name
    payee_bank_code: Annotated[
        str, Field(max_length=20), AfterValidator(by_rule(_optional_name))
    ] = ""
    reason: Annotated[Paragraph, Field(max_length=500)]


class DecideOnRefund(Asked):
    """A verdict on another's proposal."""

    approve: bool
    comment: Annotated[Comment, Field(max_length=500)] = ""
