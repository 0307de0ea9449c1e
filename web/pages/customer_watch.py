"""The watch of a customer (监测): alerts, covenants, reviews, events, measures and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.people import Act
from domain.watch.signals import Colour
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.watching import act_on_alert, mark_notice
from persistence.queries.alerts import alerts_of_customer
from persistence.queries.watch import (
    covenants_of,
    events_of_customer,
    measures_of,
    notices_of,
    reviews_of,
)
from persistence.watch_signals import signals_now
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer

router = APIRouter(include_in_schema=False, prefix="/customers/{customer_id:uuid}/watch")
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_WATCH))]
TAB = "/watch"


@router.get("")
async def show_watch(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """Everything that is watched of a customer."""
    head, now = await head_of(services, person, customer_id), datetime.now(UTC)
    async with services.database.reading() as session:
        alerts = await alerts_of_customer(session, person.actor, customer_id, now)
        signals = await signals_now(session, customer_id, now)
        covenants = await covenants_of(session, customer_id)
        reviews = await reviews_of(session, customer_id, now)
        events = await events_of_customer(session, customer_id)
        measures = await measures_of(session, customer_id)
        notices = await notices_of(session, person.actor, customer_id)
    return print_customer(
        request,
        "watch/page.html",
        head,
        TAB,
        alerts=alerts,
        signals=signals,
        covenants=covenants,
        reviews=reviews,
        events=events,
        measures=measures,
        notices=notices,
        may_keep=person.may(Act.KEEP_WATCH),
        form=ActForm(),
    )


@router.post("/notices/{notice_id:uuid}")
async def mark(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, notice_id: UUID
) -> Response:
    """A message was read, or handed to the customer."""
    entries = EntryReader(await request.form())
    await head_of(services, person, customer_id)
    read = entries.text("mark") == "read"
    await mark_notice(services, person, customer_id, notice_id, read=read)
    return to_page(request, f"/customers/{customer_id}/watch#notices", "notice_marked")


@router.get("/alerts/{alert_id:uuid}")
async def show_alert(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, alert_id: UUID
) -> Response:
    """One alert with what can be done about it."""
    return await _print_alert(request, services, person, customer_id, alert_id)


@router.post("/alerts/{alert_id:uuid}/action")
async def act(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, alert_id: UUID
) -> Response:
    """Note what is being done."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        doing = entries.paragraph("doing")
        entries.refuse_findings()
        return await act_on_alert(services, person, customer_id, alert_id, doing)

    refused = await ask_from_form("action", entries, ask)
    if refused is None:
        return to_page(request, _alert_path(customer_id, alert_id), "action_noted")
    return await _print_alert(request, services, person, customer_id, alert_id, refused)


@router.post("/alerts/{alert_id:uuid}/closure")
async def propose_closure(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, alert_id: UUID
) -> Response:
    """Propose to close it, with what was done and what proves it."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        content = {
            "alert": str(alert_id),
            "action": entries.paragraph("action"),
            "evidence": entries.paragraph("evidence"),
        }
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.ALERT_CLOSURE, content)

    refused = await ask_from_form("closure", entries, ask)
    if refused is None:
        return to_page(request, _alert_path(customer_id, alert_id), "proposal_made")
    return await _print_alert(request, services, person, customer_id, alert_id, refused)


@router.post("/alerts/{alert_id:uuid}/colour")
async def propose_colour(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, alert_id: UUID
) -> Response:
    """Propose a lower colour."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        colour = entries.choice("colour", tuple(Colour))
        asking = Asking(services, person, customer_id, entries)
        content = {"alert": str(alert_id), "colour": colour}
        return await asking.propose(ProposalKind.ALERT_DOWNGRADE, content, "why")

    refused = await ask_from_form("colour", entries, ask)
    if refused is None:
        return to_page(request, _alert_path(customer_id, alert_id), "proposal_made")
    return await _print_alert(request, services, person, customer_id, alert_id, refused)


def _alert_path(customer_id: UUID, alert_id: UUID) -> str:
    return f"/customers/{customer_id}/watch/alerts/{alert_id}"


async def _print_alert(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    alert_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head, now = await head_of(services, person, customer_id), datetime.now(UTC)
    async with services.database.reading() as session:
        alerts = await alerts_of_customer(session, person.actor, customer_id, now)
    alert = next((one for one in alerts if one.id == alert_id), None)
    if alert is None:
        raise NotFound
    lower = [colour.value for colour in Colour if colour.gravity < alert.colour.gravity]
    return print_customer(
        request,
        "watch/alert.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        alert=alert,
        lower=lower,
        form=refused.form if refused else ActForm(),
        may_keep=person.may(Act.KEEP_WATCH),
    )
