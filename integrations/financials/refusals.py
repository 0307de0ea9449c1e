"""Problems of a file gathered by code, each with the cells it stands in."""

from __future__ import annotations

from domain.violations import Finding, FindingsViolation, LoanRuleViolation

FILE_FIELD = "file"
_CELLS_NAMED = 12


class Problems:
    """What is wrong with a file, all of it at once."""

    def __init__(self) -> None:
        self._cells: dict[str, list[str]] = {}

    def add(self, code: str, cell: str) -> None:
        """One more cell with a problem."""
        self._cells.setdefault(code, []).append(cell)

    def refuse(self) -> None:
        """Raise what was gathered; nothing where nothing was. Violation: findings."""
        if self._cells:
            raise FindingsViolation(
                [Finding(FILE_FIELD, code, _named(cells)) for code, cells in self._cells.items()]
            )


def _named(cells: list[str]) -> dict[str, str]:
    more = ["…"] if len(cells) > _CELLS_NAMED else []
    return {"cells": ", ".join([*cells[:_CELLS_NAMED], *more])}


def at_file(refused: LoanRuleViolation) -> FindingsViolation:
    """One refusal as a finding on the file."""
    if isinstance(refused, FindingsViolation):
        return refused
    return FindingsViolation([Finding(FILE_FIELD, refused.code, refused.params)])
