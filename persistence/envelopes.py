"""Envelopes: a document, its signatory, a one-time link, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.agreements import EnvelopePurpose, EnvelopeStatus, agreement_text
from domain.commands import OpenWait
from domain.process import Stage, TaskKind, WaitReason
from domain.signing import link_token, token_sha256
from persistence.audit import record
from persistence.hashing import text_sha256
from persistence.rules import facts_of
from persistence.stages import enter_stage, locked_loan
from persistence.tables import Customer, Envelope, Loan
from persistence.task_ladder import open_task, wait_of

_ENVELOPES = UUID("6f0d54f0-6a3b-5d3e-9c0e-0f6f2c1f7a11")


async def send_envelope(
    session: AsyncSession,
    loan: Loan,
    purpose: EnvelopePurpose,
    blanks: Mapping[str, str],
    expires_at: datetime,
    at: datetime,
    version: int,
    secret: bytes,
) -> Envelope:
    """Make the envelope of this version once; its id, and so its link, follow from the case."""
    envelope_id = uuid5(_ENVELOPES, f"{loan.id}:{purpose}:{version}")
    existing = await session.get(Envelope, envelope_id)
    if existing is not None:
        return existing
    facts = facts_of(loan)
    document = agreement_text(purpose, blanks)
    envelope = Envelope(
        id=envelope_id,
        loan_id=loan.id,
        purpose=purpose,
        version=version,
        signer_name=facts.signatory_name,
        signer_email=facts.signatory_email,
        token_sha256=token_sha256(link_token(secret, envelope_id)),
        document_text=document,
        document_sha256=text_sha256(document),
        status=EnvelopeStatus.SENT,
        sent_at=at,
        expires_at=expires_at,
    )
    session.add(envelope)
    digest = envelope.document_sha256
    record(session, "envelope.sent", at, loan_id=loan.id, subject=purpose, document_sha256=digest)
    return envelope


async def open_authorisation(
    session: AsyncSession, loan_id: UUID, at: datetime, version: int, secret: bytes
) -> OpenWait:
    """Ask the signatory to authorise the bureau query; nothing is queried before."""
    loan = await locked_loan(session, loan_id)
    task = await open_task(session, loan, TaskKind.SIGN_AUTHORISATION, at, version)
    blanks = {
        "case_number": loan.case_number,
        "customer": await customer_name(session, loan),
        "signatory": facts_of(loan).signatory_name,
    }
    purpose = EnvelopePurpose.AUTHORISATION
    await send_envelope(session, loan, purpose, blanks, task.lapse_at, at, version, secret)
    await enter_stage(
        session,
        loan,
        Stage.AUTHORISATION,
        WaitReason.BORROWER_SIGNATURE,
        at,
        version,
        task.due_at,
    )
    return wait_of(task, version)


async def expire_envelopes(session: AsyncSession, loan_id: UUID, at: datetime) -> None:
    """A link whose time has passed opens nothing any more."""
    statement = select(Envelope).where(
        col(Envelope.loan_id) == loan_id,
        col(Envelope.status) == EnvelopeStatus.SENT,
    )
    for envelope in (await session.execute(statement)).scalars():
        envelope.status = EnvelopeStatus.EXPIRED
        record(session, "envelope.expired", at, loan_id=loan_id, subject=envelope.purpose)


async def consent_of(session: AsyncSession, loan_id: UUID) -> UUID | None:
    """The signed authorisation of a case, or None: then no bureau query may run."""
    statement = select(col(Envelope.id)).where(
        col(Envelope.loan_id) == loan_id,
        col(Envelope.purpose) == EnvelopePurpose.AUTHORISATION,
        col(Envelope.status) == EnvelopeStatus.SIGNED,
    )
    return (await session.execute(statement)).scalars().first()


async def customer_name(session: AsyncSession, loan: Loan) -> str:
    """The borrower's registered name."""
    customer = await session.get(Customer, loan.customer_id)
    return customer.name if customer else ""
