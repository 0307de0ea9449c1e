"""The migration matrix (迁徙矩阵): where customers of each grade stand a while later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.portfolio.exposure import UNRATED, share_of
from domain.scoring import GRADES


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Customers of one grade at the start, counted by their grade at the end.

    `shares` are fractions of the row, 0 for a row without customers.
    """

    grade: str
    total: int
    counts: Mapping[str, int]

    def count(self, grade: str) -> int:
        """How many of the row ended in a grade."""
        return self.counts.get(grade, 0)

    def share(self, grade: str) -> Decimal:
        """The fraction of the row that ended in a grade."""
        return share_of(Decimal(self.count(grade)), Decimal(self.total))


@dataclass(frozen=True, slots=True)
class Matrix:
    """All grades, and what share was kept, lost and won; those who were not rated are apart."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    kept: int
    down: int
    up: int
    appeared: int

    @property
    def total(self) -> int:
        """Customers that had a grade at the start."""
        return sum(row.total for row in self.rows)


def migration_of(pairs: Iterable[tuple[str | None, str | None]]) -> Matrix:
    """The matrix of (grade at the start, grade at the end); None where there was none."""
    told = Counter((before, after or UNRATED) for before, after in pairs)
    rows = []
    for grade in GRADES:
        counts = {after: count for (before, after), count in told.items() if before == grade}
        rows.append(MatrixRow(grade, sum(counts.values()), counts))
    moves = Counter[int]()
    for (before, after), count in told.items():
        if before in GRADES and after in GRADES:
            moves[_sign(GRADES.index(after) - GRADES.index(before))] += count
    appeared = sum(n for (before, after), n in told.items() if before is None and after in GRADES)
    columns = (*GRADES, UNRATED)
    return Matrix(columns, tuple(rows), moves[0], moves[1], moves[-1], appeared)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
