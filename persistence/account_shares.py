"""What each receipt paid, as the account has it: shares of movements, oldest held money first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, Movement
from domain.accounts.events import Chargeback, Event, RefundDue, RefundFailed, RefundPaid
from domain.repayments import Bucket
from persistence.account_journals import HELD_USED
from persistence.tables import AllocationRow, Receipt

RECEIPT_KEY = "receipt:"
_USING_HELD = (HELD_USED, "prepayment", "payoff")
Place = tuple[str, int, Bucket]
"""Event, instalment, bucket."""
_NOTHING = Decimal(0)
# Read as plain rows: a loan may have thousands, and an event changes few of them.
_STANDING = tuple(
    Receipt.__table__.c[name]  # type: ignore[attr-defined] # SQLModel gives each its table
    for name in (
        "id", "event_key", "amount", "refund_pending",
        "posted", "suspense", "suspense_reason", "returned",
    )
)  # fmt: skip
_PLACED = tuple(
    AllocationRow.__table__.c[name]  # type: ignore[attr-defined] # SQLModel gives each its table
    for name in ("id", "event_key", "receipt_id", "n", "bucket", "amount")
)


def receipt_key(receipt_id: UUID) -> str:
    """The key of the event that a receipt's money is."""
    return f"{RECEIPT_KEY}{receipt_id}"


def event_key_of(receipt: Any) -> str:
    """The key of the event that a receipt's money is now: matched anew, it has a new one."""
    return receipt.event_key or receipt_key(receipt.id)


@dataclass
class Shares:
    """Who paid what. `held` is what each receipt still has; `reversed` names what never counted."""

    paid: defaultdict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: dict[str, Decimal] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)

    def give_back(self, move: Movement, source: str) -> None:
        """Held money is promised back: that of its own receipt, then the oldest.

        Where a re-run holds less than was promised, what the receipt paid beyond its own money
        was paid by the promise: that part is owed again.
        """
        left = -move.held
        for key in (source, *self.held):
            part = min(left, self.held.get(key, _NOTHING))
            if part > 0:
                self.held[key] -= part
                left -= part
        owed = move.amount + move.held
        for place in [place for place in reversed(self.paid) if place[0] == source]:
            part = min(owed, self.paid[place])
            if part > 0:
                self.paid[place] -= part
                self.paid[move.key, place[1], place[2]] += part
                owed -= part

    def use_held(self, move: Movement) -> None:
        """Money held pays debts, the oldest first; what is beyond it the event itself has paid."""
        for part in move.portions:
            left = part.amount
            for key in self.held:
                taken = min(left, self.held[key])
                if taken > 0:
                    self.held[key] -= taken
                    self.paid[key, part.n, part.bucket] += taken
                    left -= taken
            self.paid[move.key, part.n, part.bucket] += left


def shares_of(account: Account, events: Sequence[Event], promised: Mapping[str, Decimal]) -> Shares:
    """Take an account's movements apart. `promised` is what receipts have given back of theirs
    without the account's knowing: at the end of loans from before it knew."""
    sources = _sources(events)
    shares = Shares()
    for move in account.movements:
        if move.reversed:
            shares.reversed.add(move.key)
        elif move.kind in _USING_HELD:
            shares.use_held(move)
        elif move.kind == "refund_due":
            shares.give_back(move, sources.get(move.key, ""))
        elif move.key in sources:
            source = sources[move.key]
            shares.held[source] = shares.held.get(source, _NOTHING) + move.held
            for part in move.portions:
                shares.paid[source, part.n, part.bucket] += part.amount * _sign(move)
        else:
            for part in move.portions:
                shares.paid[move.key, part.n, part.bucket] += part.amount
            if move.kind == "receipt":
                shares.held[move.key] = move.held - promised.get(move.key, Decimal(0))
    return shares


def _sign(move: Movement) -> int:
    """A chargeback unpays; a refund that failed pays what is due by then."""
    return 1 if move.kind == "refund_failed" else -1


