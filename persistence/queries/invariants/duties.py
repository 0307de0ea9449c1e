"""I13: maker is not approver, nobody acts twice, each held the role when they acted."""

# ruff: noqa: S608 - put together from this file's own constants, nothing typed by anybody

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

_COUNT = "SELECT count(*) FROM hand"
_ROLE_OF = """(VALUES ('customer_manager', 'customer_manager'), ('reviewer', 'reviewer'),
            ('approver', 'approver'), ('release_reviewer', 'operations'),
            ('release_rechecker', 'operations')) AS w (hand, role)"""
_RULES = {
    "person_has_two_hands": """
        SELECT l.case_number, count(*) FROM hand h JOIN staff s ON s.id = h.staff_id
        JOIN loan l ON l.id = h.loan_id
        GROUP BY l.case_number, s.person_id HAVING count(*) > 1""",
    "hand_of_another_person": """
        SELECT l.case_number, h.hand FROM hand h JOIN loan l ON l.id = h.loan_id
        LEFT JOIN staff s ON s.id = h.staff_id
        WHERE s.person_id IS DISTINCT FROM h.person_id""",
    "hand_without_role": f"""
        SELECT l.case_number, h.hand, h.role FROM hand h JOIN loan l ON l.id = h.loan_id
        LEFT JOIN {_ROLE_OF} ON w.hand = h.hand AND w.role = h.role
        WHERE w.hand IS NULL""",
    "officer_without_hand": """
        SELECT l.case_number FROM loan l LEFT JOIN hand h
        ON h.loan_id = l.id AND h.staff_id = l.officer_id AND h.hand = 'customer_manager'
        WHERE h.loan_id IS NULL""",
    "decision_by_no_hand": """
        SELECT l.case_number, d.maker FROM decision d JOIN loan l ON l.id = d.loan_id
        LEFT JOIN hand h ON h.loan_id = d.loan_id AND h.staff_id = d.staff_id
            AND h.hand = d.maker
        WHERE (d.staff_id IS NOT NULL OR d.maker IN ('reviewer', 'approver'))
        AND h.loan_id IS NULL""",
    "maker_approved": """
        SELECT l.case_number FROM decision d JOIN loan l ON l.id = d.loan_id
        JOIN staff maker ON maker.id = l.officer_id JOIN staff judge ON judge.id = d.staff_id
        WHERE maker.person_id = judge.person_id""",
    "approved_twice": """
        SELECT l.case_number, count(*) FROM decision d JOIN loan l ON l.id = d.loan_id
        JOIN staff s ON s.id = d.staff_id WHERE d.verdict = 'approve'
        GROUP BY l.case_number, s.person_id HAVING count(*) > 1""",
    "release_by_no_hand": """
        SELECT l.case_number, r.hand FROM release_sign r JOIN loan l ON l.id = r.loan_id
        LEFT JOIN hand h ON h.loan_id = r.loan_id AND h.staff_id = r.staff_id
            AND h.hand = r.hand
        WHERE h.loan_id IS NULL""",
    "released_own_request": """
        SELECT l.case_number, d.number FROM drawdown d JOIN loan l ON l.id = d.loan_id
        JOIN release_sign r ON r.loan_id = d.loan_id AND r.number = d.number
        JOIN staff s ON s.id = r.staff_id
        WHERE s.person_id = d.requester_person_id""",
    "later_drawdown_of_nobody": """
        SELECT l.case_number, d.number FROM drawdown d JOIN loan l ON l.id = d.loan_id
        LEFT JOIN staff s ON s.id = d.requested_by
        WHERE s.person_id IS DISTINCT FROM d.requester_person_id
        OR (d.requested_by IS NULL AND EXISTS (SELECT 1 FROM drawdown e
            WHERE e.loan_id = d.loan_id AND e.number < d.number AND e.status = 'settled'))""",
    "act_without_role": """
        SELECT l.case_number, e.action, e.sequence FROM audit_event e
        JOIN loan l ON l.id = e.loan_id
        LEFT JOIN hand h ON h.loan_id = e.loan_id AND h.staff_id = e.staff_id
            AND h.role = e.role
        WHERE e.action IN ('review.recorded', 'approval.recorded', 'release.reviewed',
            'release.rechecked') AND h.loan_id IS NULL""",
}


async def duties_are_separate(session: AsyncSession) -> Checked:
    """One person, one hand on a case; who judged or released held that hand and its role."""
    return await checked(session, _COUNT, _RULES)
