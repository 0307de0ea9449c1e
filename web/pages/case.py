"""One case: its head, its process map, and the tab the reader chose."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.agreements import EnvelopeStatus
from domain.people import Act
from domain.signing import link_token
from domain.violations import LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.case_access import may_see_case
from persistence.queries.case_file import CaseDocument, case_documents
from persistence.queries.case_page import CasePage, CaseTab, case_page
from web.fact_texts import fact_text
from web.flashes import forget_flash, show_flash
from web.forms.acts import ActForm, offered_acts
from web.pages.schedule_chart import chart_of
from web.rendering import render
from web.timeline_tones import tone_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/cases/{loan_id:uuid}")
async def show_case(
    request: Request, services: HasServices, person: Reader, loan_id: UUID, tab: str = ""
) -> Response:
    """The case page; an unknown tab is the first one."""
    show_flash(request)
    chosen = CaseTab(tab) if tab in set(CaseTab) else CaseTab.OVERVIEW
    response = await print_case(request, services, person, loan_id, tab=chosen)
    forget_flash(request, response)
    return response


@router.get("/cases/{loan_id:uuid}/documents/{document_id:uuid}")
async def download(
    services: HasServices, person: Reader, loan_id: UUID, document_id: UUID
) -> Response:
    """One document version, after its bytes have been checked against its hash."""
    async with services.database.reading() as session:
        visible = await may_see_case(session, person.actor, loan_id)
        documents = await case_documents(session, loan_id) if visible else ()
    found = next((document for document in documents if document.id == document_id), None)
    if found is None:
        raise NotFound
    content = await _checked_bytes(services, found)
    name = f"attachment; filename*=UTF-8''{quote(found.filename)}"
    return Response(content, media_type=found.media_type, headers={"Content-Disposition": name})


async def print_case(
    request: Request,
    services: Services,
    person: Person,
    loan_id: UUID,
    *,
    tab: CaseTab,
    form: ActForm | None = None,
    status_code: int = 200,
) -> Response:
    """The case page, with a form that came back refused where there is one."""
    async with services.database.reading() as session:
        page = await case_page(session, loan_id, person.actor, tab, datetime.now(UTC))
    if page is None:
        raise NotFound
    schedule = page.content.get("schedule")
    return render(
        request,
        "cases/page.html",
        status_code=status_code,
        case=page,
        head=page.head,
        acts=offered_acts(page, person.actor),
        form=form or ActForm(),
        link=_signing_link(services, person, page),
        chart=chart_of(schedule) if schedule else None,
        may_read_history=person.may(Act.READ_HISTORY),
        content=page.content,
        tone_of=tone_of,
        fact_text=partial(fact_text, currency=page.head.figures.currency, language=person.language),
    )


def _signing_link(services: Services, person: Person, page: CasePage) -> str:
    """The signatory's link, for the customer manager alone: there is no mail gateway yet."""
    if str(page.head.officer_id) != person.actor.staff_id:
        return ""
    now = datetime.now(UTC)
    for envelope in page.envelopes:
        if envelope.status == EnvelopeStatus.SENT and envelope.expires_at > now:
            token = link_token(services.secrets.session, envelope.id)
            return f"{services.public_url}/sign/{token}"
    return ""


async def _checked_bytes(services: Services, document: CaseDocument) -> bytes:
    try:
        return await services.documents.get(document.sha256)
    except FileNotFoundError as missing:
        raise NotFound from missing
    except ValueError as changed:
        raise LoanRuleViolation("document.changed") from changed
