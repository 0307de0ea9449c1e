"""An account before and after a change, instalment by instalment; and what paying off costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest

from domain.accounts import Account, AccountLine, AccountTerms, fold
from domain.accounts.events import Event, Payoff
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules.periods import WorkingDay

NOTHING = Decimal(0)


class LineMark(StrEnum):
    """What a change does to a row."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class LineSide:
    """A row on one side. Unit: the currency; `late` is penalty and compound interest.

    `balance_after` is shown, but does not make a row differ: it only follows from the others.
    """

    due_on: date
    principal: Decimal
    interest: Decimal
    late: Decimal
    fee: Decimal
    paid: Decimal
    balance_after: Decimal = field(compare=False)

    @property
    def total(self) -> Decimal:
        """All that the row asks for, paid or not."""
        return self.principal + self.interest + self.late + self.fee


@dataclass(frozen=True)
class LineDifference:
    """The n-th row before and after; one side is missing where a row goes or comes."""

    n: int
    mark: LineMark
    before: LineSide | None
    after: LineSide | None


@dataclass(frozen=True)
class Totals:
    """An account in a few figures. `next_open` is what is open on the next due date."""

    outstanding: Decimal
    interest: Decimal
    late: Decimal
    open_total: Decimal
    next_due_on: date | None
    next_open: Decimal
    last_due_on: date | None
    held: Decimal
    days_past_due: int


@dataclass(frozen=True)
class Posting:
    """What a change books on one ledger account; debit positive."""

    account: LedgerAccount
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """All that a change does to an account, ready to be read."""

    lines: tuple[LineDifference, ...]
    before: Totals
    after: Totals
    postings: tuple[Posting, ...]

    @property
    def changed_lines(self) -> tuple[LineDifference, ...]:
        """Only the rows that are not the same."""
        return tuple(line for line in self.lines if line.mark is not LineMark.SAME)


@dataclass(frozen=True)
class PayoffQuote:
    """What ends the loan on a day. Unit: the currency.

    `held` is money the bank holds for the loan already; `total` is what is still to be paid in.
    """

    on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    fees: Decimal
    held: Decimal
    total: Decimal


def compare(before: Account, after: Account) -> Difference:
    """The readable difference of two accounts on the same day; rows are met by due date."""
    postings = (
        Posting(
            account, after.positions.get(account, NOTHING) - before.positions.get(account, NOTHING)
        )
        for account in LedgerAccount
    )
    return Difference(
        lines=_lines(before.lines, after.lines),
        before=totals_of(before),
        after=totals_of(after),
        postings=tuple(posting for posting in postings if posting.amount),
    )


def totals_of(account: Account) -> Totals:
    """The few figures people compare."""
    next_due_on = account.next_due_on
    due = (line for line in account.lines if line.due_on == next_due_on)
    return Totals(
        outstanding=account.outstanding,
        interest=_owed(account.lines, Bucket.INTEREST),
        late=_owed(account.lines, Bucket.PENALTY) + _owed(account.lines, Bucket.COMPOUND),
        open_total=sum((line.open_total for line in account.lines), NOTHING),
        next_due_on=next_due_on,
        next_open=sum((line.open_total for line in due), NOTHING),
        last_due_on=max((line.due_on for line in account.lines), default=None),
        held=account.held,
        days_past_due=account.days_past_due,
    )


def payoff_quote(
    terms: AccountTerms,
    events: Iterable[Event],
    on: date,
    fee: Decimal = NOTHING,
    working_day: WorkingDay | None = None,
) -> PayoffQuote:
    """What would end the loan on a day: the engine pays it off and the quote reads the payment.

    Unit: the currency. Rounding: the contract's. Violations: as `fold`.
    """
    key = "payoff quote"
    paying = Payoff(key=key, value_on=on, recorded_on=on, fee=fee)
    account = fold(terms, [*events, paying], on, working_day)
    paid = next(movement for movement in account.movements if movement.key == key)
    part = dict.fromkeys(Bucket, NOTHING)
    for portion in paid.portions:
        part[portion.bucket] += portion.amount
    return PayoffQuote(
        on=on,
        principal=part[Bucket.PRINCIPAL],
        interest=part[Bucket.INTEREST],
        penalty=part[Bucket.PENALTY],
        compound=part[Bucket.COMPOUND],
        fees=part[Bucket.FEE],
        held=-paid.held,
        total=paid.amount,
    )


def _owed(lines: Sequence[AccountLine], bucket: Bucket) -> Decimal:
    return sum((line.owed.get(bucket, NOTHING) for line in lines), NOTHING)


def _lines(
    before: Sequence[AccountLine], after: Sequence[AccountLine]
) -> tuple[LineDifference, ...]:
    """Rows side by side in the order of their due dates, several of one day in their order."""
    old, new = _by_day(before), _by_day(after)
    pairs = (
        pair
        for day in sorted(old.keys() | new.keys())
        for pair in zip_longest(old.get(day, ()), new.get(day, ()))
    )
    return tuple(
        LineDifference(n, _mark(left, right), left, right)
        for n, (left, right) in enumerate(pairs, start=1)
    )


def _by_day(lines: Sequence[AccountLine]) -> dict[date, list[LineSide]]:
    days: dict[date, list[LineSide]] = {}
    for line in lines:
        days.setdefault(line.due_on, []).append(_side(line))
    return days


def _side(line: AccountLine) -> LineSide:
    owed = line.owed
    return LineSide(
        due_on=line.due_on,
        principal=owed.get(Bucket.PRINCIPAL, NOTHING),
        interest=owed.get(Bucket.INTEREST, NOTHING),
        late=owed.get(Bucket.PENALTY, NOTHING) + owed.get(Bucket.COMPOUND, NOTHING),
        fee=owed.get(Bucket.FEE, NOTHING),
        paid=sum(line.paid.values(), NOTHING),
        balance_after=line.balance_after,
    )


def _mark(before: LineSide | None, after: LineSide | None) -> LineMark:
    if before is None:
        return LineMark.ADDED
    if after is None:
        return LineMark.REMOVED
    return LineMark.SAME if before == after else LineMark.CHANGED
