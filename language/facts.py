"""Turns the recorded facts of a finding or an audit event into words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from language import formats
from language.catalogue import Language, translator
from language.vocabulary import OUTCOMES, ROLES, STAGES, STATUSES, TASKS, VERDICTS, WAITS
from language.words import WORDS

AMOUNT_NAMES = (
    *("amount", "principal", "interest", "penalty", "fee", "balance", "limit"),
    *("outstanding", "open"),
)
DAY_NAMES = ("on", "to", "latest")
RATE_NAMES = ("rate", "share", "probability")


CODE_NAMES: Mapping[str, Mapping[str, str]] = {
    "stage": STAGES,
    "status": STATUSES,
    "wait": WAITS,
    "task": TASKS,
    "outcome": OUTCOMES,
    "verdict": VERDICTS,
    "role": ROLES,
    "agreement": WORDS["agreement"],
    "source": WORDS["source"],
    "paper": WORDS["paper"],
    "incident": WORDS["incident"],
    "change": WORDS["change_kind"],
    "kind": WORDS["account_event"],
    "limit_level": WORDS["limit_level"],
}


def readable(facts: Mapping[str, object], language: Language) -> dict[str, str]:
    """Every fact as a person reads it: by its name's ending a code, an amount, a rate or a date.

    A code without a word is left out, so that the sentence that needs it is not used.
    """
    currency = str(facts.get("currency", ""))
    gettext = translator(language).gettext
    words = {}
    for name, value in facts.items():
        if name not in CODE_NAMES:
            words[name] = _figure(name, value, currency, language)
        elif str(value) in CODE_NAMES[name]:
            words[name] = gettext(CODE_NAMES[name][str(value)])
    return words


def _figure(name: str, value: object, currency: str, language: Language) -> str:
    text = str(value)
    last = name.rpartition("_")[2]
    with suppress(ValueError, InvalidOperation):
        if last in DAY_NAMES:
            return formats.date_text(date.fromisoformat(text), language)
        if last == "at":
            return _instant(datetime.fromisoformat(text), text, language)
        if last in RATE_NAMES:
            return formats.percent_text(Decimal(text), language)
        if last in ("min", "max"):
            return formats.number_text(Decimal(text), language)
        if last in AMOUNT_NAMES:
            return _amount(Decimal(text), currency, language)
    return text


def _instant(at: datetime, text: str, language: Language) -> str:
    return text if at.tzinfo is None else formats.instant_text(at, language)


def _amount(amount: Decimal, currency: str, language: Language) -> str:
    if currency:
        return formats.amount_text(amount, currency, language)
    return formats.number_text(amount, language)
