"""Yearly statements put in force by a second person's approval; a restated year supersedes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import WorkKind
from domain.financials.checks import check_statements, errors_of
from domain.financials.filing import FiledYear, Filing, filing_of
from domain.violations import FindingsViolation, LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import add_work
from persistence.queries.customer_statements import statements_of
from persistence.tables import CustomerProposal, FinancialStatementRow, StatementReading


async def _check(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    """Violations: those of `filing_of`, `statement.reading_unknown`, the errors of the checks."""
    filing = filing_of(proposed.content)
    await _check_reading(session, proposed.customer_id, filing)
    known = await statements_of(session, proposed.customer_id, None)
    today = await business_date(session, at)
    refused = errors_of(check_statements(filing.statements, known, today=today))
    if refused:
        raise FindingsViolation(refused)


async def _check_reading(session: AsyncSession, customer_id: UUID, filing: Filing) -> None:
    """Figures confirmed from a file name a reading of this customer's file."""
    if filing.reading_id is None:
        return
    reading = await session.get(StatementReading, filing.reading_id)
    if reading is None or reading.customer_id != customer_id or reading.source != filing.source:
        raise LoanRuleViolation("statement.reading_unknown")


async def _apply(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    """Supersede what is held of these years. Violations: as when it was proposed."""
    await _check(session, proposed, at)
    filing = filing_of(proposed.content)
    proposal = await session.get_one(CustomerProposal, proposed.id)
    await _supersede(session, proposed.customer_id, filing, at)
    for filed in filing.years:
        session.add(_row(proposed, filing, filed, proposal.proposed_at, at))
    await session.flush()
    record(
        session,
        "statements.in_force",
        at,
        subject=str(proposed.customer_id),
        proposal=proposed.id,
        years=[each.year for each in filing.statements],
    )
    await add_work(session, proposed.customer_id, WorkKind.RATE, f"statements:{proposed.id}", at)
    return ()


async def _supersede(
    session: AsyncSession, customer_id: UUID, filing: Filing, at: datetime
) -> None:
    statement = select(FinancialStatementRow).where(
        col(FinancialStatementRow.customer_id) == customer_id,
        col(FinancialStatementRow.year).in_([each.year for each in filing.statements]),
        col(FinancialStatementRow.known_to).is_(None),
    )
    for row in (await session.execute(statement)).scalars():
        row.known_to = at
    await session.flush()  # the old year leaves force before the new one enters


def _row(
    proposed: Proposed, filing: Filing, filed: FiledYear, filed_at: datetime, at: datetime
) -> FinancialStatementRow:
    if proposed.decided_by is None:
        raise ValueError("statements come in force by somebody's approval")
    statement = filed.statement
    return FinancialStatementRow(
        id=uuid5(proposed.id, str(statement.year)),
        customer_id=proposed.customer_id,
        year=statement.year,
        ended_on=statement.ended_on,
        currency=statement.currency,
        unit=filing.unit,
        audited=statement.audited,
        auditor=filed.auditor,
        lines={name: f"{amount:f}" for name, amount in statement.lines.items()},
        source=filing.source,
        reading_id=filing.reading_id,
        proposal_id=proposed.id,
        filed_at=filed_at,
        proposed_by=proposed.proposed_by,
        approved_by=proposed.decided_by,
        known_from=at,
    )


STATEMENTS = Effect(_check, _apply)
