"""What the check of the books and the replay of a loan say to the person at the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_, Language, translator

INVARIANTS: Mapping[str, str] = {
    "I1": N_("Every journal and the ledger sum to zero"),
    "I2": N_("Each loan is paid out exactly once"),
    "I3": N_("The payment rail and the ledger agree"),
    "I4": N_("Money left only on full authority"),
    "I5": N_("No receipt is lost"),
    "I6": N_("Outstanding principal and interest recompute"),
    "I7": N_("No case is forgotten"),
    "I8": N_("The books agree with the process"),
    "I9": N_("The audit chain is whole and anchored"),
    "I10": N_("Every recorded history replays"),
    "I11": N_("Each outside event took effect once"),
    "I12": N_("The same key has the same answer"),
    "I13": N_("Duties are separate"),
    "I15": N_("Documents match their hashes"),
    "I16": N_("Amounts are sound"),
    "I17": N_("Closed days are whole and agree with the engine"),
}
BREAKS: Mapping[str, str] = {
    "journal_unbalanced": N_("the journal does not sum to zero"),
    "journal_empty": N_("the journal has no lines"),
    "ledger_unbalanced": N_("the ledger does not sum to zero"),
    "payout_settled_twice": N_("paid out more than once"),
    "disbursed_without_payout": N_("disbursed without exactly one settled payout"),
    "payout_without_disbursement": N_("a settled payout of a loan that is not disbursed"),
    "payout_overdue": N_("a payout without a final state for more than five minutes"),
    "payout_unknown_without_incident": N_("an unknown payout without an open incident"),
    "payout_status_unknown": N_("a payout in no known state"),
    "payout_not_in_ledger": N_("a settled payout that the ledger does not show"),
    "ledger_without_payout": N_("a disbursement in the ledger without a settled payout"),
    "rail_without_payout": N_("the rail paid what the books do not know"),
    "payout_not_on_rail": N_("the books hold a payout that the rail does not know"),
    "rail_differs": N_("the rail and the books differ about a payout"),
    "payout_terms_differ": N_("the payout, its drawdown and the effective contract differ"),
    "payout_without_quorum": N_("fewer than two distinct release officers signed"),
    "payout_without_approval": N_("no approval was given on these terms"),
    "payout_before_authority": N_("the payout was decided before its authority was complete"),
    "receipt_lost": N_("the parts of the receipt do not sum to it"),
    "receipt_allocations_differ": N_("the allocations do not sum to what was posted"),
    "transaction_posted_twice": N_("one transaction was booked more than once"),
    "receipt_not_in_ledger": N_("the ledger does not show the receipt"),
    "event_without_receipt": N_("money was reported but no receipt was booked"),
    "paid_without_receipt": N_("what is paid on the instalment differs from its receipts"),
    "held_money_differs": N_("money in suspense differs from the ledger"),
    "refund_unaudited": N_("a refund or its verdict without an audit event"),
    "statement_unaudited": N_("a statement file without an audit event"),
    "refund_without_two_persons": N_("the refund was not approved by another person"),
    "refund_not_in_ledger": N_("the ledger does not show the refund as it ended"),
    "refund_above_receipt": N_("more was refunded than came"),
    "promised_money_differs": N_("money promised back differs from the ledger"),
    "refund_unknown_without_incident": N_("an unknown refund without an open incident"),
    "held_without_incident": N_("held money without an open incident"),
    "line_taken_twice": N_("a statement line was taken in more than once"),
    "line_without_event": N_("a statement line was taken in without its event"),
    "event_without_line": N_("an event of a statement without its line"),
    "statement_lines_missing": N_("lines of the statement file are missing"),
    "outstanding_differs": N_("outstanding principal differs from the schedule"),
    "schedule_principal_differs": N_("the schedule does not sum to what was paid out"),
    "outstanding_not_in_ledger": N_("outstanding principal differs from the ledger"),
    "schedule_without_terms": N_("a schedule without terms"),
    "schedule_does_not_recompute": N_("the schedule does not recompute from its terms"),
    "account_does_not_fold": N_("the events of the account cannot be read again"),
    "account_not_in_ledger": N_("the ledger differs from the account's events"),
    "instalment_differs": N_("an instalment differs from the account's events"),
    "outstanding_not_of_account": N_("outstanding principal differs from the account's events"),
    "wait_without_reason": N_("the case does not name what it waits for"),
    "wait_without_deadline": N_("the case waits without a deadline"),
    "closed_without_end": N_("status and end of the case disagree"),
    "stay_differs": N_("the case and its stay in a stage disagree"),
    "wait_without_task": N_("the case waits for a task that is not open"),
    "task_without_wait": N_("an open task that the case does not wait for"),
    "task_incoherent": N_("the task contradicts itself"),
    "task_forgotten": N_("the task lapsed and nobody noticed"),
    "day_end_steps": N_("a closed day lacks steps"),
    "day_end_gap": N_("a day before a closed one is open"),
    "day_end_off": N_("a closed day does not tie out"),
    "day_end_differs": N_("day end and the engine differ on a note"),
    "instalment_forgotten": N_("the instalment came due and was not taken up"),
    "envelope_forgotten": N_("a link for signing is out that should be closed"),
    "incident_incoherent": N_("the incident contradicts itself"),
    "workflow_missing": N_("the case has no workflow"),
    "workflow_twice": N_("the case has more than one workflow"),
    "workflow_ended_early": N_("the workflow ended but the case is open"),
    "workflow_not_ended": N_("the case is closed but its workflow did not complete"),
    "workflow_without_case": N_("a running workflow without a case or draft"),
    "workflow_failing": N_("the workflow fails to move on"),
    "read_model_differs": N_("the books and the workflow disagree"),
    "state_unanswered": N_("the workflow does not say where it stands"),
    "chain_gap": N_("links of the audit chain are missing"),
    "chain_link_broken": N_("the link does not hold the hash before it"),
    "chain_row_changed": N_("the link was changed"),
    "chain_anchor_differs": N_("the link differs from its anchor"),
    "chain_tail_cut": N_("the end of the audit chain was cut off"),
    "anchor_unreadable": N_("the anchor file holds a line that is no anchor"),
    "stay_unaudited": N_("a change of stage without its audit event"),
    "submission_unaudited": N_("a submission without its audit event"),
    "end_unaudited": N_("an end of the case without its audit event"),
    "decision_unaudited": N_("a verdict without its audit event"),
    "release_unaudited": N_("a release signature without its audit event"),
    "payout_unaudited": N_("a payout without its audit event"),
    "receipt_unaudited": N_("a receipt without its audit event"),
    "history_does_not_replay": N_("the history does not replay on today's code"),
    "stored_history_changed": N_("the stored history is lost or was changed"),
    "event_unprocessed": N_("the event has waited for more than a minute"),
    "event_without_outcome": N_("the event was processed without an outcome"),
    "event_twice": N_("the event is stored more than once"),
    "receipt_effect_twice": N_("one transaction took effect more than once"),
    "signature_effect_twice": N_("one signature took effect more than once"),
    "signature_without_event": N_("a signature without the event that brought it"),
    "receipt_without_event": N_("a receipt without the event that brought it"),
    "answer_incoherent": N_("the kept answer contradicts itself"),
    "answer_unbound": N_("the kept answer is not bound to one request of one person"),
    "answer_of_no_case": N_("the kept answer names a case that does not exist"),
    "command_twice": N_("one command was recorded more than once"),
    "person_has_two_hands": N_("one person holds two duties"),
    "hand_of_another_person": N_("the duty names another person than its account"),
    "hand_without_role": N_("the duty was taken without its role"),
    "officer_without_hand": N_("the customer manager does not hold the duty"),
    "decision_by_no_hand": N_("a verdict by someone without that duty"),
    "maker_approved": N_("the customer manager judged the own case"),
    "approved_twice": N_("one person approved twice"),
    "release_by_no_hand": N_("a release signed by someone without that duty"),
    "act_without_role": N_("an act without the role it needs"),
    "envelope_text_changed": N_("the text sent for signature does not match its hash"),
    "contract_text_differs": N_("the contract's hash is not that of the signed text"),
    "contract_document_differs": N_("a document differs from the hash in the contract"),
    "document_not_in_contract": N_("a document is missing from the contract"),
    "terms_hash_not_signed": N_("the signed text does not name the hash of the terms"),
    "contract_terms_changed": N_("the contract's terms do not match their hash"),
    "document_lost": N_("the stored document is lost"),
    "document_changed": N_("the stored document does not match its hash"),
    "amount_unsound": N_("the amount is not finite, in range and in scale"),
    "rate_unsound": N_("the rate is not finite and in range"),
    "schedule_sum_differs": N_("the schedule does not sum to its principal"),
}
PARTIES: Mapping[str, str] = {
    "database": N_("the database"),
    "temporal": N_("the Temporal server or its worker"),
    "rail": N_("the payment rail"),
    "documents": N_("the document store"),
}
SAYINGS: Mapping[str, str] = {
    "unreachable": N_("not checked: %(party)s cannot be reached"),
    "more": N_("and %(count)s more"),
    "clean": N_("The books hold: nothing is broken."),
    "broken": N_("The books do NOT hold: %(count)s broken."),
    "incomplete": N_("Not everything could be checked."),
    "unknown_loan": N_("There is no loan %(loan)s. Give a case number or the loan's id."),
    "no_party": N_("Cannot reach %(party)s."),
    "no_history": N_("No recorded run was found for this loan."),
    "process": N_("The process"),
    "run": N_("Run %(number)s, %(events)s events"),
    "holds": N_("HOLDS: %(runs)s runs with %(events)s events replay on today's code."),
    "does_not_hold": N_("DOES NOT HOLD: %(difference)s"),
    "differs": N_("%(what)s was %(recorded)s, today's code gives %(today)s"),
}


def invariant_title(invariant: str, language: Language) -> str:
    """What an invariant promises."""
    return translator(language).gettext(INVARIANTS[invariant])


def break_text(code: str, language: Language) -> str:
    """What is wrong with a row."""
    return translator(language).gettext(BREAKS[code])


def party_text(party: str, language: Language) -> str:
    """Whom the check could not reach."""
    return translator(language).gettext(PARTIES[party])


def saying(sentence: str, language: Language, **facts: object) -> str:
    """A sentence of the verify or replay command."""
    return translator(language).gettext(SAYINGS[sentence]) % facts
