"""The repayment plan of a draft as the schedule it would be today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.applications.readers import read_amount
from domain.decisions.pricing import pricing
from domain.money import Currency
from domain.quotes import Quote, quote
from domain.schedules import ScheduleLine
from domain.violations import LoanRuleViolation
from persistence.queries.drafts import DraftPage
from web.pages.schedule_chart import Chart, gathered, picture_of

LINES_SHOWN = 120


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """The schedule a draft would have if its money went out today, at the product's dearest rate.

    `lines` are the first ones, as many as a page shows; `refused` says why there is none.
    """

    quote: Quote | None
    lines: tuple[ScheduleLine, ...]
    chart: Chart | None
    refused: LoanRuleViolation | None = None


def preview_of(page: DraftPage) -> PlanPreview | None:
    """The plan as a schedule; None while it does not say enough."""
    plan = page.check.plan
    if plan is None:
        return None
    currency = Currency(page.fields["currency"].strip(" "))
    amount = read_amount(page.fields["amount"], currency)
    rate = max(pricing(page.product, grade) for grade in page.product.margins_by_grade)
    try:
        terms = plan.terms(amount, currency, rate, page.today)
        found = quote(terms, Decimal(0), page.calendar.is_working)
    except LoanRuleViolation as refused:
        return PlanPreview(None, (), None, refused)
    return PlanPreview(found, found.lines[:LINES_SHOWN], picture_of(gathered(found.lines)))
