"""What both doors write where a customer is watched; the customer's process is told to look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from domain.commands import Receipt
from domain.violations import ProcessUnavailable
from domain.watch.events import EventKind
from domain.watch.refresh import refreshed
from doorway.services import Services
from doorway.sessions import Person
from persistence.alerts import note_action
from persistence.customer_events import record_event
from persistence.ladder import set_aside
from persistence.notices import mark_handed_over, mark_read
from persistence.reviews import finish_review, renew_link, submit_refresh

_DONE = Receipt(accepted=True)


async def act_on_alert(
    services: Services, person: Person, customer_id: UUID, alert_id: UUID, doing: str
) -> Receipt:
    """What is being done about an alert."""
    async with services.database.transaction() as session:
        await note_action(session, customer_id, alert_id, person.actor, doing, datetime.now(UTC))
    return _DONE


async def end_review(
    services: Services, person: Person, customer_id: UUID, review_id: UUID, finding: str
) -> Receipt:
    """A review is done, with what it found."""
    async with services.database.transaction() as session:
        await finish_review(
            session, customer_id, review_id, person.actor, finding, datetime.now(UTC)
        )
    await _tell(services, customer_id)
    return _DONE


async def send_link(
    services: Services, person: Person, customer_id: UUID, review_id: UUID
) -> Receipt:
    """A new link for the customer."""
    async with services.database.transaction() as session:
        await renew_link(session, customer_id, review_id, person.actor, datetime.now(UTC))
    return _DONE


async def leave_measure(
    services: Services, person: Person, customer_id: UUID, measure_id: UUID, reason: str
) -> Receipt:
    """Set a suggestion of the ladder aside."""
    async with services.database.transaction() as session:
        await set_aside(session, customer_id, measure_id, person.actor, reason, datetime.now(UTC))
    return _DONE


async def mark_notice(
    services: Services, person: Person, customer_id: UUID, notice_id: UUID, *, read: bool
) -> Receipt:
    """A message was read by whom it is for, or handed over to the customer."""
    mark = mark_read if read else mark_handed_over
    async with services.database.transaction() as session:
        await mark(session, customer_id, notice_id, person.actor, datetime.now(UTC))
    return _DONE


async def report_event(
    services: Services,
    person: Person,
    customer_id: UUID,
    kind: EventKind,
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    source: str,
    reference: str,
    happened_on: date | None,
) -> UUID:
    """Something happened to a customer: it is verified, rated and looked at anew."""
    async with services.database.transaction() as session:
        event = await record_event(
            session,
            customer_id,
            kind,
            before,
            after,
            source,
            datetime.now(UTC),
            reference=reference,
            happened_on=happened_on,
            actor=person.actor,
        )
    await _tell(services, customer_id)
    return event


async def take_refresh(
    services: Services, review_id: UUID, link_number: int, entries: Mapping[str, str]
) -> None:
    """What a customer entered through its link. Violations: findings, `refresh.*`."""
    stated = refreshed(entries)
    async with services.database.transaction() as session:
        customer_id = await submit_refresh(
            session, review_id, link_number, stated, datetime.now(UTC)
        )
    await _tell(services, customer_id)


async def _tell(services: Services, customer_id: UUID) -> None:
    try:
        await services.process.look_at_customer(customer_id)
    except ProcessUnavailable:
        return  # it is on the agenda; the sweep wakes the customer's process
