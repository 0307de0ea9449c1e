"""The longest loan and the busiest one: histories stay small, and every cent is accounted for."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from domain.process import CaseStatus
from persistence.tables import InboxEvent, ProductVersion, Receipt
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World

MONTHS, RECEIPTS = 360, 5_000
EVENTS_OF_A_RUN = 150


async def lend_for_thirty_years(world: World) -> None:
    """The shipped micro loan, for a tenor no shipped product has."""
    async with world.book.database.transaction() as session:
        product = await session.get_one(ProductVersion, ("TAX_MICRO", 1))
        product.data = {**product.data, "tenor_max": MONTHS}


async def longest_run(world: World, loan_id: UUID) -> int:
    return max(len(run.events) for run in (await world.runs(loan_id))[1:])


@pytest.mark.timeout(900)
async def test_thirty_years_run_to_payoff_in_small_histories(world: World) -> None:
    await lend_for_thirty_years(world)
    loan_id = await world.in_repayment(tenor_months=str(MONTHS))
    async with asyncio.timeout(840):
        end = await world.end_of(loan_id)
    assert end.status == CaseStatus.SETTLED
    rows = await instalments(world, loan_id)
    assert len(rows) == MONTHS
    assert all(row.paid_on == row.due_on for row in rows)
    assert len(await world.runs(loan_id)) >= MONTHS, "each instalment is a run of its own"
    assert await longest_run(world, loan_id) < EVENTS_OF_A_RUN
    account = await tied_out(world, loan_id)
    assert account.outstanding == account.held == 0


async def put_receipts(world: World, loan_id: UUID) -> None:
    """Thousands of small payments wait in the inbox at once."""
    at = await world.now()
    async with world.book.database.transaction() as session:
        for number in range(RECEIPTS):
            data = {
                "transaction_id": f"TX-{number}",
                "amount": "1.00",
                "currency": "CNY",
                "value_at": at.isoformat(),
            }
            event = InboxEvent(
                provider="rail",
                event_id=f"TX-{number}",
                kind="receipt.posted",
                loan_id=loan_id,
                raw=b"{}",
                body={"data": data},
                received_at=at,
            )
            session.add(event)


async def receipts_posted(world: World, loan_id: UUID) -> int:
    counted = select(func.count()).where(col(Receipt.loan_id) == loan_id)
    async with world.book.database.reading() as session:
        found: int = (await session.execute(counted)).scalar_one()
        return found


@pytest.mark.timeout(900)
async def test_five_thousand_receipts_are_posted_once_each(world: World) -> None:
    loan_id = await world.in_repayment()
    await put_receipts(world, loan_id)
    await world.process.look(loan_id)

    async def all_posted() -> bool:
        return await receipts_posted(world, loan_id) == RECEIPTS

    await world.until(all_posted, seconds=840)
    account = await tied_out(world, loan_id)
    assert account.held == RECEIPTS

    await on_day(world, loan_id, 1)

    async def first_is_paid() -> bool:
        return (await instalments(world, loan_id))[0].paid_on is not None

    await world.until(first_is_paid)
    await tied_out(world, loan_id)
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    assert await receipts_posted(world, loan_id) == RECEIPTS + len(world.rail.collections)
    assert await longest_run(world, loan_id) < EVENTS_OF_A_RUN
    account = await tied_out(world, loan_id)
    assert account.outstanding == account.held == 0
