"""Debts shared out over new instalments in equal parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.repayments import Bucket
from domain.schedules import ScheduleTerms

_NOTHING = Decimal(0)


def equal_parts(total: Decimal, count: int, part: Decimal) -> list[Decimal]:
    """`count` parts of a total; the last takes what the others leave. Unit: the currency."""
    return [part] * (count - 1) + [total - part * (count - 1)]


def shared_out(
    open_amounts: Mapping[Bucket, Decimal], count: int, terms: ScheduleTerms, *, multiple: bool
) -> list[dict[Bucket, Decimal]]:
    """What each of `count` new instalments carries of every kind of debt.

    Every instalment is of one amount, to the multiple the product asks for where `multiple`;
    interest and charges are equal parts of theirs, and principal is what is left of the instalment.
    The last takes what rounding left. Unit: the currency. Rounding: as the product says.
    """
    rounding, currency = terms.rounding, terms.currency
    parts: list[dict[Bucket, Decimal]] = [{} for _ in range(count)]
    others = _NOTHING
    for bucket in (each for each in open_amounts if each is not Bucket.PRINCIPAL):
        part = rounding.amount(open_amounts[bucket] / count, currency)
        others += part
        _give(parts, bucket, equal_parts(open_amounts[bucket], count, part))
    total = sum(open_amounts.values(), _NOTHING)
    whole = rounding.amount(total / count, currency)
    level = rounding.instalment(whole, currency) if multiple else whole
    principal = open_amounts.get(Bucket.PRINCIPAL, _NOTHING)
    _give(parts, Bucket.PRINCIPAL, equal_parts(principal, count, level - others))
    return parts


def _give(
    parts: Sequence[dict[Bucket, Decimal]], bucket: Bucket, amounts: Sequence[Decimal]
) -> None:
    for carried, amount in zip(parts, amounts, strict=True):
        carried[bucket] = amount
