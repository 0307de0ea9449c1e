"""Messages to customers and staff in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from language.catalogue import Language, translator
from language.formats import date_text
from language.labels import word
from language.watch_messages import NOTICES

_WORDS = {"signal": "signal", "colour": "alert_colour"}
_DAYS = frozenset({"due_on", "effective_on"})


def notice_text(template: str, params: Mapping[str, str], language: Language) -> str:
    """One message in words."""
    told = {name: _said(name, value, language) for name, value in params.items()}
    return translator(language).gettext(NOTICES[template]) % told


def _said(name: str, value: str, language: Language) -> str:
    if name in _WORDS:
        return word(_WORDS[name], value, language)
    return date_text(date.fromisoformat(value), language) if name in _DAYS else value
