"""What a refused person reads: one sentence for each code of a finding or violation."""

from __future__ import annotations

from collections.abc import Mapping

from language.account_messages import ACCOUNT_MESSAGES
from language.booking_words import BOOKING_MESSAGES
from language.calculator_messages import CALCULATOR_MESSAGES
from language.calendar_messages import CALENDAR_MESSAGES
from language.case_messages import CASE_MESSAGES
from language.catalogue import N_, Language, translator
from language.change_messages import CHANGE_MESSAGES
from language.customer_messages import CUSTOMER_MESSAGES
from language.desk_messages import DESK_MESSAGES
from language.dossier_messages import DOSSIER_MESSAGES
from language.drawdown_messages import DRAWDOWN_MESSAGES
from language.facts import readable
from language.financial_messages import FINANCIAL_MESSAGES
from language.limit_messages import LIMIT_MESSAGES
from language.money_messages import MONEY_MESSAGES
from language.paper_messages import PAPER_MESSAGES
from language.portfolio_words import PORTFOLIO_MESSAGES
from language.rate_messages import RATE_MESSAGES
from language.rating_messages import RATING_MESSAGES
from language.scoring_messages import SCORING_MESSAGES
from language.verification_messages import VERIFICATION_MESSAGES
from language.watch_messages import WATCH_MESSAGES

MESSAGES: Mapping[str, str] = {
    "field.required": N_("Please fill in this field."),
    "field.unknown": N_("The request has a field that does not exist."),
    "text.blank": N_("Please fill in this field."),
    "text.too_long": N_("Please shorten this to at most %(max)s characters."),
    "text.control": N_("Please remove invisible or control characters."),
    "text.bidi": N_("Please remove invisible or control characters."),
    "choice.unknown": N_("Please choose one of the options."),
    "integer.malformed": N_("Please enter a whole number."),
    "figure.malformed": N_("Please enter a number, for example 1200000.00."),
    "figure.negative": N_("This figure must not be negative."),
    "amount.format": N_("Please enter a number, for example 1200000.00."),
    "amount.scale": N_("Please enter at most %(scale)s decimal places."),
    "amount.range": N_("This amount is outside what can be booked."),
    "amount.out_of_range": N_("Please enter an amount from %(min)s to %(max)s."),
    "amount.currency": N_("The currencies do not match."),
    "currency.unknown": N_("Please choose one of the options."),
    "currency.not_offered": N_("The product is not offered in this currency."),
    "method.not_offered": N_("The product is not offered with this repayment method."),
    "product.mismatch": N_("Please choose one of the options."),
    "tenor.out_of_range": N_("Please enter a tenor from %(min)s to %(max)s months."),
    "terms.tenor": N_("Please enter a tenor from %(min)s to %(max)s months."),
    "terms.rate": N_("The yearly rate is outside what is allowed."),
    "terms.principal": N_("This amount is outside what can be booked."),
    "terms.date": N_("All days of a loan must lie in the years 1900 to 2100."),
    "date.malformed": N_("Please enter a date that exists, as year-month-day."),
    "date.impossible": N_("Please enter a date that exists, as year-month-day."),
    "date.future": N_("This date must not lie in the future."),
    "guarantee.exceeds_amount": N_("The guaranteed amount is larger than the loan."),
    "phone.malformed": N_("Please enter a telephone number, digits only."),
    "case_number.malformed": N_("A case number looks like CL20260120-000123."),
    "refinances.unknown": N_("This borrower has no running loan of this case number."),
    "email.malformed": N_("Please enter an e-mail address."),
    "account.malformed": N_("Please enter an account number, digits only."),
    "bank_code.malformed": N_("A bank routing number (CNAPS) has 12 digits."),
    "bank_code.check_digit": N_(
        "The check digit of the bank routing number looks wrong. Please compare it."
    ),
    "registration.format": N_("The registration number does not have the right form."),
    "registration.check_digit": N_(
        "The check digit is wrong. Please compare with the business licence."
    ),
    "statement.missing_year": N_("The financial statements of this year are missing."),
    "statement.no_assets": N_("Total assets must be above zero."),
    "statement.unbalanced": N_("Total assets must equal total liabilities and equity."),
    "statement.part_exceeds_whole": N_("A part must not be larger than its total."),
    "document.required": N_("Please upload this document."),
    "document.empty": N_("The file is empty."),
    "document.too_large": N_("The file is larger than %(max_mb)s MB."),
    "document.media_type": N_("Only PDF, PNG, JPEG and XLSX files are accepted."),
    "document.mislabelled": N_("The file's content does not match its name."),
    "document.name_unsafe": N_("Please give the file a plain name."),
    "pricing.grade_not_offered": N_("The product is not offered at this rating grade."),
    "model.unknown": N_("The rule table names a model that does not exist."),
    "policy.malformed": N_("The rule table cannot be read."),
    "contract.malformed": N_("The contract's terms of late money cannot be read."),
    "product.malformed": N_("The rule table cannot be read."),
    "unknown_field": N_("The request has a field that does not exist."),
    "duplicate_field": N_("The request names a field twice."),
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
    **ACCOUNT_MESSAGES,
    **CHANGE_MESSAGES,
    **BOOKING_MESSAGES,
    **CALCULATOR_MESSAGES,
    **CASE_MESSAGES,
    **DESK_MESSAGES,
    **DRAWDOWN_MESSAGES,
    **LIMIT_MESSAGES,
    **MONEY_MESSAGES,
    **PAPER_MESSAGES,
    **RATE_MESSAGES,
    **WATCH_MESSAGES,
    **CUSTOMER_MESSAGES,
    **FINANCIAL_MESSAGES,
    **SCORING_MESSAGES,
    **RATING_MESSAGES,
    **DOSSIER_MESSAGES,
    **VERIFICATION_MESSAGES,
    **PORTFOLIO_MESSAGES,
    **CALENDAR_MESSAGES,
}
_ELSE = N_("This entry does not meet the bank's rules. Please check it.")


def message_for(code: str, params: Mapping[str, str], language: Language) -> str:
    """The sentence of a code. A code or figure we have no words for gives the general sentence."""
    gettext = translator(language).gettext
    try:
        return gettext(MESSAGES.get(code, _ELSE)) % readable(params, language)
    except KeyError:
        return gettext(_ELSE)
