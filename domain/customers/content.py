"""What a proposal may hold at all, before its kind looks at it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.violations import LoanRuleViolation

DEPTH_MAX = 12
TEXTS_MAX = 256 * 1024
WHOLE_MAX = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


def refuse_unkeepable(content: object) -> None:
    """Refuse what the books and the audit chain cannot keep exactly as it came.

    Binary fractions, whole numbers beyond 2^53, texts with a NUL or half a character, more than
    256 KiB of text, more than twelve levels. Violation: `proposal.content`.
    """
    if not isinstance(content, Mapping) or _weight(content, 0) > TEXTS_MAX:
        raise LoanRuleViolation("proposal.content")


def _weight(value: object, depth: int) -> int:
    if depth > DEPTH_MAX:
        raise LoanRuleViolation("proposal.content")
    if isinstance(value, Mapping):
        return sum(_weight(k, depth + 1) + _weight(v, depth + 1) for k, v in value.items())
    if isinstance(value, list | tuple):
        return sum(_weight(part, depth + 1) for part in value)
    if isinstance(value, str) and _is_whole_text(value):
        return len(value) + 1
    if value is None or (isinstance(value, int) and abs(value) <= WHOLE_MAX):
        return 1
    raise LoanRuleViolation("proposal.content")


def _is_whole_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
