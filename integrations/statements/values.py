"""What one cell of a statement may say: amounts, currencies, days and texts, or a named refusal."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from domain.bank_statements import FIRST_DAY, LAST_DAY
from domain.money import AMOUNT_LIMIT
from domain.violations import LoanRuleViolation

_AMOUNT = re.compile(r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20}))(?:\.([0-9]{1,20}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_WORDS = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD"}
_DAYS = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?: .*)?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
)
_PLACES = 2
_CONCEALING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_REFERENCE_MAX, _TEXT_MAX, _ACCOUNT_MAX = 100, 200, 40


def read_amount(text: str) -> Decimal:
    """An exact amount, maybe signed, thousands parted by commas or not at all.

    Violations: `line.amount`, `line.amount_scale`, `line.amount_range`. Zero is no money.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise LoanRuleViolation("line.amount")
    sign, whole, places = found[1], found[2].replace(",", ""), (found[3] or "").rstrip("0")
    if len(places) > _PLACES:
        raise LoanRuleViolation("line.amount_scale", scale=str(_PLACES))
    amount = Decimal(f"{sign}{whole}.{places:0<2}")
    if amount == 0 or abs(amount) >= AMOUNT_LIMIT:
        raise LoanRuleViolation("line.amount_range")
    return amount


def read_currency(text: str) -> str:
    """An ISO 4217 code, or the Chinese word for one. Violation: `line.currency`."""
    asked = text.strip()
    code = _CURRENCY_WORDS.get(asked, asked.upper())
    if _CURRENCY.fullmatch(code) is None:
        raise LoanRuleViolation("line.currency")
    return code


def read_day(text: str) -> date:
    """A day from 2000 to 2100, however it is parted. Violations: `line.date`, `line.date_range`."""
    for shape in _DAYS:
        found = shape.fullmatch(text.strip())
        if found is not None:
            return _day(int(found[1]), int(found[2]), int(found[3]))
    raise LoanRuleViolation("line.date")


def read_reference(text: str | None) -> str:
    """The bank's own number of a transaction. Violations: `line.no_reference`, `line.reference`."""
    reference = (text or "").strip()
    if not reference:
        raise LoanRuleViolation("line.no_reference")
    if len(reference) > _REFERENCE_MAX or _conceals(reference):
        raise LoanRuleViolation("line.reference", max=str(_REFERENCE_MAX))
    return reference


def read_text(text: str | None, longest: int = _TEXT_MAX) -> str | None:
    """What the payer wrote: invisible marks left out, spaces joined, cut at what is kept."""
    if text is None:
        return None
    plain = "".join(" " if _hidden(mark) else mark for mark in text)
    return " ".join(plain.split())[:longest] or None


def read_account(text: str | None) -> str | None:
    """An account number without its spaces."""
    kept = read_text(text, 4 * _ACCOUNT_MAX)
    return kept.replace(" ", "")[:_ACCOUNT_MAX] if kept else None


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise LoanRuleViolation("line.date") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise LoanRuleViolation("line.date_range")
    return found


def _conceals(text: str) -> bool:
    return any(_hidden(mark) for mark in text)


def _hidden(mark: str) -> bool:
    return unicodedata.category(mark) in _CONCEALING
