"""All checks of an uploaded file. A further check is one file beside this one and one line here."""

from __future__ import annotations

from collections.abc import Callable

from domain.documents import filename, media_type, size
from domain.documents.facts import DocumentFacts
from domain.violations import Finding

DocumentCheck = Callable[[DocumentFacts], tuple[Finding, ...]]

CHECKS: tuple[DocumentCheck, ...] = (
    filename.check,
    media_type.check,
    size.check,
)


def check_document(facts: DocumentFacts) -> tuple[Finding, ...]:
    """Every finding of every check, all at once."""
    return tuple(finding for check in CHECKS for finding in check(facts))
