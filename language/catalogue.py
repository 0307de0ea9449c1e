"""The texts in both languages. English is the msgid; Chinese is read from its .po at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

CHINESE_PO = Path(__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES" / "corploan.po"


class Language(StrEnum):
    """The languages the product speaks; the value is what HTML's `lang` and HTTP expect."""

    ZH = "zh-CN"
    EN = "en"

    @property
    def locale(self) -> str:
        """The name babel knows the language's figures and dates by."""
        return "zh_CN" if self is Language.ZH else "en_GB"


DEFAULT_LANGUAGE = Language.ZH


@dataclass(frozen=True, slots=True)
class Translator:
    """The two gettext callables of one language. Placeholders are written `%(name)s`."""

    language: Language
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]


def N_(message: str) -> str:  # noqa: N802 -- the name every gettext tool looks for
    """Mark a text for the catalogue where it is declared; it is translated where it is shown."""
    return message


@cache
def translator(language: Language) -> Translator:
    """The texts of a language. A text missing from the catalogue is shown in English."""
    texts = _read_chinese() if language is Language.ZH else NullTranslations()
    return Translator(language, texts.gettext, texts.ngettext)


def choose_language(cookie: str | None, accept_language: str | None) -> Language:
    """The person's own choice, else the browser's first language we speak, else Chinese."""
    for language in Language:
        if cookie == language.value:
            return language
    for tag in _preferred_tags(accept_language or ""):
        primary = tag.partition("-")[0]
        if primary in ("zh", "en"):
            return Language.ZH if primary == "zh" else Language.EN
    return DEFAULT_LANGUAGE


def _read_chinese() -> NullTranslations:
    with CHINESE_PO.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(fp=compiled)


def _preferred_tags(header: str) -> list[str]:
    weighted = []
    for part in header[:1000].lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if tag and weight > 0:
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def _weight(parameters: str) -> int:
    """Thousandths, so that no float is needed; an unreadable weight refuses the language."""
    _, found, digits = parameters.replace(" ", "").partition("q=")
    if not found:
        return 1000
    whole, _, fraction = digits.partition(".")
    padded = fraction.ljust(3, "0")[:3]
    if not (whole.isdecimal() and padded.isdecimal() and whole.isascii() and padded.isascii()):
        return 0
    return min(int(whole) * 1000 + int(padded), 1000)
