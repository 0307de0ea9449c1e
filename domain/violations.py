"""What the bank's rules refuse, as values a person can read in either language.

A rule never formats text: it names itself by a stable code and the doors translate the code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One gap or error: the field it belongs to, the rule's code, and the rule's own figures.

    `params` holds limits and names the rule knows, never the value the person typed.
    """

    field: str
    code: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


class LoanRuleViolation(Exception):
    """A rule of the bank refuses the act. Shown to the person, never retried."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class FindingsViolation(LoanRuleViolation):
    """Several gaps or errors at once, each bound to its field."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("findings")
        self.findings = tuple(findings)


class DutyViolation(LoanRuleViolation):
    """Separation of duties or a missing role refuses the person, not the act."""


class StaleViolation(LoanRuleViolation):
    """The thing acted on has moved on since the person read it."""


class ProcessUnavailable(Exception):
    """The engine or its workers cannot be reached; nothing was done and nothing is lost."""
