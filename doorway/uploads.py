"""Uploads: read with a limit, opened, stored under their hash, and filed with the draft."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from uuid import UUID

from starlette.datastructures import UploadFile

from domain.documents import DocumentFacts, check_document
from domain.documents.size import SIZE_MAX_BYTES
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.file_content import FileContent, inspect
from doorway.services import Services
from doorway.sessions import Person
from persistence.customer_documents import PaperDetails, add_customer_document
from persistence.drafts import add_document

_BLOCK_BYTES = 256 * 1024
_INSPECTIONS = asyncio.Semaphore(2)  # opening a hostile file may cost a core for a while


async def accept_document(
    services: Services,
    person: Person,
    draft_id: UUID,
    kind: str,
    upload: UploadFile,
    now: datetime,
) -> UUID:
    """File an upload with a draft; the bytes are stored before the row that names them.

    Violations: findings of the document checks, those of `persistence.drafts.add_document`.
    """
    facts = await stored_document(services, kind, upload)
    async with services.database.transaction() as session:
        return await add_document(session, draft_id, person.actor, facts, now)


async def accept_customer_document(
    services: Services,
    person: Person,
    customer_id: UUID,
    kind: str,
    upload: UploadFile,
    details: PaperDetails,
    now: datetime,
) -> UUID:
    """File a paper with a customer's dossier.

    Violations: findings of the document checks, those of
    `persistence.customer_documents.add_customer_document`.
    """
    facts = await stored_document(services, kind, upload)
    async with services.database.transaction() as session:
        return await add_customer_document(session, customer_id, person.actor, facts, details, now)


async def stored_document(services: Services, kind: str, upload: UploadFile) -> DocumentFacts:
    """Check an upload and keep its bytes; no row names them yet. Violations: findings."""
    content = await _read(upload, kind)
    facts = await _facts(kind, upload.filename or "", content)
    findings = check_document(facts)
    if findings:
        raise FindingsViolation(findings)
    await services.documents.put(content)
    return facts


async def _read(upload: UploadFile, kind: str) -> bytes:
    content = bytearray()
    while block := await upload.read(_BLOCK_BYTES):
        content += block
        if len(content) > SIZE_MAX_BYTES:
            params = {"max_mb": str(SIZE_MAX_BYTES // (1024 * 1024))}
            raise FindingsViolation([Finding(_field(kind), "document.too_large", params)])
    return bytes(content)


async def _facts(kind: str, filename: str, content: bytes) -> DocumentFacts:
    try:
        async with _INSPECTIONS:
            opened: FileContent = await asyncio.to_thread(inspect, content)
    except LoanRuleViolation as violation:
        finding = Finding(_field(kind), violation.code, violation.params)
        raise FindingsViolation([finding]) from violation
    return DocumentFacts(
        kind=kind,
        filename=filename,
        media_type=opened.media_type,
        size=len(content),
        pages=opened.pages,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _field(kind: str) -> str:
    return f"documents.{kind}"
