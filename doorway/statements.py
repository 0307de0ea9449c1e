"""Statement files: read with a limit, parsed, kept under their hash, and taken in once."""

from __future__ import annotations

import asyncio
from datetime import datetime

from starlette.datastructures import UploadFile

from domain.bank_statements import FILE_BYTES_MAX
from domain.people import Actor
from domain.violations import LoanRuleViolation, ProcessUnavailable
from doorway.services import Services
from persistence.statement_intake import Intake, StatementFile, take_in

_BLOCK_BYTES = 256 * 1024
_NAME_MAX = 200
_READINGS = asyncio.Semaphore(2)  # parsing a large file may cost a core for a while


async def accept_statement(
    services: Services, actor: Actor, upload: UploadFile, door: str, now: datetime
) -> Intake:
    """Take an uploaded file in, and have its loans look. Violations: `file.*`."""
    content = await _read(upload)
    async with _READINGS:
        read = await asyncio.to_thread(services.statements.read, content)
    digest = await services.documents.put(content)
    file = StatementFile(digest, _name(upload.filename or ""), len(content), door)
    async with services.database.transaction() as session:
        intake = await take_in(session, file, read, actor, now)
    for loan_id in intake.loans:
        try:
            await services.process.look(loan_id)
        except ProcessUnavailable:
            break  # the lines are kept; the worker's sweep looks again
    return intake


async def _read(upload: UploadFile) -> bytes:
    content = bytearray()
    while block := await upload.read(_BLOCK_BYTES):
        content += block
        if len(content) > FILE_BYTES_MAX:
            raise LoanRuleViolation("file.too_large", max_mb=str(FILE_BYTES_MAX // 1024 // 1024))
    return bytes(content)


def _name(filename: str) -> str:
    """The file's own name without its folders; what hides in it is left out."""
    own = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(mark for mark in own if mark.isprintable())[:_NAME_MAX] or "-"
