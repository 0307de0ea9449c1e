"""What an account's change means to the ledger: the difference of its positions, event by event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.accounts import Account, Movement
from domain.accounts.events import Event
from domain.ledger import (
    Journal,
    JournalKind,
    LedgerAccount,
    Posting,
    receipt_journal,
    release_journal,
    suspense_match_journal,
)
from domain.money import Currency
from domain.repayments import Allocation

_NOTHING = Decimal(0)
_OF_MONEY = ("drawdown", "receipt")
HELD_USED = "held_money_used"


def time_journals(
    loan_id: UUID, booked: Account | None, running: Account | None, currency: Currency
) -> Iterator[Journal]:
    """What time alone did: held money paid what fell due, and interest accrued."""
    if booked is None or running is None:
        return
    on = running.as_of
    used = [move for move in _new(booked, running) if move.kind == HELD_USED]
    matches = [
        suspense_match_journal(f"match:{loan_id}:{move.key}", on, currency, _allocations(move))
        for move in used
    ]
    yield from matches
    key = f"accrue:{loan_id}:{on.isoformat()}"
    yield from _rest(key, JournalKind.ACCRUAL, booked, running, matches, currency)


def event_journals(
    loan_id: UUID,
    before: Account | None,
    after: Account,
    events: Sequence[Event],
    known: int,
    currency: Currency,
) -> Iterator[Journal]:
    """One journal an event; what the events change beside it belongs to the last that is no money.

    Each money's own journal says where it went; a re-run's other changes are one more journal.
    """
    keys = {event.key for event in events}
    moves = [move for move in _new(before, after) if move.key in keys]
    of_money = [move for move in moves if move.kind in _OF_MONEY and not move.reversed]
    journals = [_journal(move, after.as_of, currency) for move in of_money]
    yield from journals
    taken = {journal.key for journal in journals}
    others = [event.key for event in events if event.key not in taken]
    key = others[-1] if others else f"restate:{loan_id}:{known + len(events)}"
    yield from _rest(key, JournalKind.ADJUSTMENT, before, after, journals, currency)


def opening_journals(
    loan_id: UUID,
    standing: Mapping[LedgerAccount, Decimal],
    account: Account,
    currency: Currency,
) -> Iterator[Journal]:
    """What brings a ledger from before events were kept to what follows from them."""
    key = f"opening:{loan_id}"
    yield from _difference(
        key, JournalKind.ADJUSTMENT, standing, account.positions, account.as_of, (), currency
    )


def ledger_of(balances: Mapping[LedgerAccount, Decimal]) -> dict[LedgerAccount, Decimal]:
    """Balances as the engine knows them: money promised back is still held for the borrower."""
    known = dict(balances)
    promised = known.pop(LedgerAccount.REFUND_PAYABLE, _NOTHING)
    known[LedgerAccount.SUSPENSE] = known.get(LedgerAccount.SUSPENSE, _NOTHING) + promised
    return {account: amount for account, amount in known.items() if amount}


def _journal(move: Movement, on: date, currency: Currency) -> Journal:
    if move.kind == "drawdown":
        return release_journal(move.key, on, move.amount, currency)
    return receipt_journal(move.key, on, currency, _allocations(move), move.held)


def _allocations(move: Movement) -> list[Allocation]:
    return [Allocation(part.bucket, part.n, part.amount) for part in move.portions]


def _new(before: Account | None, after: Account) -> list[Movement]:
    known = {move.key for move in before.movements} if before is not None else set()
    return [move for move in after.movements if move.key not in known]


def _rest(
    key: str,
    kind: JournalKind,
    before: Account | None,
    after: Account,
    journals: Iterable[Journal],
    currency: Currency,
) -> Iterator[Journal]:
    standing = before.positions if before is not None else {}
    yield from _difference(key, kind, standing, after.positions, after.as_of, journals, currency)


def _difference(
    key: str,
    kind: JournalKind,
    before: Mapping[LedgerAccount, Decimal],
    after: Mapping[LedgerAccount, Decimal],
    on: date,
    journals: Iterable[Journal],
    currency: Currency,
) -> Iterator[Journal]:
    """What balances changed by beyond the journals, if anything."""
    change: defaultdict[LedgerAccount, Decimal] = defaultdict(Decimal, after)
    for account, amount in before.items():
        change[account] -= amount
    for posting in (posting for journal in journals for posting in journal.postings):
        change[posting.account] -= posting.amount
    postings = tuple(Posting(account, part, currency) for account, part in change.items() if part)
    if postings:
        yield Journal(key, kind, on, postings)
