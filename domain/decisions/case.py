"""The facts of one case, gathered for its policy. What no source stated stays missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.applications import ApplicationFacts
from domain.decisions.facts import FactValue
from domain.products import ProductRules
from domain.scoring import Score
from domain.strict_data import read_number
from domain.verification import Comparison, SourceFacts, SourceStatus, mismatches

_COUNT = re.compile("[0-9]{1,7}")
_FLAGS = {"true": True, "false": False}

Reports = Mapping[str, SourceFacts]


def case_facts(
    *,
    product: ProductRules,
    application: ApplicationFacts,
    score: Score,
    reports: Reports,
    comparisons: tuple[Comparison, ...],
    today: date,
) -> dict[str, FactValue]:
    """Everything a policy may ask about the case, on one day.

    The bank's own history is the report `internal`, with `days_past_due_here` and `loans_before`.
    """
    return {
        **_asked(product, application, today),
        **_stated(reports),
        "sources_pending": Decimal(_pending(product, reports)),
        "verification_mismatches": Decimal(mismatches(comparisons)),
        "grade": score.grade,
        "score": score.value,
        "pd": score.pd,
    }


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to a later one; a month is whole on the same day of the month."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def _asked(
    product: ProductRules, application: ApplicationFacts, today: date
) -> dict[str, FactValue]:
    latest, since = application.latest_statement, application.established_on
    return {
        "amount": application.amount,
        "tenor_months": Decimal(application.tenor_months),
        "above_auto_cap": application.amount > product.auto_approve_max,
        "months_established": Decimal(months_between(since, today)) if since else None,
        "net_worth": latest.equity if latest else None,
    }


def _stated(reports: Reports) -> dict[str, FactValue]:
    loans_before = _count(reports, "internal", "loans_before")
    return {
        "first_time_borrower": None if loans_before is None else loans_before == 0,
        "days_past_due_here": _count(reports, "internal", "days_past_due_here"),
        "days_past_due_elsewhere": _count(reports, "bureau", "days_past_due_elsewhere"),
        "licence_status": _text(reports, "registry", "status"),
        "sanctions_listed": _flag(reports, "sanctions", "hit"),
        "dishonest_debtor": _flag(reports, "courts", "dishonest_debtor"),
        "tax_grade": _text(reports, "tax", "grade"),
        "tax_arrears": read_number(_text(reports, "tax", "arrears")),
    }


def _pending(product: ProductRules, reports: Reports) -> int:
    answered = {name for name, report in reports.items() if report.status is SourceStatus.ANSWERED}
    return len(set(product.sources) - answered)


def _text(reports: Reports, source: str, fact: str) -> str | None:
    report = reports.get(source)
    if report is None or report.status is not SourceStatus.ANSWERED:
        return None
    return report.facts.get(fact)


def _count(reports: Reports, source: str, fact: str) -> Decimal | None:
    text = _text(reports, source, fact)
    return Decimal(text) if text is not None and _COUNT.fullmatch(text) else None


def _flag(reports: Reports, source: str, fact: str) -> bool | None:
    return _FLAGS.get(_text(reports, source, fact) or "")
