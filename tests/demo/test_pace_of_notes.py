"""A timer that a faster clock has set bills nobody before the day."""

from __future__ import annotations

from datetime import timedelta

from persistence.clock import business_clock, set_pace
from persistence.notes import bill_instalment, follow_pace, note_arrears
from persistence.tables import Instalment, Loan
from tests.workflows.conftest import World, world

__all__ = ["world"]


async def test_nothing_is_billed_or_late_before_its_business_day(world: World) -> None:
    loan_id = await world.book.draft()
    await world.submitted(loan_id)
    await world.to_repayment(loan_id)
    now = await world.now()
    async with world.book.database.transaction() as session:
        assert await bill_instalment(session, loan_id, 1, now, 99) is None
        await note_arrears(session, loan_id, 1, now, 99)
    async with world.book.database.transaction() as session:
        row = await session.get_one(Instalment, (loan_id, 1))
        loan = await session.get_one(Loan, loan_id)
        assert (row.billed_at, loan.arrears_noted) == (None, 0)
        due_at = (await business_clock(session)).instant_of(row.due_on) + timedelta(seconds=1)
        billing = await bill_instalment(session, loan_id, 1, due_at, 99)
        assert billing is not None
        assert billing.due_on == row.due_on


async def test_a_deadline_follows_the_clock_to_another_pace(world: World) -> None:
    loan_id = await world.in_repayment()
    now = await world.now()
    async with world.book.database.transaction() as session:
        await set_pace(session, now, 600)
        await follow_pace(session)
    async with world.book.database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        assert loan.next_due_on is not None
        assert loan.deadline_at == (await business_clock(session)).end_of(loan.next_due_on)
