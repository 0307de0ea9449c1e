"""What a check of the books says: how much it looked at, and every row that breaks its rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

BREAKS_PER_RULE = 1000
"""A book broken everywhere is broken; a list without end helps nobody."""


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """One row that breaks a rule. `subject` names it: a case number, a key, a hash."""

    code: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's result: how many rows it judged, and which of them break."""

    count: int
    breaks: tuple[Break, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        return Checked(self.count + other.count, self.breaks + other.breaks)


async def checked(
    session: AsyncSession, counting: str, rules: Mapping[str, str], **values: Any
) -> Checked:
    """Run one invariant's rules. Each selects the rows that break it: subject, then detail."""
    count = (await session.execute(text(counting))).scalar_one()
    breaks: list[Break] = []
    for code, statement in rules.items():
        limited = text(f"{statement}\nLIMIT {BREAKS_PER_RULE}")
        rows = await session.execute(limited, _named_in(statement, values))
        breaks += [_break(code, tuple(row)) for row in rows]
    return Checked(count, tuple(breaks))


def _named_in(statement: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f":{name}" in statement}


def _break(code: str, row: tuple[Any, ...]) -> Break:
    detail = " ".join(str(value) for value in row[1:] if value is not None)
    return Break(code, str(row[0]), detail)
