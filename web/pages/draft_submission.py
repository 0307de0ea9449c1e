"""Submitting a draft: read once more what goes out, then ask the process."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.commands import Submit
from domain.people import Act
from domain.violations import LoanRuleViolation, ProcessUnavailable
from doorway.admission import needs
from doorway.audit import note_refusal
from doorway.refusals import Refusal, refusal_in, refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.drafts import DraftPage
from web.flashes import to_page
from web.forms.entries import EntryReader
from web.pages.draft_plan import preview_of
from web.pages.drafts import own_draft, print_draft
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Submitter = Annotated[Person, Depends(needs(Act.SUBMIT))]


@router.get("/drafts/{draft_id:uuid}/submission")
async def confirm(
    request: Request, services: HasServices, person: Submitter, draft_id: UUID
) -> Response:
    """What will be submitted, named once more; with gaps, the form with a link to each."""
    page = await own_draft(services, person, draft_id)
    if page.submitted_at is not None:
        return RedirectResponse(f"/cases/{draft_id}", 303)
    return _next_step(request, person, page, token=token_urlsafe(24))


@router.post("/drafts/{draft_id:uuid}/submission")
async def submit(
    request: Request, services: HasServices, person: Submitter, draft_id: UUID
) -> Response:
    """Ask the process. The form's own token is the command's id: twice pressed is once done."""
    token = EntryReader(await request.form()).token
    page = await own_draft(services, person, draft_id)
    refusal = await _ask(services, Submit(token, draft_id, person.actor))
    if refusal is None:
        return to_page(request, f"/cases/{draft_id}", "submitted")
    if refusal.status == 403:
        now = datetime.now(UTC)
        await note_refusal(services, person, Act.SUBMIT, refusal.code, now=now)
    if refusal.findings:
        return print_draft(request, person, page, findings=refusal.findings, status_code=422)
    return _next_step(request, person, page, token=token, refusal=refusal)


async def _ask(services: Services, command: Submit) -> Refusal | None:
    try:
        receipt = await services.process.submit(command)
    except (ProcessUnavailable, LoanRuleViolation) as refused:
        return refusal_of(refused)
    return None if receipt.accepted else refusal_in(receipt)


def _next_step(
    request: Request,
    person: Person,
    page: DraftPage,
    *,
    token: str,
    refusal: Refusal | None = None,
) -> Response:
    if page.check.facts is None:
        return print_draft(request, person, page, findings=page.check.findings, status_code=422)
    return print_page(
        request,
        "drafts/submission.html",
        status_code=refusal.status if refusal else 200,
        draft=page,
        facts=page.check.facts,
        preview=preview_of(page),
        token=token,
        refusal=refusal,
    )
