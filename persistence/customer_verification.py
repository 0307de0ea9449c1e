"""Comparing a customer with all sources: asked at once, answers kept, the matrix filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import Work, WorkKind
from domain.customers.verification import (
    OUTSIDE,
    Cell,
    CellVerdict,
    customer_matrix,
    tally,
)
from domain.verification import SourceFacts, SourceStatus
from persistence.audit import record
from persistence.customer_declared import consent_for, declared_by, typed
from persistence.customer_dispositions import Disposed, disposed_cells, key_of
from persistence.customer_papers import own_reports
from persistence.customer_ratings import rate_if_found_out
from persistence.customer_work import add_work, finish_work, locked_customer
from persistence.source_reports import Report, Subject
from persistence.tables import (
    Customer,
    CustomerComparison,
    CustomerSourceReport,
    CustomerVerification,
)


@dataclass(frozen=True)
class VerificationAsked:
    """A verification that is open, and the outside sources to ask for it."""

    id: UUID
    sources: tuple[str, ...]


async def ask_for_verification(
    session: AsyncSession, customer_id: UUID, cause: str, at: datetime
) -> None:
    """Put a verification on the customer's agenda; the same cause waits there once."""
    await add_work(session, customer_id, WorkKind.VERIFY, cause, at)


async def open_verification(
    session: AsyncSession, customer_id: UUID, work: Work, at: datetime
) -> VerificationAsked:
    """Begin a verification once: every source stands as pending until it answers."""
    customer = await locked_customer(session, customer_id)
    if await session.get(CustomerVerification, work.id) is None:
        consent = await consent_for(session, customer_id, at)
        session.add(
            CustomerVerification(
                id=work.id,
                customer_id=customer_id,
                cause=work.cause,
                declared=await declared_by(session, customer),
                consent_id=consent,
                opened_at=at,
                summary={},
            )
        )
        await session.flush()
        for source in OUTSIDE:
            await _wait_for(session, work.id, source, at)
        record(
            session,
            "verification.opened",
            at,
            subject=str(customer_id),
            verification=work.id,
            cause=work.cause,
            sources=len(OUTSIDE),
            consent=consent,
        )
    return VerificationAsked(work.id, OUTSIDE)


async def subject_of_verification(session: AsyncSession, verification_id: UUID) -> Subject:
    """The firm behind a verification, with the consent that allows asking about it."""
    verification = await session.get_one(CustomerVerification, verification_id)
    customer = await session.get_one(Customer, verification.customer_id)
    return Subject(
        scheme=customer.scheme,
        registration_number=customer.registration_number,
        name=customer.name,
        consent_id=str(verification.consent_id) if verification.consent_id else None,
        declared=dict(verification.declared),
    )


async def keep_answer(
    session: AsyncSession, verification_id: UUID, report: Report, failure: str | None, at: datetime
) -> None:
    """Keep a source's answer or refusal; an answer never gives way to a later silence."""
    row = await _report_row(session, verification_id, report.source)
    if row is None or row.status == SourceStatus.ANSWERED:
        return
    verification = await session.get_one(CustomerVerification, verification_id)
    row.status, row.failure = report.status, failure
    row.as_of, row.facts = report.as_of, dict(report.facts)
    row.raw_sha256, row.latency_ms = report.raw_sha256, report.latency_ms
    row.tries, row.reported_at = row.tries + 1, at
    row.consent_id = verification.consent_id
    record(
        session,
        f"verification.{report.status}",
        at,
        subject=str(verification.customer_id),
        verification=verification_id,
        source=report.source,
        raw_sha256=report.raw_sha256,
        latency_ms=report.latency_ms,
        consent=verification.consent_id,
    )


async def keep_failure(
    session: AsyncSession, verification_id: UUID, source: str, failure: str, at: datetime
) -> None:
    """Note why a source has not answered yet; it stays pending and is asked again."""
    row = await _report_row(session, verification_id, source)
    if row is None or row.status == SourceStatus.ANSWERED:
        return
    verification = await session.get_one(CustomerVerification, verification_id)
    changed, row.failure, row.tries = row.failure != failure, failure, row.tries + 1
    row.reported_at = at
    if changed:
        record(
            session,
            "verification.pending",
            at,
            subject=str(verification.customer_id),
            verification=verification_id,
            source=source,
            failure=failure,
        )


