"""What a customer is asked to confirm or correct through its refresh link, and what is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.texts import clean_name, clean_paragraph
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

NAMES = ("name", "legal_representative", "address", "contact_name")
CONTACTS = ("contact_phone", "contact_email")
REMARKS = "remarks"
FIELDS = (*NAMES, *CONTACTS, REMARKS)
_LENGTHS = {"name": 200, "address": 300}
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,120}\.[^@\s.]{2,24}")


def refreshed(entries: Mapping[str, str]) -> dict[str, str]:
    """The stated fields, cleaned; an empty one says nothing.

    Violations: findings `text.*`, `phone.malformed`, `email.malformed`; `refresh.empty` where
    nothing is stated at all.
    """
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for name in FIELDS:
        text = entries.get(name, "").strip()
        if not text:
            continue
        try:
            found[name] = _clean(name, text)
        except LoanRuleViolation as refused:
            findings.append(Finding(name, refused.code, refused.params))
    if not found and not findings:
        findings.append(Finding("name", "refresh.empty"))
    if findings:
        raise FindingsViolation(findings)
    return found


def _clean(name: str, text: str) -> str:
    if name == REMARKS:
        return clean_paragraph(text)
    cleaned = clean_name(text, _LENGTHS.get(name, 120))
    if name == "contact_phone" and _PHONE.fullmatch(cleaned) is None:
        raise LoanRuleViolation("phone.malformed")
    if name == "contact_email" and _EMAIL.fullmatch(cleaned) is None:
        raise LoanRuleViolation("email.malformed")
    return cleaned


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Of what was stated, what differs from what is known; remarks are no fact."""
    return {
        name: text for name, text in after.items() if name != REMARKS and before.get(name) != text
    }
