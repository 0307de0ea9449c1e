"""Sentences for the steps of a case beyond the commonest; see `language/sentences.py`."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

CASE_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "stage.entered": (N_("Reached the stage: %(stage)s"), N_("Reached the next stage")),
    "task.next_level": (
        N_("Half as late again and escalated to the next level: %(task)s"),
        N_("Half as late again and escalated to the next level"),
    ),
    "envelope.sent": (N_("Sent for signature: %(agreement)s"), N_("Sent a document for signature")),
    "envelope.signed": (N_("Signed by the signatory: %(agreement)s"), N_("A document was signed")),
    "envelope.declined": (
        N_("The signatory refused to sign: %(agreement)s"),
        N_("The signatory refused to sign a document"),
    ),
    "envelope.expired": (
        N_("The link for signing has expired: %(agreement)s"),
        N_("A link for signing has expired"),
    ),
    "envelope.voided": (
        N_("The link for signing was withdrawn: %(agreement)s"),
        N_("A link for signing was withdrawn"),
    ),
    "source.answered": (N_("%(source)s answered"), N_("A source answered")),
    "source.pending": (N_("%(source)s has not answered yet"), N_("A source has not answered yet")),
    "source.refused": (N_("%(source)s refused to answer"), N_("A source refused to answer")),
    "contract.drawn_up": (N_("Drew up the loan contract"),),
    "contract.effective": (N_("The loan contract is effective"),),
    "payout.intended": (
        N_("Wrote down the intent to pay out %(amount)s, before anything is sent"),
        N_("Wrote down the intent to pay out, before anything is sent"),
    ),
    "payout.stopped": (N_("Stopped the payment order before it was sent"),),
    "payout.accepted": (N_("The payment rail accepted the payment order"),),
    "note.drawn": (N_("Opened the loan note and its repayment schedule"),),
    "account.changed": (
        N_("On the loan account: %(kind)s, counting from %(value_on)s"),
        N_("Recorded an event of the loan account and brought the books to it"),
    ),
    "receipt.reversed": (
        N_("Reversed the receipt of %(amount)s; the account ran again without it"),
        N_("Reversed a receipt; the account ran again without it"),
    ),
    "collection.failed": (N_("The direct debit was not honoured"),),
    "instalment.due": (
        N_("Instalment %(number)s fell due on %(due_on)s"),
        N_("An instalment fell due"),
    ),
    "day.closed": (N_("A business day was closed"),),
    "day.off": (N_("A business day did not tie out and stays open"),),
    "instalment.overdue": (
        N_("%(days)s days past due; penalty interest accrues"),
        N_("An instalment is overdue; penalty interest accrues"),
    ),
    "review.recorded": (N_("Gave the review opinion: %(verdict)s"), N_("Gave the review opinion")),
    "withdrawal.requested": (N_("Asked to withdraw the application"),),
    "incident.opened": (N_("Opened an incident: %(incident)s"), N_("Opened an incident")),
    "incident.closed": (N_("An incident was resolved"),),
    "history.exported": (N_("Stored the workflow's history with its hash"),),
}
