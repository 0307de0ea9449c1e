"""I7, the books' half: every open case waits for something named, by a deadline."""

# ruff: noqa: S608 - put together from this file's own constants, nothing typed by anybody

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.clock import business_clock
from persistence.queries.invariants.findings import Checked, checked

GRACE = timedelta(seconds=60)
_MORNING = timedelta(hours=2)  # a book's due instants spread over the first hours of the day
_COUNT = "SELECT count(*) FROM loan"
_TASK_OF = """(VALUES ('borrower_signature', 'sign_authorisation'), ('reviewer', 'review'),
            ('approver', 'approval'), ('supplement', 'supplement'),
            ('contract_signature', 'sign_contract'), ('release_review', 'release_review'),
            ('release_recheck', 'release_recheck')) AS w (reason, kind)"""
_RULES = {
    "wait_without_reason": """
        SELECT case_number, wait_reason FROM loan
        WHERE (status = 'active') <> (wait_reason <> 'nothing')""",
    "wait_without_deadline": """
        SELECT case_number, stage, wait_reason FROM loan
        WHERE status = 'active' AND deadline_at IS NULL AND entered_at < :late""",
    "closed_without_end": """
        SELECT case_number, status FROM loan
        WHERE (status = 'active') <> (closed_at IS NULL)
        OR (status = 'active') <> (closed_reason IS NULL)""",
    "stay_differs": """
        SELECT l.case_number, l.stage, count(e.id) FROM loan l
        LEFT JOIN stage_entry e ON e.loan_id = l.id AND e.left_at IS NULL
        GROUP BY l.id
        HAVING count(e.id) <> CASE WHEN l.status = 'active' THEN 1 ELSE 0 END
        OR bool_or(e.stage <> l.stage)""",
    "wait_without_task": f"""
        SELECT l.case_number, l.wait_reason FROM loan l
        JOIN {_TASK_OF} ON w.reason = l.wait_reason
        LEFT JOIN task t ON t.loan_id = l.id AND t.kind = w.kind AND t.closed_at IS NULL
            AND t.paused_seconds_left IS NULL
        WHERE l.status = 'active' AND t.id IS NULL""",
    "task_without_wait": f"""
        SELECT l.case_number, t.kind FROM task t JOIN loan l ON l.id = t.loan_id
        JOIN {_TASK_OF} ON w.kind = t.kind
        WHERE t.closed_at IS NULL AND t.paused_seconds_left IS NULL
        AND (l.status <> 'active' OR l.wait_reason <> w.reason)
        AND NOT (l.status = 'active' AND l.stage = 'repayment'
            AND w.reason IN ('release_review', 'release_recheck') AND EXISTS (
                SELECT 1 FROM drawdown d WHERE d.loan_id = l.id AND d.status = 'requested'))""",
    "drawdown_without_task": """
        SELECT l.case_number, d.number FROM drawdown d JOIN loan l ON l.id = d.loan_id
        WHERE d.status = 'requested' AND l.status = 'active' AND NOT EXISTS (
            SELECT 1 FROM task t WHERE t.loan_id = d.loan_id AND t.closed_at IS NULL
            AND t.kind IN ('release_review', 'release_recheck'))""",
    "task_incoherent": """
        SELECT l.case_number, t.kind FROM task t JOIN loan l ON l.id = t.loan_id
        WHERE (t.closed_at IS NULL) <> (t.outcome IS NULL)
        OR (t.closed_at IS NOT NULL AND t.paused_seconds_left IS NOT NULL
            AND t.outcome = 'timed_out')
        OR NOT (t.opened_at <= t.remind_at AND t.remind_at <= t.due_at
            AND t.due_at <= t.next_level_at AND t.next_level_at <= t.lapse_at)""",
    "task_forgotten": """
        SELECT l.case_number, t.kind, t.lapse_at FROM task t JOIN loan l ON l.id = t.loan_id
        WHERE t.closed_at IS NULL AND t.paused_seconds_left IS NULL AND t.lapse_at < :late""",
    "instalment_forgotten": """
        SELECT l.case_number, i.n, i.due_on FROM instalment i JOIN loan l ON l.id = i.loan_id
        WHERE i.billed_at IS NULL AND l.status = 'active' AND i.due_on <= :due_on""",
    "envelope_forgotten": """
        SELECT l.case_number, e.purpose FROM envelope e JOIN loan l ON l.id = e.loan_id
        WHERE e.status = 'sent' AND (l.status <> 'active' OR e.expires_at < :late)""",
    "incident_incoherent": """
        SELECT key FROM incident WHERE (closed_at IS NULL) <> (closing_note IS NULL)
        OR closed_at < opened_at""",
}


async def waits_are_named(session: AsyncSession, at: datetime) -> Checked:
    """Stage, reason, deadline, task and stay agree; what is due has been taken up."""
    clock = await business_clock(session)
    late = at - GRACE
    due_on = clock.business_date(late - clock.stretch(_MORNING))
    return await checked(session, _COUNT, _RULES, late=late, due_on=due_on)
