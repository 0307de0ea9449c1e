"""What is said on the desk's pages when something is refused: drafts, customers, tasks, staff."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

_NOT_YOURS = N_("This does not exist, or it is not yours to see.")

DESK_MESSAGES: Mapping[str, str] = {
    "customer.unknown": _NOT_YOURS,
    "draft.unknown": _NOT_YOURS,
    "task.unknown": _NOT_YOURS,
    "staff.unknown": _NOT_YOURS,
    "draft.submitted": N_("This application has already been submitted."),
    "product.not_offered": N_("The bank does not offer this product at the moment."),
    "task.closed": N_("This task is already closed."),
    "task.claimed": N_("A colleague is already working on this task."),
    "task.outside": N_("The signatory does this through the one-time link."),
    "task.not_yours": N_("This task belongs to someone else."),
    "document.kind": N_("The product does not ask for this document."),
    "request.form": N_("The form arrived incomplete. Please send it again."),
    "request.invalid": N_("The address or the form has an entry that cannot be read."),
    "request.media_type": N_("The form arrived incomplete. Please send it again."),
    "http.405": N_("This address cannot be used in this way."),
    "http.413": N_("What you sent is larger than the bank accepts."),
    "http.500": N_(
        "The fault is ours and has been recorded. Nothing you entered has changed the books."
    ),
    "http.429": N_("Too many attempts. Please wait a few minutes."),
    "staff.username_taken": N_("This sign-in name is already in use."),
    "staff.username_format": N_(
        "Please use 3 to 32 small letters, digits, dots, hyphens or underscores."
    ),
    "staff.roles": N_("Please choose at least one role."),
    "staff.self": N_("You cannot close your own account."),
    "password.too_short": N_("Please use at least %(min)s characters."),
    "password.too_long": N_("Please use at most %(max)s characters."),
    "password.common": N_("This password is too easy to guess. Please use an uncommon one."),
}
