"""Giving each provider event its one effect, in the order it came, in one transaction each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Event
from domain.agreements import EnvelopePurpose, EnvelopeStatus
from domain.commands import InboxFact
from domain.process import CaseStatus, TaskKind, TaskOutcome
from domain.violations import LoanRuleViolation
from domain.watch.events import EventKind
from persistence.accounts import append_events
from persistence.audit import audit_savepoint, record
from persistence.customer_events import customer_numbered, record_event
from persistence.hashing import text_sha256
from persistence.incidents import open_incident
from persistence.payouts import FINAL, apply_payment_state
from persistence.receipts import Arrival, fail_collection, post_receipt
from persistence.receipts_returned import end_overtaken, returned_before, take_back
from persistence.refunds import REFUND_KEY, apply_refund_state, refund_named
from persistence.stages import locked_loan
from persistence.tables import Contract, Envelope, InboxEvent, Loan, Payout
from persistence.task_ladder import close_task

# Whatever a provider writes that its kind does not allow: ended with an incident, never retried.
UNREADABLE = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LoanRuleViolation,
    DataError,
    IntegrityError,
)
RECEIPTS_AT_ONCE = 500
Effect = Callable[[AsyncSession, InboxEvent, datetime], Awaitable[InboxFact]]

_SIGN_TASKS = {
    EnvelopePurpose.AUTHORISATION: TaskKind.SIGN_AUTHORISATION,
    EnvelopePurpose.CONTRACT: TaskKind.SIGN_CONTRACT,
}


async def waiting_events(session: AsyncSession, loan_id: UUID) -> list[int]:
    """The unprocessed events of a loan, oldest first."""
    statement = (
        select(col(InboxEvent.id))
        .where(col(InboxEvent.loan_id) == loan_id, col(InboxEvent.processed_at).is_(None))
        .order_by(col(InboxEvent.id))
    )
    return [row for row in (await session.execute(statement)).scalars() if row is not None]


async def waiting_receipts(session: AsyncSession, loan_id: UUID) -> list[int]:
    """The first waiting events of a loan as far as they are money and nothing else."""
    statement = (
        select(col(InboxEvent.id), col(InboxEvent.kind))
        .where(col(InboxEvent.loan_id) == loan_id, col(InboxEvent.processed_at).is_(None))
        .order_by(col(InboxEvent.id))
        .limit(RECEIPTS_AT_ONCE)
    )
    rows = (await session.execute(statement)).all()
    money = takewhile(lambda row: row[1] == "receipt.posted", rows)
    return [row[0] for row in money if row[0] is not None]


async def take_receipts(
    session: AsyncSession, loan_id: UUID, event_ids: Sequence[int], at: datetime
) -> None:
    """Give many receipts their effect with one run of the account for all of them.

    Raises what the engine refuses; then nothing has happened, and one by one finds the culprit.
    """
    batch: list[Event] = []
    waiting = (
        select(InboxEvent)
        .where(col(InboxEvent.id).in_(event_ids), col(InboxEvent.processed_at).is_(None))
        .order_by(col(InboxEvent.id))
        .with_for_update()
    )
    for event in (await session.execute(waiting)).scalars().all():
        try:
            async with audit_savepoint(session):
                fact = await _arrival(session, event, at, batch)
        except UNREADABLE:
            fact = await _unreadable(session, event, at)
        event.processed_at, event.outcome = at, fact.outcome
    if batch:
        await append_events(
            session, await locked_loan(session, loan_id), batch, at, back_dated=True
        )


async def stray_events(
    session: AsyncSession, older_than: datetime
) -> list[tuple[int, UUID | None]]:
    """Events nobody has taken up since an instant, with the loan that is to take them up.

    None where no process ever will: they name no loan, one of which there is no case, or one
    whose case is closed.
    """
    statement = (
        select(col(InboxEvent.id), col(Loan.id))
        .outerjoin(
            Loan,
            and_(
                col(Loan.id) == col(InboxEvent.loan_id),
                col(Loan.status) == CaseStatus.ACTIVE,
            ),
        )
        .where(col(InboxEvent.processed_at).is_(None), col(InboxEvent.received_at) < older_than)
        .order_by(col(InboxEvent.id))
        .limit(500)
    )
    rows = (await session.execute(statement)).all()
    return [(event_id, loan_id) for event_id, loan_id in rows if event_id is not None]


async def take_effect(session: AsyncSession, event_id: int, at: datetime) -> InboxFact | None:
    """Give one event its effect and mark it; a second call finds it processed and does nothing."""
    event = await session.get(InboxEvent, event_id, with_for_update=True)
    if event is None or event.processed_at is not None:
        return None
    effect = EFFECTS.get((event.provider, event.kind), _unknown_kind)
    try:
        async with audit_savepoint(session):
            fact = await effect(session, event, at)
    except UNREADABLE:
        fact = await _unreadable(session, event, at)
    event.processed_at = at
    event.outcome = fact.outcome
    return fact


async def standing_facts(session: AsyncSession, loan_id: UUID) -> tuple[InboxFact, ...]:
    """What all events so far have come to: how each envelope and each payout of a loan ended.

    Read from the books and not from the events just taken, so that a reading whose answer was
    lost says the same when it is made again.
    """
    envelopes = select(col(Envelope.purpose), col(Envelope.status)).where(
        col(Envelope.loan_id) == loan_id,
        col(Envelope.status).in_((EnvelopeStatus.SIGNED, EnvelopeStatus.DECLINED)),
    )
    payouts = select(col(Payout.key), col(Payout.status)).where(
        col(Payout.loan_id) == loan_id, col(Payout.status).in_(FINAL)
    )
    return (
        *(InboxFact("envelope", *row) for row in (await session.execute(envelopes)).all()),
        *(InboxFact("payment", *row) for row in (await session.execute(payouts)).all()),
    )


async def _signed(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    data = _data(event)
    envelope = await session.get(Envelope, UUID(data["envelope_id"]), with_for_update=True)
    if envelope is None or envelope.loan_id != event.loan_id:
        return await _foreign(session, event, at)
    # what counts is when it came in, not when the case found time to look
    refusal = _refused_signature(envelope, data, min(at, event.received_at))
    if refusal is not None:
        await _security_case(session, event, at, refusal)
        return InboxFact(event.kind, envelope.purpose, refusal)
    loan = await locked_loan(session, envelope.loan_id)
    if loan.status != CaseStatus.ACTIVE:
        return InboxFact(event.kind, envelope.purpose, "ignored_case_closed")
    envelope.status = EnvelopeStatus.SIGNED
    envelope.signed_at = at
    envelope.evidence = {"event_id": event.event_id, "signer": data.get("signer_name_sha256")}
    purpose = EnvelopePurpose(envelope.purpose)
    await close_task(session, loan.id, _SIGN_TASKS[purpose], TaskOutcome.DONE, at)
    if purpose is EnvelopePurpose.CONTRACT:
        contract = await session.get_one(Contract, loan.id)
        contract.effective_at = at
    digest = envelope.document_sha256
    record(session, f"{purpose}.signed", at, loan_id=loan.id, document_sha256=digest)
    return InboxFact(event.kind, purpose, "signed")


def _refused_signature(envelope: Envelope, data: Mapping[str, Any], at: datetime) -> str | None:
    if envelope.status == EnvelopeStatus.SIGNED:
        return "ignored_already_signed"
    if envelope.status != EnvelopeStatus.SENT:
        return "refused_envelope_not_open"
    if at > envelope.expires_at:
        return "refused_after_expiry"
    if data.get("document_sha256") != envelope.document_sha256:
        return "refused_other_document"
    return None


async def _declined(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    envelope = await session.get(Envelope, UUID(_data(event)["envelope_id"]), with_for_update=True)
    if envelope is None or envelope.loan_id != event.loan_id:
        return await _foreign(session, event, at)
    if envelope.status != EnvelopeStatus.SENT:
        return InboxFact(event.kind, envelope.purpose, "ignored_not_open")
    envelope.status = EnvelopeStatus.DECLINED
    record(session, f"{envelope.purpose}.declined", at, loan_id=event.loan_id)
    return InboxFact(event.kind, envelope.purpose, "declined")


async def _payment(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    data = _data(event)
    key = str(data["key"])
    if key.startswith(REFUND_KEY):
        return await _refund(session, event, at)
    payout = await session.get(Payout, key)
    if payout is None or payout.loan_id != event.loan_id:
        return await _foreign(session, event, at)
    if Decimal(data["amount"]) != payout.amount or data["currency"] != payout.currency:
        await _security_case(session, event, at, "refused_other_amount")
        return InboxFact(event.kind, key, "refused_other_amount")
    status = event.kind.removeprefix("payment.")
    outcome = await apply_payment_state(
        session, key, status, str(data["reference"]), data.get("reason"), at
    )
    return InboxFact(event.kind, key, outcome)


async def _refund(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    """The rail's word on a refund: only of the very sum that was to be paid."""
    data = _data(event)
    refund = await refund_named(session, str(data["key"]))
    if refund is None:
        return await _foreign(session, event, at)
    if (Decimal(data["amount"]), data["currency"]) != (refund.amount, refund.currency):
        await _security_case(session, event, at, "refused_other_amount")
        return InboxFact(event.kind, refund.key, "refused_other_amount")
    status, reference = event.kind.removeprefix("payment."), str(data["reference"])
    outcome = await apply_refund_state(
        session, refund.key, status, reference, data.get("reason"), at
    )
    return InboxFact(event.kind, refund.key, outcome)


