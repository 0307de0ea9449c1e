"""Files of yearly statements: read with a limit, read by the reader, kept under their hash."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from starlette.datastructures import UploadFile

from domain.documents import DocumentFacts
from domain.documents.filename import check as check_filename
from domain.financials.readings import FILE_BYTES_MAX, StatementSource
from domain.people import Actor
from domain.violations import Finding, FindingsViolation
from doorway.services import Services
from persistence.statement_readings import ReadFile, keep_reading

FILE_FIELD = "file"
_BLOCK_BYTES = 256 * 1024
_TYPES = {
    StatementSource.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    StatementSource.PDF: "application/pdf",
}


async def accept_financials(
    services: Services, actor: Actor, customer_id: UUID, upload: UploadFile, now: datetime
) -> UUID:
    """Read an uploaded file and keep what it was read as; returns the reading's id.

    Violations: findings on the field `file`: `file.too_large`, those of the reader and of a
    document's name; `duty.role`, `customer.unknown`.
    """
    content = await _read(upload)
    reading = await services.financials.read(content)
    media_type = _TYPES[reading.source]
    name = upload.filename or ""
    facts = DocumentFacts(FILE_FIELD, name, media_type, len(content), None, "")
    if findings := check_filename(facts):
        raise FindingsViolation(
            [Finding(FILE_FIELD, found.code, found.params) for found in findings]
        )
    digest = await services.documents.put(content)
    file = ReadFile(digest, name, media_type, len(content))
    async with services.database.transaction() as session:
        return await keep_reading(session, customer_id, file, reading, actor, now)


async def _read(upload: UploadFile) -> bytes:
    content = bytearray()
    while block := await upload.read(_BLOCK_BYTES):
        content += block
        if len(content) > FILE_BYTES_MAX:
            params = {"max_mb": str(FILE_BYTES_MAX // 1024 // 1024)}
            raise FindingsViolation([Finding(FILE_FIELD, "file.too_large", params)])
    return bytes(content)
