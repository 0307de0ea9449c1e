"""I18: what drawdowns use of limits is what they owe or have in flight, and no limit is passed."""

# ruff: noqa: S608 - fixed statements put together from fixed parts

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT (SELECT count(*) FROM limit_node) + (SELECT count(*) FROM limit_use)"
_BOUND = """(EXISTS (SELECT 1 FROM limit_node n WHERE n.customer_id = l.customer_id)
    OR EXISTS (SELECT 1 FROM limit_node n JOIN customer c ON c.industry = n.industry
        WHERE c.id = l.customer_id AND n.level = 'portfolio' AND n.state <> 'closed'))"""
_RULES = {
    "limit_use_not_outstanding": """
        SELECT l.case_number, l.outstanding, sum(u.outstanding) FROM limit_use u
        JOIN loan l ON l.id = u.loan_id WHERE u.state = 'consumed'
        GROUP BY l.id HAVING sum(u.outstanding) <> l.outstanding""",
    "limit_use_of_no_loan": """
        SELECT u.loan_id FROM limit_use u LEFT JOIN loan l ON l.id = u.loan_id
        WHERE l.customer_id IS DISTINCT FROM u.customer_id""",
    "outstanding_beside_limits": f"""
        SELECT l.case_number, l.outstanding FROM loan l
        WHERE l.outstanding > 0 AND {_BOUND} AND NOT EXISTS (
            SELECT 1 FROM limit_use u WHERE u.loan_id = l.id AND u.state = 'consumed')""",
    "payout_beside_limits": f"""
        SELECT l.case_number, d.number FROM drawdown d JOIN loan l ON l.id = d.loan_id
        WHERE d.status = 'released' AND {_BOUND} AND NOT EXISTS (
            SELECT 1 FROM limit_use u WHERE u.loan_id = d.loan_id AND u.drawdown = d.number
            AND u.state = 'reserved')""",
    "limit_use_without_drawdown": """
        SELECT l.case_number, u.drawdown, u.state FROM limit_use u JOIN loan l ON l.id = u.loan_id
        LEFT JOIN drawdown d ON d.loan_id = u.loan_id AND d.number = u.drawdown
        WHERE u.drawdown > 0 AND (
            (u.state = 'reserved' AND (d.status IN ('requested', 'released')) IS NOT TRUE)
            OR (u.state = 'consumed' AND (d.status = 'settled') IS NOT TRUE)
            OR (u.state = 'released' AND d.status IN ('released', 'settled'))
            OR u.amount IS DISTINCT FROM d.amount)""",
    "limit_passed": """
        SELECT n.name, n.amount, x.used FROM limit_node n JOIN LATERAL (
            SELECT coalesce(sum(u.amount) FILTER (WHERE u.state = 'reserved'), 0)
                + CASE WHEN n.revolving THEN
                    coalesce(sum(u.outstanding) FILTER (WHERE u.state = 'consumed'), 0)
                ELSE greatest(
                    coalesce(sum(u.amount) FILTER (WHERE u.state = 'consumed'), 0),
                    coalesce(sum(u.outstanding) FILTER (WHERE u.state = 'consumed'), 0))
                END AS used,
                bool_or(u.raised_at IS NOT NULL) AS raised
            FROM limit_use u WHERE u.path @> ARRAY[n.id]) x ON TRUE
        WHERE x.used > n.amount AND n.excess_reason IS NULL AND x.raised IS NOT TRUE""",
    "limit_passed_when_reserved": """
        SELECT l.case_number, u.drawdown, e ->> 'used_after' FROM limit_use u
        JOIN loan l ON l.id = u.loan_id
        CROSS JOIN LATERAL jsonb_array_elements(
            coalesce(u.evidence -> 'nodes', '[]'::jsonb)) AS e
        WHERE (e ->> 'used_after')::numeric + (e ->> 'frozen')::numeric
            > (e ->> 'amount')::numeric""",
    "limit_use_on_no_path": """
        SELECT l.case_number, u.drawdown FROM limit_use u JOIN loan l ON l.id = u.loan_id
        WHERE u.state <> 'released' AND (cardinality(u.path) = 0
            OR EXISTS (SELECT 1 FROM unnest(u.path) AS p(id)
                LEFT JOIN limit_node n ON n.id = p.id
                WHERE n.id IS NULL OR (n.parent_id IS NOT NULL
                    AND NOT u.path @> ARRAY[n.parent_id])
                    OR n.customer_id <> u.customer_id))""",
}


async def limits_hold(session: AsyncSession) -> Checked:
    """Uses equal outstanding principal and what is in flight; no node gives more than it has."""
    return await checked(session, _COUNT, _RULES)
