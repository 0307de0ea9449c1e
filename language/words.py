"""Words for the codes of forms, sources, schedules and books, by kind. Add a kind or a line here.

The keys are the values of the domain's enums; a code without a word reads "Other".
"""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

WORDS: Mapping[str, Mapping[str, str]] = {
    "source": {
        "registry": N_("Company registry"),
        "bureau": N_("Credit bureau"),
        "bureau_firm": N_("Credit bureau: enterprise"),
        "bureau_controller": N_("Credit bureau: actual controller"),
        "tax": N_("Tax records"),
        "courts": N_("Courts"),
        "sanctions": N_("Sanctions lists"),
        "bank_flow": N_("Bank flow"),
        "invoices": N_("Invoices"),
        "related_parties": N_("Related parties"),
        "collateral_registry": N_("Collateral registry"),
        "internal_history": N_("Internal history"),
        "internal": N_("Internal history"),
    },
    "source_status": {
        "answered": N_("Answered"),
        "ok": N_("Answered"),
        "pending": N_("Pending"),
        "not_found": N_("Nothing found"),
        "unavailable": N_("Unavailable"),
        "failed": N_("Failed"),
    },
    "repayment_method": {
        "equal_instalment": N_("Equal instalment"),
        "equal_principal": N_("Equal principal"),
        "interest_first_bullet": N_("Interest first, bullet"),
        "bullet": N_("Bullet, interest at maturity"),
    },
    "instalment_status": {
        "planned": N_("Planned"),
        "due": N_("Due"),
        "partial": N_("Partly paid"),
        "paid": N_("Paid"),
        "overdue": N_("Overdue"),
    },
    "five_class": {
        "pass": N_("Pass"),
        "special_mention": N_("Special mention"),
        "substandard": N_("Substandard"),
        "doubtful": N_("Doubtful"),
        "loss": N_("Loss"),
    },
    "currency": {"CNY": N_("Renminbi (CNY)"), "USD": N_("US dollar (USD)")},
}
