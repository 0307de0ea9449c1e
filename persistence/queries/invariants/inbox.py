"""I11 and I12: one effect per event, one answer per key."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_UNPROCESSED_AT_MOST = timedelta(seconds=60)
_EVENTS = {
    "event_unprocessed": """
        SELECT provider || ':' || event_id, kind FROM inbox_event
        WHERE processed_at IS NULL AND received_at < :late""",
    "event_without_outcome": """
        SELECT provider || ':' || event_id FROM inbox_event
        WHERE (processed_at IS NULL) <> (outcome IS NULL)""",
    "event_twice": """
        SELECT provider || ':' || event_id, count(*) FROM inbox_event
        GROUP BY provider, event_id HAVING count(*) > 1""",
    "receipt_effect_twice": """
        SELECT body -> 'data' ->> 'transaction_id', count(*) FROM inbox_event
        WHERE kind = 'receipt.posted' AND outcome = 'posted'
        GROUP BY provider, body -> 'data' ->> 'transaction_id' HAVING count(*) > 1""",
    "signature_effect_twice": """
        SELECT body -> 'data' ->> 'envelope_id', count(*) FROM inbox_event
        WHERE outcome = 'signed'
        GROUP BY body -> 'data' ->> 'envelope_id' HAVING count(*) > 1""",
    "signature_without_event": """
        SELECT l.case_number, e.purpose FROM envelope e JOIN loan l ON l.id = e.loan_id
        WHERE e.status = 'signed' AND NOT EXISTS (
            SELECT 1 FROM inbox_event i WHERE i.loan_id = e.loan_id AND i.outcome = 'signed'
            AND i.body -> 'data' ->> 'envelope_id' = e.id::text)""",
    "receipt_without_event": """
        SELECT r.transaction_id FROM receipt r LEFT JOIN inbox_event i
        ON i.kind = 'receipt.posted' AND i.provider = r.provider
            AND i.body -> 'data' ->> 'transaction_id' = r.transaction_id
        WHERE i.id IS NULL""",
}
_ANSWERS = {
    "answer_incoherent": """
        SELECT key, route FROM idempotency_record
        WHERE (status = 0) <> (answer = '{}'::jsonb)
        OR NOT (status = 0 OR status BETWEEN 200 AND 599)
        OR (answer ? 'accepted' AND (answer ->> 'accepted' = 'true') <> (status < 300))""",
    "answer_unbound": """
        SELECT key, route FROM idempotency_record
        WHERE body_sha256 !~ '^[0-9a-f]{64}$' OR route = ''
        OR NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = staff_id)""",
    "answer_of_no_case": """
        SELECT r.key, r.route FROM idempotency_record r
        LEFT JOIN loan l ON l.case_number = r.answer ->> 'case_number'
        WHERE r.answer ->> 'case_number' IS NOT NULL AND l.id IS NULL""",
    "command_twice": """
        SELECT l.case_number, d.command_id FROM decision d JOIN loan l ON l.id = d.loan_id
        GROUP BY l.case_number, d.command_id HAVING count(*) > 1""",
}


async def events_take_effect_once(session: AsyncSession, at: datetime) -> Checked:
    """No event waits longer than a minute, and none has two effects."""
    count = "SELECT count(*) FROM inbox_event"
    return await checked(session, count, _EVENTS, late=at - _UNPROCESSED_AT_MOST)


async def answers_are_kept(session: AsyncSession) -> Checked:
    """Each key is bound to one request of one person, with one whole answer or none yet."""
    return await checked(session, "SELECT count(*) FROM idempotency_record", _ANSWERS)
