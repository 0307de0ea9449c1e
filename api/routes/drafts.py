"""Application drafts, their documents, and their submission."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from api.acts import AskedAct, Key, perform
from api.schemas.acts import Accepted, SubmitDraft
from api.schemas.drafts import (
    CheckTold,
    DocumentFiled,
    DraftOpened,
    DraftSaved,
    DraftTold,
    FindingTold,
    OpenDraft,
    SaveDraft,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.commands import Submit
from domain.people import Act
from domain.violations import Finding, LoanRuleViolation
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.uploads import accept_document
from language.messages import message_for
from persistence import drafts
from persistence.clock import business_date

router = APIRouter(prefix="/drafts", tags=["drafts"])
Editor = Annotated[Person, Depends(api_needs(Act.EDIT_DRAFT))]
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Submitter = Annotated[Person, Depends(api_needs(Act.SUBMIT))]

UPLOAD_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "properties": {
                        "kind": {"type": "string"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


@router.post("", status_code=201, openapi_extra=body_of(OpenDraft))
async def create(
    services: HasServices,
    person: Editor,
    asked: Annotated[OpenDraft, Depends(JsonBody(OpenDraft))],
) -> DraftOpened:
    """Open a draft for a customer."""
    async with services.database.transaction() as session:
        draft_id = await drafts.create_draft(
            session, asked.customer_id, person.actor, asked.product_code, datetime.now(UTC)
        )
    return DraftOpened(id=draft_id)


@router.get("/{draft_id}")
async def read(services: HasServices, person: Reader, draft_id: UUID) -> DraftTold:
    """The draft as it stands."""
    async with services.database.reading() as session:
        return DraftTold.model_validate(await _draft(session, draft_id, person))


@router.patch("/{draft_id}", openapi_extra=body_of(SaveDraft))
async def save(
    services: HasServices,
    person: Editor,
    draft_id: UUID,
    asked: Annotated[SaveDraft, Depends(JsonBody(SaveDraft))],
) -> DraftSaved:
    """Keep entries as typed; whether they are right is for `check` to say."""
    async with services.database.transaction() as session:
        version = await drafts.save_fields(
            session, draft_id, person.actor, asked.fields, asked.statements, datetime.now(UTC)
        )
    return DraftSaved(version=version)


@router.get("/{draft_id}/check")
async def check(services: HasServices, person: Reader, draft_id: UUID) -> CheckTold:
    """Every gap and error of the draft, by the rules of today."""
    async with services.database.reading() as session:
        await _draft(session, draft_id, person)
        today = await business_date(session, datetime.now(UTC))
        judged = await drafts.check(session, draft_id, today)
    page = f"{services.public_url}/drafts/{draft_id}"
    return CheckTold(
        complete=not judged.findings,
        completeness_percent=judged.completeness_percent,
        findings=tuple(_told(finding, page, person) for finding in judged.findings),
        warnings=tuple(_told(warning, page, person) for warning in judged.warnings),
    )


@router.post("/{draft_id}/documents", status_code=201, openapi_extra=UPLOAD_FORM)
async def upload(
    request: Request, services: HasServices, person: Editor, draft_id: UUID
) -> DocumentFiled:
    """File a document: one `file` under its `kind`."""
    # Whose draft it is comes before ten megabytes of somebody's file.
    async with services.database.reading() as session:
        await _draft(session, draft_id, person)
    return await _filed(request, services, person, draft_id)


@router.post(
    "/{draft_id}/submission",
    status_code=201,
    response_model=Accepted,
    openapi_extra=body_of(SubmitDraft),
)
async def submit(
    request: Request,
    services: HasServices,
    person: Submitter,
    key: Key,
    draft_id: UUID,
    asked: Annotated[SubmitDraft, Depends(JsonBody(SubmitDraft))],
) -> Response:
    """Submit: a case number, or every gap with its field."""
    # a process begins with its submission: none begins for a draft that is not there to be seen
    async with services.database.reading() as session:
        await _draft(session, draft_id, person)
    act = AskedAct(request, person, key, Act.SUBMIT, draft_id, asked)
    return await perform(
        act,
        lambda command_id: services.process.submit(Submit(command_id, draft_id, person.actor)),
        status=201,
    )


async def _draft(session: Any, draft_id: UUID, person: Person) -> drafts.DraftView:
    found = await drafts.read_draft(session, draft_id, person.actor)
    if found is None:
        raise NotFound
    return found


async def _filed(
    request: Request, services: Services, person: Person, draft_id: UUID
) -> DocumentFiled:
    declared = request.headers.get("content-type", "").lower()
    if not declared.startswith("multipart/form-data"):
        raise LoanRuleViolation("request.media_type")
    async with request.form(max_files=1, max_fields=4) as form:
        kind, file = form.get("kind"), form.get("file")
        if not isinstance(kind, str) or not isinstance(file, UploadFile):
            raise LoanRuleViolation("request.form")
        document_id = await accept_document(
            services, person, draft_id, kind, file, datetime.now(UTC)
        )
    return DocumentFiled(id=document_id)


def _told(finding: Finding, page: str, person: Person) -> FindingTold:
    return FindingTold(
        field=finding.field,
        code=finding.code,
        message=message_for(finding.code, finding.params, person.language),
        link=f"{page}#field-{finding.field}",
    )
