"""The reasons of a decision as sentences."""

from __future__ import annotations

from language.catalogue import Language, translator
from language.labels import word

MISSING = "fact_missing:"


def reason_text(code: str, language: Language) -> str:
    """One reason; `fact_missing:<fact>` names what was not known."""
    if not code.startswith(MISSING):
        return word("reason", code, language)
    fact = word("fact", code.removeprefix(MISSING), language)
    return translator(language).gettext("Not known: %(fact)s.") % {"fact": fact}
