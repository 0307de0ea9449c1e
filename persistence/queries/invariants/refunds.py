"""I5, the other way: held money goes back by two persons, at most once, and the ledger says so."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM refund"
_RULES = {
    "refund_without_two_persons": """
        SELECT r.key, r.status FROM refund r LEFT JOIN staff s ON s.id = r.decided_by
        WHERE r.status NOT IN ('proposed', 'rejected')
        AND (s.person_id <> r.proposer_person_id) IS NOT TRUE""",
    "refund_not_in_ledger": """
        SELECT r.key, r.amount, r.currency FROM refund r
        LEFT JOIN journal j ON j.key = 'paid:' || r.key
        LEFT JOIN journal_line x ON x.journal_id = j.id AND x.account = 'clearing'
            AND x.currency = r.currency
        GROUP BY r.id
        HAVING coalesce(sum(x.amount), 0)
            <> CASE WHEN r.status = 'settled' THEN -r.amount ELSE 0 END""",
    "refund_above_receipt": """
        SELECT t.transaction_id, t.amount, sum(r.amount) FROM refund r
        JOIN receipt t ON t.id = r.receipt_id
        WHERE r.status IN ('settled', 'approved', 'sent', 'accepted', 'unknown')
        GROUP BY t.id HAVING sum(r.amount) > t.amount""",
    "promised_money_differs": """
        SELECT coalesce(r.currency, x.currency), r.owed, x.owed FROM (
            SELECT currency, sum(refund_pending) AS owed FROM receipt GROUP BY currency) r
        FULL JOIN (
            SELECT currency, -sum(amount) AS owed FROM journal_line
            WHERE account = 'refund_payable' GROUP BY currency) x ON x.currency = r.currency
        WHERE coalesce(r.owed, 0) <> coalesce(x.owed, 0)""",
    "refund_unknown_without_incident": """
        SELECT r.key FROM refund r WHERE r.status = 'unknown' AND NOT EXISTS (
            SELECT 1 FROM incident i
            WHERE i.key = 'unknown:' || r.key AND i.closed_at IS NULL)""",
    "held_without_incident": """
        SELECT t.transaction_id, t.suspense_reason FROM receipt t
        WHERE t.suspense > 0 AND t.suspense_reason IS DISTINCT FROM 'surplus' AND NOT EXISTS (
            SELECT 1 FROM incident i
            WHERE i.key = 'suspense:' || t.id AND i.closed_at IS NULL)""",
}
_LINES = {
    "line_taken_twice": """
        SELECT reference, count(*) FROM statement_line WHERE state = 'taken'
        GROUP BY kind, reference HAVING count(*) > 1""",
    "line_without_event": """
        SELECT l.reference, l.number FROM statement_line l
        WHERE l.state = 'taken' AND NOT EXISTS (
            SELECT 1 FROM inbox_event e WHERE e.provider = 'statement'
            AND e.body -> 'data' ->> 'statement_id' = l.statement_id::text
            AND e.body -> 'data' ->> 'transaction_id' = l.reference)""",
    "event_without_line": """
        SELECT e.event_id FROM inbox_event e WHERE e.provider = 'statement' AND NOT EXISTS (
            SELECT 1 FROM statement_line l WHERE l.state = 'taken'
            AND l.reference = e.body -> 'data' ->> 'transaction_id')""",
    "statement_lines_missing": """
        SELECT s.sha256, s.lines, count(l.id) FROM bank_statement s
        LEFT JOIN statement_line l ON l.statement_id = s.id
        GROUP BY s.id HAVING count(l.id) <> s.lines""",
}


async def refunds_are_right(session: AsyncSession) -> Checked:
    """Two persons, one payment, never more than came; what is owed back is in the ledger."""
    return await checked(session, _COUNT, _RULES)


async def statements_are_kept(session: AsyncSession) -> Checked:
    """Every line of every file has its fate; what was taken is one event."""
    return await checked(session, "SELECT count(*) FROM statement_line", _LINES)
