"""The double-entry journal: balanced by the domain, held to it by the database at commit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ledger import Journal
from persistence.tables import JournalLine, JournalRow


async def book(session: AsyncSession, journal: Journal, at: datetime, loan_id: UUID | None) -> bool:
    """Book a journal under its key; False when it stood already, and nothing is booked twice."""
    row = {
        "key": journal.key,
        "kind": journal.kind,
        "loan_id": loan_id,
        "business_on": journal.business_on,
        "posted_at": at,
    }
    statement = insert(JournalRow).values(row).on_conflict_do_nothing(index_elements=["key"])
    returned = await session.execute(statement.returning(col(JournalRow.id)))
    journal_id = returned.scalar_one_or_none()
    if journal_id is None:
        return False
    session.add_all(
        JournalLine(
            journal_id=journal_id,
            account=posting.account,
            amount=posting.amount,
            currency=posting.currency,
        )
        for posting in journal.postings
    )
    return True
