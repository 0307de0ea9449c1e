"""What somebody might write into the books past their guards: process, proof, people."""

# ruff: noqa: S608 - a tamperer's own fixed statements, nothing typed by anybody

from __future__ import annotations

Tampering = tuple[str, str, tuple[str, ...]]
"""The invariant, the code that must be named, what the tamperer writes."""

_OF_SETTLED = "WHERE loan_id = :settled"
_OF_REPAYING = "WHERE loan_id = :repaying"

TAMPERED: list[Tampering] = [
    (
        "I7",
        "wait_without_reason",
        ("UPDATE loan SET wait_reason = 'nothing' WHERE id = :repaying",),
    ),
    (
        "I7",
        "wait_without_deadline",
        (
            "UPDATE loan SET deadline_at = NULL, entered_at = now() - interval '1 hour'"
            " WHERE id = :repaying",
        ),
    ),
    ("I7", "closed_without_end", ("UPDATE loan SET closed_at = NULL WHERE id = :settled",)),
    ("I7", "stay_differs", (f"UPDATE stage_entry SET left_at = now() {_OF_REPAYING}",)),
    (
        "I7",
        "wait_without_task",
        ("UPDATE loan SET wait_reason = 'reviewer' WHERE id = :repaying",),
    ),
    (
        "I7",
        "task_without_wait",
        (f"UPDATE task SET closed_at = NULL, outcome = NULL {_OF_REPAYING}",),
    ),
    ("I7", "task_incoherent", (f"UPDATE task SET outcome = NULL {_OF_REPAYING}",)),
    (
        "I7",
        "task_forgotten",
        (
            "UPDATE task SET closed_at = NULL, outcome = NULL,"
            f" lapse_at = now() - interval '2 minutes' {_OF_REPAYING}",
        ),
    ),
    (
        "I7",
        "instalment_forgotten",
        (f"UPDATE instalment SET due_on = '2020-01-01' {_OF_REPAYING} AND n = 1",),
    ),
    ("I7", "envelope_forgotten", (f"UPDATE envelope SET status = 'sent' {_OF_SETTLED}",)),
    (
        "I7",
        "incident_incoherent",
        (
            "INSERT INTO incident (id, key, kind, detail, opened_at, closed_at)"
            " VALUES (gen_random_uuid(), 'k', 'arrears', '{}', now(), now())",
        ),
    ),
    (
        "I7",
        "workflow_missing",
        ("UPDATE loan SET id = gen_random_uuid() WHERE id = :repaying",),
    ),
    ("I7", "workflow_without_case", ("DELETE FROM loan WHERE id = :repaying",)),
    ("I7", "workflow_not_ended", ("UPDATE loan SET status = 'settled' WHERE id = :repaying",)),
    ("I7", "workflow_ended_early", ("UPDATE loan SET status = 'active' WHERE id = :settled",)),
    ("I8", "read_model_differs", ("UPDATE loan SET stage = 'payout' WHERE id = :repaying",)),
    ("I8", "read_model_differs", ("UPDATE loan SET version = 99 WHERE id = :repaying",)),
    ("I8", "read_model_differs", ("UPDATE loan SET status = 'declined' WHERE id = :settled",)),
    (
        "I8",
        "state_unanswered",
        ("UPDATE loan SET id = gen_random_uuid() WHERE id = :repaying",),
    ),
    (
        "I9",
        "chain_row_changed",
        ("UPDATE audit_event SET role = 'auditor' WHERE sequence = 5",),
    ),
    ("I9", "chain_gap", ("DELETE FROM audit_event WHERE sequence = 5",)),
    (
        "I9",
        "chain_link_broken",
        ("UPDATE audit_event SET previous_sha256 = 'x' WHERE sequence = 5",),
    ),
    (
        "I9",
        "stay_unaudited",
        (f"UPDATE stage_entry SET version = version + 50 {_OF_REPAYING} AND stage = 'repayment'",),
    ),
    *(
        ("I9", code, (f"UPDATE audit_event SET action = 'x' WHERE action = '{action}'",))
        for code, action in (
            ("submission_unaudited", "loan.submitted"),
            ("end_unaudited", "loan.settled"),
            ("decision_unaudited", "decision.made"),
            ("payout_unaudited", "payout.settled"),
            ("receipt_unaudited", "receipt.posted"),
        )
    ),
    (
        "I9",
        "release_unaudited",
        ("UPDATE audit_event SET action = 'x' WHERE action LIKE 'release.%'",),
    ),
    (
        "I11",
        "event_unprocessed",
        (
            "UPDATE inbox_event SET processed_at = NULL, outcome = NULL,"
            " received_at = now() - interval '61 seconds'",
        ),
    ),
    ("I11", "event_without_outcome", ("UPDATE inbox_event SET outcome = NULL",)),
    (
        "I11",
        "event_twice",
        (
            "ALTER TABLE inbox_event DROP CONSTRAINT inbox_event_provider_event_id_key",
            "UPDATE inbox_event SET event_id = 'same' WHERE provider = 'esign'",
        ),
    ),
    (
        "I11",
        "receipt_effect_twice",
        (
            "INSERT INTO inbox_event (provider, event_id, kind, loan_id, raw, body, received_at,"
            " processed_at, outcome) SELECT provider, event_id || 'x', kind, loan_id, raw, body,"
            " received_at, processed_at, outcome FROM inbox_event WHERE kind = 'receipt.posted'",
        ),
    ),
    (
        "I11",
        "signature_effect_twice",
        (
            "INSERT INTO inbox_event (provider, event_id, kind, loan_id, raw, body, received_at,"
            " processed_at, outcome) SELECT provider, event_id || 'x', kind, loan_id, raw, body,"
            " received_at, processed_at, outcome FROM inbox_event WHERE outcome = 'signed'",
        ),
    ),
    ("I11", "signature_without_event", ("DELETE FROM inbox_event WHERE outcome = 'signed'",)),
    ("I11", "receipt_without_event", ("DELETE FROM inbox_event WHERE outcome = 'posted'",)),
    *(
        (
            "I12",
            code,
            (
                "INSERT INTO idempotency_record (staff_id, key, route, body_sha256, status,"
                f" answer, answered_at) SELECT id, 'key-{code}', '/r', {body}, {status},"
                f" '{answer}', now() FROM staff LIMIT 1",
            ),
        )
        for code, body, status, answer in (
            ("answer_incoherent", "repeat('a', 64)", 200, '{"accepted": false}'),
            ("answer_unbound", "'no hash'", 0, "{}"),
            ("answer_of_no_case", "repeat('a', 64)", 200, '{"case_number": "CL0"}'),
        )
    ),
    (
        "I12",
        "command_twice",
        (
            "ALTER TABLE decision DROP CONSTRAINT decision_loan_id_command_id_key",
            "INSERT INTO decision (loan_id, command_id, maker, verdict, reasons, decided_at,"
            " inputs, matched_rules, contributions) SELECT loan_id, command_id, maker, verdict,"
            " reasons, decided_at, inputs, matched_rules, contributions FROM decision",
        ),
    ),
    (
        "I13",
        "person_has_two_hands",
        (
            "UPDATE staff SET person_id = (SELECT person_id FROM staff WHERE username = 'ops1')"
            " WHERE username = 'ops2'",
        ),
    ),
    (
        "I13",
        "hand_of_another_person",
        (f"UPDATE hand SET person_id = gen_random_uuid() {_OF_REPAYING}",),
    ),
    (
        "I13",
        "hand_without_role",
        (f"UPDATE hand SET role = 'auditor' {_OF_REPAYING} AND hand = 'release_reviewer'",),
    ),
    (
        "I13",
        "officer_without_hand",
        (f"DELETE FROM hand {_OF_REPAYING} AND hand = 'customer_manager'",),
    ),
    (
        "I13",
        "decision_by_no_hand",
        (
            "UPDATE decision SET maker = 'approver',"
            " staff_id = (SELECT id FROM staff WHERE username = 'approver')"
            f" {_OF_REPAYING}",
        ),
    ),
    (
        "I13",
        "maker_approved",
        (
            "UPDATE decision SET staff_id = (SELECT id FROM staff WHERE username = 'manager')"
            f" {_OF_REPAYING}",
        ),
    ),
    (
        "I13",
        "approved_twice",
        (
            "UPDATE decision SET staff_id = (SELECT id FROM staff WHERE username = 'approver')",
            "INSERT INTO decision (loan_id, command_id, maker, verdict, reasons, decided_at,"
            " inputs, matched_rules, contributions, staff_id) SELECT loan_id, 'again', maker,"
            " 'approve', reasons, decided_at, inputs, matched_rules, contributions, staff_id"
            f" FROM decision {_OF_REPAYING}",
        ),
    ),
    (
        "I13",
        "fixing_without_two_persons",
        ("UPDATE rate_fixing SET provisional = false",),
    ),
    ("I13", "fixing_unaudited", ("UPDATE rate_fixing SET provisional = false",)),
    (
        "I13",
        "rate_without_fixing",
        (
            "UPDATE account_event SET kind = 'rate_set',"
            f" key = 'fixing' || chr(58) || gen_random_uuid() {_OF_REPAYING} AND seq = 1",
        ),
    ),
    ("I13", "release_by_no_hand", (f"DELETE FROM hand {_OF_REPAYING} AND hand LIKE 'release%'",)),
    (
        "I13",
        "act_without_role",
        (
            "UPDATE audit_event SET role = 'auditor' WHERE loan_id = :repaying"
            " AND action = 'release.reviewed'",
        ),
    ),
    (
        "I15",
        "envelope_text_changed",
        (f"UPDATE envelope SET document_text = document_text || ' ' {_OF_REPAYING}",),
    ),
    (
        "I15",
        "contract_text_differs",
        (
            'UPDATE contract SET document_hashes = document_hashes || \'{"contract": "x"}\''
            f" {_OF_REPAYING}",
        ),
    ),
    (
        "I15",
        "contract_document_differs",
        ("UPDATE document SET sha256 = repeat('0', 64) WHERE draft_id = :repaying",),
    ),
    (
        "I15",
        "document_not_in_contract",
        (
            "UPDATE contract SET document_hashes = document_hashes - 'business_licence'"
            f" {_OF_REPAYING}",
        ),
    ),
    (
        "I15",
        "terms_hash_not_signed",
        (f"UPDATE contract SET terms_sha256 = repeat('0', 64) {_OF_REPAYING}",),
    ),
    (
        "I15",
        "contract_terms_changed",
        (f'UPDATE contract SET terms = terms || \'{{"amount": "1.00"}}\' {_OF_REPAYING}',),
    ),
    (
        "I15",
        "document_lost",
        ("UPDATE document SET sha256 = repeat('0', 64) WHERE draft_id = :repaying",),
    ),
    (
        "I17",
        "day_end_off",
        (
            "INSERT INTO closed_period (business_on, closed_at, difference, notes)"
            " VALUES ('2020-01-02', now(), 0.01, 0)",
        ),
    ),
]
