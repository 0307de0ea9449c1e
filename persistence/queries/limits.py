"""A customer's limits as a tree: what each gives, what is used of it, what is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits.tree import Level, Load, Node, NodeState, UseState, available, used
from persistence.limit_nodes import as_node, loads_of, nodes_over
from persistence.tables import Customer, LimitNode, LimitUse, Loan

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LimitView:
    """One limit and what lies on it. `available` is its own, before its parents are asked."""

    id: UUID
    parent_id: UUID | None
    level: Level
    depth: int
    name: str
    state: str
    amount: Decimal
    frozen: Decimal
    outstanding: Decimal
    in_flight: Decimal
    used: Decimal
    available: Decimal
    currency: str
    revolving: bool
    valid_from_on: date
    valid_to_on: date | None
    product_code: str | None
    exception: bool
    derived_amount: Decimal | None
    excess_reason: str | None
    proposal_id: UUID | None
    version: int

    @property
    def use_share(self) -> Decimal:
        """What is used and in flight, as a share of the amount; at most 1 where none is."""
        if self.amount == 0:
            return Decimal(1) if self.used else _NOTHING
        return self.used / self.amount


@dataclass(frozen=True, slots=True)
class FlyingView:
    """A drawdown that is approved and not yet paid out."""

    loan_id: UUID
    case_number: str
    drawdown: int
    amount: Decimal
    currency: str
    reserved_at: datetime


@dataclass(frozen=True, slots=True)
class LimitTree:
    """The limits over a customer from the root down, and what is in flight under them."""

    nodes: tuple[LimitView, ...]
    flying: tuple[FlyingView, ...]
    available: Decimal | None
    """What the customer's own limit and all above it leave; None for one without limits."""

    @property
    def own(self) -> LimitView | None:
        """The customer's own limit."""
        return next((node for node in self.nodes if node.level is Level.CUSTOMER), None)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A member of a group with its own limit."""

    customer_id: UUID
    name: str
    limit: LimitView


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group's or a portfolio's limit, and whom it binds by a limit of their own."""

    limit: LimitView
    key: str
    members: tuple[GroupMember, ...]


async def limit_tree(session: AsyncSession, customer_id: UUID, today: date) -> LimitTree:
    """The limits over a customer; closed ones are shown only where nothing else is left."""
    rows = await nodes_over(session, customer_id)
    loads = await loads_of(session, [row.id for row in rows])
    nodes = tuple(_view(row, loads[row.id], today) for row in _in_tree_order(rows))
    above = [node for node in nodes if node.level in (Level.PORTFOLIO, Level.GROUP, Level.CUSTOMER)]
    return LimitTree(
        nodes=nodes,
        flying=await _flying(session, customer_id),
        available=min((node.available for node in above), default=None),
    )


async def groups_and_portfolios(session: AsyncSession, today: date) -> tuple[GroupView, ...]:
    """Every limit above customers that is not closed, with its members."""
    statement = (
        select(LimitNode)
        .where(
            col(LimitNode.level).in_((Level.PORTFOLIO, Level.GROUP)),
            col(LimitNode.state) != NodeState.CLOSED,
        )
        .order_by(col(LimitNode.depth), col(LimitNode.name), col(LimitNode.id))
    )
    rows = list((await session.execute(statement)).scalars())
    members = await _members(session, [row.id for row in rows], today)
    loads = await loads_of(session, [row.id for row in rows])
    return tuple(
        GroupView(
            _view(row, loads[row.id], today),
            row.group_key or row.industry or "",
            tuple(members.get(row.id, ())),
        )
        for row in rows
    )


async def limit_named(session: AsyncSession, node_id: UUID, today: date) -> LimitView | None:
    """One limit; None where there is none."""
    row = await session.get(LimitNode, node_id)
    if row is None:
        return None
    return _view(row, (await loads_of(session, [node_id]))[node_id], today)


async def open_groups(session: AsyncSession) -> tuple[tuple[UUID, str], ...]:
    """Groups a customer's limit may hang on."""
    statement = (
        select(col(LimitNode.id), col(LimitNode.name))
        .where(col(LimitNode.level) == Level.GROUP, col(LimitNode.state) != NodeState.CLOSED)
        .order_by(col(LimitNode.name))
    )
    return tuple((row[0], row[1]) for row in (await session.execute(statement)).all())


def _in_tree_order(rows: Sequence[LimitNode]) -> list[LimitNode]:
    """Parents before their children, a child right under its parent."""
    ids = {row.id for row in rows}
    roots = [row for row in rows if row.parent_id not in ids]
    ordered: list[LimitNode] = []

    def walk(row: LimitNode) -> None:
        ordered.append(row)
        for child in rows:
            if child.parent_id == row.id:
                walk(child)

    for root in roots:
        walk(root)
    return ordered


async def _members(
    session: AsyncSession, groups: Sequence[UUID], today: date
) -> dict[UUID, list[GroupMember]]:
    statement = (
        select(LimitNode, col(Customer.name))
        .join(Customer, col(Customer.id) == col(LimitNode.customer_id))
        .where(
            col(LimitNode.parent_id).in_(groups),
            col(LimitNode.level) == Level.CUSTOMER,
            col(LimitNode.state) != NodeState.CLOSED,
        )
        .order_by(col(Customer.name_key))
    )
    rows = (await session.execute(statement)).all()
    loads = await loads_of(session, [row[0].id for row in rows])
    found: dict[UUID, list[GroupMember]] = {}
    for node, name in rows:
        if node.customer_id is None or node.parent_id is None:
            continue  # a customer's node has both, or it would not be here
        member = GroupMember(node.customer_id, name, _view(node, loads[node.id], today))
        found.setdefault(node.parent_id, []).append(member)
    return found


async def _flying(session: AsyncSession, customer_id: UUID) -> tuple[FlyingView, ...]:
    statement = (
        select(LimitUse, col(Loan.case_number))
        .join(Loan, col(Loan.id) == col(LimitUse.loan_id))
        .where(col(LimitUse.customer_id) == customer_id, col(LimitUse.state) == UseState.RESERVED)
        .order_by(col(LimitUse.reserved_at), col(LimitUse.loan_id))
    )
    return tuple(
        FlyingView(use.loan_id, number, use.drawdown, use.amount, use.currency, use.reserved_at)
        for use, number in (await session.execute(statement)).all()
    )


def _view(row: LimitNode, load: Load, today: date) -> LimitView:
    node: Node = as_node(row)
    return LimitView(
        id=row.id,
        parent_id=row.parent_id,
        level=node.level,
        depth=row.depth,
        name=row.name,
        state=row.state,
        amount=row.amount,
        frozen=row.frozen_amount,
        outstanding=load.outstanding if row.revolving else max(load.drawn, load.outstanding),
        in_flight=load.in_flight,
        used=used(node, load),
        available=available(node, load, today),
        currency=row.currency,
        revolving=row.revolving,
        valid_from_on=row.valid_from_on,
        valid_to_on=row.valid_to_on,
        product_code=row.product_code,
        exception=row.exception,
        derived_amount=row.derived_amount,
        excess_reason=row.excess_reason,
        proposal_id=row.proposal_id,
        version=row.version,
    )
