"""What is said where a customer is compared with its sources."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

VERIFICATION_MESSAGES: Mapping[str, str] = {
    "verification.unknown": N_("This verification does not exist."),
    "stale.cell": N_("This difference has been disposed of, or is no longer there."),
    "opinion.empty": N_("Please enter at least one value the paper states."),
}
VERIFICATION_FLASHES: Mapping[str, str] = {
    "verification_asked": N_("All sources are being asked. The page follows their answers."),
}
VERIFICATION_FACTS: Mapping[str, str] = {
    "registered_capital": N_("Registered capital"),
    "statement_year": N_("Year of the statements"),
    "address": N_("Registered address"),
    "controller": N_("Actual controller"),
    "licence_status": N_("State of the business licence"),
    "penalties": N_("Administrative penalties"),
    "total_assets": N_("Total assets"),
    "equity": N_("Equity"),
    "tax": N_("Income tax"),
    "tax_paid": N_("Tax paid"),
    "invoiced_12m": N_("Invoiced in twelve months"),
    "largest_customer_share": N_("Share of the largest buyer"),
    "related_firms": N_("Related firms"),
    "circular_ownership": N_("Circular ownership"),
    "related_in_default": N_("Related firms in default"),
    "registrations": N_("Registered security interests"),
    "secured_amount": N_("Amount secured for others"),
    "seized": N_("Seized property"),
    "loans_here": N_("Loans with this bank"),
}
VERIFICATION_WORDS: Mapping[str, Mapping[str, str]] = {
    "verification": {"of": N_("Verification of")},
    "verification_cause": {
        "by_hand": N_("Asked for by a person"),
        "opened": N_("On opening the dossier"),
        "opinion": N_("After a paper was entered"),
        "dossier.changed": N_("After the dossier changed"),
        "event": N_("After an event"),
        "demo": N_("demonstration book"),
    },
    "cell_verdict": {
        "match": N_("Matches"),
        "mismatch": N_("Differs"),
        "hit": N_("Hit"),
        "explained": N_("Explained"),
        "corrected": N_("Corrected"),
        "false_material": N_("False material"),
        "pending": N_("Pending"),
        "not_comparable": N_("Not comparable"),
        "missing": N_("Not declared"),
    },
    "disposition": {
        "explained": N_("It has a good reason"),
        "corrected": N_("It is being corrected"),
        "false_material": N_("False material is proven"),
    },
    "source_failure": {
        "timeout": N_("No answer in time; it is asked again"),
        "unreachable": N_("Cannot be reached; it is asked again"),
        "server_error": N_("Out of service; it is asked again"),
        "nonsense": N_("The answer made no sense and was not used; it is asked again"),
        "consent_missing": N_("Not asked: there is no valid authorisation"),
    },
}
