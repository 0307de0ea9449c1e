"""I2, I4 and the books' half of I3: money leaves once, and only on authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM payout"
_ONCE = {
    "payout_settled_twice": """
        SELECT l.case_number, p.drawdown FROM payout p JOIN loan l ON l.id = p.loan_id
        WHERE p.status = 'settled'
        GROUP BY l.case_number, p.drawdown HAVING count(*) > 1""",
    "disbursed_without_payout": """
        SELECT l.case_number, l.stage, count(p.key) FROM loan l
        LEFT JOIN payout p ON p.loan_id = l.id AND p.status = 'settled'
        WHERE l.paid_out_at IS NOT NULL OR l.stage = 'repayment' OR l.status = 'settled'
        GROUP BY l.id HAVING count(p.key) < 1 OR (count(p.key) > 1
            AND l.facts -> 'plan' ->> 'first_drawdown' IS NULL)""",
    "drawdown_without_payout": """
        SELECT l.case_number, d.number, d.status FROM drawdown d JOIN loan l ON l.id = d.loan_id
        LEFT JOIN payout p ON p.loan_id = d.loan_id AND p.drawdown = d.number
            AND p.status = 'settled'
        WHERE (d.status = 'settled') <> (p.key IS NOT NULL)""",
    "payout_without_disbursement": """
        SELECT l.case_number, p.key FROM payout p JOIN loan l ON l.id = p.loan_id
        WHERE p.status = 'settled' AND l.paid_out_at IS NULL""",
}
_IN_THE_BOOKS = {
    "payout_overdue": """
        SELECT p.key, p.status FROM payout p
        WHERE p.status IN ('intent', 'sent', 'accepted')
        AND p.intended_at < CAST(:at AS timestamptz) - interval '5 minutes'""",
    "payout_unknown_without_incident": """
        SELECT p.key FROM payout p WHERE p.status = 'unknown' AND NOT EXISTS (
            SELECT 1 FROM incident i
            WHERE i.key = 'payout_unknown:' || p.key AND i.closed_at IS NULL)""",
    "payout_status_unknown": """
        SELECT p.key, p.status FROM payout p
        WHERE p.status NOT IN ('intent', 'sent', 'accepted', 'unknown', 'settled', 'rejected',
            'stopped')""",
    "payout_not_in_ledger": """
        SELECT p.key, p.amount, p.currency FROM payout p
        LEFT JOIN journal j ON j.key = p.key AND j.kind = 'release'
        LEFT JOIN journal_line x ON x.journal_id = j.id AND x.account = 'clearing'
            AND x.currency = p.currency
        WHERE p.status = 'settled'
        GROUP BY p.key HAVING coalesce(sum(x.amount), 0) <> -p.amount""",
    "ledger_without_payout": """
        SELECT j.key FROM journal j
        LEFT JOIN payout p ON p.key = j.key AND p.status = 'settled'
        WHERE j.kind = 'release' AND p.key IS NULL""",
}
_AUTHORITY = {
    "payout_terms_differ": """
        SELECT p.key FROM payout p
        LEFT JOIN drawdown d ON d.loan_id = p.loan_id AND d.number = p.drawdown
        LEFT JOIN contract c ON c.loan_id = p.loan_id
        WHERE (d.terms_sha256 = c.terms_sha256 AND c.effective_at IS NOT NULL
            AND (d.amount, d.currency, d.payee_name, d.payee_account)
              = (p.amount, p.currency, p.payee_name, p.payee_account)) IS NOT TRUE""",
    "payout_without_quorum": """
        SELECT p.key FROM payout p
        LEFT JOIN contract c ON c.loan_id = p.loan_id
        LEFT JOIN release_sign r ON r.loan_id = p.loan_id AND r.number = p.drawdown
            AND r.terms_sha256 = c.terms_sha256
        LEFT JOIN staff s ON s.id = r.staff_id
        GROUP BY p.key HAVING count(DISTINCT s.person_id) < 2 OR count(DISTINCT r.hand) < 2""",
    "drawn_above_agreed": """
        SELECT l.case_number, c.principal, sum(d.amount) FROM drawdown d
        JOIN loan l ON l.id = d.loan_id LEFT JOIN contract c ON c.loan_id = d.loan_id
        LEFT JOIN undrawn_lapse u ON u.loan_id = d.loan_id
        WHERE d.status IN ('requested', 'released', 'settled')
        GROUP BY l.id, c.principal, u.amount
        HAVING (sum(d.amount) + coalesce(u.amount, 0) <= c.principal) IS NOT TRUE""",
    "payout_without_approval": """
        SELECT p.key FROM payout p LEFT JOIN contract c ON c.loan_id = p.loan_id
        WHERE NOT EXISTS (SELECT 1 FROM decision x WHERE x.loan_id = p.loan_id
            AND x.verdict = 'approve' AND x.terms_sha256 = c.terms_sha256)""",
    "payout_before_authority": """
        WITH signs AS (
            SELECT loan_id, data ->> 'drawdown' AS number, data ->> 'terms_sha256' AS terms,
                count(DISTINCT staff_id) AS officers, count(DISTINCT action) AS hands,
                max(sequence) AS last
            FROM audit_event WHERE action IN ('release.reviewed', 'release.rechecked')
            GROUP BY 1, 2, 3),
        effective AS (
            SELECT loan_id, min(sequence) AS first FROM audit_event
            WHERE action = 'contract.signed' GROUP BY 1),
        intents AS (
            SELECT subject, min(sequence) AS first, min(data ->> 'terms_sha256') AS terms
            FROM audit_event WHERE action = 'payout.intended' GROUP BY 1)
        SELECT p.key FROM payout p
        LEFT JOIN intents i ON i.subject = p.key
        LEFT JOIN effective e ON e.loan_id = p.loan_id
        LEFT JOIN signs s ON s.loan_id = p.loan_id AND s.number = p.drawdown::text
            AND s.terms = i.terms
        WHERE (s.officers >= 2 AND s.hands >= 2 AND s.last < i.first
            AND e.first < i.first) IS NOT TRUE""",
}

# A refund's states under the names of a payout's: approved is the intent to pay.
_TOLD_THE_RAIL = """
    SELECT key, status, amount, currency, payee_name, payee_account FROM payout
    UNION ALL
    SELECT key, CASE status WHEN 'approved' THEN 'intent' WHEN 'failed' THEN 'rejected'
        ELSE status END, amount, currency, payee_name, payee_account FROM refund
    WHERE status NOT IN ('proposed', 'rejected')"""


@dataclass(frozen=True, slots=True)
class BookedPayout:
    """A payout as the books know it, for the comparison with the rail."""

    key: str
    status: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str


async def payouts_happen_once(session: AsyncSession) -> Checked:
    """Never two settled payouts of a drawdown; exactly one of a disbursed loan, else none."""
    return await checked(session, "SELECT count(*) FROM loan", _ONCE)


async def payouts_stand_in_the_ledger(session: AsyncSession, at: datetime) -> Checked:
    """No intent hangs unanswered; settled payouts and release journals are the same set."""
    return await checked(session, _COUNT, _IN_THE_BOOKS, at=at)


async def payouts_rest_on_authority(session: AsyncSession) -> Checked:
    """Two persons, an effective contract and one terms hash, all before the intent."""
    return await checked(session, _COUNT, _AUTHORITY)


async def booked_payouts(session: AsyncSession) -> dict[str, BookedPayout]:
    """Every payout of the books by its key, and every refund that was approved."""
    rows = await session.execute(text(_TOLD_THE_RAIL))
    return {row.key: BookedPayout(*row) for row in rows}
