"""What a refused person reads: one sentence for each code of a finding or violation."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_, Language, translator
from language.facts import readable

MESSAGES: Mapping[str, str] = {
    "required": N_("Please fill in this field."),
    "missing": N_("Please fill in this field."),
    "too_long": N_("Please shorten this to at most %(max)s characters."),
    "too_short": N_("Please enter at least %(min)s characters."),
    "not_a_number": N_("Please enter a number, for example 1200000.00."),
    "not_finite": N_("Please enter a number, for example 1200000.00."),
    "excess_scale": N_("Please enter at most %(places)s decimal places."),
    "not_positive": N_("Please enter a figure above zero."),
    "too_small": N_("Please enter at least %(min)s."),
    "too_large": N_("Please enter at most %(max)s."),
    "not_a_date": N_("Please enter a date that exists, as year-month-day."),
    "date_in_future": N_("This date must not lie in the future."),
    "date_in_past": N_("This date must not lie in the past."),
    "forbidden_characters": N_("Please remove invisible or control characters."),
    "unknown_choice": N_("Please choose one of the options."),
    "unknown_field": N_("The request has a field that does not exist."),
    "duplicate_field": N_("The request names a field twice."),
    "wrong_length": N_("The number does not have the right length."),
    "wrong_characters": N_("The number has characters it may not have."),
    "check_digit": N_("The check digit is wrong. Please compare with the business licence."),
    "file_missing": N_("Please upload this document."),
    "file_empty": N_("The file is empty."),
    "file_too_large": N_("The file is larger than %(max_mb)s MB."),
    "file_type": N_("Only PDF, PNG, JPEG and XLSX files are accepted."),
    "file_mislabelled": N_("The file's content does not match its name."),
    "not_found": N_("This does not exist, or it is not yours to see."),
    "role_missing": N_("Your role does not allow this."),
    "two_hands": N_("You have another duty on this case, so someone else must do this."),
    "stale": N_("The case has moved on since you opened the page. Please read it again."),
    "findings": N_("Some entries need your attention."),
    "task_closed": N_("This task is already closed."),
    "task_claimed": N_("A colleague is already working on this task."),
    "not_your_task": N_("This task belongs to someone else."),
    "case_closed": N_("This case is closed."),
    "wrong_stage": N_("The case is not at the stage where this can be done."),
    "reason_required": N_("Please give a reason."),
    "engine_unavailable": N_(
        "The process engine cannot be reached. Nothing is lost; please try again in a moment."
    ),
    "sign_in_failed": N_("The name or the password is wrong."),
    "too_many_attempts": N_("Too many attempts. Please wait a few minutes."),
    "session_expired": N_("Your session has ended. Please sign in again."),
    "csrf": N_("The page was open too long. Please load it again and repeat the step."),
    "customer_locked": N_("This customer is locked."),
}
_ELSE = N_("This entry does not meet the bank's rules. Please check it.")


def message_for(code: str, params: Mapping[str, str], language: Language) -> str:
    """The sentence of a code. A code or figure we have no words for gives the general sentence."""
    gettext = translator(language).gettext
    try:
        return gettext(MESSAGES.get(code, _ELSE)) % readable(params, language)
    except KeyError:
        return gettext(_ELSE)
