"""I1: every journal sums to zero per currency; so does the ledger."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM journal"
_RULES = {
    "journal_unbalanced": """
        SELECT j.key, sum(x.amount), x.currency
        FROM journal j JOIN journal_line x ON x.journal_id = j.id
        GROUP BY j.id, x.currency HAVING sum(x.amount) <> 0""",
    "journal_empty": """
        SELECT j.key FROM journal j
        WHERE NOT EXISTS (SELECT 1 FROM journal_line x WHERE x.journal_id = j.id)""",
    "ledger_unbalanced": """
        SELECT currency, sum(amount) FROM journal_line
        GROUP BY currency HAVING sum(amount) <> 0""",
}


async def journals_balance(session: AsyncSession) -> Checked:
    """Debits equal credits, journal by journal and over the whole ledger."""
    return await checked(session, _COUNT, _RULES)