async def _arrival(
    session: AsyncSession, event: InboxEvent, at: datetime, batch: list[Event] | None = None
) -> InboxFact:
    arrival = _arrival_of(event)
    number, amount = arrival.transaction_id, arrival.amount
    overtaken = await returned_before(session, number, amount, arrival.currency)
    if overtaken:
        arrival = replace(arrival, hold="returned")
    outcome = await post_receipt(session, arrival, event.loan_id, at, batch)
    if overtaken:
        await end_overtaken(session, number, amount, at)
    return InboxFact(event.kind, arrival.transaction_id, outcome)


def _arrival_of(event: InboxEvent) -> Arrival:
    """The rail names a direct debit in its remittance; a statement's line was matched to it."""
    data = _data(event)
    remittance = data.get("remittance")
    debited = remittance if str(remittance).startswith("coll:") else data.get("collection_key")
    value_on = data.get("value_on")
    return Arrival(
        provider=event.provider,
        transaction_id=str(data["transaction_id"]),
        amount=Decimal(data["amount"]),
        currency=str(data["currency"]),
        value_at=datetime.fromisoformat(data["value_at"]),
        payer_name=data.get("payer_name"),
        remittance=remittance,
        collection_key=debited,
        payer_account=data.get("payer_account"),
        value_on=date.fromisoformat(value_on) if value_on else None,
        hold=data.get("hold"),
    )


