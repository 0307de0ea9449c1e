"""The nodes that bind a customer, locked from the root to the leaf, and what lies on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits.tree import Level, Load, Node, NodeState, UseState
from domain.money import Currency
from domain.violations import LoanRuleViolation
from persistence.tables import Customer, LimitNode, Loan

_LOADS = text(f"""
    SELECT n.id,
        coalesce(sum(u.amount) FILTER (WHERE u.state = '{UseState.CONSUMED}'), 0) AS drawn,
        coalesce(sum(u.outstanding) FILTER (WHERE u.state = '{UseState.CONSUMED}'), 0) AS owed,
        coalesce(sum(u.amount) FILTER (WHERE u.state = '{UseState.RESERVED}'), 0) AS flying
    FROM unnest(CAST(:nodes AS uuid[])) AS n(id)
    LEFT JOIN limit_use u ON u.path @> ARRAY[n.id] AND u.state <> '{UseState.RELEASED}'
    GROUP BY n.id""")  # noqa: S608 - the texts are the domain's own codes
_IN_ORDER = (col(LimitNode.depth), col(LimitNode.id))


async def nodes_over(session: AsyncSession, customer_id: UUID) -> list[LimitNode]:
    """Every node that binds a customer, closed ones left out unless all of its own are closed.

    In the fixed order of the locks: by depth, then by id.
    """
    own = select(LimitNode).where(col(LimitNode.customer_id) == customer_id)
    mine = list((await session.execute(own)).scalars())
    live = [node for node in mine if node.state != NodeState.CLOSED] or mine
    of_customer = select(col(Customer.industry)).where(col(Customer.id) == customer_id)
    industry = (await session.execute(of_customer)).scalar_one_or_none()
    portfolio = and_(
        col(LimitNode.level) == Level.PORTFOLIO,
        col(LimitNode.industry) == industry,
        col(LimitNode.state) != NodeState.CLOSED,
    )
    groups = {node.parent_id for node in live if node.level == Level.CUSTOMER} - {None}
    above = select(LimitNode).where(or_(portfolio, col(LimitNode.id).in_(groups)))
    found = [*(await session.execute(above)).scalars(), *live]
    return sorted(found, key=lambda node: (node.depth, node.id))


async def locked_nodes(session: AsyncSession, nodes: Iterable[UUID]) -> dict[UUID, LimitNode]:
    """Nodes locked for this transaction, one after the other from the root to the leaf.

    Everyone who locks several does it in this order, so nobody waits in a circle.
    """
    statement = (
        select(LimitNode)
        .where(col(LimitNode.id).in_(list(nodes)))
        .order_by(*_IN_ORDER)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {node.id: node for node in (await session.execute(statement)).scalars()}


async def loads_of(session: AsyncSession, nodes: Sequence[UUID]) -> dict[UUID, Load]:
    """What lies on each node now: the sums over the uses at or under it."""
    rows = (await session.execute(_LOADS, {"nodes": list(nodes)})).all()
    return {row.id: Load(row.drawn, row.owed, row.flying) for row in rows}


def paths_for(nodes: Sequence[LimitNode], product_code: str) -> list[list[LimitNode]]:
    """The paths a loan of a product may take, the most special leaf first.

    Empty where the customer has no limit and no portfolio limit binds it. Violation:
    `limit.no_product` where the customer's limits leave no room for this product at all.
    """
    portfolio = [node for node in nodes if node.level == Level.PORTFOLIO]
    by_id = {node.id: node for node in nodes}
    own = [node for node in nodes if node.customer_id is not None]
    if not own:
        return [portfolio] if portfolio else []
    parents = {node.parent_id for node in own}
    leaves = [node for node in own if node.id not in parents]
    fitting = [leaf for leaf in leaves if leaf.product_code in (None, product_code)]
    if not fitting:
        raise LoanRuleViolation("limit.no_product")
    fitting.sort(key=lambda leaf: (leaf.product_code is None, -leaf.depth, leaf.id))
    return [[*portfolio, *_to_root(leaf, by_id)] for leaf in fitting]


def as_node(row: LimitNode) -> Node:
    """A row as the domain reads it."""
    return Node(
        id=row.id,
        level=Level(row.level),
        name=row.name,
        amount=row.amount,
        frozen=row.frozen_amount,
        currency=Currency(row.currency),
        revolving=row.revolving,
        state=NodeState(row.state),
        valid_from_on=row.valid_from_on,
        valid_to_on=row.valid_to_on,
        product_code=row.product_code,
        parent_id=row.parent_id,
    )


async def share_lock_customer(session: AsyncSession, loan: Loan) -> None:
    """Hold a customer's limits still: whoever sets one locks the customer first."""
    await session.get(Customer, loan.customer_id, with_for_update={"read": True})


def _to_root(leaf: LimitNode, by_id: dict[UUID, LimitNode]) -> list[LimitNode]:
    path, node = [leaf], leaf
    while node.parent_id is not None:
        node = by_id[node.parent_id]
        path.insert(0, node)
    return path
