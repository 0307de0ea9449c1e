"""Rows from given parts of principal and interest."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.schedules.annuity import AnnuityRow

_NOTHING = Decimal(0)


def rows_from_parts(
    balance: Decimal, principal: Sequence[Decimal], interest: Sequence[Decimal]
) -> tuple[AnnuityRow, ...]:
    """Rows of given parts; the last principal is what is left, none takes more than is left."""
    rows: list[AnnuityRow] = []
    for n, (part, cost) in enumerate(zip(principal, interest, strict=True), start=1):
        taken = balance if n == len(principal) else min(max(part, _NOTHING), balance)
        balance -= taken
        rows.append(AnnuityRow(taken, cost, balance))
    return tuple(rows)


def filled(total: Decimal, part: Decimal, count: int) -> list[Decimal]:
    """`count` equal parts, never more than the total, the last taking what is left."""
    parts: list[Decimal] = []
    for _ in range(count - 1):
        parts.append(min(part, total))
        total -= parts[-1]
    return [*parts, total]
