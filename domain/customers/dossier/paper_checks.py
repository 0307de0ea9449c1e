"""The check of one paper (原件核验): how its original was seen, when, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.applications.readers import read_date
from domain.customers.dossier.papers import COPY_ONLY, ORIGINAL_SEEN, PAPER_VERDICTS, SEEN_HOW
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

ACCEPTED = "accepted"
_NAMES = frozenset({"document", "verdict", "seen_how", "seen_on"})


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What one person found of a paper; it counts when another one approves."""

    document_id: UUID
    verdict: str
    seen_how: str
    seen_on: date

    @property
    def original_seen(self) -> bool:
        """Whether the original itself was before somebody's eyes."""
        return self.seen_how in ORIGINAL_SEEN


def read_paper_check(content: Mapping[str, Any], today: date) -> PaperCheck:
    """Read a proposal's content. A mere copy is never accepted as proof.

    Violation: findings `field.unknown`, `field.required`, `choice.unknown`, `paper.unknown`,
    `paper.copy_only`, `date.future` and those of `read_date`.
    """
    found = [Finding("", "field.unknown")] if set(content) - _NAMES else []
    found += [Finding(name, "field.required") for name in sorted(_NAMES - set(content))]
    texts = {name: text for name, text in content.items() if isinstance(text, str)}
    how, verdict = texts.get("seen_how", ""), texts.get("verdict", "")
    for name, value, offered in (
        ("seen_how", how, SEEN_HOW),
        ("verdict", verdict, PAPER_VERDICTS),
    ):
        if name in content and value not in offered:
            found.append(Finding(name, "choice.unknown"))
    if how == COPY_ONLY and verdict == ACCEPTED:
        found.append(Finding("seen_how", "paper.copy_only"))
    seen_on = _day(texts.get("seen_on", ""), today, found)
    document_id = _id(texts.get("document", ""), found)
    if found or seen_on is None or document_id is None:
        raise FindingsViolation(found)
    return PaperCheck(document_id, verdict, how, seen_on)


def _day(text: str, today: date, found: list[Finding]) -> date | None:
    try:
        day = read_date(text)
    except LoanRuleViolation as refused:
        found.append(Finding("seen_on", refused.code, refused.params))
        return None
    if day > today:
        found.append(Finding("seen_on", "date.future"))
    return day


def _id(text: str, found: list[Finding]) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        found.append(Finding("document", "paper.unknown"))
        return None
