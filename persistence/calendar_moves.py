"""An approved calendar brought to every running loan whose due dates shun days off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import AccountTerms, fold
from domain.accounts.events import Event, HolidayMove
from domain.accounts.holidays import holiday_moves
from domain.business_time import BusinessCalendar
from domain.people import Actor
from domain.process import CaseStatus
from domain.schedules import HolidayRule
from domain.violations import LoanRuleViolation
from persistence.accounts import account_terms, append_events, events_of, working_day
from persistence.calendars import days_of
from persistence.clock import APPROVED, business_date, working_calendar
from persistence.engine import Database
from persistence.incidents import open_incident
from persistence.stages import locked_loan
from persistence.tables import CalendarVersion, Contract, Loan

LOANS_A_STEP = 10
LOANS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one step came: the last loan looked at, None when there are no more."""

    after: UUID | None
    loans: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MovedLoan:
    """One loan and the due dates a version would move."""

    loan_id: UUID
    case_number: str
    moves: tuple[tuple[date, date], ...]


async def move_some(
    database: Database, version_id: UUID, after: UUID | None, at: datetime
) -> Moved:
    """Move the due dates of the next few loans, each by itself.

    A loan that has moved already is left alone, so a step may be made again. One that cannot move
    is somebody's case and keeps no other loan waiting. Violation: `calendar.unknown`.
    """
    async with database.reading() as session:
        version = await _version(session, version_id)
        loans = await following_loans(session, after, LOANS_A_STEP)
    if version.status != APPROVED:
        raise LoanRuleViolation("calendar.unknown")
    moved = [loan.id for loan in loans if await _moved(database, loan.id, version_id, at)]
    last = loans[-1].id if len(loans) == LOANS_A_STEP else None
    return Moved(last, tuple(moved))


async def take_calendars(session: AsyncSession, loan: Loan, at: datetime) -> None:
    """What versions approved since its day of drawdown move, for a note recorded after them."""
    terms = await account_terms(session, loan)
    if terms.schedule.holiday is HolidayRule.NONE:
        return
    since = select(CalendarVersion).where(
        col(CalendarVersion.status) == APPROVED,
        col(CalendarVersion.effective_on) > terms.schedule.drawn_on,
    )
    ordered = since.order_by(col(CalendarVersion.decided_at))
    for version in (await session.execute(ordered)).scalars().all():
        await _take(session, loan, version, at)


async def moved_page(
    session: AsyncSession, version_id: UUID, at: datetime
) -> tuple[tuple[MovedLoan, ...], int]:
    """What a version would do to the first loans it moves, and how many loans shun days off."""
    version = await _version(session, version_id)
    shown: list[MovedLoan] = []
    for loan in await following_loans(session):
        moves = await _moves_of(session, loan, version, at)
        if moves:
            shown.append(MovedLoan(loan.id, loan.case_number, moves))
        if len(shown) == LOANS_A_PAGE:
            break
    counted = select(func.count()).select_from(Loan)
    counted = counted.join(Contract, col(Contract.loan_id) == col(Loan.id)).where(*_follows())
    return tuple(shown), (await session.execute(counted)).scalar_one()


async def following_loans(
    session: AsyncSession, after: UUID | None = None, most: int | None = None
) -> Sequence[Loan]:
    """The live, drawn loans whose contract puts off due dates on days off, in a lasting order."""
    statement = select(Loan).join(Contract, col(Contract.loan_id) == col(Loan.id))
    statement = statement.where(*_follows()).order_by(col(Loan.id))
    if after is not None:
        statement = statement.where(col(Loan.id) > after)
    return (await session.execute(statement.limit(most))).scalars().all()


def _follows() -> tuple[ColumnElement[bool], ...]:
    """Written as the database's own index has it, so that it is used."""
    return (
        col(Loan.status) == CaseStatus.ACTIVE,
        col(Loan.drawn_on).is_not(None),
        literal_column("(contract.terms -> 'schedule' ->> 'holiday')") == "following",
    )


async def _version(session: AsyncSession, version_id: UUID) -> CalendarVersion:
    version = await session.get(CalendarVersion, version_id)
    if version is None:
        raise LoanRuleViolation("calendar.unknown")
    return version


async def _moved(database: Database, loan_id: UUID, version_id: UUID, at: datetime) -> bool:
    try:
        async with database.transaction() as session:
            loan = await locked_loan(session, loan_id)
            return await _take(session, loan, await _version(session, version_id), at)
    except LoanRuleViolation as refused:
        async with database.transaction() as session:
            key, code = f"calendar:{version_id}:{loan_id}", refused.code
            await open_incident(session, key, "calendar_not_taken", at, loan_id, code=code)
        return False


async def _take(session: AsyncSession, loan: Loan, version: CalendarVersion, at: datetime) -> bool:
    """Whether the loan's dates follow the version, from now on or already."""
    mark = f"calendar:{version.id}:"
    if any(event.key.startswith(mark) for event in await events_of(session, loan.id)):
        return True
    today = await business_date(session, at)
    events: list[Event] = [
        HolidayMove(
            key=f"{mark}{old.isoformat()}",
            value_on=today,
            recorded_on=today,
            from_due_on=old,
            to_due_on=new,
        )
        for old, new in await _moves_of(session, loan, version, at)
    ]
    if events:
        actor = Actor(str(version.decided_by), ()) if version.decided_by else None
        await append_events(session, loan, events, at, back_dated=True, actor=actor)
    return bool(events)


async def _moves_of(
    session: AsyncSession, loan: Loan, version: CalendarVersion, at: datetime
) -> tuple[tuple[date, date], ...]:
    """What falls due after today and elsewhere; nothing for a note drawn when it ruled already."""
    terms = await account_terms(session, loan)
    if version.effective_on is not None and terms.schedule.drawn_on >= version.effective_on:
        return ()
    today = max(await business_date(session, at), loan.booked_to_on or date.min)
    dues = await _dues_ahead(session, loan, terms, today)
    before = await working_calendar(session, without=version.id)
    return holiday_moves(terms.schedule, dues, before.is_working, _with(before, version).is_working)


async def _dues_ahead(
    session: AsyncSession, loan: Loan, terms: AccountTerms, today: date
) -> list[date]:
    events = await events_of(session, loan.id)
    account = fold(terms, events, today, await working_day(session, terms))
    return [line.due_on for line in account.lines if line.due_on > today and line.open_total > 0]


def _with(calendar: BusinessCalendar, version: CalendarVersion) -> BusinessCalendar:
    """The calendar with one year's days as a version has them."""
    days, year = days_of(version), version.year
    return BusinessCalendar(
        frozenset(d for d in calendar.non_working_weekdays if d.year != year) | set(days.off),
        frozenset(d for d in calendar.working_weekends if d.year != year) | set(days.worked),
        calendar.provisional_years,
        calendar.last_year,
    )
