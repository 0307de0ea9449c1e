"""What somebody might write into the books past their guards: limits and what is used of them."""

# ruff: noqa: S608 - a tamperer's own fixed statements, nothing typed by anybody

from __future__ import annotations

from tests.invariants.tampering_money import Tampering

_USED = "WHERE loan_id = :in_parts AND drawdown = 1"
_IN_FLIGHT = (
    "INSERT INTO limit_use SELECT loan_id, 3, customer_id, path, 50000, 0, currency, 'reserved',"
    " evidence, now() FROM limit_use WHERE loan_id = :in_parts AND drawdown = 2"
)

TAMPERED: list[Tampering] = [
    (
        "I18",
        "limit_use_not_outstanding",
        (f"UPDATE limit_use SET outstanding = outstanding - 0.01 {_USED}",),
    ),
    (
        "I18",
        "limit_use_of_no_loan",
        (f"UPDATE limit_use SET loan_id = gen_random_uuid() {_USED}",),
    ),
    (
        "I18",
        "outstanding_beside_limits",
        ("DELETE FROM limit_use WHERE loan_id = :repaying",),
    ),
    (
        "I18",
        "payout_beside_limits",
        ("UPDATE drawdown SET status = 'released' WHERE loan_id = :in_parts AND number = 3",),
    ),
    (
        "I18",
        "limit_use_without_drawdown",
        (
            _IN_FLIGHT,
            "UPDATE drawdown SET status = 'refused' WHERE loan_id = :in_parts AND number = 3",
        ),
    ),
    ("I18", "limit_use_without_drawdown", (f"UPDATE limit_use SET amount = amount + 1 {_USED}",)),
    ("I18", "limit_passed", ("UPDATE limit_node SET amount = 1000",)),
    ("I18", "limit_passed", ("UPDATE limit_node SET amount = 1000, revolving = false",)),
    (
        "I18",
        "limit_passed_when_reserved",
        (
            "UPDATE limit_use SET evidence = jsonb_set(evidence, '{nodes,0,used_after}',"
            f" '\"9999999999\"') {_USED}",
        ),
    ),
    ("I18", "limit_use_on_no_path", (f"UPDATE limit_use SET path = '{{}}' {_USED}",)),
    (
        "I18",
        "limit_use_on_no_path",
        (f"UPDATE limit_use SET path = ARRAY[gen_random_uuid()] {_USED}",),
    ),
]
