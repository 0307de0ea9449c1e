"""A customer's verification: started, followed live, read as a matrix, disposed of."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.customers.dispositions import DispositionOutcome
from domain.customers.opinions import READERS
from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.verifying import verify_now
from language import formats
from language.labels import word
from persistence.customer_effects import EFFECTS
from persistence.queries.customer_verification import (
    CellView,
    VerificationView,
    customer_verifications,
)
from persistence.queries.registered_identity import registered_identity
from web.fact_texts import fact_text
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Starter = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]
TAB = "/verification"
STOPS = (ProposalKind.STOP_LENDING, ProposalKind.LOCK)
_CURRENCY = "CNY"


@router.get("/customers/{customer_id:uuid}/verification")
async def show_verification(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The newest verification, or the one that is named."""
    return await _print(request, services, person, customer_id)


@router.post("/customers/{customer_id:uuid}/verification")
async def start(
    request: Request, services: HasServices, person: Starter, customer_id: UUID
) -> Response:
    """Compare the customer with all sources now."""
    await head_of(services, person, customer_id)
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        await verify_now(services, customer_id)
        return Receipt(accepted=True)

    refused = await ask_from_form("start", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}{TAB}", "verification_asked")
    return await _print(request, services, person, customer_id, refused)


@router.post("/customers/{customer_id:uuid}/verification/dispositions")
async def dispose(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """Propose how a difference or a hit is disposed of."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        outcome = entries.choice("outcome", tuple(DispositionOutcome))
        field, _, source = entries.text("cell").partition("|")
        if not source:
            entries.find("cell", "choice.unknown")
        content = {
            "verification": entries.text("verification"),
            "field": field,
            "source": source,
            "outcome": outcome,
        }
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.DISPOSITION, content)

    refused = await ask_from_form("disposition", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}{TAB}", "proposal_made")
    return await _print(request, services, person, customer_id, refused)


@router.post("/customers/{customer_id:uuid}/verification/registered-facts")
async def take_over(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """Propose what the registry states as facts of the dossier."""
    entries = EntryReader(await request.form())
    if ProposalKind.FACTS not in EFFECTS:
        raise NotFound
    async with services.database.reading() as session:
        facts = await registered_identity(session, customer_id)

    async def ask() -> Receipt:
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.FACTS, {"entries": facts})

    refused = await ask_from_form("registry", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}{TAB}", "proposal_made")
    return await _print(request, services, person, customer_id, refused)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        found = await customer_verifications(session, person.actor, customer_id, _named(request))
        registered = await registered_identity(session, customer_id)
    if found is None:
        raise NotFound
    return print_customer(
        request,
        "customers/verification.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        found=found,
        shown=found.shown,
        form=refused.form if refused else ActForm(),
        may_start=person.may(Act.KEEP_DOSSIER) or person.may(Act.CHECK_DOSSIER),
        may_keep=person.may(Act.KEEP_DOSSIER),
        may_stop=person.may(Act.STOP_LENDING),
        registered=registered if ProposalKind.FACTS in EFFECTS else [],
        papers=tuple(READERS),
        outcomes=tuple(outcome.value for outcome in DispositionOutcome),
        stops=tuple(kind.value for kind in STOPS),
        evidence=_evidence(found.shown, person),
        fact_name=fact_name,
        fact_text=partial(fact_text, currency=_CURRENCY, language=person.language),
    )


def fact_name(source: str, field: str) -> str:
    """The word a fact goes by: the tax office's grade is not the bank's."""
    return "tax_grade" if (source, field) == ("tax", "grade") else field


def _named(request: Request) -> UUID | None:
    text = request.query_params.get("of", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _evidence(shown: VerificationView | None, person: Person) -> str:
    """What was found to be false, as the proof of a stop or a lock."""
    if shown is None or not shown.proven_false:
        return ""
    opened = formats.instant_text(shown.line.opened_at, person.language)
    lines = [_said(cell, person) for cell in shown.proven_false]
    return "\n".join([f"{word('verification', 'of', person.language)} {opened}", *lines])


def _said(cell: CellView, person: Person) -> str:
    language = person.language
    told = partial(fact_text, currency=_CURRENCY, language=language)
    name = word("fact", fact_name(cell.source, cell.field), language)
    source = word("source", cell.source, language)
    values = f"{told(cell.field, cell.declared)} / {source} {told(cell.field, cell.found)}"
    return f"{name}: {values} ({cell.reason or ''})"
