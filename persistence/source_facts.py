"""The newest answer of each outside source about a customer, whoever asked for it.

A loan's own collection and a customer's verification ask the same sources; what either was told
is known of the firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.verification import SourceStatus
from persistence.tables import CustomerSourceReport, CustomerVerification, Loan, SourceReportRow


async def newest_answers(
    session: AsyncSession, customer_id: UUID, since: datetime
) -> dict[str, Mapping[str, Any]]:
    """Facts by source, of answers since an instant; a source that is silent is not in it."""
    of_loans = (
        select(
            col(SourceReportRow.source),
            col(SourceReportRow.facts),
            col(SourceReportRow.reported_at),
        )
        .join(Loan, col(Loan.id) == col(SourceReportRow.loan_id))
        .where(
            col(Loan.customer_id) == customer_id,
            col(SourceReportRow.status) == SourceStatus.ANSWERED,
            col(SourceReportRow.reported_at) >= since,
        )
    )
    of_verifications = (
        select(
            col(CustomerSourceReport.source),
            col(CustomerSourceReport.facts),
            col(CustomerSourceReport.reported_at),
        )
        .join(
            CustomerVerification,
            col(CustomerVerification.id) == col(CustomerSourceReport.verification_id),
        )
        .where(
            col(CustomerVerification.customer_id) == customer_id,
            col(CustomerSourceReport.status) == SourceStatus.ANSWERED,
            col(CustomerSourceReport.reported_at) >= since,
        )
    )
    both = union_all(of_loans, of_verifications).subquery()
    rows = (await session.execute(select(both).order_by(both.c.reported_at))).all()
    return {row.source: row.facts for row in rows}
