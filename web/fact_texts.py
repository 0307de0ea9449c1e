"""What a source states, as a person reads it; sources send everything as text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from language import formats
from language.catalogue import Language
from language.labels import word
from language.words import WORDS

AMOUNTS = frozenset(
    {
        *("revenue", "net_profit", "arrears", "claim_amount", "inflow_12m", "invoiced_12m"),
        *("registered_capital", "total_assets", "equity", "tax", "tax_paid", "secured_amount"),
    }
)
CODES = frozenset({"status", "worst_class", "licence_status"})
SHARES = frozenset({"largest_customer_share"})
_FLAGS = ("true", "false")


def fact_text(name: str, value: str | None, currency: str, language: Language) -> str:
    """One fact by its name: an amount, a date, a code, or the text itself."""
    if value is None or value == "":
        return "–"
    if value in _FLAGS or (name in CODES and value in WORDS["fact_value"]):
        return word("fact_value", value, language)
    try:
        return _figure(name, value, currency, language)
    except (InvalidOperation, ValueError):
        return value


def _figure(name: str, value: str, currency: str, language: Language) -> str:
    if name in AMOUNTS:
        return formats.plain_amount_text(Decimal(value), currency, language)
    if name in SHARES:
        return formats.percent_text(Decimal(value), language)
    if name.endswith("_on"):
        return formats.date_text(date.fromisoformat(value), language)
    return value
