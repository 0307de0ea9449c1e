"""Documents sent for signature, as the signatory and the customer manager see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.agreements import EnvelopeStatus
from persistence.tables import Customer, Envelope, InboxEvent, Loan

PROVIDER = "esign"


@dataclass(frozen=True, slots=True)
class EnvelopePage:
    """What a signatory sees. `state`: open, received, signed, declined, expired or voided."""

    id: UUID
    loan_id: UUID
    purpose: str
    signer_name: str
    company: str
    document_text: str
    document_sha256: str
    state: str
    sent_at: datetime
    expires_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseEnvelope:
    """An envelope of a case, for the people who follow it up."""

    id: UUID
    purpose: str
    version: int
    signer_name: str
    status: str
    sent_at: datetime
    expires_at: datetime
    signed_at: datetime | None
    document_sha256: str


def event_id(envelope_id: UUID, answer: str) -> str:
    """The built-in signing provider's event id for an answer (`signed` or `declined`)."""
    return f"{envelope_id}:{answer}"


async def envelope_by_token(
    session: AsyncSession, token_sha256: str, now: datetime
) -> EnvelopePage | None:
    """The envelope behind a one-time link, by its token's hash."""
    statement = (
        select(Envelope, col(Customer.name))
        .join(Loan, col(Loan.id) == col(Envelope.loan_id))
        .join(Customer, col(Customer.id) == col(Loan.customer_id))
        .where(col(Envelope.token_sha256) == token_sha256)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    answered = await _is_answered(session, row[0].id)
    return _page(row, answered, now)


async def case_envelopes(session: AsyncSession, loan_id: UUID) -> tuple[CaseEnvelope, ...]:
    """Every envelope of a case, newest first."""
    statement = select(Envelope).where(col(Envelope.loan_id) == loan_id)
    rows = (await session.execute(statement.order_by(col(Envelope.sent_at).desc()))).scalars()
    names = CaseEnvelope.__slots__
    return tuple(CaseEnvelope(**{name: getattr(row, name) for name in names}) for row in rows)


async def _is_answered(session: AsyncSession, envelope_id: UUID) -> bool:
    answers = [event_id(envelope_id, answer) for answer in ("signed", "declined")]
    statement = select(col(InboxEvent.id)).where(
        col(InboxEvent.provider) == PROVIDER, col(InboxEvent.event_id).in_(answers)
    )
    return (await session.execute(statement.limit(1))).first() is not None


def _page(row: Row[*tuple[Any, ...]], answered: bool, now: datetime) -> EnvelopePage:
    envelope: Envelope = row[0]
    return EnvelopePage(
        id=envelope.id,
        loan_id=envelope.loan_id,
        purpose=envelope.purpose,
        signer_name=envelope.signer_name,
        company=row[1],
        document_text=envelope.document_text,
        document_sha256=envelope.document_sha256,
        state=_state(envelope, answered, now),
        sent_at=envelope.sent_at,
        expires_at=envelope.expires_at,
        signed_at=envelope.signed_at,
    )


def _state(envelope: Envelope, answered: bool, now: datetime) -> str:
    """An answer on its way to the process counts before the deadline does."""
    if envelope.status != EnvelopeStatus.SENT:
        return envelope.status
    if answered:
        return "received"
    return "expired" if envelope.expires_at <= now else "open"
