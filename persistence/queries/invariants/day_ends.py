"""I17: closed days follow each other, have all their steps, and agree with the engine."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.accounts import account_on
from persistence.queries.invariants.findings import Break, Checked, checked

NOTES_COMPARED = 500
_COUNT = "SELECT count(*) FROM closed_period"
_RULES = {
    "day_end_steps": """
        SELECT c.business_on, count(s.ended_at)
        FROM closed_period c LEFT JOIN day_end_step s USING (business_on)
        GROUP BY c.business_on HAVING count(s.ended_at) < 8""",
    "day_end_gap": """
        SELECT business_on FROM (SELECT business_on,
          business_on - lag(business_on) OVER (ORDER BY business_on) AS step
          FROM closed_period) d WHERE step > 1""",
    "day_end_off": "SELECT business_on, difference FROM closed_period WHERE difference <> 0",
}
# A note whose events changed since stands differently today, and rightly so.
_NOTES = """
SELECT s.loan_id, l.case_number, s.opens_on, s.outstanding, s.days_past_due, s.accrued_interest,
       s.accrual_status
FROM note_status s JOIN loan l ON l.id = s.loan_id
JOIN closed_period c ON c.business_on = s.opens_on - 1
WHERE EXISTS (SELECT 1 FROM account_event e WHERE e.loan_id = s.loan_id)
  AND NOT EXISTS (SELECT 1 FROM account_event e
    WHERE e.loan_id = s.loan_id AND e.recorded_at >= c.closed_at - INTERVAL '1 hour')
ORDER BY s.loan_id LIMIT :most
"""


async def days_are_closed(session: AsyncSession) -> Checked:
    """Every closed day is whole; the last one's notes come to the fold's own figures."""
    found = await checked(session, _COUNT, _RULES)
    rows = (await session.execute(text(_NOTES), {"most": NOTES_COMPARED})).all()
    breaks = []
    for row in rows:
        account = await account_on(session, row.loan_id, row.opens_on)
        engine = (
            account.outstanding,
            account.days_past_due,
            account.accrued_interest,
            account.accrual_status.value,
        )
        if engine != tuple(row)[3:]:
            breaks.append(Break("day_end_differs", row.case_number, row.opens_on.isoformat()))
    return found + Checked(len(rows), tuple(breaks))
