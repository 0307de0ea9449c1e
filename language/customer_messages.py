"""What is said where something of a customer is proposed, decided or refused."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_
from language.limit_messages import LIMIT_PROPOSAL_FIELDS

CUSTOMER_MESSAGES: Mapping[str, str] = {
    "customer.unknown": N_("This customer does not exist."),
    "customer.stopped": N_("The bank has stopped lending to this customer."),
    "customer.locked": N_("This customer is locked: nothing is lent and nothing is paid out."),
    "customer.standing_already": N_("That is how this customer stands already."),
    "customer.busy": N_("This customer is being worked on. Please try again in a moment."),
    "proposal.unknown": N_("This proposal does not exist."),
    "proposal.decided": N_("This proposal has already been decided. A correction is a new one."),
    "proposal.own": N_("Another person must decide what you proposed."),
    "proposal.not_own": N_("Only the person who proposed it can take it back."),
    "proposal.spoken": N_("You have already spoken on this proposal."),
    "proposal.comment": N_("Please say why you reject it."),
    "proposal.content": N_("What is proposed does not have the right form."),
}
CUSTOMER_FLASHES: Mapping[str, str] = {
    "proposal_made": N_("It is proposed; another person decides."),
    "proposal_spoken": N_("Your verdict is recorded."),
    "proposal_withdrawn": N_("The proposal is taken back."),
}
CUSTOMER_WORDS: Mapping[str, Mapping[str, str]] = {
    "standing": {
        "open": N_("Open for lending"),
        "stopped": N_("Lending stopped"),
        "locked": N_("Locked"),
    },
    "proposal": {
        "facts": N_("Facts of the dossier"),
        "statements": N_("Financial statements"),
        "document_check": N_("Check of a document"),
        "disposition": N_("Disposition of a difference"),
        "opinion": N_("What a paper states"),
        "stop_lending": N_("Stop lending"),
        "lock": N_("Lock the customer"),
        "unlock": N_("Let lending go on"),
        "rating_override": N_("Override of a rating"),
        "limit": N_("Credit limit"),
        "limit_exception": N_("Exception from a limit"),
        "covenant": N_("Covenant"),
        "covenant_waiver": N_("Waiver of a covenant"),
        "alert_downgrade": N_("Lower colour of an alert"),
        "alert_closure": N_("Closure of an alert"),
        "ladder": N_("Measure after deterioration"),
    },
    "proposal_status": {
        "open": N_("Waiting for approval"),
        "approved": N_("Approved"),
        "rejected": N_("Rejected"),
        "withdrawn": N_("Withdrawn"),
    },
    "proposal_field": {
        "evidence": N_("Proof"),
        **LIMIT_PROPOSAL_FIELDS,
    },
}