async def _returned(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    data = _data(event)
    return InboxFact(event.kind, str(data["transaction_id"]), await take_back(session, data, at))


async def _collection_failed(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    data = _data(event)
    key = str(data["key"])
    outcome = await fail_collection(session, key, str(data["reason"]), at)
    return InboxFact(event.kind, key, outcome)


async def _unknown_kind(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    await _security_case(session, event, at, "unknown_kind")
    return InboxFact(event.kind, event.event_id, "unknown_kind")


async def _unreadable(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    await _security_case(session, event, at, "unreadable")
    return InboxFact(event.kind, event.event_id, "unreadable")


async def _foreign(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    await _security_case(session, event, at, "foreign")
    return InboxFact(event.kind, event.event_id, "foreign")


async def _security_case(
    session: AsyncSession, event: InboxEvent, at: datetime, outcome: str
) -> None:
    digest = text_sha256(event.event_id)[:32]  # an id may be as long as the provider likes
    key = f"inbox:{event.provider}:{digest}"
    await open_incident(session, key, "odd_callback", at, None, outcome=outcome, event=event.kind)


def _data(event: InboxEvent) -> Mapping[str, Any]:
    data = event.body["data"]
    if not isinstance(data, Mapping):
        raise ValueError("data is not an object")  # noqa: TRY004 - a fault of the sender, no bug
    return data


async def _customer_event(session: AsyncSession, event: InboxEvent, at: datetime) -> InboxFact:
    """A register tells of a customer by its number; a firm we do not know is nobody's."""
    data = _data(event)
    customer_id = await customer_numbered(
        session, str(data["registration_scheme"]), str(data["registration_number"])
    )
    if customer_id is None:
        return InboxFact(event.kind, event.event_id, "no_customer_of_ours")
    await record_event(
        session,
        customer_id,
        EventKind(data["event"]),
        {str(name): str(value) for name, value in data.get("before", {}).items()},
        {str(name): str(value) for name, value in data.get("after", {}).items()},
        event.provider,
        at,
        reference=event.event_id,
        happened_on=date.fromisoformat(data["happened_on"]),
    )
    return InboxFact(event.kind, event.event_id, "recorded")


EFFECTS: Mapping[tuple[str, str], Effect] = {
    ("registry", "customer.changed"): _customer_event,
    ("esign", "envelope.signed"): _signed,
    ("esign", "envelope.declined"): _declined,
    ("rail", "payment.settled"): _payment,
    ("rail", "payment.rejected"): _payment,
    ("rail", "receipt.posted"): _arrival,
    ("rail", "receipt.returned"): _returned,
    ("rail", "collection.failed"): _collection_failed,
    ("statement", "receipt.posted"): _arrival,
    ("statement", "receipt.returned"): _returned,
}
