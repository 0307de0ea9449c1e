"""I13, of rates: a fixing counts by two persons, and no loan takes one that does not count."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM rate_fixing"
_RULES = {
    "fixing_without_two_persons": """
        SELECT f.index_code || ' ' || f.effective_on, f.status FROM rate_fixing f
        LEFT JOIN staff p ON p.id = f.proposed_by LEFT JOIN staff d ON d.id = f.decided_by
        WHERE f.status <> 'proposed' AND NOT f.provisional
        AND (p.person_id <> d.person_id AND p.person_id = f.proposed_person
            AND d.person_id = f.decided_person) IS NOT TRUE""",
    "fixing_unaudited": """
        SELECT f.index_code || ' ' || f.effective_on, f.status FROM rate_fixing f
        WHERE f.status <> 'proposed' AND NOT f.provisional AND NOT EXISTS (
            SELECT 1 FROM audit_event e WHERE e.action = 'rate.fixing_' || f.status
            AND e.subject = f.id::text AND e.staff_id = f.decided_by)""",
    "rate_without_fixing": """
        SELECT l.case_number, e.key FROM account_event e JOIN loan l ON l.id = e.loan_id
        LEFT JOIN rate_fixing f ON f.id::text = split_part(e.key, ':', 2)
            AND f.status = 'approved' AND f.effective_on <= e.value_on
        WHERE e.kind = 'rate_set' AND e.key LIKE 'fixing:%' AND f.id IS NULL""",
}


async def fixings_are_agreed(session: AsyncSession) -> Checked:
    """Proposed by one person, decided by another, noted; loans take only what was approved."""
    return await checked(session, _COUNT, _RULES)
