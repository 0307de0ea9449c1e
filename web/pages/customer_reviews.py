"""Reviews, events and measures of a customer: each on a page of its own with its forms."""

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
from domain.signing import refresh_token
from domain.watch.events import EventKind
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.watching import end_review, leave_measure, report_event, send_link
from persistence.queries.watch import measures_of, reviews_of
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer

router = APIRouter(include_in_schema=False, prefix="/customers/{customer_id:uuid}/watch")
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_WATCH))]
Approver = Annotated[Person, Depends(needs(Act.APPROVE_WATCH))]
Reporter = Annotated[Person, Depends(needs(Act.KEEP_WATCH, Act.RELEASE))]
TAB = "/watch"
_FIELDS = ("name", "legal_representative", "industry", "address")


@router.get("/reviews/{review_id:uuid}")
async def show_review(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, review_id: UUID
) -> Response:
    """One review: its link, what the customer stated, its end."""
    return await _print_review(request, services, person, customer_id, review_id)


@router.post("/reviews/{review_id:uuid}/link")
async def make_link(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, review_id: UUID
) -> Response:
    """Open the review now, or make a new link."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        return await send_link(services, person, customer_id, review_id)

    refused = await ask_from_form("link", entries, ask)
    if refused is None:
        return to_page(request, _review_path(customer_id, review_id), "link_renewed")
    return await _print_review(request, services, person, customer_id, review_id, refused)


@router.post("/reviews/{review_id:uuid}/end")
async def finish(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, review_id: UUID
) -> Response:
    """The review is done."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        finding = entries.paragraph("finding")
        entries.refuse_findings()
        return await end_review(services, person, customer_id, review_id, finding)

    refused = await ask_from_form("end", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/watch#reviews", "review_finished")
    return await _print_review(request, services, person, customer_id, review_id, refused)


@router.get("/measures/{measure_id:uuid}")
async def show_measure(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, measure_id: UUID
) -> Response:
    """One measure of the ladder."""
    return await _print_measure(request, services, person, customer_id, measure_id)


@router.post("/measures/{measure_id:uuid}/proposal")
async def propose_measure(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, measure_id: UUID
) -> Response:
    """Lay a suggested measure before those who approve it."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.LADDER, {"measure": str(measure_id)})

    refused = await ask_from_form("measure", entries, ask)
    if refused is None:
        return to_page(request, _measure_path(customer_id, measure_id), "proposal_made")
    return await _print_measure(request, services, person, customer_id, measure_id, refused)


@router.post("/measures/{measure_id:uuid}/aside")
async def leave(
    request: Request, services: HasServices, person: Approver, customer_id: UUID, measure_id: UUID
) -> Response:
    """Set a suggestion aside, with a reason."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        reason = entries.paragraph("why")
        entries.refuse_findings()
        return await leave_measure(services, person, customer_id, measure_id, reason)

    refused = await ask_from_form("aside", entries, ask)
    if refused is None:
        return to_page(request, _measure_path(customer_id, measure_id), "measure_left")
    return await _print_measure(request, services, person, customer_id, measure_id, refused)


@router.get("/events/new")
async def ask_for_event(
    request: Request, services: HasServices, person: Reporter, customer_id: UUID
) -> Response:
    """The form of an event somebody reports."""
    return await _print_event(request, services, person, customer_id)


@router.post("/events")
async def report(
    request: Request, services: HasServices, person: Reporter, customer_id: UUID
) -> Response:
    """Something happened to the customer."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        kind = entries.choice("kind", tuple(EventKind))
        happened_on = entries.day("happened_on", must=True)
        told = entries.paragraph("told")
        field = entries.text("field")
        if field not in (*_FIELDS, ""):
            entries.find("field", "choice.unknown")
        entries.refuse_findings()
        before = {field: entries.text("before")} if field and entries.text("before") else {}
        after = {field: entries.text("after")} if field and entries.text("after") else {}
        await report_event(
            services,
            person,
            customer_id,
            EventKind(kind),
            before,
            {**after, "report": " ".join(told.split())},
            source="staff",
            reference=entries.token,
            happened_on=happened_on,
        )
        return Receipt(accepted=True)

    refused = await ask_from_form("event", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/watch#events", "event_recorded")
    return await _print_event(request, services, person, customer_id, refused)


def _review_path(customer_id: UUID, review_id: UUID) -> str:
    return f"/customers/{customer_id}/watch/reviews/{review_id}"


def _measure_path(customer_id: UUID, measure_id: UUID) -> str:
    return f"/customers/{customer_id}/watch/measures/{measure_id}"


async def _print_review(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    review_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        found = await reviews_of(session, customer_id, datetime.now(UTC))
    review = next((one for one in found if one.id == review_id), None)
    if review is None:
        raise NotFound
    link, may_keep = "", person.may(Act.KEEP_WATCH)
    if may_keep and review.status == "open":
        token = refresh_token(services.secrets.session, review.id, review.link_number)
        link = f"{services.public_url}/refresh/{token}"
    return print_customer(
        request,
        "watch/review.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        review=review,
        link=link,
        form=refused.form if refused else ActForm(),
        may_keep=may_keep,
    )


async def _print_measure(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    measure_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        found = await measures_of(session, customer_id)
    measure = next((one for one in found if one.id == measure_id), None)
    if measure is None:
        raise NotFound
    return print_customer(
        request,
        "watch/measure.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        measure=measure,
        form=refused.form if refused else ActForm(),
        may_keep=person.may(Act.KEEP_WATCH),
        may_leave=person.may(Act.APPROVE_WATCH),
    )


async def _print_event(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    return print_customer(
        request,
        "watch/event_new.html",
        await head_of(services, person, customer_id),
        TAB,
        status_code=refused.status if refused else 200,
        form=refused.form if refused else ActForm(),
        kinds=tuple(kind.value for kind in EventKind),
        fields=_FIELDS,
    )
