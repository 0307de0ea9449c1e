"""The working calendar year by year, its versions, and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.people import Actor
from domain.working_days import YearDays, changed_days
from persistence.calendars import days_of, ruling_version
from persistence.clock import APPROVED
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import AccountEvent, CalendarVersion, Staff


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a year. `is_mine`: the reader proposed it, under whichever account."""

    id: UUID
    year: int
    number: int
    days: YearDays
    official: bool
    source: str
    status: str
    effective_on: date | None
    proposer: BilingualName | None
    proposed_at: datetime
    is_mine: bool
    decider: BilingualName | None
    decided_at: datetime | None


async def ruling_years(session: AsyncSession, actor: Actor) -> tuple[VersionView, ...]:
    """The version that rules each year, the earliest year first."""
    newest = (
        select(col(CalendarVersion.year), func.max(col(CalendarVersion.number)).label("number"))
        .where(col(CalendarVersion.status) == APPROVED)
        .group_by(col(CalendarVersion.year))
        .subquery()
    )
    ruling = _versions().join(
        newest,
        (newest.c.year == col(CalendarVersion.year))
        & (newest.c.number == col(CalendarVersion.number)),
    )
    return await _views(session, actor, ruling.order_by(col(CalendarVersion.year)))


async def newest_versions(
    session: AsyncSession, actor: Actor, most: int = 30
) -> tuple[VersionView, ...]:
    """What people proposed, the latest first."""
    asked = _versions().where(col(CalendarVersion.source) != "seed")
    latest = asked.order_by(col(CalendarVersion.proposed_at).desc()).limit(most)
    return await _views(session, actor, latest)


async def version_named(
    session: AsyncSession, actor: Actor, version_id: UUID
) -> VersionView | None:
    """One version."""
    found = await _views(session, actor, _versions().where(col(CalendarVersion.id) == version_id))
    return found[0] if found else None


async def year_now(session: AsyncSession, year: int) -> YearDays | None:
    """The days that rule a year; None where the bank has none for it."""
    ruling = await ruling_version(session, year)
    return None if ruling is None else days_of(ruling)


async def changed_by(session: AsyncSession, version: VersionView) -> tuple[tuple[date, bool], ...]:
    """The days a version would change against what rules now, and whether each is worked then."""
    return changed_days(await year_now(session, version.year), version.days)


async def moved_by(session: AsyncSession, version_id: UUID) -> int:
    """How many loans have had due dates moved by a version."""
    key = col(AccountEvent.key).startswith(f"calendar:{version_id}:", autoescape=True)
    counted = select(func.count(col(AccountEvent.loan_id).distinct())).where(key)
    loans: int = (await session.execute(counted)).scalar_one()
    return loans


def _versions() -> Select[*tuple[Any, ...]]:
    proposer: Any = aliased(Staff)
    decider: Any = aliased(Staff)
    return (
        select(
            CalendarVersion,
            proposer.name_zh.label("proposer_zh"),
            proposer.name_en.label("proposer_en"),
            decider.name_zh.label("decider_zh"),
            decider.name_en.label("decider_en"),
        )
        .outerjoin(proposer, proposer.id == col(CalendarVersion.proposed_by))
        .outerjoin(decider, decider.id == col(CalendarVersion.decided_by))
    )


async def _views(
    session: AsyncSession, actor: Actor, statement: Select[*tuple[Any, ...]]
) -> tuple[VersionView, ...]:
    staff = await session.get(Staff, UUID(actor.staff_id))
    me = staff.person_id if staff else None
    return tuple(_view(row, me) for row in (await session.execute(statement)).all())


def _view(row: Row[*tuple[Any, ...]], me: UUID | None) -> VersionView:
    version: CalendarVersion = row[0]
    return VersionView(
        id=version.id,
        year=version.year,
        number=version.number,
        days=days_of(version),
        official=version.official,
        source=version.source,
        status=version.status,
        effective_on=version.effective_on,
        proposer=bilingual(row.proposer_zh, row.proposer_en),
        proposed_at=version.proposed_at,
        is_mine=me is not None and version.proposed_person == me,
        decider=bilingual(row.decider_zh, row.decider_en),
        decided_at=version.decided_at,
    )