async def fill_matrix(
    session: AsyncSession, verification_id: UUID, took_ms: int | None, at: datetime
) -> int:
    """Compare all that is known, keep what was disposed of, and say how many sources are pending.

    The first filling ends the customer's work; what comes in later fills the matrix again.
    """
    verification = await session.get_one(
        CustomerVerification, verification_id, with_for_update=True
    )
    reports = await _reports(session, verification, at)
    cells = customer_matrix(typed(verification.declared), reports)
    known = await disposed_cells(session, verification.customer_id)
    mine = col(CustomerComparison.verification_id) == verification_id
    await session.execute(delete(CustomerComparison).where(mine))
    rows = [_row(verification_id, cell, known) for cell in cells]
    session.add_all(rows)
    pending = sum(report.status is not SourceStatus.ANSWERED for report in reports.values())
    await _close(session, verification, rows, pending, took_ms, at)
    return pending


async def _close(
    session: AsyncSession,
    verification: CustomerVerification,
    rows: list[CustomerComparison],
    pending: int,
    took_ms: int | None,
    at: datetime,
) -> None:
    counted = tally(tuple(CellVerdict(row.verdict) for row in rows))
    measured = dict(verification.summary)
    if verification.closed_at is None:
        verification.closed_at, measured["took_ms"] = at, took_ms
    summary: dict[str, Any] = {
        **measured,
        "matches": counted.matches,
        "mismatches": counted.mismatches,
        "hits": counted.hits,
        "disposed": counted.disposed,
        "pending": pending,
    }
    verification.summary = summary
    await finish_work(session, verification.id, "pending" if pending else "verified", at)
    await session.flush()
    cause = f"verification:{verification.id}"
    await rate_if_found_out(session, verification.customer_id, cause, at)
    await add_work(session, verification.customer_id, WorkKind.WATCH, cause, at)
    record(
        session,
        "verification.compared",
        at,
        subject=str(verification.customer_id),
        verification=verification.id,
        **{name: count for name, count in summary.items() if name != "took_ms"},
    )


async def _reports(
    session: AsyncSession, verification: CustomerVerification, at: datetime
) -> dict[str, SourceFacts]:
    statement = select(CustomerSourceReport).where(
        col(CustomerSourceReport.verification_id) == verification.id,
        col(CustomerSourceReport.source).in_(OUTSIDE),
    )
    rows = (await session.execute(statement.order_by(col(CustomerSourceReport.source)))).scalars()
    found = {
        row.source: SourceFacts(row.source, SourceStatus(row.status), row.as_of, row.facts)
        for row in rows
    }
    for report in await own_reports(session, verification.customer_id, verification.declared, at):
        await _keep_own(session, verification.id, report, at)
        found[report.source] = report
    return found


async def _keep_own(
    session: AsyncSession, verification_id: UUID, report: SourceFacts, at: datetime
) -> None:
    await _wait_for(session, verification_id, report.source, at)
    row = await _report_row(session, verification_id, report.source)
    if row is not None:
        row.status, row.as_of, row.facts = report.status, report.as_of, dict(report.facts)
        row.reported_at = at


async def _wait_for(
    session: AsyncSession, verification_id: UUID, source: str, at: datetime
) -> None:
    row = {
        "verification_id": verification_id,
        "source": source,
        "status": SourceStatus.PENDING,
        "tries": 0,
        "facts": {},
        "reported_at": at,
    }
    await session.execute(insert(CustomerSourceReport).values(row).on_conflict_do_nothing())


async def _report_row(
    session: AsyncSession, verification_id: UUID, source: str
) -> CustomerSourceReport | None:
    return await session.get(CustomerSourceReport, (verification_id, source), with_for_update=True)


def _row(verification_id: UUID, cell: Cell, known: dict[Any, Disposed]) -> CustomerComparison:
    disposed = known.get(key_of(cell.field, cell.source, cell.declared, cell.found))
    open_still = cell.verdict in (CellVerdict.MISMATCH, CellVerdict.HIT)
    takes = disposed if open_still else None
    return CustomerComparison(
        verification_id=verification_id,
        field=cell.field,
        source=cell.source,
        is_hit=cell.verdict is CellVerdict.HIT,
        declared=cell.declared,
        found=cell.found,
        difference=cell.difference,
        tolerance=cell.tolerance,
        verdict=takes.verdict if takes else cell.verdict,
        disposition_id=takes.proposal_id if takes else None,
    )
