"""The double-entry journal: balanced by the domain, held to it by the database at commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ledger import Journal
from domain.violations import LoanRuleViolation
from persistence.tables import JournalLine, JournalRow


async def book(session: AsyncSession, journal: Journal, at: datetime, loan_id: UUID | None) -> bool:
    """Book a journal under its key; False when it stood already, and nothing is booked twice."""
    return journal.key in await _booked(session, [journal], at, loan_id)


async def book_all(
    session: AsyncSession, journals: Sequence[Journal], at: datetime, loan_id: UUID
) -> None:
    """Book journals that must be new, in one go. Raises `account.booked_before` with the key."""
    made = await _booked(session, journals, at, loan_id)
    again = next((journal.key for journal in journals if journal.key not in made), None)
    if again is not None:
        raise LoanRuleViolation("account.booked_before", key=again)


async def _booked(
    session: AsyncSession, journals: Sequence[Journal], at: datetime, loan_id: UUID | None
) -> set[str]:
    """Book those whose key is new; the answer is their keys."""
    if not journals:
        return set()
    rows = [
        {
            "key": journal.key,
            "kind": journal.kind,
            "loan_id": loan_id,
            "business_on": journal.business_on,
            "posted_at": at,
        }
        for journal in journals
    ]
    statement = insert(JournalRow).values(rows).on_conflict_do_nothing(index_elements=["key"])
    returned = await session.execute(statement.returning(col(JournalRow.key), col(JournalRow.id)))
    ids = {row.key: row.id for row in returned.all()}
    lines = [
        {
            "journal_id": ids[journal.key],
            "account": posting.account,
            "amount": posting.amount,
            "currency": posting.currency,
        }
        for journal in journals
        if journal.key in ids
        for posting in journal.postings
    ]
    if lines:
        await session.execute(insert(JournalLine), lines)
    return set(ids)
