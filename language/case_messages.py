"""What a refused person reads on a case's forms; see `language/messages.py`."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

_CHANGED = N_("The case has changed since you read it. Please read it again, then decide.")

CASE_MESSAGES: Mapping[str, str] = {
    "case.changed": _CHANGED,
    "case.stage": N_("The case is not at the stage where this can be done."),
    "case.closed": N_("This case is closed."),
    "case.unknown": N_("This does not exist, or it is not yours to see."),
    "duty.role": N_("Your role does not allow this."),
    "duty.second_hand": N_("You have another duty on this case, so someone else must do this."),
    "task.not_open": N_("This task is already closed."),
    "task.none_open": N_("No task is open whose deadline could be extended."),
    "task.claimed_by_another": N_("A colleague is already working on this task."),
    "decision.comment": N_("Please give a reason of at least a few words."),
    "decision.verdict": N_("Please choose one of the options."),
    "release.terms_changed": N_("The terms have changed since you read them. Please read again."),
    "release.contract_not_effective": N_("The loan contract is not effective yet."),
    "release.refusal_comment": N_("Please say why you refuse the release."),
    "release.quorum": N_("Two different release officers have to sign."),
    "release.amount_differs": N_("The amount you typed is not the amount of this drawdown."),
    "supplement.not_asked": N_("No supplement is asked for at the moment."),
    "withdraw.too_late": N_("The money has already been released, so the case runs on."),
    "deadline.days": N_("Please enter %(min)s to %(max)s working days."),
    "document.damaged": N_("The file is damaged and cannot be opened."),
    "document.changed": N_("The stored file no longer matches its hash. Please tell the auditor."),
    "consent.required": N_("Please tick the box to agree."),
    "signer.differs": N_("Please type the signatory's name exactly as it is shown."),
    "link.form_expired": N_(
        "The page was open too long. Please load it again and repeat the step."
    ),
    "link.not_delivered": N_("Your answer could not be delivered. Please try again in a moment."),
    "link.used": N_("This link has already been used."),
}
