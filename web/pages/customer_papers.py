"""The papers of a customer: the checklist, filing one, reading one, having its original checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.customers.dossier import PAPER_VERDICTS, RULES_BY_KIND, SEEN_HOW
from domain.customers.dossier.paper_checks import read_paper_check
from domain.people import Act
from domain.texts import clean_name
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.customer_papers import taken_out
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.uploads import accept_customer_document
from persistence.clock import business_date
from persistence.customer_documents import PaperDetails
from persistence.queries.customer_documents import checklist_of
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.pages.customer_parts import Asking, head_of, print_customer

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]
TAB = "/papers"


@router.get("/customers/{customer_id:uuid}/papers")
async def show_papers(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """Each item of the checklist with its papers, newest first."""
    return await _print(request, services, person, customer_id)


@router.post("/customers/{customer_id:uuid}/papers")
async def file_paper(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """File a paper under its kind; an earlier one stays as a version."""
    form = await request.form()
    entries = EntryReader(form)

    async def ask() -> Receipt:
        kind = entries.choice("kind", RULES_BY_KIND)
        details = _details(entries)
        upload = _uploaded(form)
        if upload is None:
            entries.find("file", "document.required")
            entries.refuse_findings()
            return Receipt(accepted=False)
        entries.refuse_findings()
        await accept_customer_document(
            services, person, customer_id, kind, upload, details, datetime.now(UTC)
        )
        return Receipt(accepted=True)

    await head_of(services, person, customer_id)
    refused = await ask_from_form("paper", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/papers", "paper_filed")
    return await _print(request, services, person, customer_id, _at_file(refused))


@router.get("/customers/{customer_id:uuid}/papers/{document_id:uuid}")
async def read_paper(
    services: HasServices, person: Reader, customer_id: UUID, document_id: UUID
) -> Response:
    """One version of a paper; the reading is noted."""
    return await taken_out(services, person, customer_id, document_id)


@router.post("/customers/{customer_id:uuid}/papers/{document_id:uuid}/check")
async def propose_check(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID, document_id: UUID
) -> Response:
    """Say how the original was seen and what was found; another person confirms it."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        content = {name: entries.text(name) for name in ("verdict", "seen_how", "seen_on")}
        content["document"] = str(document_id)
        async with services.database.reading() as session:
            today = await business_date(session, datetime.now(UTC))
        try:
            read_paper_check(content, today)
        except FindingsViolation as refused:
            for finding in refused.findings:
                entries.find(finding.field, finding.code, **finding.params)
        asking = Asking(services, person, customer_id, entries)
        return await asking.propose(ProposalKind.DOCUMENT_CHECK, content)

    act = f"check-{document_id}"
    refused = await ask_from_form(act, entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/papers", "proposal_made")
    return await _print(request, services, person, customer_id, refused)


def _details(entries: EntryReader) -> PaperDetails:
    issuer = entries.text("issuer").strip()
    if issuer:
        try:
            issuer = clean_name(issuer)
        except LoanRuleViolation as refused:
            entries.find("issuer", refused.code, **refused.params)
    return PaperDetails(issuer or None, entries.day("issued_on"), entries.day("valid_to_on"))


def _uploaded(form: FormData) -> UploadFile | None:
    sent = form.get("file")
    return sent if isinstance(sent, UploadFile) and sent.filename else None


def _at_file(refused: RefusedForm) -> RefusedForm:
    """What is wrong with a file is told at the file's entry."""
    own = {"kind", "file", "issuer", "issued_on", "valid_to_on"}
    findings = tuple(
        found if found.field in own else Finding("file", found.code, found.params)
        for found in refused.form.findings
    )
    form = refused.form
    told = ActForm(form.act, form.token, form.values, findings, form.code, form.params)
    return RefusedForm(told, refused.status)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        items = await checklist_of(session, customer_id, today)
    return print_customer(
        request,
        "customers/papers.html",
        head,
        TAB,
        status_code=refused.status if refused else 200,
        items=items,
        form=refused.form if refused else ActForm(),
        today=today,
        seen_how=SEEN_HOW,
        verdicts=PAPER_VERDICTS,
        may_keep=person.may(Act.KEEP_DOSSIER),
    )
