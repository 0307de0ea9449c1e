"""Covenants of a customer: proposed, tested, waived."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.people import Act
from domain.watch.covenants import EVERY_MONTHS, GRACE_DAYS_MAX, RATIOS, CovenantKind
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.watch import covenants_of
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer

router = APIRouter(include_in_schema=False, prefix="/customers/{customer_id:uuid}/watch/covenants")
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_WATCH))]
TAB = "/watch"


@router.get("/new")
async def ask_for_covenant(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """The form of a new covenant."""
    return await _print_new(request, services, person, customer_id)


@router.post("")
async def propose_covenant(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """Propose a covenant."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.COVENANT, _content(entries))

    refused = await ask_from_form("covenant", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/watch#covenants", "proposal_made")
    return await _print_new(request, services, person, customer_id, refused)


def _content(entries: EntryReader) -> dict[str, Any]:
    """What the form says; the ratio and its bound belong to floors and ceilings only."""
    kind = entries.choice("kind", tuple(CovenantKind))
    months = entries.choice("every_months", tuple(map(str, EVERY_MONTHS)))
    first = entries.day("first_test_on", must=True)
    content: dict[str, Any] = {
        "kind": kind,
        "every_months": int(months or 0),
        "first_test_on": first.isoformat() if first else "",
        "grace_days": entries.whole("grace_days", 0, GRACE_DAYS_MAX, "covenant.grace"),
    }
    if kind and kind != CovenantKind.STATEMENT_DELIVERY:
        content["ratio"] = entries.choice("ratio", tuple(RATIOS))
        content["bound"] = entries.text("bound").strip()
    return content


@router.get("/{covenant_id:uuid}")
async def show_covenant(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, covenant_id: UUID
) -> Response:
    """A covenant with its tests."""
    return await _print_one(request, services, person, customer_id, covenant_id)


@router.post("/{covenant_id:uuid}/waiver")
async def propose_waiver(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, covenant_id: UUID
) -> Response:
    """Propose to forbear until a day."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        until = entries.day("until", must=True)
        asking = Asking(services, person, customer_id, entries)
        content = {"covenant": str(covenant_id), "until": until.isoformat() if until else ""}
        return await asking.propose(ProposalKind.COVENANT_WAIVER, content)

    refused = await ask_from_form("waiver", entries, ask)
    if refused is None:
        path = f"/customers/{customer_id}/watch/covenants/{covenant_id}"
        return to_page(request, path, "proposal_made")
    return await _print_one(request, services, person, customer_id, covenant_id, refused)


async def _print_new(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    return print_customer(
        request,
        "watch/covenant_new.html",
        await head_of(services, person, customer_id),
        TAB,
        status_code=refused.status if refused else 200,
        form=refused.form if refused else ActForm(),
        kinds=tuple(kind.value for kind in CovenantKind),
        ratios=tuple(RATIOS),
        rhythms=tuple(map(str, EVERY_MONTHS)),
    )


async def _print_one(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    covenant_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        found = await covenants_of(session, customer_id)
    covenant = next((one for one in found if one.id == covenant_id), None)
    if covenant is None:
        raise NotFound
    return print_customer(
        request,
        "watch/covenant.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        covenant=covenant,
        form=refused.form if refused else ActForm(),
        may_keep=person.may(Act.KEEP_WATCH),
    )
