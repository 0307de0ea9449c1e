"""I5: no receipt lost. What arrived is posted, held or promised back, to the cent."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM receipt"
_PAID = """
        SELECT l.case_number, i.n, a.bucket FROM (
            SELECT loan_id, n, 'principal' AS bucket, principal_paid AS paid FROM instalment
            UNION ALL SELECT loan_id, n, 'interest', interest_paid FROM instalment
            UNION ALL SELECT loan_id, n, 'penalty', penalty_paid FROM instalment
            UNION ALL SELECT loan_id, n, 'compound', compound_paid FROM instalment
            UNION ALL SELECT loan_id, n, 'fee', fee_paid FROM instalment) i
        FULL JOIN (
            SELECT loan_id, n, bucket, sum(amount) AS amount FROM allocation
            GROUP BY loan_id, n, bucket) a
        ON (a.loan_id, a.n, a.bucket) = (i.loan_id, i.n, i.bucket)
        JOIN loan l ON l.id = coalesce(i.loan_id, a.loan_id)
        WHERE coalesce(i.paid, 0) <> coalesce(a.amount, 0)"""
_RULES = {
    "receipt_lost": """
        SELECT transaction_id, amount, currency FROM receipt
        WHERE posted + suspense + refund_pending + returned <> amount
        OR posted < 0 OR suspense < 0 OR refund_pending < 0 OR returned < 0""",
    "receipt_allocations_differ": """
        SELECT r.transaction_id, r.posted, sum(a.amount) FROM receipt r
        LEFT JOIN allocation a ON a.receipt_id = r.id
        GROUP BY r.id HAVING coalesce(sum(a.amount), 0) <> r.posted""",
    "transaction_posted_twice": """
        SELECT transaction_id, count(*) FROM receipt
        GROUP BY provider, transaction_id HAVING count(*) > 1
        UNION ALL
        SELECT transaction_id, count(*) FROM receipt
        GROUP BY transaction_id, amount, currency HAVING count(*) > 1""",
    "receipt_not_in_ledger": """
        SELECT r.transaction_id, r.amount, r.currency FROM receipt r
        LEFT JOIN journal j ON j.key = 'receipt:' || r.id
        LEFT JOIN journal_line x ON x.journal_id = j.id AND x.account = 'clearing'
        GROUP BY r.id HAVING coalesce(sum(x.amount), 0) <> r.amount""",
    "event_without_receipt": """
        SELECT e.event_id, e.outcome FROM inbox_event e
        WHERE e.kind = 'receipt.posted'
        AND (e.outcome IN ('posted', 'duplicate') OR e.outcome LIKE 'suspense%')
        AND NOT EXISTS (SELECT 1 FROM receipt r
            WHERE (r.provider = e.provider OR e.outcome = 'duplicate')
            AND r.transaction_id = e.body -> 'data' ->> 'transaction_id')""",
    "paid_without_receipt": _PAID,
    "held_money_differs": """
        SELECT coalesce(r.currency, x.currency), r.held, x.held FROM (
            SELECT currency, sum(suspense) AS held FROM receipt GROUP BY currency) r
        FULL JOIN (
            SELECT currency, -sum(amount) AS held FROM journal_line
            WHERE account = 'suspense' GROUP BY currency) x ON x.currency = r.currency
        WHERE coalesce(r.held, 0) <> coalesce(x.held, 0)""",
}


async def receipts_are_kept(session: AsyncSession) -> Checked:
    """Each provider transaction once, its parts summing to it, its postings in the ledger."""
    return await checked(session, _COUNT, _RULES)
