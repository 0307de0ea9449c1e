"""What the portfolio's addresses ask for. What cannot be read counts as not asked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from domain.portfolio.exposure import UNRATED
from domain.portfolio.selection import Cut
from domain.portfolio.stress import Shock
from domain.scoring import GRADES
from domain.violations import LoanRuleViolation
from web.forms.lists import Query

_PERCENT = re.compile("-?[0-9]{1,2}([.][0-9]{1,2})?")
_MEMBER = re.compile(r"[\w.-]{1,60}")
_CURRENCY = re.compile("[A-Z]{3}")


def asked_day(query: Query, name: str, otherwise: date) -> date:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        return otherwise


def asked_cut(query: Query) -> tuple[Cut, str]:
    """Which part of the book is opened."""
    name, member = query.get("cut", ""), query.get("of", "")
    cut = Cut(name) if name in set(Cut) else Cut.ALL
    return cut, member if _MEMBER.fullmatch(member) else ""


def asked_currency(query: Query) -> str:
    """The currency asked for; an empty text is every one."""
    text = query.get("currency", "")
    return text if _CURRENCY.fullmatch(text) else ""


def asked_grade(query: Query, name: str) -> str | None:
    """A grade, `unrated`, or None for any."""
    text = query.get(name, "")
    return text if text in {*GRADES, UNRATED} else None


def asked_shock(query: Query) -> Shock:
    """The shock as entered in percent. Violation: `stress.range`, also for what is no number."""
    shock = Shock(*(_percent(query.get(name, "")) for name in ("sales", "margin", "interest")))
    shock.refuse_unlikely()
    return shock


def _percent(text: str) -> Decimal:
    if not text.strip():
        return Decimal(0)
    if not _PERCENT.fullmatch(text.strip()):
        raise LoanRuleViolation("stress.range")
    return Decimal(text.strip()) / 100
