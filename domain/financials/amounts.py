"""Amounts as statements write them: separators, full-width digits, brackets for below zero."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.money import AMOUNT_LIMIT
from domain.violations import LoanRuleViolation

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_PLAIN = re.compile(r"[0-9]{1,20}")
_PLACES = re.compile(r"[0-9]{1,20}")
_CENT = Decimal("0.01")
_TEXT_MAX = 60
_NOTHING = frozenset({"", "-", "--", "/", "nil", "n/a"})
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30fc"), "-")


class AmountUnit(StrEnum):
    """What one of the figures counts (元, 千元, 万元, 百万元, 亿元)."""

    ONE = "1"
    THOUSAND = "1000"
    TEN_THOUSAND = "10000"
    MILLION = "1000000"
    HUNDRED_MILLION = "100000000"

    @property
    def factor(self) -> Decimal:
        """How many of the currency it is."""
        return Decimal(self.value)


def read_stated(text: str) -> Decimal | None:
    """A figure as a person or a sheet writes it; None where a dash or nothing stands.

    Accepted: full-width digits, thousands parted by commas or blanks, a currency sign, below zero
    by a minus before or after or by brackets. Violation: `figure.malformed`.
    """
    plain = unicodedata.normalize("NFKC", text[: _TEXT_MAX + 1]).translate(_DASHES)
    plain = " ".join(plain.split()).lstrip("¥$€ ")
    if plain.lower() in _NOTHING:
        return None
    if len(text) > _TEXT_MAX:
        raise LoanRuleViolation("figure.malformed")
    bare, below = _unsigned(plain)
    whole, point, places = bare.strip().lstrip("¥$€ ").replace(" ", ",").partition(".")
    if not (_GROUPED.fullmatch(whole) or _PLAIN.fullmatch(whole)):
        raise LoanRuleViolation("figure.malformed")
    if point and not _PLACES.fullmatch(places):
        raise LoanRuleViolation("figure.malformed")
    amount = Decimal(whole.replace(",", "") + point + places)
    return -amount if below and amount else amount


def in_currency(stated: Decimal, unit: AmountUnit) -> Decimal:
    """A stated figure in the currency itself, to the cent.

    Violations: `figure.too_fine` below a cent, `figure.too_large` from 10^13 on.
    """
    amount = stated * unit.factor
    if not amount.is_finite() or abs(amount) >= AMOUNT_LIMIT:
        raise LoanRuleViolation("figure.too_large")
    exact = amount.quantize(_CENT, ROUND_HALF_UP)
    if exact != amount:
        raise LoanRuleViolation("figure.too_fine")
    return abs(exact) if exact.is_zero() else exact


def in_unit(amount: Decimal, unit: AmountUnit) -> Decimal:
    """An amount of the currency as a figure of the unit, exactly, without trailing zeros."""
    stated = (amount / unit.factor).normalize()
    return stated.quantize(Decimal(1)) if stated == stated.to_integral_value() else stated


def _unsigned(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    if text.startswith("-"):
        return text[1:], True
    if text.endswith("-"):
        return text[:-1], True
    return text.removeprefix("+"), False
