"""Words of money in: why a file, a line, a match or a refund is refused, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

MONEY_MESSAGES: Mapping[str, str] = {
    "file.missing": N_("Please choose a file."),
    "file.empty": N_("The file is empty."),
    "file.too_large": N_("The file is larger than %(max_mb)s MB."),
    "file.damaged": N_("The file is damaged: its XML cannot be read to the end."),
    "file.dtd": N_("The file declares a document type or entities. Such files are not read."),
    "file.too_deep": N_("The file is nested too deeply."),
    "file.unknown": N_("The file is neither camt.053 nor camt.054 nor CSV."),
    "file.encoding": N_("The file is no text in UTF-8, UTF-16 or GB 18030."),
    "file.no_header": N_(
        "No line names the columns. Needed are the bank's reference, the amount and the date."
    ),
    "file.no_lines": N_("The file holds no lines."),
    "file.too_many_lines": N_("The file holds more than %(max)s lines. Please split it."),
    "line.amount": N_("The amount cannot be read."),
    "line.amount_scale": N_("The amount has more than %(scale)s decimal places."),
    "line.amount_range": N_("The amount is outside what can be booked."),
    "line.currency": N_("The currency is missing or unknown."),
    "line.date": N_("The date cannot be read."),
    "line.date_range": N_("The date lies outside the years 2000 to 2100."),
    "line.no_reference": N_("The bank's reference is missing."),
    "line.reference": N_("The bank's reference is too long or holds invisible characters."),
    "line.reference_differs": N_("The bank's reference is known with another amount."),
    "line.known": N_("Known already"),
    "line.not_booked": N_("Not booked by the bank yet"),
    "line.outgoing": N_("Money paid out"),
    "line.direction": N_("The direction cannot be read."),
    "line.both_sides": N_("Both debit and credit are filled in."),
    "line.red_entry": N_(
        "A negative credit takes an earlier one back. Please reverse that receipt."
    ),
    "line.columns": N_("The line has too few columns."),
    "line.quotes": N_("A quotation mark is left open."),
    "line.too_long": N_("The line is too long."),
    "line.batch_amounts": N_("The batch does not say the amounts of its payments."),
    "line.batch_differs": N_("The batch does not add up to its entry."),
    "line.batch_currency": N_("The batch mixes currencies."),
    "suspense.not_open": N_("This money is no longer held."),
    "suspense.refund_open": N_("A refund of this money is under way."),
    "suspense.wrong_currency": N_("The loan is kept in %(currency)s; this money is not."),
    "suspense.before_drawdown": N_("The money came before the loan was drawn on %(drawn_on)s."),
    "suspense.value_ahead": N_("The money's value date is still to come."),
    "suspense.reason": N_("Please give a reason of at most %(max)s characters."),
    "suspense.no_such_case": N_("There is no case with this number."),
    "refund.nothing_held": N_("Nothing of this receipt is held."),
    "refund.open": N_("A refund of this receipt is under way already."),
    "refund.unknown": N_("This refund does not exist."),
    "refund.not_open": N_("This refund has already been decided."),
    "refund.comment": N_("Please say why the refund is rejected."),
    "refund.money_moved": N_("The money held has changed since the refund was proposed."),
    "refund.account": N_("Please enter an account number: letters and digits, at most 34."),
}
MONEY_WORDS: Mapping[str, Mapping[str, str]] = {
    "statement_format": {
        "camt.053": N_("camt.053 statement"),
        "camt.054": N_("camt.054 notification"),
        "csv": N_("CSV file"),
    },
    "statement_door": {
        "desk": N_("Money-in desk"),
        "api": N_("Programming interface"),
        "cli": N_("Command line"),
    },
    "line_state": {
        "waiting": N_("Waiting"),
        "posted": N_("Posted"),
        "held": N_("Held in suspense"),
        "returned": N_("Returned"),
        "refunded": N_("Refunded"),
        "duplicate": N_("Known already"),
        "refused": N_("Not accepted"),
        "passed_over": N_("Passed over"),
        "taken": N_("Taken in"),
        "unmatched": N_("Fits no receipt"),
    },
    "line_head": {
        "number": N_("Line no."),
        "state": N_("State"),
        "reference": N_("Bank reference"),
        "amount": N_("Amount"),
        "reason": N_("Reason"),
    },
    "matched_by": {
        "debit_key": N_("Direct debit"),
        "loan_id": N_("Loan's id"),
        "case_number": N_("Case number"),
        "payer_account": N_("Payer's account"),
    },
    "refund_status": {
        "proposed": N_("Awaits a second person"),
        "approved": N_("Approved"),
        "sent": N_("Sent to the rail"),
        "accepted": N_("Accepted by the rail"),
        "unknown": N_("Result unknown"),
        "settled": N_("Paid back"),
        "rejected": N_("Rejected"),
        "failed": N_("The rail would not pay"),
    },
}
MONEY_FLASHES: Mapping[str, str] = {
    "statement_taken": N_("The file is taken in."),
    "statement_known": N_("This very file was taken in before; here is what became of it."),
    "receipt_matched": N_("The money is booked to the loan."),
    "receipt_unposted": N_("The money is taken out of the loan and held again."),
    "refund_proposed": N_("The refund awaits a second person."),
    "refund_approved": N_("The refund is approved and goes to the payment rail."),
    "refund_rejected": N_("The refund is rejected; the money stays held."),
}
MONEY_INCIDENTS: Mapping[str, str] = {
    "return": N_("Return that needs a person"),
    "refund_unknown": N_("Refund with unknown result"),
    "refund_failed": N_("Refund the rail would not pay"),
}
HOLD_REASONS: Mapping[str, str] = {
    "ambiguous": N_("More than one loan is named"),
    "payment_back": N_("A payment of our own came back"),
    "value_closed": N_("The value date lies in a closed period"),
    "value_ahead": N_("The value date is still to come"),
    "unposted": N_("Taken out of a loan it was not meant for"),
    "returned": N_("Taken back by its bank"),
    "return_unmatched": N_("The return names no receipt"),
}
MONEY_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "statement.taken": (N_("Took in a bank statement"),),
    "receipt.reversed": (
        N_("Reversed a receipt of %(amount)s; the account was run again without it"),
        N_("Reversed a receipt; the account was run again without it"),
    ),
    "receipt.returned": (
        N_("A held receipt of %(amount)s was taken back by its bank"),
        N_("A held receipt was taken back by its bank"),
    ),
    "refund.proposed": (
        N_("Proposed to refund %(amount)s"),
        N_("Proposed a refund"),
    ),
    "refund.approved": (
        N_("Approved a refund of %(amount)s"),
        N_("Approved a refund"),
    ),
    "refund.rejected": (N_("Rejected a refund; the money stays held"),),
    "refund.sent": (N_("Sent a refund to the payment rail"),),
    "refund.unknown": (
        N_("The payment rail gave no answer to a refund; it is queried, never paid again"),
    ),
    "refund.settled": (
        N_("A refund of %(amount)s was paid"),
        N_("A refund was paid"),
    ),
    "refund.failed": (N_("The payment rail would not pay a refund; the money is held again"),),
}
