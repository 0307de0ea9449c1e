"""Words for the desk: choices of the application form, orders of lists, schemes, industries."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

DESK_WORDS: Mapping[str, Mapping[str, str]] = {
    "registration_scheme": {
        "cn_uscc": N_("Unified social credit code"),
        "us_sba_loan": N_("US SBA loan number"),
        "other": N_("Other registration"),
    },
    "industry": {
        "A": N_("Agriculture, forestry, husbandry and fishery"),
        "B": N_("Mining"),
        "C": N_("Manufacturing"),
        "D": N_("Electricity, heat, gas and water"),
        "E": N_("Construction"),
        "F": N_("Wholesale and retail"),
        "G": N_("Transport, storage and post"),
        "H": N_("Lodging and catering"),
        "I": N_("Information technology and software"),
        "K": N_("Real estate"),
        "L": N_("Leasing and business services"),
        "M": N_("Research and technical services"),
        "N": N_("Water, environment and public facilities"),
        "O": N_("Resident services and repair"),
        "P": N_("Education"),
        "Q": N_("Health and social work"),
        "R": N_("Culture, sport and entertainment"),
    },
    "yes_no": {"yes": N_("Yes"), "no": N_("No")},
    "section": {
        "request": N_("The loan"),
        "repayment": N_("Repayment schedule"),
        "enterprise": N_("The enterprise"),
        "people": N_("People"),
        "payee": N_("Payee"),
        "guarantee": N_("Guarantee"),
    },
    "field_help": {
        "amount": N_("Digits with at most two decimals, for example 1200000.00"),
        "purpose": N_("What the money is for, and with whom"),
        "repayment_source": N_("Where the money to repay comes from"),
        "refinances": N_("Case number of this borrower's running loan; empty if it repays none"),
        "signatory_email": N_("The one-time signing link is meant for this address"),
        "payee_bank_code": N_("12 digits"),
    },
    "case_order": {
        "newest": N_("Newest first"),
        "oldest": N_("Oldest first"),
        "deadline": N_("Next deadline first"),
        "amount": N_("Largest amount first"),
        "customer": N_("By customer"),
    },
    "task_holder": {
        "all": N_("All tasks"),
        "mine": N_("Taken by me"),
        "free": N_("Not taken yet"),
        "overdue": N_("Past the deadline"),
    },
}

DESK_FLASHES: Mapping[str, str] = {
    "submitted": N_("The application is submitted and has its case number."),
    "draft_saved": N_("The draft is saved."),
    "draft_document": N_("The document is uploaded."),
    "customer_opened": N_("The customer dossier is open."),
    "customer_known": N_("There is a dossier for this registration number already; here it is."),
    "task_taken": N_("You have taken the task."),
    "task_put_back": N_("The task is back in the common list."),
    "day_end_asked": N_("The day is being run again."),
    "staff_added": N_("The account is open."),
    "staff_closed": N_("The account is closed and signed out."),
}
