"""Refusals as JSON, between the program that reads a file and the one that asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.violations import Finding, FindingsViolation


def packed_refusal(refused: FindingsViolation) -> list[Mapping[str, Any]]:
    """The findings over the wire."""
    return [
        {"field": found.field, "code": found.code, "params": dict(found.params)}
        for found in refused.findings
    ]


def unpacked_refusal(sent: list[Mapping[str, Any]]) -> FindingsViolation:
    """The findings back."""
    return FindingsViolation([Finding(**found) for found in sent])
