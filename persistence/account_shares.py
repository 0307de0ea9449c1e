"""What each receipt paid, as the account has it: shares of movements, oldest held money first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, Movement
from domain.accounts.events import Chargeback, Event
from domain.repayments import Bucket
from persistence.account_journals import HELD_USED
from persistence.tables import AllocationRow, Receipt

RECEIPT_KEY = "receipt:"
Place = tuple[str, int, Bucket]
"""Event, instalment, bucket."""


def receipt_key(receipt_id: UUID) -> str:
    """The key of the event that a receipt's money is."""
    return f"{RECEIPT_KEY}{receipt_id}"


def event_key_of(receipt: Receipt) -> str:
    """The key of the event that a receipt's money is now: matched anew, it has a new one."""
    return receipt.event_key or receipt_key(receipt.id)


@dataclass
class Shares:
    """Who paid what. `held` is what each receipt still has; `reversed` names what never counted."""

    paid: defaultdict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: dict[str, Decimal] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)

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


def shares_of(account: Account, events: Sequence[Event], promised: Mapping[str, Decimal]) -> Shares:
    """Take an account's movements apart. `promised` is what receipts have given back of theirs."""
    charged = {each.key: each.receipt_key for each in events if isinstance(each, Chargeback)}
    shares = Shares()
    for move in account.movements:
        if move.reversed:
            shares.reversed.add(move.key)
        elif move.kind == HELD_USED:
            shares.use_held(move)
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
    rows = await session.execute(select(Receipt).where(col(Receipt.loan_id) == loan_id))
    receipts = {event_key_of(row): row for row in rows.scalars()}
    promised = {key: row.refund_pending for key, row in receipts.items()}
    shares = shares_of(account, events, promised)
    await _show_allocations(session, loan_id, shares, receipts)
    posted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (key, _, _), amount in shares.paid.items():
        posted[key] += amount
    for key in {move.key for move in account.movements} & receipts.keys():
        _show_receipt(receipts[key], key, shares, posted[key])


def _show_receipt(receipt: Receipt, key: str, shares: Shares, posted: Decimal) -> None:
    if key in shares.reversed:
        receipt.posted, receipt.suspense, receipt.suspense_reason = Decimal(0), Decimal(0), None
        receipt.returned = receipt.amount - receipt.refund_pending
        return
    held = max(shares.held.get(key, Decimal(0)), Decimal(0))
    receipt.posted, receipt.suspense = posted, held
    receipt.suspense_reason = "surplus" if held else None
    receipt.returned = receipt.amount - receipt.refund_pending - posted - held


async def _show_allocations(
    session: AsyncSession, loan_id: UUID, shares: Shares, receipts: Mapping[str, Receipt]
) -> None:
    mine = select(AllocationRow).where(col(AllocationRow.loan_id) == loan_id)
    standing: dict[Place, AllocationRow] = {}
    for row in (await session.execute(mine)).scalars():
        place = (_key_of(row), row.n, Bucket(row.bucket))
        if place in standing or shares.paid.get(place, Decimal(0)) != row.amount:
            await session.delete(row)
        else:
            standing[place] = row
    for place, amount in shares.paid.items():
        if amount > 0 and place not in standing:
            key, n, bucket = place
            receipt = receipts.get(key)
            session.add(
                AllocationRow(
                    receipt_id=receipt.id if receipt else None,
                    event_key=key,
                    loan_id=loan_id,
                    bucket=bucket,
                    n=n,
                    amount=amount,
                )
            )


def _key_of(row: AllocationRow) -> str:
    if row.event_key is not None:
        return row.event_key
    return receipt_key(row.receipt_id) if row.receipt_id else ""
