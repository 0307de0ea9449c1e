"""Taking a customer's paper out of the store, for the pages' door and for programs' alike."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.refusals import NotFound
from doorway.services import Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.customer_documents import record_reading
from persistence.queries.customer_documents import paper_named


async def taken_out(
    services: Services, person: Person, customer_id: UUID, document_id: UUID
) -> Response:
    """The paper's bytes, checked against their hash; who took it out stands in the audit chain.

    Violations: NotFound, `document.changed`.
    """
    now = datetime.now(UTC)
    async with services.database.reading() as session:
        today = await business_date(session, now)
        paper = await paper_named(session, customer_id, document_id, today)
    if paper is None or not person.may(Act.READ_CUSTOMERS):
        raise NotFound
    try:
        content = await services.documents.get(paper.sha256)
    except FileNotFoundError as missing:
        raise NotFound from missing
    except ValueError as changed:
        raise LoanRuleViolation("document.changed") from changed
    async with services.database.transaction() as session:
        record_reading(session, customer_id, document_id, person.actor, now)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(paper.filename)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=paper.media_type, headers=headers)
