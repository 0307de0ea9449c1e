"""Disposing of a difference or a hit (差异处置): one person says why, another agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.customers.verification import CellVerdict
from domain.violations import Finding, FindingsViolation


class DispositionOutcome(StrEnum):
    """It has a good reason; it is put right; or what was handed in is false."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    FALSE_MATERIAL = "false_material"

    @property
    def verdict(self) -> CellVerdict:
        """How the cell reads once the disposition is in force."""
        return CellVerdict(self.value)


@dataclass(frozen=True, slots=True)
class Disposition:
    """Which cell of which verification is disposed of, and how."""

    verification_id: UUID
    field: str
    source: str
    outcome: DispositionOutcome


_NAMES = frozenset({"verification", "field", "source", "outcome"})


def read_disposition(content: Mapping[str, Any]) -> Disposition:
    """The disposition a proposal holds. Violation: findings, each with its entry."""
    texts = {name: content.get(name) for name in _NAMES}
    wrong = [
        Finding(name, "field.required")
        for name, text in sorted(texts.items())
        if not isinstance(text, str) or not text
    ]
    wrong += [Finding(name, "field.unknown") for name in sorted(set(content) - _NAMES)]
    outcome = texts["outcome"]
    if not wrong and outcome not in tuple(DispositionOutcome):
        wrong.append(Finding("outcome", "choice.unknown"))
    verification = _uuid(texts["verification"])
    if not wrong and verification is None:
        wrong.append(Finding("verification", "choice.unknown"))
    if wrong or verification is None:
        raise FindingsViolation(wrong)
    return Disposition(
        verification, str(texts["field"]), str(texts["source"]), DispositionOutcome(str(outcome))
    )


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
