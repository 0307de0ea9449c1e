"""Money as the bank counts it: an exact decimal amount that never leaves its currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import total_ordering

from domain.violations import LoanRuleViolation

AMOUNT_LIMIT = Decimal(10) ** 13
"""Every amount is smaller than this, in units of its currency, whatever its sign."""

_INTEGER_DIGITS_MAX = 13
_CENT, _YEN = Decimal("0.01"), Decimal(1)
_PLAIN_NUMBER = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")


class Currency(StrEnum):
    """The currencies a loan may be kept in, by ISO 4217 code."""

    CNY = "CNY"
    USD = "USD"
    EUR = "EUR"
    HKD = "HKD"
    JPY = "JPY"

    @property
    def scale(self) -> int:
        """Decimal places of the smallest unit. Source: ISO 4217."""
        return 0 if self is Currency.JPY else 2

    @property
    def smallest_unit(self) -> Decimal:
        """One cent, or one yen."""
        return _YEN if self is Currency.JPY else _CENT


class CurrencyMismatch(LoanRuleViolation):
    """Amounts of two currencies met in one sum or comparison."""

    def __init__(self, left: Currency, right: Currency) -> None:
        super().__init__("amount.currency", left=left.value, right=right.value)


def round_half_up(amount: Decimal, currency: Currency) -> Decimal:
    """Round to the currency's smallest unit, ties away from zero.

    Unit: the currency. Range: finite. Source: the usual commercial rounding (四舍五入).
    """
    return amount.quantize(currency.smallest_unit, rounding=ROUND_HALF_UP)


def checked_amount(amount: Decimal, currency: Currency) -> Decimal:
    """Return the amount written in the currency's scale, or refuse it.

    Unit: the currency. Range: finite, |amount| < 10^13. Rounding: none, a finer amount is refused
    with `amount.scale`; not a number or infinite is `amount.format`, too large `amount.range`.
    """
    if not amount.is_finite():
        raise LoanRuleViolation("amount.format")
    if abs(amount) >= AMOUNT_LIMIT:
        raise LoanRuleViolation("amount.range", limit=f"{AMOUNT_LIMIT:f}")
    in_scale = round_half_up(amount, currency)
    if in_scale != amount:
        raise LoanRuleViolation("amount.scale", scale=str(currency.scale))
    return abs(in_scale) if in_scale.is_zero() else in_scale


def parse_amount(text: str, currency: Currency) -> Decimal:
    """Read an amount as a form or a message writes it: ASCII digits, one point, nothing else.

    Unit: the currency. Range: 0 <= amount < 10^13. Rounding: none, more places than the
    currency has are refused.
    """
    match = _PLAIN_NUMBER.fullmatch(text)
    if match is None:
        raise LoanRuleViolation("amount.format")
    whole, places = match.group(1), match.group(2) or ""
    if len(whole) > _INTEGER_DIGITS_MAX:
        raise LoanRuleViolation("amount.range", limit=f"{AMOUNT_LIMIT:f}")
    if len(places) > currency.scale:
        raise LoanRuleViolation("amount.scale", scale=str(currency.scale))
    return checked_amount(Decimal(text), currency)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency.

    Unit: the currency. Range: finite, |amount| < 10^13. Rounding: none; a finer amount is refused.
    """

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", checked_amount(self.amount, self.currency))

    @classmethod
    def zero(cls, currency: Currency) -> Money:
        """Nothing, in that currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same_currency(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same_currency(other)

    def _same_currency(self, other: Money) -> Decimal:
        if other.currency is not self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount
