"""A loan's recorded history for an auditor: its links of the audit chain, and its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.business_time import BusinessClock
from persistence.audit import GENESIS, AuditEntry, link_sha256
from persistence.clock import business_clock
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.timeline import facts_of_event
from persistence.tables import AuditEvent, HistoryExport, Loan, Staff

HISTORY_PAGE = 200


@dataclass(frozen=True, slots=True)
class HistoryLink:
    """One link of the chain. `holds`: its hash recomputes and it holds the hash before it."""

    sequence: int
    at: datetime
    business_on: date
    action: str
    subject: str | None
    staff_id: UUID | None
    name: BilingualName | None
    role: str | None
    data: Mapping[str, Any]
    facts: Mapping[str, Any]
    previous_sha256: str
    sha256: str
    holds: bool


@dataclass(frozen=True, slots=True)
class HistoryRun:
    """A finished run of the loan's workflow, exported with its hash."""

    run_id: str
    sha256: str
    events: int
    exported_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The shown part of a loan's history, oldest first; `next_after` leads to the rest."""

    links: tuple[HistoryLink, ...]
    total: int
    runs: tuple[HistoryRun, ...]
    next_after: int | None

    @property
    def holds(self) -> bool:
        """Whether every shown link holds."""
        return all(link.holds for link in self.links)

    @property
    def broken(self) -> tuple[int, ...]:
        """The sequences of the shown links that do not hold."""
        return tuple(link.sequence for link in self.links if not link.holds)


async def history(
    session: AsyncSession, loan_id: UUID, after: int = 0, length: int | None = HISTORY_PAGE
) -> History:
    """The links of a loan after a sequence, at most `length`; None takes them all."""
    counting = select(func.count()).where(col(AuditEvent.loan_id) == loan_id)
    total = (await session.execute(counting)).scalar_one()
    statement = _links_of(loan_id, after)
    limited = statement if length is None else statement.limit(length + 1)
    rows = (await session.execute(limited)).all()
    shown = rows if length is None else rows[:length]
    clock = await business_clock(session)
    links = tuple(_link(row, clock) for row in shown)
    more = len(rows) > len(shown)
    return History(
        links, total, await _runs(session, loan_id), links[-1].sequence if more else None
    )


def _links_of(loan_id: UUID, after: int) -> Select[*tuple[Any, ...]]:
    before: Any = aliased(AuditEvent)
    return (
        select(
            AuditEvent,
            before.sha256.label("before_sha256"),
            col(Staff.name_zh).label("name_zh"),
            col(Staff.name_en).label("name_en"),
            col(Loan.currency).label("currency"),
        )
        .outerjoin(before, before.sequence == col(AuditEvent.sequence) - 1)
        .outerjoin(Staff, col(Staff.id) == col(AuditEvent.staff_id))
        .outerjoin(Loan, col(Loan.id) == col(AuditEvent.loan_id))
        .where(col(AuditEvent.loan_id) == loan_id, col(AuditEvent.sequence) > after)
        .order_by(col(AuditEvent.sequence))
    )


def _link(row: Row[*tuple[Any, ...]], clock: BusinessClock) -> HistoryLink:
    event: AuditEvent = row.AuditEvent
    return HistoryLink(
        sequence=event.sequence,
        at=event.at,
        business_on=clock.business_date(event.at),
        action=event.action,
        subject=event.subject,
        staff_id=event.staff_id,
        name=bilingual(row.name_zh, row.name_en),
        role=event.role,
        data=event.data,
        facts=facts_of_event(event, row.currency),
        previous_sha256=event.previous_sha256,
        sha256=event.sha256,
        holds=_holds(event, row.before_sha256),
    )


def _holds(event: AuditEvent, before_sha256: str | None) -> bool:
    before = before_sha256 if event.sequence > 1 else GENESIS
    entry = AuditEntry(
        event.at,
        event.action,
        event.loan_id,
        event.subject,
        event.staff_id,
        event.role,
        event.data,
    )
    recomputed = link_sha256(event.sequence, event.previous_sha256, entry)
    return event.previous_sha256 == before and recomputed == event.sha256


async def _runs(session: AsyncSession, loan_id: UUID) -> tuple[HistoryRun, ...]:
    statement = select(HistoryExport).where(col(HistoryExport.loan_id) == loan_id)
    rows = (await session.execute(statement.order_by(col(HistoryExport.exported_at)))).scalars()
    names = HistoryRun.__slots__
    return tuple(HistoryRun(**{name: getattr(row, name) for name in names}) for row in rows)
