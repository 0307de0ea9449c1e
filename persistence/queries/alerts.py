"""Alerts as they are shown: of a customer, of the whole bank, of one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Act, Actor, Role
from domain.watch.signals import Colour
from persistence.queries.deadlines import DayCounter, day_counter
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import Alert, Customer, Staff

LIST_LENGTH = 300


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. `days_left` in working days, below zero when overdue; 0 on its last day."""

    id: UUID
    customer_id: UUID
    customer_name: str
    signal_id: str
    colour: Colour
    signal_colour: Colour
    actual: bool
    freezes_undrawn: bool
    evidence_wanted: str
    params: Mapping[str, Any]
    owner_role: str
    owner: BilingualName | None
    is_mine: bool
    opened_at: datetime
    last_seen_at: datetime
    merged_count: int
    due_at: datetime
    days_left: int
    overdue: bool
    level: int
    action: str | None
    evidence: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What the board shows: a colour, the reader's own, or everything."""

    colour: Colour | None = None
    mine: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class AlertBoard:
    """Open alerts, what happened apart from what may happen; how many of each colour."""

    actual: tuple[AlertView, ...]
    possible: tuple[AlertView, ...]
    counts: Mapping[Colour, int]
    overdue: int


async def alerts_of_customer(
    session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime
) -> tuple[AlertView, ...]:
    """A customer's alerts, open ones first, the gravest and most urgent before the others."""
    statement = (
        _rows()
        .where(col(Alert.customer_id) == customer_id)
        .order_by(col(Alert.closed_at).desc().nulls_first(), col(Alert.due_at))
    )
    return await _views(session, actor, statement.limit(LIST_LENGTH), now)


async def alert_board(
    session: AsyncSession, actor: Actor, filters: AlertFilters, now: datetime
) -> AlertBoard:
    """All open alerts, overdue first, then by gravity and deadline."""
    if not actor.may(Act.READ_CUSTOMERS):
        return AlertBoard((), (), {}, 0)
    statement = _rows().where(_is_open(), _filtered(actor, filters, now))
    late = (col(Alert.due_at) > now, col(Alert.due_at), col(Alert.id))
    found = await _views(session, actor, statement.order_by(*late).limit(LIST_LENGTH), now)
    ordered = sorted(found, key=lambda one: (not one.overdue, -one.colour.gravity, one.due_at))
    counts = select(col(Alert.colour), func.count()).where(_is_open()).group_by(col(Alert.colour))
    by_colour = dict((await session.execute(counts)).all())
    return AlertBoard(
        actual=tuple(one for one in ordered if one.actual),
        possible=tuple(one for one in ordered if not one.actual),
        counts={colour: by_colour.get(colour.value, 0) for colour in Colour},
        overdue=sum(one.overdue for one in ordered),
    )


async def my_alerts(session: AsyncSession, actor: Actor, now: datetime) -> tuple[AlertView, ...]:
    """Open alerts this reader has to see to: their own, or their role's."""
    filters = AlertFilters(mine=True)
    statement = _rows().where(_is_open(), _filtered(actor, filters, now))
    return await _views(session, actor, statement.order_by(col(Alert.due_at)).limit(50), now)


def _is_open() -> ColumnElement[bool]:
    return col(Alert.closed_at).is_(None)


def _filtered(actor: Actor, filters: AlertFilters, now: datetime) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if filters.colour is not None:
        conditions.append(col(Alert.colour) == filters.colour.value)
    if filters.overdue:
        conditions.append(col(Alert.due_at) <= now)
    if filters.mine:
        conditions.append(_is_of(actor))
    return and_(*conditions)


def _is_of(actor: Actor) -> ColumnElement[bool]:
    roles = [role.value for role in actor.roles if role is not Role.CUSTOMER_MANAGER]
    ownerless = and_(col(Alert.owner_id).is_(None), col(Alert.owner_role).in_(roles))
    anyones = Role.CUSTOMER_MANAGER in actor.roles
    unled = and_(
        col(Alert.owner_id).is_(None), col(Alert.owner_role) == Role.CUSTOMER_MANAGER.value
    )
    return or_(
        col(Alert.owner_id) == UUID(actor.staff_id), ownerless, unled if anyones else false()
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Alert, col(Customer.name), col(Staff.name_zh), col(Staff.name_en))
        .join(Customer, col(Customer.id) == col(Alert.customer_id))
        .outerjoin(Staff, col(Staff.id) == col(Alert.owner_id))
    )


async def _views(
    session: AsyncSession, actor: Actor, statement: Select[*tuple[Any, ...]], now: datetime
) -> tuple[AlertView, ...]:
    rows: Sequence[Row[*tuple[Any, ...]]] = (await session.execute(statement)).all()
    counter = await day_counter(session, now)
    return tuple(_view(row, actor, counter) for row in rows)


def _view(row: Row[*tuple[Any, ...]], actor: Actor, counter: DayCounter) -> AlertView:
    alert: Alert = row[0]
    role_is_mine = alert.owner_id is None and alert.owner_role in actor.roles
    return AlertView(
        id=alert.id,
        customer_id=alert.customer_id,
        customer_name=row[1],
        signal_id=alert.signal_id,
        colour=Colour(alert.colour),
        signal_colour=Colour(alert.signal_colour),
        actual=alert.actual,
        freezes_undrawn=alert.freezes_undrawn,
        evidence_wanted=alert.evidence_wanted,
        params=alert.params,
        owner_role=alert.owner_role,
        owner=bilingual(row[2], row[3]),
        is_mine=role_is_mine or alert.owner_id == UUID(actor.staff_id),
        opened_at=alert.opened_at,
        last_seen_at=alert.last_seen_at,
        merged_count=alert.merged_count,
        due_at=alert.due_at,
        days_left=counter.days_left(alert.due_at),
        overdue=alert.closed_at is None and alert.due_at <= counter.now,
        level=alert.level,
        action=alert.action,
        evidence=alert.evidence,
        closed_at=alert.closed_at,
    )
