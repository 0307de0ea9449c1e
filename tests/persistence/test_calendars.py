"""A year's working days take two persons, stand once decided, and move the due dates ahead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from domain.people import Actor
from domain.violations import DutyViolation, LoanRuleViolation
from domain.working_days import YearDays
from persistence.account_backfill import ledger_of_loan
from persistence.accounts import account_on
from persistence.calendar_moves import Moved, move_some, moved_page
from persistence.calendars import ProposedYear, decide_calendar, propose_calendar
from persistence.clock import business_date, working_calendar
from persistence.engine import Database
from persistence.queries.calendars import year_now
from tests.persistence.booking import Booking
from tests.persistence.test_rates import officer
from tests.workflows.book import Book

FOLLOWING = {"repayment_method": "equal_principal", "holiday_rule": "following"}


@pytest_asyncio.fixture
async def bank(database: Database) -> AsyncIterator[Booking]:
    book = Book(database)
    await book.open()
    yield Booking(book, datetime.now(UTC))


async def booked(bank: Booking, **fields: str) -> UUID:
    loan_id = await bank.contracted("FIXED_ASSET", **fields)
    await bank.paid_out(loan_id)
    return loan_id


async def with_day_off(bank: Booking, off: date, *, official: bool = False) -> ProposedYear:
    """The year as it rules, and one weekday more off."""
    async with bank.book.database.reading() as session:
        days = await year_now(session, off.year)
    assert days is not None
    return ProposedYear(
        days=YearDays.of(off.year, (*days.off, off), days.worked),
        official=official,
        source="notice",
    )


async def proposed(bank: Booking, asked: ProposedYear, actor: Actor) -> UUID:
    async with bank.book.database.transaction() as session:
        return await propose_calendar(session, asked, actor, bank.at)


async def decided(bank: Booking, version: UUID, actor: Actor, *, approve: bool = True) -> None:
    async with bank.book.database.transaction() as session:
        await decide_calendar(session, version, approve=approve, actor=actor, at=bank.at)


async def a_weekday_due(bank: Booking, loan_id: UUID) -> date:
    """A due date ahead with a plain working day behind it."""
    async with bank.book.database.reading() as session:
        calendar = await working_calendar(session)
    dues = [row.due_on for row in await bank.rows(loan_id)][2:]
    return next(day for day in dues if calendar.is_working(day + timedelta(days=1)))


async def test_an_approved_day_off_moves_what_falls_due_on_it_and_nothing_else(
    bank: Booking,
) -> None:
    database = bank.book.database
    moving, still = await booked(bank, **FOLLOWING), await booked(bank)
    off = await a_weekday_due(bank, moving)
    before = await bank.rows(moving)
    first, second = await officer(database, "first"), await officer(database, "second")
    version = await proposed(bank, await with_day_off(bank, off), first)
    async with database.reading() as session:
        shown, counted = await moved_page(session, version, bank.at)
    assert [(loan.loan_id, loan.moves) for loan in shown] == [
        (moving, ((off, off + timedelta(days=1)),))
    ]
    assert counted == 1
    await decided(bank, version, second)
    assert await move_some(database, version, None, bank.at) == Moved(None, (moving,))
    after = await bank.rows(moving)
    assert await move_some(database, version, None, bank.at) == Moved(None, (moving,))
    assert await bank.rows(moving) == after
    expected = [due + timedelta(days=due == off) for due in (row.due_on for row in before)]
    assert [row.due_on for row in after] == expected
    assert sum(row.principal for row in after) == sum(row.principal for row in before)
    async with database.reading() as session:
        today = await business_date(session, bank.at)
        account = await account_on(session, moving, today)
        assert await ledger_of_loan(session, moving) == dict(account.positions)
    assert off not in [row.due_on for row in after]
    assert await bank.rows(still), "a loan that minds no day off is not touched"


async def test_a_note_drawn_on_the_day_of_approval_takes_it_as_it_is_drawn(bank: Booking) -> None:
    database = bank.book.database
    earlier = await booked(bank, **FOLLOWING)
    off = await a_weekday_due(bank, earlier)
    first, second = await officer(database, "first"), await officer(database, "second")
    version = await proposed(bank, await with_day_off(bank, off), first)
    await decided(bank, version, second)
    await move_some(database, version, None, bank.at)
    later = await booked(bank, **FOLLOWING)
    dues = [[row.due_on for row in await bank.rows(one)] for one in (earlier, later)]
    assert dues[0] == dues[1]


async def test_a_year_counts_only_when_another_person_approves_it(bank: Booking) -> None:
    database = bank.book.database
    first, second = await officer(database, "first"), await officer(database, "second")
    twin = await officer(database, "twin", same_as=first.staff_id)
    off = date(2031, 3, 3)
    version = await proposed(bank, await with_day_off(bank, off, official=True), first)
    for same_person in (first, twin):
        with pytest.raises(DutyViolation, match=r"calendar\.own_proposal"):
            await decided(bank, version, same_person)
    async with database.reading() as session:
        assert (await working_calendar(session)).is_working(off)
        assert (await working_calendar(session)).is_provisional(off)
    await decided(bank, version, second)
    await decided(bank, version, second)
    async with database.reading() as session:
        calendar = await working_calendar(session)
        assert not calendar.is_working(off)
        assert not calendar.is_provisional(off)
        assert calendar.is_provisional(date(2041, 1, 2))
        today = await business_date(session, bank.at)
        assert (await working_calendar(session, today)).is_working(off), "known from tomorrow on"
    with pytest.raises(LoanRuleViolation, match=r"calendar\.decided"):
        await decided(bank, version, second, approve=False)
    with pytest.raises(DatabaseError, match="append only"):
        async with database.transaction() as session:
            await session.execute(text("UPDATE calendar_version SET source = 'other'"))


async def test_what_cannot_be_is_refused_by_name_and_nothing_is_stored(bank: Booking) -> None:
    database = bank.book.database
    first, manager = await officer(database, "first"), bank.book.people["manager"]
    async with database.reading() as session:
        today = await business_date(session, bank.at)
        same = await year_now(session, 2031)
        lived = today - timedelta(days=7)
        ruling = await year_now(session, lived.year)
    assert same is not None
    assert ruling is not None
    while lived.weekday() > 4 or lived in ruling.off:
        lived -= timedelta(days=1)
    cases = (
        (ProposedYear(days=same, official=False, source="x"), first, "calendar.unchanged"),
        (await with_day_off(bank, lived, official=lived.year <= 2026), first, "calendar.past"),
        (await with_day_off(bank, date(2031, 3, 3)), manager, "duty.role"),
    )
    for asked, actor, code in cases:
        with pytest.raises(LoanRuleViolation, match=code.replace(".", r"\.")):
            await proposed(bank, asked, actor)
    await proposed(bank, await with_day_off(bank, date(2031, 3, 3)), first)
    with pytest.raises(LoanRuleViolation, match=r"calendar\.proposed_before"):
        await proposed(bank, await with_day_off(bank, date(2031, 3, 4)), first)


async def test_a_version_that_waited_too_long_cannot_take_effect(bank: Booking) -> None:
    database = bank.book.database
    first, second = await officer(database, "first"), await officer(database, "second")
    off = date(2031, 3, 3)
    version = await proposed(bank, await with_day_off(bank, off), first)
    bank.at = datetime(2031, 3, 3, 4, tzinfo=UTC)
    with pytest.raises(LoanRuleViolation, match=r"calendar\.past"):
        await decided(bank, version, second)
    await decided(bank, version, second, approve=False)
