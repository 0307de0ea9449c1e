"""What day end's journals hold for one note, given back when the note books for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import AccountTerms
from domain.accounts.accruing import Accruals
from domain.accounts.events import Event
from domain.ledger import Journal, JournalKind, LedgerAccount, Posting
from domain.money import Currency
from persistence.day_end.segments import write_segments
from persistence.journals import book

_TAKEN = """
UPDATE note_status SET booked_receivable = 0, booked_memo = 0
FROM (SELECT loan_id AS id, booked_receivable AS receivable, booked_memo AS memo
      FROM note_status WHERE loan_id = :loan_id FOR UPDATE) before
WHERE loan_id = before.id AND (before.receivable <> 0 OR before.memo <> 0)
RETURNING before.receivable, before.memo, currency
"""


async def restate_note(
    session: AsyncSession,
    loan_id: UUID,
    terms: AccountTerms,
    events: Sequence[Event],
    runs_on: Accruals,
    today: date,
    at: datetime,
) -> None:
    """After a note's own journals reach today: day end's share goes, and how it runs is restated.

    From the next day end on the share holds again what accrued since.
    """
    taken = (await session.execute(text(_TAKEN), {"loan_id": loan_id})).one_or_none()
    if taken is not None:
        pairs = (
            (LedgerAccount.INTEREST_RECEIVABLE, -taken.receivable),
            (LedgerAccount.INTEREST_INCOME, taken.receivable),
            (LedgerAccount.MEMO_INTEREST, -taken.memo),
            (LedgerAccount.MEMO_CONTRA, taken.memo),
        )
        currency = Currency(taken.currency)
        postings = tuple(Posting(name, amount, currency) for name, amount in pairs if amount)
        key = f"share:{loan_id}:{at.isoformat()}"
        await book(session, Journal(key, JournalKind.ACCRUAL, today, postings), at, None)
    await write_segments(session, loan_id, terms, events, runs_on)
