"""Money that arrives is posted once, held, or promised back: never lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from domain.ledger import LedgerAccount
from domain.process import CaseStatus
from persistence.tables import InboxEvent, Receipt
from tests.workflows.test_repayment import balances, instalments, on_day
from tests.workflows.world import World


async def _receipts(world: World, count: int) -> Sequence[Receipt]:
    async def there() -> list[Receipt]:
        rows = await world.book.all_of(Receipt)
        return rows if len(rows) >= count else []

    rows: list[Receipt] = await world.until(there)
    return sorted(rows, key=lambda row: row.received_at)


async def test_money_beyond_what_is_due_is_held_and_pays_the_next_instalment(
    world: World,
) -> None:
    loan_id = await world.in_repayment()
    await world.paid(loan_id, "1000.00", "TX-early")
    [held] = await _receipts(world, 1)
    assert (held.suspense, held.suspense_reason) == (Decimal("1000.00"), "surplus")
    assert (await balances(world, loan_id))[LedgerAccount.SUSPENSE] == Decimal("-1000.00")

    await on_day(world, loan_id, 1)
    first = (await instalments(world, loan_id))[0]
    assert world.rail.collections[0].amount == first.principal + first.interest - 1000
    held, _ = await _receipts(world, 2)
    assert held.suspense == 0
    assert held.posted == 1000
    assert (await balances(world, loan_id))[LedgerAccount.SUSPENSE] == 0
    assert (await instalments(world, loan_id))[0].paid_on == first.due_on


async def test_money_left_at_the_end_is_promised_back(world: World) -> None:
    loan_id = await world.in_repayment(tenor_months="1")
    [only] = await instalments(world, loan_id)
    await world.paid(loan_id, only.principal + only.interest + 5, "TX-all")
    await _receipts(world, 1)
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    assert world.rail.collections == []
    [receipt] = await _receipts(world, 1)
    assert receipt.suspense == 0
    assert receipt.refund_pending == 5
    sums = await balances(world, loan_id)
    assert sums[LedgerAccount.REFUND_PAYABLE] == -5
    assert sums[LedgerAccount.SUSPENSE] == 0
    assert await world.book.incidents() == ["refund_pending"]


async def test_the_same_transaction_told_twice_is_posted_once(world: World) -> None:
    loan_id = await world.in_repayment()
    await world.paid(loan_id, "100.00", "TX-1")
    data = {
        "transaction_id": "TX-1",
        "amount": "100.00",
        "currency": "CNY",
        "value_at": (await world.now()).isoformat(),
    }
    await world.book.deliver("rail", "receipt.posted", loan_id, data, "told-again")
    await world.process.look(loan_id)
    await _done(world, loan_id, 4)
    assert len(await _receipts(world, 1)) == 1
    assert (await balances(world, loan_id))[LedgerAccount.SUSPENSE] == -100


@pytest.mark.parametrize(
    ("amount", "value_at", "transaction"),
    [
        ("NaN", None, "TX"),
        ("-5.00", None, "TX"),
        ("0.00", None, "TX"),
        ("1.005", None, "TX"),
        ("1e20", None, "TX"),
        ("five", None, "TX"),
        ("5.00", "yesterday", "TX"),
        ("5.00", "2026-01-01T00:00:00", "TX"),
        ("5.00", None, "T" * 101),
    ],
)
async def test_a_receipt_nobody_can_read_is_an_incident_and_stops_nothing(
    world: World, amount: str, value_at: str | None, transaction: str
) -> None:
    loan_id = await world.in_repayment()
    data = {
        "transaction_id": transaction,
        "amount": amount,
        "currency": "CNY",
        "value_at": value_at or (await world.now()).isoformat(),
    }
    await world.book.deliver("rail", "receipt.posted", loan_id, data, "odd")
    await world.paid(loan_id, "7.00", "TX-good")
    [receipt] = await _receipts(world, 1)
    assert receipt.amount == 7
    events = await world.book.all_of(InboxEvent, loan_id)
    assert [row.outcome for row in events if row.event_id == "odd"] == ["unreadable"]
    assert await world.book.incidents() == ["odd_callback"]


async def test_money_for_no_loan_or_a_closed_one_or_in_another_currency_is_held_with_a_case(
    world: World,
) -> None:
    loan_id = await world.in_repayment(tenor_months="1")
    await world.paid(loan_id, "100.00", "TX-usd", currency="USD")
    await _receipts(world, 1)
    await world.end_of(loan_id)
    await world.paid(loan_id, "50.00", "TX-late")
    await world.paid(uuid4(), "60.00", "TX-whose")
    await world.book.pay_in(None, "70.00", await world.now(), "TX-nobody")
    await world.swept()
    rows = {row.transaction_id: row for row in await _receipts(world, 5)}
    reasons = {name: row.suspense_reason for name, row in rows.items() if row.suspense}
    assert reasons == {
        "TX-usd": "wrong_currency",
        "TX-late": "loan_closed",
        "TX-whose": "unknown_loan",
        "TX-nobody": "unknown_loan",
    }
    assert await world.book.incidents() == ["suspense"] * 4
    events = await world.book.all_of(InboxEvent)
    assert all(event.processed_at is not None for event in events)


async def test_another_loans_debit_named_in_a_remittance_is_not_honoured_by_it(
    world: World,
) -> None:
    world.rail.debited = world.dishonoured
    theirs = await world.in_repayment()
    mine = await world.in_repayment()
    await on_day(world, theirs, 1, days=3)
    now = await world.now()
    await world.book.pay_in(mine, "10.00", now, "TX-1", remittance=f"coll:{theirs}:1")
    await world.process.look(mine)
    rows = await _receipts(world, 1)
    due_on = (await instalments(world, theirs))[0].due_on
    assert rows[0].value_on > due_on


async def _done(world: World, loan_id: UUID, count: int) -> None:
    async def processed() -> bool:
        events = await world.book.all_of(InboxEvent, loan_id)
        return sum(event.processed_at is not None for event in events) == count

    await world.until(processed)
