"""Events of a customer: what a feed or a person reports, and what the bank does about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import WorkKind
from domain.people import Actor
from domain.texts import clean_name
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from domain.watch.events import FIELDS_MAX, VALUE_MAX, EventKind
from persistence.audit import record
from persistence.clock import business_date, working_calendar
from persistence.customer_work import add_work
from persistence.reviews import plan_review
from persistence.tables import Customer, CustomerEvent

REVIEW_WORKING_DAYS = 20
"""How long the review after an event may take. Unit: working days."""
_HELD = {
    EventKind.LEGAL_REPRESENTATIVE_CHANGE: "legal_representative",
    EventKind.INDUSTRY_CHANGE: "industry",
}


async def record_event(
    session: AsyncSession,
    customer_id: UUID,
    kind: EventKind,
    before: Mapping[str, str],
    after: Mapping[str, str],
    source: str,
    at: datetime,
    *,
    reference: str,
    happened_on: date | None = None,
    actor: Actor | None = None,
) -> UUID:
    """Keep an event with the fields before and after it; the same reference is the same event.

    What the bank itself holds fills a `before` that was not told. The customer is verified, rated
    and looked at anew, and a review opens. Violations: `customer.unknown`, findings `text.*`,
    `event.fields`, `date.future`.
    """
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None:
        raise LoanRuleViolation("customer.unknown")
    today = await business_date(session, at)
    event_id = uuid5(customer_id, f"{source}:{reference}")
    known = await session.get(CustomerEvent, event_id)
    if known is not None:
        return known.id
    if happened_on is not None and happened_on > today:
        raise FindingsViolation([Finding("happened_on", "date.future")])
    event = CustomerEvent(
        id=event_id,
        customer_id=customer_id,
        kind=kind,
        source=clean_name(source, 40),
        reference=clean_name(reference),
        before=_held(customer, kind) | _told("before", before),
        after=_told("after", after),
        happened_on=happened_on or today,
        recorded_at=at,
        reported_by=UUID(actor.staff_id) if actor else None,
    )
    session.add(event)
    await session.flush()
    _note(session, event, actor)
    await _look_again(session, event, today, at)
    return event.id


def _note(session: AsyncSession, event: CustomerEvent, actor: Actor | None) -> None:
    record(
        session,
        "customer.event",
        event.recorded_at,
        subject=str(event.customer_id),
        actor=actor,
        event=event.id,
        kind=EventKind(event.kind).value,
        source=event.source,
        before=event.before,
        after=event.after,
    )


async def customer_numbered(session: AsyncSession, scheme: str, number: str) -> UUID | None:
    """The customer of a registration number, as a register names it."""
    statement = select(col(Customer.id)).where(
        col(Customer.scheme) == scheme, col(Customer.registration_number) == number
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _look_again(
    session: AsyncSession, event: CustomerEvent, today: date, at: datetime
) -> None:
    cause = f"event:{event.id}"
    for work in (WorkKind.VERIFY, WorkKind.RATE, WorkKind.WATCH):
        await add_work(session, event.customer_id, work, cause, at)
    calendar = await working_calendar(session)
    due_on = calendar.add_working_days(today, REVIEW_WORKING_DAYS)
    await plan_review(session, event.customer_id, cause, due_on, at)


def _held(customer: Customer, kind: EventKind) -> dict[str, str]:
    name = _HELD.get(kind)
    held = getattr(customer, name) if name else None
    return {name: held} if name and held else {}


def _told(where: str, fields: Mapping[str, str]) -> dict[str, str]:
    if len(fields) > FIELDS_MAX:
        raise FindingsViolation([Finding(where, "event.fields", {"max": str(FIELDS_MAX)})])
    findings: list[Finding] = []
    told = {}
    for name, text in fields.items():
        try:
            told[clean_name(name, 60)] = clean_name(text, VALUE_MAX)
        except LoanRuleViolation as refused:
            findings.append(Finding(where, refused.code, refused.params))
    if findings:
        raise FindingsViolation(findings)
    return told
