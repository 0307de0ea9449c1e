"""A year's working days are decided by another person; a running loan's next due date follows."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from uuid import UUID

from domain.commands import Receipt
from domain.people import Role
from domain.working_days import DecideCalendar, YearDays
from persistence.calendars import ProposedYear, propose_calendar
from persistence.clock import working_calendar
from persistence.queries.calendars import year_now
from persistence.tables import CalendarVersion, Contract
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World
from workflows.commands import calendar_workflow_id


async def loan_that_shuns_days_off(world: World) -> UUID:
    loan_id = await world.to_release()
    async with world.book.database.transaction() as session:
        contract = await session.get_one(Contract, loan_id)
        schedule = {**contract.terms["schedule"], "holiday": "following"}
        contract.terms = {**contract.terms, "schedule": schedule}
    await world.both_release(loan_id)
    return loan_id


async def proposed(world: World, off: date) -> UUID:
    async with world.book.database.transaction() as session:
        days = await year_now(session, off.year)
        assert days is not None
        asked = ProposedYear(
            days=YearDays.of(off.year, (*days.off, off), days.worked),
            official=False,
            source="notice",
        )
        now = await world.now()
        return await propose_calendar(session, asked, world.book.people["risk"], now)


async def decided(world: World, version: UUID, who: str, *, approve: bool = True) -> Receipt:
    command = DecideCalendar(str(uuid.uuid4()), version, world.book.people[who], approve)
    return await world.process.decide_calendar(command)


async def test_a_due_date_that_became_a_day_off_waits_for_the_next_working_day(
    world: World,
) -> None:
    loan_id = await loan_that_shuns_days_off(world)
    first = await world.until(lambda: _first_due(world, loan_id))
    async with world.book.database.reading() as session:
        moved_to = (await working_calendar(session)).next_working(first + timedelta(days=1))
    version = await proposed(world, first)
    await world.book.hired("risk2", Role.RISK_OFFICER)

    own = await decided(world, version, "risk")
    assert (own.accepted, own.code) == (False, "calendar.own_proposal")
    assert (await decided(world, version, "risk2")).accepted
    handle = world.client.get_workflow_handle(calendar_workflow_id(version))
    assert await handle.result() == 1
    assert await _first_due(world, loan_id) == moved_to

    await on_day(world, loan_id, 1)

    async def billed() -> bool:
        return (await instalments(world, loan_id))[0].paid_on is not None

    await world.until(billed)
    assert (await instalments(world, loan_id))[0].paid_on == moved_to
    account = await tied_out(world, loan_id)
    assert account.days_past_due == 0
    again = await decided(world, version, "risk2", approve=False)
    assert (again.accepted, again.code) == (False, "calendar.decided")


async def test_a_rejected_year_moves_no_loan(world: World) -> None:
    version = await proposed(world, date(2031, 3, 3))
    await world.book.hired("risk2", Role.RISK_OFFICER)
    assert (await decided(world, version, "risk2", approve=False)).accepted
    handle = world.client.get_workflow_handle(calendar_workflow_id(version))
    assert await handle.result() == 0
    async with world.book.database.reading() as session:
        assert (await session.get_one(CalendarVersion, version)).status == "rejected"


async def _first_due(world: World, loan_id: UUID) -> date | None:
    rows = await instalments(world, loan_id)
    return rows[0].due_on if rows else None
