"""The form that opens a customer dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    parse_registration_number,
)
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation

NUMBER_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class CustomerForm:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(
        default_factory=lambda: {"scheme": RegistrationScheme.CN_USCC.value}
    )
    findings: tuple[Finding, ...] = ()

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")

    def finding(self, name: str) -> Finding | None:
        """What is wrong with one entry."""
        return next((found for found in self.findings if found.field == name), None)


def read_number(values: Mapping[str, str]) -> RegistrationNumber | Finding:
    """The registration number under its scheme, or why there is none."""
    scheme, text = values.get("scheme", ""), values.get("registration_number", "")
    if scheme not in set(RegistrationScheme):
        return Finding("scheme", "choice.unknown")
    if not text.strip():
        return Finding("registration_number", "field.required")
    try:
        return parse_registration_number(RegistrationScheme(scheme), text[:NUMBER_LENGTH_MAX])
    except LoanRuleViolation as refused:
        return Finding("registration_number", refused.code, refused.params)


def name_finding(values: Mapping[str, str]) -> Finding | None:
    """What is wrong with the name."""
    try:
        clean_name(values.get("name", ""))
    except LoanRuleViolation as refused:
        return Finding("name", refused.code, refused.params)
    return None
