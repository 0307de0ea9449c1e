"""Names and paragraphs as people type them: what is kept, what is refused, what looks alike."""

from __future__ import annotations

import unicodedata

from domain.violations import LoanRuleViolation

NAME_LENGTH_MAX = 120
PARAGRAPH_LENGTH_MAX = 2000

# Direction controls can make a name read as another name.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control, format (zero-width among them), surrogate, private use, line and paragraph separators.
# Unassigned characters pass: the next edition of Unicode brings rare characters of real names.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters by category, empty to the eye.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean_name(text: str, max_length: int = NAME_LENGTH_MAX) -> str:
    """A one-line name in NFC without outer spaces; length in code points.

    Violations: `text.bidi`, `text.control`, `text.blank`, `text.too_long`.
    """
    return _clean(text, max_length, allowed="")


def clean_paragraph(text: str, max_length: int = PARAGRAPH_LENGTH_MAX) -> str:
    """Text of several lines in NFC; line ends become LF, tabs stay; length in code points.

    Violations: as `clean_name`.
    """
    return _clean(text.replace("\r\n", "\n").replace("\r", "\n"), max_length, allowed="\n\t")


def name_key(text: str) -> str:
    """What look-alike names share: compatibility form, case folded, without any space."""
    key = _folded(text)
    # Taking a space away can let an accent meet a letter, so fold until nothing moves.
    while (again := _folded(key)) != key:
        key = again
    return key


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def _clean(text: str, max_length: int, allowed: str) -> str:
    _refuse_hidden(text, allowed)
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not any(_visible(character) for character in cleaned):
        raise LoanRuleViolation("text.blank")
    if len(cleaned) > max_length:
        raise LoanRuleViolation("text.too_long", max=str(max_length))
    return cleaned


def _refuse_hidden(text: str, allowed: str) -> None:
    for character in text:
        if character in _BIDI:
            raise LoanRuleViolation("text.bidi")
        if character not in allowed and _hidden(character):
            raise LoanRuleViolation("text.control")


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _REFUSED_CATEGORIES or _noncharacter(character)


def _noncharacter(character: str) -> bool:
    point = ord(character)
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def _visible(character: str) -> bool:
    return not character.isspace() and character not in _INVISIBLE
