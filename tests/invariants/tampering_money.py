"""What somebody might write into the books past their guards: money."""

# ruff: noqa: S608 - a tamperer's own fixed statements, nothing typed by anybody

from __future__ import annotations

Tampering = tuple[str, str, tuple[str, ...]]
"""The invariant, the code that must be named, what the tamperer writes."""

_OF_REPAYING = "WHERE loan_id = :repaying"

TAMPERED: list[Tampering] = [
    (
        "I1",
        "journal_unbalanced",
        (
            "UPDATE journal_line SET amount = amount + 1"
            " WHERE id = (SELECT min(id) FROM journal_line)",
        ),
    ),
    (
        "I1",
        "ledger_unbalanced",
        ("DELETE FROM journal_line WHERE id = (SELECT max(id) FROM journal_line)",),
    ),
    (
        "I1",
        "journal_empty",
        ("DELETE FROM journal_line WHERE journal_id = (SELECT min(id) FROM journal)",),
    ),
    (
        "I2",
        "payout_settled_twice",
        (
            "ALTER TABLE payout DROP CONSTRAINT payout_loan_id_drawdown_key",
            "INSERT INTO payout SELECT 'again:' || key, loan_id, drawdown, amount, currency,"
            " payee_name, payee_account, payee_bank_code, status, reference, reason,"
            f" intended_at, settled_at FROM payout {_OF_REPAYING}",
        ),
    ),
    ("I2", "disbursed_without_payout", (f"DELETE FROM payout {_OF_REPAYING}",)),
    (
        "I2",
        "payout_without_disbursement",
        ("UPDATE loan SET paid_out_at = NULL WHERE id = :repaying",),
    ),
    ("I3", "rail_differs", (f"UPDATE payout SET payee_account = '1' {_OF_REPAYING}",)),
    ("I3", "rail_without_payout", (f"DELETE FROM payout {_OF_REPAYING}",)),
    ("I3", "payout_not_on_rail", (f"UPDATE payout SET key = 'disb:invented' {_OF_REPAYING}",)),
    (
        "I3",
        "payout_overdue",
        (
            "UPDATE payout SET status = 'sent', intended_at = now() - interval '6 minutes'"
            f" {_OF_REPAYING}",
        ),
    ),
    (
        "I3",
        "payout_unknown_without_incident",
        (f"UPDATE payout SET status = 'unknown' {_OF_REPAYING}",),
    ),
    ("I3", "payout_status_unknown", (f"UPDATE payout SET status = 'maybe' {_OF_REPAYING}",)),
    (
        "I3",
        "payout_not_in_ledger",
        ("UPDATE journal SET kind = 'other' WHERE kind = 'release' AND loan_id = :repaying",),
    ),
    (
        "I3",
        "ledger_without_payout",
        (f"UPDATE payout SET status = 'rejected' {_OF_REPAYING}",),
    ),
    ("I4", "payout_terms_differ", (f"UPDATE drawdown SET terms_sha256 = 'x' {_OF_REPAYING}",)),
    ("I4", "payout_terms_differ", (f"UPDATE contract SET effective_at = NULL {_OF_REPAYING}",)),
    (
        "I4",
        "payout_without_quorum",
        (f"DELETE FROM release_sign {_OF_REPAYING} AND hand = 'release_rechecker'",),
    ),
    (
        "I4",
        "payout_without_quorum",  # two accounts, one human being
        (
            "UPDATE staff SET person_id = (SELECT person_id FROM staff WHERE username = 'ops1')"
            " WHERE username = 'ops2'",
        ),
    ),
    (
        "I4",
        "payout_without_approval",
        (f"UPDATE decision SET terms_sha256 = 'x' {_OF_REPAYING}",),
    ),
    (
        "I4",
        "payout_before_authority",
        (
            "UPDATE audit_event SET sequence = sequence + 100000 WHERE loan_id = :repaying"
            " AND action = 'release.rechecked'",
        ),
    ),
    (
        "I5",
        "receipt_lost",
        (
            "ALTER TABLE receipt DROP CONSTRAINT ck_receipt_nothing_lost",
            "UPDATE receipt SET posted = posted - 1",
        ),
    ),
    ("I5", "receipt_allocations_differ", ("UPDATE allocation SET amount = amount + 1",)),
    (
        "I5",
        "transaction_posted_twice",
        (
            "ALTER TABLE receipt DROP CONSTRAINT receipt_provider_transaction_id_key",
            "INSERT INTO receipt SELECT gen_random_uuid(), provider, transaction_id, loan_id,"
            " amount, currency, value_on, payer_name, remittance, posted, suspense,"
            " refund_pending, suspense_reason, received_at, returned FROM receipt",
        ),
    ),
    ("I5", "receipt_not_in_ledger", ("UPDATE journal SET key = 'x' WHERE key LIKE 'receipt:%'",)),
    ("I5", "event_without_receipt", ("DELETE FROM receipt",)),
    (
        "I5",
        "paid_without_receipt",
        (f"UPDATE instalment SET principal_paid = 1 {_OF_REPAYING} AND n = 1",),
    ),
    (
        "I5",
        "held_money_differs",
        ("UPDATE receipt SET suspense = suspense + 1, posted = posted - 1",),
    ),
    ("I6", "outstanding_differs", ("UPDATE loan SET outstanding = 1 WHERE id = :repaying",)),
    (
        "I6",
        "outstanding_not_in_ledger",
        ("UPDATE loan SET outstanding = 1 WHERE id = :repaying",),
    ),
    (
        "I6",
        "schedule_principal_differs",
        (f"UPDATE instalment SET principal = principal + 1 {_OF_REPAYING} AND n = 1",),
    ),
    (
        "I6",
        "schedule_does_not_recompute",
        (f"UPDATE instalment SET interest = interest + 0.01 {_OF_REPAYING} AND n = 7",),
    ),
    (
        "I6",
        "account_not_in_ledger",
        (
            "UPDATE journal_line SET amount = amount + 1 WHERE account = 'loans' AND journal_id ="
            " (SELECT id FROM journal WHERE kind = 'release' AND loan_id = :repaying)",
        ),
    ),
    (
        "I6",
        "account_does_not_fold",
        (f"UPDATE account_event SET kind = 'windfall' {_OF_REPAYING}",),
    ),
    (
        "I6",
        "instalment_differs",
        (f"UPDATE instalment SET due_on = due_on + 1 {_OF_REPAYING} AND n = 7",),
    ),
    ("I6", "instalment_differs", (f"DELETE FROM instalment {_OF_REPAYING} AND n = 12",)),
    (
        "I6",
        "outstanding_not_of_account",
        ("UPDATE loan SET outstanding = outstanding + 1 WHERE id = :repaying",),
    ),
    ("I6", "schedule_without_terms", (f"DELETE FROM contract {_OF_REPAYING}",)),
    (
        "I16",
        "amount_unsound",
        (
            "ALTER TABLE loan DROP CONSTRAINT ck_loan_amount_range",
            "UPDATE loan SET amount = 'NaN' WHERE id = :repaying",
        ),
    ),
    (
        "I16",
        "amount_unsound",  # a yen has no hundredths
        ("UPDATE loan SET currency = 'JPY', amount = 1000.50 WHERE id = :repaying",),
    ),
    ("I16", "rate_unsound", (f"UPDATE contract SET yearly_rate = 'NaN' {_OF_REPAYING}",)),
    (
        "I16",
        "schedule_sum_differs",
        (f"UPDATE instalment SET principal = principal + 1 {_OF_REPAYING} AND n = 1",),
    ),
]
