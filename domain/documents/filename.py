"""The name is a plain name: no path, nothing hidden, readable by the next person."""

from __future__ import annotations

from domain.documents.facts import DocumentFacts
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation

_PATH_CHARACTERS = frozenset('/\\:*?"<>|')
FILENAME_LENGTH_MAX = 200


def check(facts: DocumentFacts) -> tuple[Finding, ...]:
    """Codes: `document.name_unsafe` and those of `clean_name`."""
    try:
        name = clean_name(facts.filename, FILENAME_LENGTH_MAX)
    except LoanRuleViolation as violation:
        return (Finding(facts.field, violation.code, violation.params),)
    if name.startswith(".") or not _PATH_CHARACTERS.isdisjoint(name):
        return (Finding(facts.field, "document.name_unsafe"),)
    return ()
