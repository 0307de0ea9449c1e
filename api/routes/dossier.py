"""The dossier of a customer for programs: facts, ownership, papers. Changing is by proposals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from api.ownership import ownership_told
from api.schemas.dossier import (
    ChecklistTold,
    DossierStateTold,
    HistoryTold,
    OwnershipTold,
    PaperFiled,
)
from api.schemas.strict import asked_day
from api.security import api_needs
from domain.people import Act
from domain.texts import clean_name
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.customer_papers import taken_out
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.uploads import accept_customer_document
from persistence.clock import business_date
from persistence.customer_documents import PaperDetails
from persistence.queries.customer_documents import checklist_of
from persistence.queries.customer_head import customer_head
from persistence.queries.dossier import difference_between, end_of_day
from persistence.queries.dossier_state import dossier_state
from persistence.queries.ownership import ownership_of

router = APIRouter(prefix="/customers/{customer_id}", tags=["customers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(api_needs(Act.KEEP_DOSSIER))]
TEXT = {"type": "string"}
PAPER_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "properties": {
                        "kind": TEXT,
                        "issuer": TEXT,
                        "issued_on": {**TEXT, "format": "date"},
                        "valid_to_on": {**TEXT, "format": "date"},
                        "file": {**TEXT, "format": "binary"},
                    },
                }
            }
        },
    }
}


@router.get("/dossier")
async def read_dossier(
    services: HasServices, person: Reader, customer_id: UUID, as_of: str = ""
) -> DossierStateTold:
    """The facts in force now, or as they were known at the end of a business day."""
    day = _day("as_of", as_of)
    await _seen(services, person, customer_id)
    async with services.database.reading() as session:
        state = await dossier_state(session, customer_id, datetime.now(UTC), day)
    facts = [fact for section in state.dossier.sections.values() for fact in section]
    told = {
        "on": state.on,
        "is_past": state.is_past,
        "facts": facts,
        "completeness_percent": state.completeness.percent,
        "missing": state.completeness.missing,
        "lookalikes": state.lookalikes,
    }
    return DossierStateTold.model_validate(told)


@router.get("/dossier/history")
async def read_history(
    services: HasServices,
    person: Reader,
    customer_id: UUID,
    earlier: Annotated[str, Query(alias="from")],
    later: Annotated[str, Query(alias="to")] = "",
) -> HistoryTold:
    """What changed between the ends of two business days."""
    first, last = asked_day("from", earlier), _day("to", later)
    await _seen(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        until = min(last or today, today)
        start, end = await end_of_day(session, first), await end_of_day(session, until)
        found = await difference_between(session, customer_id, start, end)
    return HistoryTold.model_validate({"differences": found})


@router.get("/ownership")
async def read_ownership(
    services: HasServices, person: Reader, customer_id: UUID, as_of: str = ""
) -> OwnershipTold:
    """Who stands behind the customer, now or as it was known at the end of a business day."""
    day = _day("as_of", as_of)
    await _seen(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        is_past = day is not None and day < today
        instant = await end_of_day(session, day) if day is not None and is_past else None
        view = await ownership_of(session, customer_id, instant)
    return ownership_told(view)


@router.get("/documents")
async def list_papers(services: HasServices, person: Reader, customer_id: UUID) -> ChecklistTold:
    """The checklist with every version of every paper."""
    await _seen(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        items = await checklist_of(session, customer_id, today)
    return ChecklistTold.model_validate({"items": items})


@router.post("/documents", status_code=201, openapi_extra=PAPER_FORM)
async def file_paper(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> PaperFiled:
    """File a paper: one `file` under its `kind`, and what the paper says of itself."""
    await _seen(services, person, customer_id)
    declared = request.headers.get("content-type", "").lower()
    if not declared.startswith("multipart/form-data"):
        raise LoanRuleViolation("request.media_type")
    async with request.form(max_files=1, max_fields=6) as form:
        kind, file = form.get("kind"), form.get("file")
        if not isinstance(kind, str) or not isinstance(file, UploadFile):
            raise LoanRuleViolation("request.form")
        filed = await accept_customer_document(
            services, person, customer_id, kind, file, _details(form), datetime.now(UTC)
        )
    return PaperFiled(id=filed)


@router.get(
    "/documents/{document_id}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The paper"}},
)
async def read_paper(
    services: HasServices, person: Reader, customer_id: UUID, document_id: UUID
) -> Response:
    """One version of a paper; the reading is noted."""
    await _seen(services, person, customer_id)
    return await taken_out(services, person, customer_id, document_id)


async def _seen(services: Services, person: Person, customer_id: UUID) -> None:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound


def _day(name: str, text: str) -> date | None:
    return asked_day(name, text) if text else None


def _details(form: FormData) -> PaperDetails:
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return PaperDetails(
        _issuer(texts.get("issuer", "")),
        _day("issued_on", texts.get("issued_on", "")),
        _day("valid_to_on", texts.get("valid_to_on", "")),
    )


def _issuer(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return clean_name(text)
    except LoanRuleViolation as refused:
        raise FindingsViolation([Finding("issuer", refused.code, refused.params)]) from refused
