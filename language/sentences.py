"""The timeline in the bank's words: one sentence for each audit action.

An action may have several sentences, the fullest first; the first whose facts were all recorded
is the one that is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from language.case_sentences import CASE_SENTENCES
from language.catalogue import N_, Language, translator
from language.change_messages import CHANGE_SENTENCES
from language.drawdown_messages import DRAWDOWN_SENTENCES
from language.facts import readable
from language.financial_messages import FINANCIAL_SENTENCES
from language.limit_messages import LIMIT_SENTENCES
from language.money_messages import MONEY_SENTENCES

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "customer.opened": (N_("Opened the customer dossier"),),
    "draft.opened": (N_("Opened an application draft"),),
    "document.uploaded": (N_("Uploaded %(file_name)s"), N_("Uploaded a document")),
    "paper.printed": (N_("Printed a paper: %(paper)s"), N_("Printed a paper of the loan")),
    "loan.submitted": (
        N_("Submitted the loan application for %(amount)s"),
        N_("Submitted the loan application"),
    ),
    "authorisation.requested": (N_("Sent the credit authorisation for signature"),),
    "authorisation.signed": (
        N_("The credit authorisation was signed by %(signer)s"),
        N_("The credit authorisation was signed"),
    ),
    "authorisation.refused": (N_("The borrower refused to sign the credit authorisation"),),
    "sources.requested": (N_("Asked all sources at once"),),
    "sources.collected": (
        N_("Collected the facts: %(answered)s sources answered, %(pending)s pending"),
        N_("Collected the facts from the sources"),
    ),
    "rating.made": (
        N_("Rated the enterprise: grade %(grade)s"),
        N_("Rated the enterprise"),
    ),
    "decision.made": (
        N_("The decision engine decided: %(verdict)s"),
        N_("The decision engine decided"),
    ),
    "task.opened": (N_("Opened a task: %(task)s"), N_("Opened a task")),
    "task.claimed": (N_("Took the task: %(task)s"), N_("Took the task")),
    "task.released": (N_("Put the task back: %(task)s"), N_("Put the task back")),
    "task.reminded": (
        N_("Reminder: less than a fifth of the time is left for: %(task)s"),
        N_("Reminder: less than a fifth of the task's time is left"),
    ),
    "task.escalated": (
        N_("Past its deadline and escalated to the supervisor: %(task)s"),
        N_("Past its deadline and escalated to the supervisor"),
    ),
    "task.timed_out": (N_("The task timed out: %(task)s"), N_("The task timed out")),
    "task.extended": (
        N_("Extended the deadline to %(due_on)s"),
        N_("Extended the deadline to %(due_at)s"),
        N_("Extended the deadline"),
    ),
    "task.closed": (N_("Closed the task: %(task)s"), N_("Closed the task")),
    "review.recorded": (
        N_("Gave the review opinion: %(verdict)s"),
        N_("Gave the review opinion"),
    ),
    "approval.recorded": (
        N_("Decided as authorised approver: %(verdict)s"),
        N_("Decided as authorised approver"),
    ),
    "supplement.requested": (
        N_("Returned the case for a supplement; the clock stops: %(reason)s"),
        N_("Returned the case for a supplement; the clock stops"),
    ),
    "supplement.received": (N_("Sent the supplement; the clock runs again"),),
    "contract.drawn": (N_("Drew up the loan contract and sent it for signature"),),
    "contract.requested": (N_("Sent the loan contract for signature"),),
    "contract.signed": (
        N_("The loan contract was signed by %(signer)s"),
        N_("The loan contract was signed"),
    ),
    "contract.refused": (N_("The borrower refused to sign the loan contract"),),
    "conditions.met": (N_("All conditions precedent are met"),),
    "release.reviewed": (N_("Reviewed the release and found it in order"),),
    "release.rechecked": (N_("Rechecked the release and gave it free"),),
    "release.refused": (N_("Refused the release: %(reason)s"), N_("Refused the release")),
    "payout.sent": (
        N_("Sent the payment order for %(amount)s to the payment rail"),
        N_("Sent the payment order to the payment rail"),
    ),
    "payout.settled": (
        N_("The loan of %(amount)s was disbursed"),
        N_("The loan was disbursed"),
    ),
    "payout.rejected": (
        N_("The payment rail rejected the payment order: %(reason)s"),
        N_("The payment rail rejected the payment order"),
    ),
    "payout.unknown": (
        N_("The payment rail gave no answer; the order is queried, never paid again"),
    ),
    "instalment.due": (
        N_("Instalment %(number)s of %(amount)s fell due"),
        N_("Instalment %(number)s fell due"),
        N_("An instalment fell due"),
    ),
    "instalment.paid": (
        N_("Instalment %(number)s was paid in full"),
        N_("An instalment was paid in full"),
    ),
    "instalment.overdue": (
        N_("Instalment %(number)s is overdue; penalty interest accrues"),
        N_("An instalment is overdue; penalty interest accrues"),
    ),
    "penalty.accrued": (
        N_("Penalty interest of %(amount)s accrued"),
        N_("Penalty interest accrued"),
    ),
    "receipt.posted": (
        N_("Received %(amount)s and set it off against the instalments"),
        N_("Received a payment and set it off against the instalments"),
    ),
    "receipt.suspense": (
        N_("Received %(amount)s that fits no loan; it is held in suspense"),
        N_("Received a payment that fits no loan; it is held in suspense"),
    ),
    "receipt.matched": (N_("Matched a held receipt to this loan"),),
    "loan.settled": (N_("The last receipt settled the loan"),),
    "loan.closed": (N_("The case was closed"),),
    "loan.withdrawn": (
        N_("The application was withdrawn: %(reason)s"),
        N_("The application was withdrawn"),
    ),
    "loan.expired": (N_("The case expired because its deadline passed"),),
    "loan.declined": (
        N_("The application was declined: %(reason)s"),
        N_("The application was declined"),
    ),
    "loan.cancelled": (N_("The case was cancelled"),),
    "history.read": (N_("Read the recorded history"),),
    "staff.signed_in": (N_("Signed in"),),
    "staff.signed_out": (N_("Signed out"),),
    **CASE_SENTENCES,
    **CHANGE_SENTENCES,
    **DRAWDOWN_SENTENCES,
    **LIMIT_SENTENCES,
    **MONEY_SENTENCES,
    **FINANCIAL_SENTENCES,
}
_REFUSED = N_("An act was refused by the bank's rules")
_ELSE = N_("A step of the process was recorded")


def sentence_for(action: str, facts: Mapping[str, object], language: Language) -> str:
    """What happened, as the timeline tells it; never the raw action."""
    gettext = translator(language).gettext
    words = readable(facts, language)
    for sentence in SENTENCES.get(action, ()):
        try:
            return gettext(sentence) % words
        except KeyError:
            continue
    return gettext(_REFUSED if action.startswith("refused.") else _ELSE)
