"""Dispositions of differences and hits, and papers' values: what each proposal checks and does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import WorkKind
from domain.customers.dispositions import Disposition, read_disposition
from domain.customers.opinions import read_opinion
from domain.customers.verification import OPEN_VERDICTS, CellVerdict, tally
from domain.violations import LoanRuleViolation, StaleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import add_work
from persistence.tables import CustomerComparison, CustomerOpinion, CustomerVerification

CellKey = tuple[str, str, str, str | None]


@dataclass(frozen=True)
class Disposed:
    """A person's word on a cell, and the proposal that carried it."""

    verdict: CellVerdict
    proposal_id: UUID


def key_of(field: str, source: str, declared: str, found: str | None) -> CellKey:
    """What makes two cells of two verifications the same difference: also its values."""
    return field, source, declared, found


async def disposed_cells(session: AsyncSession, customer_id: UUID) -> dict[CellKey, Disposed]:
    """What has been disposed of, by the difference it was said of; the newest word counts."""
    statement = (
        select(CustomerComparison)
        .join(
            CustomerVerification,
            col(CustomerVerification.id) == col(CustomerComparison.verification_id),
        )
        .where(
            col(CustomerVerification.customer_id) == customer_id,
            col(CustomerComparison.disposition_id).is_not(None),
        )
        .order_by(col(CustomerVerification.opened_at), col(CustomerComparison.id))
    )
    rows = (await session.execute(statement)).scalars()
    return {
        key_of(row.field, row.source, row.declared, row.found): Disposed(
            CellVerdict(row.verdict), row.disposition_id
        )
        for row in rows
        if row.disposition_id is not None
    }


async def _check_disposition(session: AsyncSession, proposed: Proposed, _at: datetime) -> None:
    disposition = read_disposition(proposed.content)
    await _open_cell(session, proposed.customer_id, disposition)


async def _dispose(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    disposition = read_disposition(proposed.content)
    verification, cell = await _open_cell(session, proposed.customer_id, disposition)
    cell.verdict, cell.disposition_id = disposition.outcome.verdict, proposed.id
    await session.flush()
    await _count_again(session, verification)
    record(
        session,
        "verification.disposed",
        at,
        subject=str(proposed.customer_id),
        verification=disposition.verification_id,
        field=disposition.field,
        source=disposition.source,
        disposition=disposition.outcome.value,
        proposal=proposed.id,
        reason=proposed.reason,
    )
    return ()


async def _open_cell(
    session: AsyncSession, customer_id: UUID, disposition: Disposition
) -> tuple[CustomerVerification, CustomerComparison]:
    """The cell, still open. Violations: `verification.unknown`, StaleViolation `stale.cell`."""
    verification = await session.get(
        CustomerVerification, disposition.verification_id, with_for_update=True
    )
    if verification is None or verification.customer_id != customer_id:
        raise LoanRuleViolation("verification.unknown")
    statement = select(CustomerComparison).where(
        col(CustomerComparison.verification_id) == verification.id,
        col(CustomerComparison.field) == disposition.field,
        col(CustomerComparison.source) == disposition.source,
    )
    rows = (await session.execute(statement)).scalars().all()
    cell = next((row for row in rows if row.verdict in OPEN_VERDICTS), None)
    if cell is None:
        raise StaleViolation("stale.cell")
    return verification, cell


async def _count_again(session: AsyncSession, verification: CustomerVerification) -> None:
    statement = select(col(CustomerComparison.verdict)).where(
        col(CustomerComparison.verification_id) == verification.id
    )
    verdicts = tuple(CellVerdict(text) for text in (await session.execute(statement)).scalars())
    counted = tally(verdicts)
    verification.summary = {
        **verification.summary,
        "mismatches": counted.mismatches,
        "hits": counted.hits,
        "disposed": counted.disposed,
    }


async def _check_opinion(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    read_opinion(proposed.content, await business_date(session, at))


async def _keep_opinion(
    session: AsyncSession, proposed: Proposed, at: datetime
) -> tuple[UUID, ...]:
    opinion = read_opinion(proposed.content, await business_date(session, at))
    session.add(
        CustomerOpinion(
            id=proposed.id,
            customer_id=proposed.customer_id,
            kind=opinion.kind,
            issuer=opinion.issuer,
            issued_on=opinion.issued_on,
            facts=dict(opinion.values),
            known_from=at,
        )
    )
    await add_work(session, proposed.customer_id, WorkKind.VERIFY, "opinion", at)
    return ()


DISPOSITION = Effect(_check_disposition, _dispose)
OPINION = Effect(_check_opinion, _keep_opinion)
