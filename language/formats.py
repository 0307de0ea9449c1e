"""How figures, dates and times are written in each language. Rounding is for reading only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from language.catalogue import Language, translator

BANK_ZONE = ZoneInfo("Asia/Shanghai")
DATE_PATTERNS = {Language.ZH: "yyyy-MM-dd", Language.EN: "d MMM y"}
LETTER_DATE_PATTERNS = {Language.ZH: "y年M月d日", Language.EN: "d MMMM y"}
LONG_DATE_PATTERNS = {Language.ZH: "y年M月d日 EEEE", Language.EN: "EEEE, d MMMM y"}
INSTANT_PATTERNS = {Language.ZH: "yyyy-MM-dd HH:mm", Language.EN: "d MMM y, HH:mm"}


def amount_text(amount: Decimal, currency: str, language: Language) -> str:
    """¥12,000,000.00 in Chinese, CNY 12,000,000.00 in English; half up to the currency's places."""
    exact = _rounded(amount, get_currency_precision(currency))
    if language is Language.ZH:
        return format_currency(exact, currency, locale=language.locale)
    return f"{currency} {plain_amount_text(amount, currency, language)}"


def plain_amount_text(amount: Decimal, currency: str, language: Language) -> str:
    """The amount alone, for a table column whose heading names the currency."""
    places = get_currency_precision(currency)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(_rounded(amount, places), format=pattern, locale=language.locale)


def percent_text(rate: Decimal, language: Language) -> str:
    """A yearly rate or share given as a fraction: 0.0435 is 4.35%; at most four places."""
    return format_percent(_rounded(rate, 6), format="#,##0.00##%", locale=language.locale)


def number_text(value: Decimal | int, language: Language, places: int | None = None) -> str:
    """A plain number with grouping; `places` fixes the decimals, half up."""
    if places is None:
        return format_decimal(value, format="#,##0.######", locale=language.locale)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(_rounded(Decimal(value), places), format=pattern, locale=language.locale)


def date_text(on: date, language: Language) -> str:
    """A business date."""
    return format_date(on, format=DATE_PATTERNS[language], locale=language.locale)


def letter_date_text(on: date, language: Language) -> str:
    """A date as it stands in a letter's sentences."""
    return format_date(on, format=LETTER_DATE_PATTERNS[language], locale=language.locale)


def long_date_text(on: date, language: Language) -> str:
    """A business date with its weekday, for the head of the page."""
    return format_date(on, format=LONG_DATE_PATTERNS[language], locale=language.locale)


def instant_text(at: datetime, language: Language) -> str:
    """An aware instant as the bank's clock in Shanghai shows it."""
    local = at.astimezone(BANK_ZONE)
    return format_datetime(local, format=INSTANT_PATTERNS[language], locale=language.locale)


def machine_instant(at: datetime) -> str:
    """An aware instant for `<time datetime>` and scripts, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def working_days_left_text(days: int, language: Language) -> str:
    """How long a task still has, in working days; 0 is the last day, below 0 is late."""
    texts = translator(language)
    if days == 0:
        return texts.gettext("due today")
    if days > 0:
        left = texts.ngettext("%(days)s working day left", "%(days)s working days left", days)
        return left % {"days": days}
    late = texts.ngettext("%(days)s working day overdue", "%(days)s working days overdue", -days)
    return late % {"days": -days}


def duration_text(seconds: int, language: Language) -> str:
    """A length of time in its two largest units: 3 d 4 h, 2 min 5 s."""
    texts = translator(language)
    units = (
        (86_400, texts.gettext("%(count)s d")),
        (3_600, texts.gettext("%(count)s h")),
        (60, texts.gettext("%(count)s min")),
        (1, texts.gettext("%(count)s s")),
    )
    parts, rest = [], max(seconds, 0)
    for size, pattern in units:
        count, rest = divmod(rest, size)
        if count:
            parts.append(pattern % {"count": count})
    return " ".join(parts[:2]) or units[-1][1] % {"count": 0}


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
