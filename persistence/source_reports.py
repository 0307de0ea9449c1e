"""What the sources said of a case, and how it compares with what was declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import declared_facts
from domain.process import Stage, WaitReason
from domain.verification import Comparison, SourceFacts, SourceStatus, compare
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.envelopes import consent_of, customer_name
from persistence.rules import facts_of, product_of
from persistence.stages import enter_stage, locked_loan
from persistence.tables import ComparisonRow, Customer, Instalment, Loan, SourceReportRow

INTERNAL = "internal"


@dataclass(frozen=True)
class Subject:
    """Whom the sources are asked about, and on which consent."""

    scheme: str
    registration_number: str
    name: str
    consent_id: str | None
    declared: dict[str, str]


@dataclass(frozen=True)
class Report:
    """One source's answer as it is stored."""

    source: str
    status: SourceStatus
    as_of: date | None
    facts: dict[str, str | None]
    raw_sha256: str | None
    latency_ms: int | None


async def open_collection(
    session: AsyncSession, loan_id: UUID, at: datetime, version: int
) -> tuple[str, ...]:
    """Enter data collection: every asked source stands as pending until it answers."""
    loan = await locked_loan(session, loan_id)
    product = await product_of(session, loan)
    await enter_stage(session, loan, Stage.DATA_COLLECTION, WaitReason.SOURCES, at, version)
    for source in product.sources:
        row = {
            "loan_id": loan_id,
            "source": source,
            "status": SourceStatus.PENDING,
            "facts": {},
            "reported_at": at,
        }
        await session.execute(insert(SourceReportRow).values(row).on_conflict_do_nothing())
    return tuple(source for source in product.sources if source != INTERNAL)


async def subject_of(session: AsyncSession, loan_id: UUID) -> Subject:
    """The firm behind a case, with the consent that allows asking about it."""
    loan = await session.get_one(Loan, loan_id)
    customer = await session.get_one(Customer, loan.customer_id)
    consent = await consent_of(session, loan_id)
    facts = facts_of(loan)
    declared = {
        key: str(value) for key, value in declared_facts(customer.name, facts).items() if value
    }
    return Subject(
        scheme=customer.scheme,
        registration_number=customer.registration_number,
        name=customer.name,
        consent_id=str(consent) if consent else None,
        declared=declared,
    )


async def store_report(
    session: AsyncSession, loan_id: UUID, report: Report, consent_id: str | None, at: datetime
) -> None:
    """Keep a source's answer; an answer never gives way to a later silence."""
    row = await session.get(SourceReportRow, (loan_id, report.source), with_for_update=True)
    if row is None or row.status == SourceStatus.ANSWERED:
        return
    row.status = report.status
    row.as_of = report.as_of
    row.facts = dict(report.facts)
    row.raw_sha256 = report.raw_sha256
    row.latency_ms = report.latency_ms
    row.consent_id = UUID(consent_id) if consent_id else None
    row.reported_at = at
    record(
        session,
        f"source.{report.status}",
        at,
        loan_id=loan_id,
        subject=report.source,
        raw_sha256=report.raw_sha256,
        consent=consent_id,
        latency_ms=report.latency_ms,
    )


async def close_collection(session: AsyncSession, loan_id: UUID, at: datetime) -> int:
    """Add the bank's own history, fill the verification matrix; return how many are pending."""
    loan = await locked_loan(session, loan_id)
    product = await product_of(session, loan)
    if INTERNAL in product.sources:
        report = await _internal_report(session, loan, at)
        await store_report(session, loan_id, report, None, at)
    reports = await reports_of(session, loan_id)
    facts = facts_of(loan)
    declared = declared_facts(await customer_name(session, loan), facts)
    await session.execute(delete(ComparisonRow).where(col(ComparisonRow.loan_id) == loan_id))
    session.add_all(_row(loan_id, item) for item in compare(declared, reports))
    pending = sorted(
        name for name, item in reports.items() if item.status is not SourceStatus.ANSWERED
    )
    record(session, "sources.collected", at, loan_id=loan_id, pending=pending)
    return len(pending)


async def reports_of(session: AsyncSession, loan_id: UUID) -> dict[str, SourceFacts]:
    """All reports of a case by source."""
    statement = select(SourceReportRow).where(col(SourceReportRow.loan_id) == loan_id)
    rows = (await session.execute(statement.order_by(col(SourceReportRow.source)))).scalars()
    return {
        row.source: SourceFacts(row.source, SourceStatus(row.status), row.as_of, row.facts)
        for row in rows
    }


async def comparisons_of(session: AsyncSession, loan_id: UUID) -> tuple[Comparison, ...]:
    """The verification matrix of a case, computed from what is stored."""
    loan = await session.get_one(Loan, loan_id)
    declared = declared_facts(await customer_name(session, loan), facts_of(loan))
    return compare(declared, await reports_of(session, loan_id))


async def _internal_report(session: AsyncSession, loan: Loan, at: datetime) -> Report:
    today = await business_date(session, at)
    others = select(col(Loan.id)).where(
        col(Loan.customer_id) == loan.customer_id,
        col(Loan.id) != loan.id,
        col(Loan.drawn_on).is_not(None),
    )
    before = (
        await session.execute(select(func.count()).select_from(others.subquery()))
    ).scalar_one()
    oldest_unpaid = select(func.min(col(Instalment.due_on))).where(
        col(Instalment.loan_id).in_(others),
        col(Instalment.paid_on).is_(None),
        col(Instalment.due_on) < today,
    )
    due_on = (await session.execute(oldest_unpaid)).scalar_one()
    overdue = (today - due_on).days if due_on else 0
    facts: dict[str, str | None] = {
        "days_past_due_here": str(overdue),
        "loans_before": str(before),
    }
    clock = await business_clock(session)
    as_of = clock.business_date(at)
    return Report(INTERNAL, SourceStatus.ANSWERED, as_of, facts, None, 0)


def _row(loan_id: UUID, item: Comparison) -> ComparisonRow:
    return ComparisonRow(
        loan_id=loan_id,
        field=item.field,
        source=item.source,
        declared=item.declared,
        found=item.found,
        difference=item.difference,
        tolerance=item.tolerance,
        verdict=item.verdict,
    )
