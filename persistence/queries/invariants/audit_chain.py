"""I9: the chain has no gap, recomputes, matches its anchors, and tells every state change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.audit import GENESIS, AuditEntry, link_sha256
from persistence.queries.invariants.findings import BREAKS_PER_RULE, Break, Checked, checked
from persistence.tables import AuditEvent

_COUNT = "SELECT count(*) FROM stage_entry"
_CHANGES = {
    "stay_unaudited": """
        SELECT l.case_number, e.stage, e.version FROM stage_entry e
        JOIN loan l ON l.id = e.loan_id
        LEFT JOIN audit_event a ON a.loan_id = e.loan_id AND a.action = 'stage.entered'
            AND a.subject = e.stage AND a.data ->> 'version' = e.version::text
        WHERE e.stage NOT IN ('submitted', 'closed') AND a.sequence IS NULL""",
    "submission_unaudited": """
        SELECT l.case_number FROM loan l LEFT JOIN audit_event a
        ON a.loan_id = l.id AND a.action = 'loan.submitted' WHERE a.sequence IS NULL""",
    "end_unaudited": """
        SELECT l.case_number, l.status FROM loan l LEFT JOIN audit_event a
        ON a.loan_id = l.id AND a.action = 'loan.' || l.status
        WHERE l.status <> 'active' AND a.sequence IS NULL""",
    "decision_unaudited": """
        SELECT l.case_number, d.maker FROM decision d JOIN loan l ON l.id = d.loan_id
        LEFT JOIN audit_event a ON a.loan_id = d.loan_id AND a.at = d.decided_at
            AND a.action IN ('decision.made', 'review.recorded', 'approval.recorded')
        WHERE a.sequence IS NULL""",
    "release_unaudited": """
        SELECT l.case_number, r.hand FROM release_sign r JOIN loan l ON l.id = r.loan_id
        LEFT JOIN audit_event a ON a.loan_id = r.loan_id AND a.staff_id = r.staff_id
            AND a.action IN ('release.reviewed', 'release.rechecked')
        WHERE a.sequence IS NULL""",
    "payout_unaudited": """
        SELECT p.key, p.status FROM payout p LEFT JOIN audit_event a ON a.subject = p.key
            AND a.action = CASE p.status WHEN 'intent' THEN 'payout.intended'
                ELSE 'payout.' || p.status END
        WHERE a.sequence IS NULL""",
    "refund_unaudited": """
        SELECT r.key, r.status FROM refund r WHERE NOT EXISTS (
            SELECT 1 FROM audit_event a WHERE a.subject = r.key AND a.action = 'refund.proposed')
        OR (r.decided_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM audit_event a WHERE a.subject = r.key
            AND a.action IN ('refund.approved', 'refund.rejected')
            AND a.staff_id = r.decided_by))""",
    "statement_unaudited": """
        SELECT s.sha256 FROM bank_statement s LEFT JOIN audit_event a
        ON a.subject = s.id::text AND a.action = 'statement.taken' WHERE a.sequence IS NULL""",
    "receipt_unaudited": """
        SELECT r.transaction_id FROM receipt r LEFT JOIN audit_event a
        ON a.subject = r.id::text AND a.action IN ('receipt.posted', 'receipt.suspense')
        WHERE a.sequence IS NULL""",
}


async def changes_are_audited(session: AsyncSession) -> Checked:
    """Every stay, submission, end, verdict, signature, payout and receipt has its link."""
    return await checked(session, _COUNT, _CHANGES)


async def chain_holds(session: AsyncSession, anchors: Mapping[int, frozenset[str]]) -> Checked:
    """Walk the chain once, link by link, beside the hashes kept in a second place."""
    rows = await session.stream_scalars(
        select(AuditEvent).order_by(col(AuditEvent.sequence)).execution_options(yield_per=2000)
    )
    sequence, previous, breaks = 0, GENESIS, list[Break]()
    count = 0
    async for event in rows:
        if len(breaks) < BREAKS_PER_RULE:
            breaks += _link_breaks(event, sequence, previous, anchors)
        sequence, previous, count = event.sequence, event.sha256, count + 1
        session.expunge(event)
    cut = [n for n in sorted(anchors) if n > sequence]
    breaks += [Break("chain_tail_cut", str(n), str(sequence)) for n in cut[-1:]]
    return Checked(count, tuple(breaks))


def _link_breaks(
    event: AuditEvent, before: int, previous: str, anchors: Mapping[int, frozenset[str]]
) -> Iterator[Break]:
    name = str(event.sequence)
    if event.sequence != before + 1:
        yield Break("chain_gap", name, str(before))
    elif event.previous_sha256 != previous:
        yield Break("chain_link_broken", name, event.action)
    if link_sha256(event.sequence, event.previous_sha256, _entry(event)) != event.sha256:
        yield Break("chain_row_changed", name, event.action)
    if anchors.get(event.sequence, frozenset({event.sha256})) != {event.sha256}:
        yield Break("chain_anchor_differs", name, event.action)


def _entry(event: AuditEvent) -> AuditEntry:
    data: Mapping[str, Any] = event.data
    return AuditEntry(
        event.at, event.action, event.loan_id, event.subject, event.staff_id, event.role, data
    )
