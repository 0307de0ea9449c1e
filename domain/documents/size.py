"""The file is neither empty nor larger than the bank keeps."""

from __future__ import annotations

from domain.documents.facts import DocumentFacts
from domain.violations import Finding

SIZE_MAX_BYTES = 10 * 1024 * 1024


def check(facts: DocumentFacts) -> tuple[Finding, ...]:
    """Codes: `document.empty`, `document.too_large`."""
    if facts.size <= 0:
        return (Finding(facts.field, "document.empty"),)
    if facts.size > SIZE_MAX_BYTES:
        params = {"max_mb": str(SIZE_MAX_BYTES // (1024 * 1024))}
        return (Finding(facts.field, "document.too_large", params),)
    return ()
