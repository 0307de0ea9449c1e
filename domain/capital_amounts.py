"""Amounts in words, as papers carry them beside the figures: capitals (大写) and English.

Words are harder to alter than digits; both must say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.money import Currency
from domain.violations import LoanRuleViolation

WORDS_LIMIT = Decimal(10) ** 16
"""Amounts in words are smaller than this: the largest unit that is said is 万亿."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_NAMES_ZH: Mapping[Currency, str] = {
    Currency.CNY: "人民币",
    Currency.USD: "美元",
    Currency.EUR: "欧元",
    Currency.HKD: "港元",
    Currency.JPY: "日元",
}
_NAMES_EN: Mapping[Currency, str] = {
    Currency.CNY: "Renminbi",
    Currency.USD: "US dollars",
    Currency.EUR: "Euros",
    Currency.HKD: "Hong Kong dollars",
    Currency.JPY: "Japanese yen",
}
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (1000, "thousand"),
    (100, "hundred"),
)


def chinese_capitals(amount: Decimal, currency: Currency = Currency.CNY) -> str:
    """人民币壹佰贰拾万元整: the currency, then the amount in capitals.

    Of the two forms the rule allows where the last digit before the point is zero and 角 is not,
    零 is written: 1680.32 is 壹仟陆佰捌拾元零叁角贰分. 整 ends what has neither 角 nor 分.
    Unit: the currency. Range: 0 to below 10^16. Rounding: none, a finer amount is refused.
    Violations: `amount.range`, `amount.scale`.
    Source: the central bank's rules on filling in bills and settlement vouchers (支付结算办法附一).
    """
    yuan, cents = _whole_and_cents(amount, currency)
    jiao, fen = divmod(cents, 10)
    name = _NAMES_ZH[currency]
    if not cents:
        return f"{name}{_capitals(yuan)}元整"
    said = f"{_capitals(yuan)}元" if yuan else ""
    if yuan and (jiao == 0 or yuan % 10 == 0):
        said += "零"
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    if fen:
        said += f"{_DIGITS[fen]}分"
    return name + said


def english_words(amount: Decimal, currency: Currency = Currency.CNY) -> str:
    """Renminbi one million two hundred thousand yuan only.

    Cents follow after "and": "Renminbi ten yuan and five fen only", "US dollars ten and five
    cents only". Unit: the currency. Range: 0 to below 10^16. Rounding: none, a finer amount is
    refused. Violations: `amount.range`, `amount.scale`.
    """
    whole, cents = _whole_and_cents(amount, currency)
    said = [_NAMES_EN[currency], *_english(whole)]
    if currency is Currency.CNY:
        said.append("yuan")
    if cents:
        said += ["and", *_english(cents), _cents_name(currency, cents)]
    return " ".join([*said, "only"])


def _cents_name(currency: Currency, cents: int) -> str:
    if currency is Currency.CNY:
        return "fen"
    return "cent" if cents == 1 else "cents"


def _whole_and_cents(amount: Decimal, currency: Currency) -> tuple[int, int]:
    """The amount split at the point. A sign has no words: a claim in words is never negative."""
    if not amount.is_finite() or not 0 <= amount < WORDS_LIMIT:
        raise LoanRuleViolation("amount.range")
    if amount != amount.quantize(currency.smallest_unit):
        raise LoanRuleViolation("amount.scale", scale=str(currency.scale))
    whole, cents = divmod(int(amount.scaleb(2)), 100)
    return whole, cents


def _capitals(number: int) -> str:
    """A whole number; a gap of digits between two units is one 零."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            upper, lower = divmod(number, size)
            gap = "零" if 0 < lower < size // 10 else ""
            return _capitals(upper) + unit + (gap + _capitals(lower) if lower else "")
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    said, gap = "", False
    for digit, place in zip(map(int, f"{number:04d}"), _PLACES, strict=True):
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + place
        gap = digit == 0
    return said


def _english(number: int) -> Iterator[str]:
    for size, unit in _THOUSANDS:
        if number >= size:
            upper, number = divmod(number, size)
            yield from _english(upper)
            yield unit
            if number == 0:
                return
    yield _below_hundred(number)


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
