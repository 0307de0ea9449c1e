"""The application draft: filled in, saved as it is typed, given its documents."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from domain.people import Act
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.uploads import accept_document
from language.formats import machine_instant
from language.messages import message_for
from persistence.drafts import save_fields
from persistence.queries.drafts import DraftPage, draft_page
from web.flashes import to_page
from web.forms.draft import GAPS, DraftEntries, draft_form, entries_of
from web.forms.plan import entries_shown
from web.pages.draft_plan import preview_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Editor = Annotated[Person, Depends(needs(Act.EDIT_DRAFT))]
SUBMIT = "submit"


@router.get("/drafts/{draft_id:uuid}")
async def show_draft(
    request: Request, services: HasServices, person: Editor, draft_id: UUID
) -> Response:
    """The form as it was last saved; a submitted one is a case now."""
    page = await own_draft(services, person, draft_id)
    if page.submitted_at is not None:
        return RedirectResponse(f"/cases/{draft_id}", 303)
    return print_draft(request, person, page)


@router.post("/drafts/{draft_id:uuid}")
async def save_draft(
    request: Request, services: HasServices, person: Editor, draft_id: UUID
) -> Response:
    """Save everything; the other button then goes on to submitting."""
    form = await request.form()
    entries = entries_of(form)
    try:
        await _save(services, person, draft_id, entries)
    except FindingsViolation as refused:
        page = await own_draft(services, person, draft_id)
        return print_draft(
            request, person, page, typed=entries, findings=refused.findings, status_code=422
        )
    if form.get("go") == SUBMIT:
        return RedirectResponse(f"/drafts/{draft_id}/submission", 303)
    return to_page(request, f"/drafts/{draft_id}", "draft_saved")


@router.post("/drafts/{draft_id:uuid}/fields")
async def autosave(
    request: Request, services: HasServices, person: Editor, draft_id: UUID
) -> Response:
    """Save what can be kept, and say what is wrong with the rest while it is being typed."""
    entries = entries_of(await request.form())
    refused: tuple[Finding, ...] = ()
    try:
        await _save(services, person, draft_id, entries)
    except FindingsViolation as violation:
        refused = violation.findings
        await _save(services, person, draft_id, entries.without(refused))
    page = await own_draft(services, person, draft_id)
    wrong = (found for found in page.check.findings if found.code not in GAPS)
    warnings = {found.field: found for found in (*page.check.warnings, *wrong, *refused)}
    return JSONResponse(
        {
            "saved_at": machine_instant(page.updated_at),
            "completeness_percent": page.check.completeness_percent,
            "shown": sorted(entries_shown(page, page.fields.get("repayment_method", ""))),
            "warnings": [
                {
                    "field": found.field,
                    "message": message_for(found.code, found.params, person.language),
                }
                for found in warnings.values()
            ],
        }
    )


@router.get("/drafts/{draft_id:uuid}/plan")
async def show_plan(
    request: Request, services: HasServices, person: Editor, draft_id: UUID
) -> Response:
    """The repayment plan as a schedule, for the form to take in while it is filled in."""
    page = await own_draft(services, person, draft_id)
    preview = await asyncio.to_thread(preview_of, page)
    return print_page(request, "drafts/_plan.html", preview=preview)


@router.post("/drafts/{draft_id:uuid}/documents/{kind}")
async def upload_document(
    request: Request, services: HasServices, person: Editor, draft_id: UUID, kind: str
) -> Response:
    """File a document under its item; an earlier one stays as a version."""
    page = await own_draft(services, person, draft_id)
    field = f"documents.{kind}" if kind in _kinds(page) else "documents"
    upload = (await request.form()).get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        missing = (Finding(field, "document.required"),)
        return print_draft(request, person, page, findings=missing, status_code=422)
    try:
        await accept_document(services, person, draft_id, kind, upload, datetime.now(UTC))
    except FindingsViolation as refused:
        return print_draft(request, person, page, findings=refused.findings, status_code=422)
    return to_page(request, f"/drafts/{draft_id}", "draft_document")


@router.get("/drafts/{draft_id:uuid}/documents/{document_id:uuid}")
async def download_document(
    services: HasServices, person: Editor, draft_id: UUID, document_id: UUID
) -> Response:
    """The newest version of one document, after its bytes were checked against its hash."""
    page = await own_draft(services, person, draft_id)
    found = next((one for one in page.documents.values() if one.id == document_id), None)
    if found is None:
        raise NotFound
    try:
        content = await services.documents.get(found.facts.sha256)
    except FileNotFoundError as missing:
        raise NotFound from missing
    except ValueError as changed:
        raise LoanRuleViolation("document.changed") from changed
    name = f"attachment; filename*=UTF-8''{quote(found.facts.filename)}"
    return Response(
        content, media_type=found.facts.media_type, headers={"Content-Disposition": name}
    )


async def own_draft(services: Services, person: Person, draft_id: UUID) -> DraftPage:
    """The person's own draft; another's does not exist."""
    async with services.database.reading() as session:
        page = await draft_page(session, person.actor, draft_id, datetime.now(UTC))
    if page is None:
        raise NotFound
    return page


def print_draft(
    request: Request,
    person: Person,
    page: DraftPage,
    *,
    typed: DraftEntries | None = None,
    findings: tuple[Finding, ...] = (),
    status_code: int = 200,
) -> Response:
    """The form, with what was typed and why it was refused where it was."""
    return print_page(
        request,
        "drafts/page.html",
        status_code=status_code,
        draft=page,
        form=draft_form(page, person.language, typed=typed, findings=findings),
        preview=preview_of(page),
    )


async def _save(services: Services, person: Person, draft_id: UUID, entries: DraftEntries) -> None:
    async with services.database.transaction() as session:
        await save_fields(
            session,
            draft_id,
            person.actor,
            entries.fields,
            entries.statements,
            datetime.now(UTC),
        )


def _kinds(page: DraftPage) -> frozenset[str]:
    return frozenset({*page.product.required_documents, "other"})
