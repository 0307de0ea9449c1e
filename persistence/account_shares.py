"""What each receipt paid, as the account has it: shares of movements, oldest held money first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, Movement
from domain.accounts.events import Chargeback, Event
from domain.refunds import UNDER_WAY
from domain.repayments import Bucket
from persistence.account_journals import HELD_USED
from persistence.tables import AllocationRow, Receipt, Refund

RECEIPT_KEY = "receipt:"
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

    def give_back(self, source: str, amount: Decimal) -> None:
        """Money held is paid back: that of its own receipt, then the oldest."""
        for key in (source, *self.held):
            part = min(amount, self.held.get(key, _NOTHING))
            if part > 0:
                self.held[key] -= part
                amount -= part

    def use_held(self, move: Movement) -> None:
        """Money held pays debts: the oldest first."""
        for part in move.portions:
            left = part.amount
            for key in self.held:
                taken = min(left, self.held[key])
                if taken > 0:
                    self.held[key] -= taken
                    self.paid[key, part.n, part.bucket] += taken
                    left -= taken


def shares_of(
    account: Account,
    events: Sequence[Event],
    promised: Mapping[str, Decimal],
    refunded: Mapping[str, str] = MappingProxyType({}),
) -> Shares:
    """Take an account's movements apart. `promised` is what receipts have given back of theirs.

    `refunded` names the receipt that each refund's event gives money of back.
    """
    charged = {each.key: each.receipt_key for each in events if isinstance(each, Chargeback)}
    shares = Shares()
    for move in account.movements:
        if move.reversed:
            shares.reversed.add(move.key)
        elif move.kind == HELD_USED:
            shares.use_held(move)
        elif move.key in refunded:
            shares.give_back(refunded[move.key], -move.held)
        elif move.key in charged:
            source = charged[move.key]
            shares.held[source] += move.held
            for part in move.portions:
                shares.paid[source, part.n, part.bucket] -= part.amount
        else:
            for part in move.portions:
                shares.paid[move.key, part.n, part.bucket] += part.amount
            if move.kind == "receipt":
                shares.held[move.key] = move.held - promised.get(move.key, Decimal(0))
    return shares


async def show_shares(
    session: AsyncSession, loan_id: UUID, account: Account, events: Sequence[Event]
) -> None:
    """Bring allocations and receipts to what the account says; what stands is left alone."""
    mine = select(*_STANDING).where(col(Receipt.loan_id) == loan_id)
    receipts = {event_key_of(row): row for row in (await session.execute(mine)).all()}
    promised = {key: row.refund_pending for key, row in receipts.items()}
    refunded: dict[str, str] = {}
    standing = {m.key for m in account.movements if m.kind == "refund" and not m.reversed}
    if standing:
        refunded = await _refunded(session, standing, receipts, promised)
    shares = shares_of(account, events, promised, refunded)
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


async def _refunded(
    session: AsyncSession,
    standing: set[str],
    receipts: Mapping[str, Any],
    promised: dict[str, Decimal],
) -> dict[str, str]:
    """The receipt behind each refund of the account. What such a refund promises is no longer held
    by the account, so it counts as promised no more."""
    keys = {row.id: key for key, row in receipts.items()}
    mine = select(Refund).where(col(Refund.key).in_(standing))
    found = {}
    for refund in (await session.execute(mine)).scalars():
        key = keys.get(refund.receipt_id)
        if key is not None:
            found[refund.key] = key
            if refund.status in UNDER_WAY:
                promised[key] -= refund.amount
    return found


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
