"""The working calendar in versions: proposed, decided by another person, brought to the loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Act, Actor
from domain.violations import DutyViolation, LoanRuleViolation
from domain.working_days import YearDays, changed_days, check_ahead
from persistence.audit import record
from persistence.clock import APPROVED, business_date
from persistence.seed.working_calendar import calendar_rows
from persistence.tables import CalendarVersion, Staff

PROPOSED, REJECTED = "proposed", "rejected"
FIRST_DAY = date(2000, 1, 1)
_SEEDED_AT = datetime(2025, 11, 4, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ProposedYear:
    """What a person proposes for a year; `official` once the State Council's notice is out."""

    days: YearDays
    official: bool
    source: str


async def seed_calendar(session: AsyncSession) -> None:
    """The first version of every year a book starts with; what is there already stays."""
    off: defaultdict[int, list[str]] = defaultdict(list)
    worked: defaultdict[int, list[str]] = defaultdict(list)
    official: dict[int, bool] = {}
    for row in calendar_rows():
        official[row.day.year] = row.year_status == "official"
        if row.is_working != (row.day.weekday() < 5):
            (worked if row.is_working else off)[row.day.year].append(row.day.isoformat())
    for year, is_official in official.items():
        version = {
            "id": uuid5(NAMESPACE_URL, f"corploan:calendar:{year}:1"),
            "year": year,
            "number": 1,
            "days": {"off": off[year], "worked": worked[year]},
            "official": is_official,
            "source": "seed",
            "status": APPROVED,
            "effective_on": FIRST_DAY,
            "proposed_at": _SEEDED_AT,
            "decided_at": _SEEDED_AT,
        }
        await session.execute(insert(CalendarVersion).values(version).on_conflict_do_nothing())


async def propose_calendar(
    session: AsyncSession, asked: ProposedYear, actor: Actor, at: datetime
) -> UUID:
    """Propose a year's calendar; it counts once another person approves it.

    Violations: `calendar.unchanged`, `calendar.past`, `calendar.proposed_before`, `duty.role`.
    """
    _refuse_without(actor, Act.PROPOSE_RATE)
    ruling = await ruling_version(session, asked.days.year)
    if ruling is None or ruling.official == asked.official:
        await _check(session, ruling, asked.days, at)
    row = {
        "id": uuid4(),
        "year": asked.days.year,
        "number": await _next_number(session, asked.days.year),
        "days": _document(asked.days),
        "official": asked.official,
        "source": asked.source,
        "status": PROPOSED,
        "proposed_by": UUID(actor.staff_id),
        "proposed_person": await _person_of(session, actor),
        "proposed_at": at,
    }
    added = insert(CalendarVersion).values(row).on_conflict_do_nothing()
    version_id = (
        await session.execute(added.returning(col(CalendarVersion.id)))
    ).scalar_one_or_none()
    if version_id is None:
        raise LoanRuleViolation("calendar.proposed_before")
    record(
        session,
        "calendar.proposed",
        at,
        subject=str(version_id),
        actor=actor,
        year=asked.days.year,
        days=row["days"],
    )
    return version_id


async def decide_calendar(
    session: AsyncSession, version_id: UUID, *, approve: bool, actor: Actor, at: datetime
) -> None:
    """Approve or reject a version. Approved, it rules deadlines and quotes at once.

    A note drawn up to today is reached by `persistence.calendar_moves`. Deciding the same again
    changes nothing. Violations: `calendar.unknown`, `calendar.decided`, `calendar.own_proposal`,
    `calendar.past` where its first changed day came while it waited.
    """
    _refuse_without(actor, Act.APPROVE_RATE)
    version = await session.get(CalendarVersion, version_id, with_for_update=True)
    if version is None:
        raise LoanRuleViolation("calendar.unknown")
    decision = APPROVED if approve else REJECTED
    if version.status == decision:
        return
    if version.status != PROPOSED:
        raise LoanRuleViolation("calendar.decided")
    person = await _person_of(session, actor)
    if person == version.proposed_person:
        raise DutyViolation("calendar.own_proposal")
    if approve:
        await _take_effect(session, version, at)
    version.status, version.decided_at = decision, at
    version.decided_by, version.decided_person = UUID(actor.staff_id), person
    await session.flush()
    record(session, f"calendar.{decision}", at, subject=str(version_id), actor=actor)


async def ruling_version(session: AsyncSession, year: int) -> CalendarVersion | None:
    """The newest approved version of a year, or None."""
    statement = select(CalendarVersion).where(
        col(CalendarVersion.year) == year, col(CalendarVersion.status) == APPROVED
    )
    newest = statement.order_by(col(CalendarVersion.number).desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


def days_of(version: CalendarVersion) -> YearDays:
    """The days a row stands for."""
    off, worked = (map(date.fromisoformat, version.days[name]) for name in ("off", "worked"))
    return YearDays.of(version.year, off, worked)


async def _take_effect(session: AsyncSession, version: CalendarVersion, at: datetime) -> None:
    ruling = await ruling_version(session, version.year)
    changed = changed_days(days_of(ruling) if ruling else None, days_of(version))
    today = await business_date(session, at)
    if changed:
        check_ahead(changed, today)
    version.effective_on = today + timedelta(days=1)


async def _check(
    session: AsyncSession, ruling: CalendarVersion | None, days: YearDays, at: datetime
) -> None:
    changed = changed_days(days_of(ruling) if ruling else None, days)
    check_ahead(changed, await business_date(session, at))


async def _next_number(session: AsyncSession, year: int) -> int:
    newest = select(func.max(col(CalendarVersion.number))).where(col(CalendarVersion.year) == year)
    return ((await session.execute(newest)).scalar_one() or 0) + 1


def _document(days: YearDays) -> Mapping[str, Any]:
    return {
        "off": [day.isoformat() for day in days.off],
        "worked": [day.isoformat() for day in days.worked],
    }


def _refuse_without(actor: Actor, act: Act) -> None:
    if not actor.may(act):
        raise DutyViolation("duty.role")


async def _person_of(session: AsyncSession, actor: Actor) -> UUID:
    return (await session.get_one(Staff, UUID(actor.staff_id))).person_id