def _sources(events: Sequence[Event]) -> Mapping[str, str]:
    """The receipt whose money an event takes back, promises or holds again."""
    sources = {each.key: each.receipt_key for each in events if isinstance(each, Chargeback)}
    dues = {each.key: each.receipt_key for each in events if isinstance(each, RefundDue)}
    sources |= {key: source for key, source in dues.items() if source is not None}
    failed = [each for each in events if isinstance(each, RefundFailed)]
    return sources | {each.key: dues.get(each.due_key) or "" for each in failed}


def _promised(
    account: Account, events: Sequence[Event], pending: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """What receipts promise that their account does not know of."""
    ended = {each.due_key for each in events if isinstance(each, RefundPaid | RefundFailed)}
    ended |= {move.key for move in account.movements if move.reversed}
    left = dict(pending)
    for each in events:
        if isinstance(each, RefundDue) and each.key not in ended and each.receipt_key in left:
            left[each.receipt_key] -= each.amount
    return left


async def show_shares(
    session: AsyncSession, loan_id: UUID, account: Account, events: Sequence[Event]
) -> None:
    """Bring allocations and receipts to what the account says; what stands is left alone."""
    mine = select(*_STANDING).where(col(Receipt.loan_id) == loan_id)
    receipts = {event_key_of(row): row for row in (await session.execute(mine)).all()}
    pending = {key: row.refund_pending for key, row in receipts.items()}
    shares = shares_of(account, events, _promised(account, events, pending))
    await _show_allocations(session, loan_id, shares, receipts)
    posted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (key, _, _), amount in shares.paid.items():
        posted[key] += amount
    changed = {}
    for key in {move.key for move in account.movements} & receipts.keys():
        values = _receipt_values(receipts[key], key, shares, posted[key])
        if any(getattr(receipts[key], name) != value for name, value in values.items()):
            changed[receipts[key].id] = values
    await _show_receipts(session, changed)


def _receipt_values(row: Any, key: str, shares: Shares, posted: Decimal) -> dict[str, Any]:
    if key in shares.reversed:
        posted = held = _NOTHING
    else:
        held = max(shares.held.get(key, _NOTHING), _NOTHING)
    return {
        "posted": posted,
        "suspense": held,
        "suspense_reason": "surplus" if held else None,
        "returned": row.amount - row.refund_pending - posted - held,
    }


async def _show_receipts(session: AsyncSession, changed: Mapping[UUID, Mapping[str, Any]]) -> None:
    rows = await session.execute(select(Receipt).where(col(Receipt.id).in_(changed)))
    for receipt in rows.scalars():
        for name, value in changed[receipt.id].items():
            setattr(receipt, name, value)


async def _show_allocations(
    session: AsyncSession, loan_id: UUID, shares: Shares, receipts: Mapping[str, Any]
) -> None:
    mine = select(*_PLACED).where(col(AllocationRow.loan_id) == loan_id)
    standing: set[Place] = set()
    gone: list[int] = []
    for row in (await session.execute(mine)).all():
        place = (_key_of(row), row.n, Bucket(row.bucket))
        if place in standing or shares.paid.get(place, _NOTHING) != row.amount:
            gone.append(row.id)
        else:
            standing.add(place)
    if gone:
        await session.execute(delete(AllocationRow).where(col(AllocationRow.id).in_(gone)))
    missing = [
        {
            "receipt_id": receipts[key].id if key in receipts else None,
            "event_key": key,
            "loan_id": loan_id,
            "bucket": bucket,
            "n": n,
            "amount": amount,
        }
        for (key, n, bucket), amount in shares.paid.items()
        if amount > 0 and (key, n, bucket) not in standing
    ]
    if missing:
        await session.execute(insert(AllocationRow), missing)


def _key_of(row: Any) -> str:
    if row.event_key is not None:
        return str(row.event_key)
    return receipt_key(row.receipt_id) if row.receipt_id else ""
