"""What misuse costs (挪用罚息): on the misused principal, from its day, whether due or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.accounts.rows import NOTHING, Row
from domain.accounts.terms import LatenessTerms
from domain.day_counts import year_fraction
from domain.money import Currency
from domain.repayments import Bucket


@dataclass(frozen=True, slots=True)
class MisuseStretch:
    """Days [from, to) over which misused principal not yet due costs more, on one row."""

    row: Row
    from_on: date
    to_on: date
    amount: Decimal


def misused_parts(rows: Sequence[Row], amount: Decimal, currency: Currency) -> list[Decimal]:
    """How much of each row's open principal is misused: what is due first is taken to be.

    So no amount is overdue and another one misused where one can be both: the heavier of the two
    prices counts once. Unit: the currency. Rounding: none.
    """
    if not amount:
        return [NOTHING] * len(rows)
    left, parts = amount, []
    for row in rows:
        part = min(left, row.open_amount(Bucket.PRINCIPAL, currency))
        parts.append(part)
        left -= part
    return parts


def misused_ahead(
    rows: Sequence[Row], parts: Sequence[Decimal], from_on: date, to_on: date | None = None
) -> Iterator[MisuseStretch]:
    """Which row bears the price of what is misused and not yet due, over which days.

    It is the row in progress: the price falls due with the next instalment.
    """
    ahead = [(row, part) for row, part in zip(rows, parts, strict=True) if row.due_on > from_on]
    left, start = sum((part for _, part in ahead), NOTHING), from_on
    for row, part in ahead:
        end = row.due_on if to_on is None else min(row.due_on, to_on)
        if left and not row.apart and start < end:
            yield MisuseStretch(row, start, end, left)
            start = end
        left -= part


def accrue_misuse(
    stretches: Iterator[MisuseStretch], lateness: LatenessTerms, yearly_rate: Decimal
) -> None:
    """Beside contract interest, misused principal not yet due bears the misuse uplift."""
    rate = misuse_rate(lateness, yearly_rate)
    for each in stretches:
        share = rate * year_fraction(lateness.day_count, each.from_on, each.to_on)
        if cost := each.amount * share:
            exact = each.row.late_exact
            exact[Bucket.PENALTY] = exact.get(Bucket.PENALTY, NOTHING) + cost
            each.row.paid_on = None


def misuse_rate(lateness: LatenessTerms, yearly_rate: Decimal) -> Decimal:
    """What misused principal not yet due bears a year beside contract interest. A fraction."""
    return yearly_rate * lateness.misuse_uplift if lateness.penalised else NOTHING


def heavier_by(lateness: LatenessTerms, yearly_rate: Decimal) -> Decimal:
    """What overdue principal bears a year beside the penalty rate where it is misused too.

    A yearly fraction: the heavier uplift counts alone, so it is what misuse costs above lateness.
    """
    if not lateness.penalised:
        return NOTHING
    return yearly_rate * max(lateness.misuse_uplift - lateness.penalty_uplift, NOTHING)
