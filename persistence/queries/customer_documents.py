"""The papers of a customer, against the checklist of a dossier."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.customers.dossier import CHECKLIST, Expiry, PaperState, expiry_of, paper_state
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import CustomerDocument, Staff


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a paper: what it is, and what was found of its original, by whom."""

    id: UUID
    kind: str
    version: int
    filename: str
    media_type: str
    size: int
    sha256: str
    issuer: str | None
    issued_on: date | None
    valid_to_on: date | None
    uploader: BilingualName
    uploaded_at: datetime
    verdict: str | None
    original_seen: bool | None
    seen_how: str | None
    seen_on: date | None
    checker: BilingualName | None
    verifier: BilingualName | None
    verified_at: datetime | None
    state: PaperState
    expiry: Expiry


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item: its newest paper first."""

    kind: str
    mandatory: bool
    papers: tuple[Paper, ...]

    @property
    def newest(self) -> Paper | None:
        """The paper that counts."""
        return self.papers[0] if self.papers else None

    @property
    def state(self) -> PaperState:
        """Where the item stands."""
        return self.papers[0].state if self.papers else PaperState.MISSING


async def checklist_of(
    session: AsyncSession, customer_id: UUID, today: date, as_of: datetime | None = None
) -> tuple[ChecklistItem, ...]:
    """Every item of the checklist; with `as_of` what had been filed and verified by then."""
    uploader, checker, verifier = aliased(Staff), aliased(Staff), aliased(Staff)
    statement = (
        select(
            CustomerDocument,
            *(col(name) for who in (uploader, checker, verifier) for name in _names(who)),
        )
        .join(uploader, col(uploader.id) == col(CustomerDocument.uploaded_by))
        .outerjoin(checker, col(checker.id) == col(CustomerDocument.checked_by))
        .outerjoin(verifier, col(verifier.id) == col(CustomerDocument.verified_by))
        .where(col(CustomerDocument.customer_id) == customer_id)
        .order_by(col(CustomerDocument.version).desc())
    )
    if as_of is not None:
        statement = statement.where(col(CustomerDocument.uploaded_at) < as_of)
    found: dict[str, list[Paper]] = defaultdict(list)
    for row in (await session.execute(statement)).all():
        paper = _paper(row, today, as_of)
        found[paper.kind].append(paper)
    return tuple(
        ChecklistItem(rule.kind, rule.mandatory, tuple(found[rule.kind])) for rule in CHECKLIST
    )


async def paper_named(
    session: AsyncSession, customer_id: UUID, document_id: UUID, today: date
) -> Paper | None:
    """One version of one paper of a customer."""
    items = await checklist_of(session, customer_id, today)
    return next((paper for item in items for paper in item.papers if paper.id == document_id), None)


def _names(staff: type[Staff]) -> tuple[Any, Any]:
    return staff.name_zh, staff.name_en


def _paper(row: Row[*tuple[Any, ...]], today: date, as_of: datetime | None) -> Paper:
    document: CustomerDocument = row[0]
    verified_at = document.verified_at
    judged = verified_at is not None and (as_of is None or verified_at < as_of)
    verdict = document.verdict if judged else None
    return Paper(
        id=document.id,
        kind=document.kind,
        version=document.version,
        filename=document.filename,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        issuer=document.issuer,
        issued_on=document.issued_on,
        valid_to_on=document.valid_to_on,
        uploader=BilingualName(row[1], row[2]),
        uploaded_at=document.uploaded_at,
        verdict=verdict,
        original_seen=document.original_seen if judged else None,
        seen_how=document.seen_how if judged else None,
        seen_on=document.seen_on if judged else None,
        checker=bilingual(row[3], row[4]) if judged else None,
        verifier=bilingual(row[5], row[6]) if judged else None,
        verified_at=verified_at if judged else None,
        state=paper_state(verdict, document.valid_to_on, today),
        expiry=expiry_of(document.valid_to_on, today),
    )
