"""Printing a loan's papers, for the pages' door and for programs' alike."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from starlette.responses import Response

from domain.papers import PaperKind
from domain.papers.sheet import Sheet
from domain.violations import Finding, FindingsViolation
from doorway.refusals import NotFound
from doorway.services import Services
from doorway.sessions import Person
from language.catalogue import Language
from language.papers import sheet_of
from persistence.papers import paper_source, record_printing
from persistence.queries.case_access import may_see_case

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGES = {"zh": Language.ZH, "zh-CN": Language.ZH, "en": Language.EN}


@dataclass(frozen=True)
class AskedPaper:
    """A paper as an address asks for it; `on` None is today."""

    kind: PaperKind
    language: Language
    on: date | None
    receipt_id: UUID | None


def asked_paper(kind: str, language: str, on: str, receipt: str, otherwise: Language) -> AskedPaper:
    """Read an address; what it leaves empty is today and the reader's own language.

    Violations: NotFound for an unknown paper; findings by field.
    """
    if kind not in set(PaperKind):
        raise NotFound
    findings: list[Finding] = []
    paper = AskedPaper(
        PaperKind(kind),
        _language(language, otherwise, findings),
        _day(on, findings),
        _receipt(receipt, findings),
    )
    if findings:
        raise FindingsViolation(tuple(findings))
    return paper


async def print_paper(
    services: Services, person: Person, loan_id: UUID, asked: AskedPaper
) -> Response:
    """The PDF, noted in the audit chain. Violations: NotFound, `paper.*`, the engine's."""
    now = datetime.now(UTC)
    async with services.database.reading() as session:
        if not await may_see_case(session, person.actor, loan_id):
            raise NotFound
        source = await paper_source(
            session, loan_id, asked.kind, now, on=asked.on, receipt_id=asked.receipt_id
        )
    sheet = await asyncio.to_thread(
        sheet_of, asked.kind, source, services.bank_name, asked.language
    )
    content = await services.printer.printed(sheet)
    async with services.database.transaction() as session:
        record_printing(
            session,
            loan_id,
            person.actor,
            now,
            kind=asked.kind,
            language=asked.language.value,
            number=sheet.number,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    return _answer(content, sheet)


def _answer(content: bytes, sheet: Sheet) -> Response:
    """Shown by the browser, saved under the paper's number, kept by nobody on the way."""
    headers = {
        "Content-Disposition": f'inline; filename="{sheet.number}.pdf"',
        "Content-Language": sheet.language,
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _language(text: str, otherwise: Language, findings: list[Finding]) -> Language:
    if text and text not in _LANGUAGES:
        findings.append(Finding("language", "choice.unknown"))
    return _LANGUAGES.get(text, otherwise)


def _day(text: str, findings: list[Finding]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        findings.append(Finding("on", "date.impossible"))
        return None


def _receipt(text: str, findings: list[Finding]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        findings.append(Finding("receipt", "choice.unknown"))
        return None
