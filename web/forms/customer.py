"""The form that opens a customer dossier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    parse_registration_number,
)
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation

NUMBER_LENGTH_MAX = 60
DIFFERENT_FROM = "different_from."
_TICKED = re.compile(re.escape(DIFFERENT_FROM) + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def compared(values: Mapping[str, str]) -> frozenset[UUID]:
    """The customers the person has ticked as different firms."""
    ticked = (name.removeprefix(DIFFERENT_FROM) for name in values if _ticks(name))
    return frozenset(UUID(text) for text in ticked)


def _ticks(name: str) -> bool:
    return _TICKED.fullmatch(name) is not None
