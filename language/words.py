"""Words for the codes of forms, sources, schedules and books, by kind. Add a kind or a line here.

The keys are the values of the domain's enums; a code without a word reads "Other".
"""

from __future__ import annotations

from collections.abc import Mapping

from language.account_words import ACCOUNT_WORDS
from language.booking_words import BOOKING_FIELDS, BOOKING_HELP
from language.calendar_messages import CALENDAR_FLASHES
from language.case_words import CASE_WORDS
from language.catalogue import N_
from language.change_messages import CHANGE_FLASHES, CHANGE_WORDS
from language.customer_messages import CUSTOMER_FLASHES, CUSTOMER_WORDS
from language.desk_words import DESK_FLASHES, DESK_WORDS
from language.dossier_messages import DOSSIER_FLASHES
from language.dossier_words import DOSSIER_WORDS
from language.drawdown_messages import DRAWDOWN_FLASHES, DRAWDOWN_WORDS
from language.financial_messages import FINANCIAL_FLASHES, FINANCIAL_WORDS
from language.limit_messages import LIMIT_FLASHES, LIMIT_WORDS
from language.money_messages import (
    HOLD_REASONS,
    MONEY_FLASHES,
    MONEY_INCIDENTS,
    MONEY_WORDS,
)
from language.paper_messages import PAPER_WORDS
from language.portfolio_words import PORTFOLIO_WORDS
from language.quote_words import QUOTE_WORDS
from language.rate_messages import RATE_FLASHES, RATE_WORDS
from language.rating_messages import RATING_FLASHES, RATING_WORDS
from language.verification_messages import VERIFICATION_FLASHES, VERIFICATION_WORDS
from language.watch_messages import WATCH_FLASHES, WATCH_WORDS

WORDS: Mapping[str, Mapping[str, str]] = {
    **QUOTE_WORDS,
    **ACCOUNT_WORDS,
    **RATE_WORDS,
    **PAPER_WORDS,
    **PORTFOLIO_WORDS,
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
        "auditor": N_("Audit report"),
        "lawyer": N_("Lawyer's opinion"),
    },
    "source_status": {
        "answered": N_("Answered"),
        "ok": N_("Answered"),
        "pending": N_("Pending"),
        "refused": N_("Refused"),
        "not_found": N_("Nothing found"),
        "unavailable": N_("Unavailable"),
        "failed": N_("Failed"),
    },
    "match": {
        "match": N_("Matches"),
        "mismatch": N_("Differs"),
        "pending": N_("Pending"),
        "not_comparable": N_("Not comparable"),
    },
    "agreement_status": {
        "sent": N_("Sent for signature"),
        "signed": N_("Signed"),
        "declined": N_("Signature refused"),
        "expired": N_("Expired"),
        "voided": N_("Voided"),
    },
    "agreement": {
        "authorisation": N_("Credit authorisation"),
        "contract": N_("Loan contract"),
    },
    "account": {
        "loans": N_("Loans"),
        "borrower_deposit": N_("Deposit of the borrower"),
        "clearing": N_("Clearing"),
        "interest_receivable": N_("Interest receivable"),
        "interest_income": N_("Interest income"),
        "penalty_income": N_("Penalty interest income"),
        "fee_income": N_("Fee income"),
        "suspense": N_("Suspense"),
        "refund_payable": N_("Refunds payable"),
        "loan_loss_allowance": N_("Allowance for loan losses"),
        "memo_interest": N_("Interest receivable off the books"),
        "memo_written_off": N_("Written off, claim kept"),
        "memo_contra": N_("Off the books, contra"),
    },
    "entry": {
        "release": N_("Disbursement"),
        "accrual": N_("Accrual"),
        "receipt": N_("Receipt"),
        "suspense": N_("Suspense"),
        "suspense_match": N_("Receipt matched"),
        "refund": N_("Refund"),
        "adjustment": N_("Adjustment"),
    },
    "repayment_method": QUOTE_WORDS["schedule_method"],
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
    "field": {
        "registration_number": N_("Registration number"),
        "product_code": N_("Product"),
        "amount": N_("Loan amount"),
        "currency": N_("Currency"),
        "tenor_months": N_("Tenor in months"),
        "repayment_method": N_("Repayment method"),
        "purpose": N_("Purpose of the loan"),
        "repayment_source": N_("Source of repayment"),
        "refinances": N_("Loan it repays"),
        "established_on": N_("Established on"),
        "industry": N_("Industry"),
        "employees": N_("Employees"),
        "legal_representative": N_("Legal representative"),
        "handler_name": N_("Contact person"),
        "handler_phone": N_("Contact's telephone"),
        "signatory_name": N_("Signatory"),
        "signatory_email": N_("Signatory's e-mail"),
        "payee_name": N_("Payee"),
        "payee_account": N_("Payee's account"),
        "payee_bank_code": N_("Bank routing no. (CNAPS)"),
        "guaranteed_amount": N_("Guaranteed amount"),
        "real_estate_backed": N_("Backed by real estate"),
        "in_recession": N_("Falls in a recession"),
        "total_assets": N_("Total assets"),
        "current_assets": N_("Current assets"),
        "current_liabilities": N_("Current liabilities"),
        "total_liabilities": N_("Total liabilities"),
        "equity": N_("Equity"),
        "retained_earnings": N_("Retained earnings"),
        "revenue": N_("Revenue"),
        "ebit": N_("Earnings before interest and tax"),
        "net_profit": N_("Net profit"),
        "interest_expense": N_("Interest expense"),
        **BOOKING_FIELDS,
    },
    "currency": {"CNY": N_("Renminbi (CNY)"), "USD": N_("US dollar (USD)")},
    **CASE_WORDS,
    **CUSTOMER_WORDS,
    **LIMIT_WORDS,
    **FINANCIAL_WORDS,
    **RATING_WORDS,
    **DOSSIER_WORDS,
    **VERIFICATION_WORDS,
    **WATCH_WORDS,
    **CHANGE_WORDS,
    **DRAWDOWN_WORDS,
    **DESK_WORDS,
    "field_help": {**DESK_WORDS["field_help"], **BOOKING_HELP},
    **MONEY_WORDS,
    "flash": {
        **CASE_WORDS["flash"],
        **DESK_FLASHES,
        **RATE_FLASHES,
        **CALENDAR_FLASHES,
        **CUSTOMER_FLASHES,
        **LIMIT_FLASHES,
        **FINANCIAL_FLASHES,
        **RATING_FLASHES,
        **DOSSIER_FLASHES,
        **VERIFICATION_FLASHES,
        **WATCH_FLASHES,
        **CHANGE_FLASHES,
        **DRAWDOWN_FLASHES,
        **MONEY_FLASHES,
    },
    "dossier_choice": {**DOSSIER_WORDS["dossier_choice"], **DESK_WORDS["industry"]},
    "incident": {**CASE_WORDS["incident"], **MONEY_INCIDENTS},
    "suspense_reason": {**CASE_WORDS["suspense_reason"], **HOLD_REASONS},
}
