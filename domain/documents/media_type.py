"""The content is of an accepted type, and the name's ending says the same."""

from __future__ import annotations

from domain.documents.facts import DocumentFacts
from domain.violations import Finding

ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
}


def check(facts: DocumentFacts) -> tuple[Finding, ...]:
    """Codes: `document.media_type` for a type never accepted, `document.mislabelled`."""
    endings = ENDINGS.get(facts.media_type)
    if endings is None:
        accepted = ", ".join(e for group in ENDINGS.values() for e in group)
        return (Finding(facts.field, "document.media_type", {"accepted": accepted}),)
    if facts.filename.rpartition(".")[2].lower() not in endings:
        return (Finding(facts.field, "document.mislabelled", {"expected": endings[0]}),)
    return ()
