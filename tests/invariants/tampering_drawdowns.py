"""What somebody might write into the books past their guards: a loan drawn in parts."""

# ruff: noqa: S608 - a tamperer's own fixed statements, nothing typed by anybody

from __future__ import annotations

from tests.invariants.tampering_money import Tampering

_SECOND = "WHERE loan_id = :in_parts AND number = 2"
_THIRD = "WHERE loan_id = :in_parts AND number = 3"
_OPS1 = "FROM staff WHERE username = 'ops1'"

TAMPERED: list[Tampering] = [
    (
        "I2",
        "drawdown_without_payout",
        (f"UPDATE drawdown SET status = 'refused' {_SECOND}",),
    ),
    (
        "I2",
        "drawdown_without_payout",
        ("DELETE FROM payout WHERE loan_id = :in_parts AND drawdown = 2",),
    ),
    (
        "I2",
        "disbursed_without_payout",  # two payouts of a loan that was to be drawn at once
        ("UPDATE loan SET facts = facts - 'plan' WHERE id = :in_parts",),
    ),
    (
        "I3",
        "payout_not_in_ledger",
        (
            "UPDATE journal SET kind = 'other' WHERE kind = 'release'"
            " AND key = (SELECT key FROM payout WHERE loan_id = :in_parts AND drawdown = 2)",
        ),
    ),
    ("I4", "drawn_above_agreed", (f"UPDATE drawdown SET amount = 100000.01 {_THIRD}",)),
    (
        "I4",
        "drawn_above_agreed",
        ("INSERT INTO undrawn_lapse VALUES (:in_parts, 50000.01, 'CNY', now(), now())",),
    ),
    (
        "I4",
        "payout_without_quorum",
        (f"DELETE FROM release_sign {_SECOND} AND hand = 'release_rechecker'",),
    ),
    (
        "I6",
        "schedule_principal_differs",
        ("UPDATE payout SET amount = amount + 1 WHERE loan_id = :in_parts AND drawdown = 2",),
    ),
    (
        "I6",
        "account_not_in_ledger",
        ("DELETE FROM account_event WHERE loan_id = :in_parts AND kind = 'drawdown' AND seq > 1",),
    ),
    (
        "I7",
        "drawdown_without_task",
        (
            "UPDATE task SET closed_at = now(), outcome = 'done'"
            " WHERE loan_id = :in_parts AND closed_at IS NULL",
        ),
    ),
    ("I7", "task_without_wait", (f"UPDATE drawdown SET status = 'refused' {_THIRD}",)),
    (
        "I13",
        "released_own_request",
        (
            f"UPDATE drawdown SET requested_by = (SELECT id {_OPS1}),"
            f" requester_person_id = (SELECT person_id {_OPS1}) {_SECOND}",
        ),
    ),
    (
        "I13",
        "later_drawdown_of_nobody",
        (f"UPDATE drawdown SET requested_by = NULL, requester_person_id = NULL {_SECOND}",),
    ),
    (
        "I16",
        "schedule_sum_differs",
        ("UPDATE payout SET amount = amount - 1 WHERE loan_id = :in_parts AND drawdown = 2",),
    ),
]
