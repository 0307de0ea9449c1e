"""A part prepayment that keeps the instalment: the agreed parts go on, and the term shortens."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

from domain.accounts.adding import take_out
from domain.accounts.earning import put_off_before
from domain.accounts.reshape import factors_of, lay_anew, waiting_rows, without_principal, write
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.schedules.annuity import EXACT, AnnuityRow, rows_of
from domain.schedules.methods import with_interest

KEEPS_INSTALMENT = frozenset(
    {
        RepaymentMethod.EQUAL_INSTALMENT,
        RepaymentMethod.EQUAL_PRINCIPAL,
        RepaymentMethod.STEP_UP,
        RepaymentMethod.CUSTOM,
    }
)
"""Methods whose instalments bring principal back one by one, so that fewer can do."""


def keep_instalment(running: Running, rows: Sequence[Row], balance: Decimal) -> None:
    """Go on paying the same until nothing is left; rows that are no longer needed leave.

    Equal instalments keep their level, the other methods the principal of each row from the front.
    A method with no such parts keeps its term. Unit: the currency.
    """
    if running.terms.schedule.method not in KEEPS_INSTALMENT:
        lay_anew(running, rows, balance)
        return
    with localcontext(EXACT):
        parts = _parts(running, rows, balance)
    kept = rows[: len(parts)]
    take_out(running, rows[len(parts) :], kept[0])
    write(running, kept, parts)


def _parts(running: Running, rows: Sequence[Row], balance: Decimal) -> list[AnnuityRow]:
    terms, waiting = running.terms.schedule, waiting_rows(rows)
    factors = factors_of(running, rows, balance)
    first = without_principal(running, balance, factors[:waiting])
    paying, rest = rows[waiting:], factors[waiting:]
    if terms.method is RepaymentMethod.EQUAL_INSTALMENT:
        level = _level(running, paying[0])
        laid = rows_of(balance, rest, level, terms.rounding, terms.currency)
        needed = next(n for n, part in enumerate(laid, start=1) if part.balance_after == 0)
        return [*first, *laid[:needed]]
    agreed = [row.lump.get(Bucket.PRINCIPAL, NOTHING) for row in paying]
    shares = _from_the_front(agreed, balance)
    return [*first, *with_interest(terms, balance, shares, rest[: len(shares)])]


def _level(running: Running, row: Row) -> Decimal:
    """What a row asks for of its own period: without interest put off to it or brought along."""
    principal = row.lump.get(Bucket.PRINCIPAL, NOTHING)
    if row.deferred:
        return principal + row.put_off - row.brought
    interest = row.lump.get(Bucket.INTEREST, NOTHING)
    return principal + interest - row.brought - put_off_before(running, row)


def _from_the_front(agreed: Sequence[Decimal], balance: Decimal) -> list[Decimal]:
    parts: list[Decimal] = []
    for n, part in enumerate(agreed, start=1):
        parts.append(balance if n == len(agreed) else min(part, balance))
        balance -= parts[-1]
        if not balance:
            break
    return parts
