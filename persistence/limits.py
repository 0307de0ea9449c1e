"""What drawdowns use of limits: reserved when the release is approved, consumed, released.

Locks are taken in one order: the loan, its customer (shared), the nodes from the root to the leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits.tree import Load, UseState, refuse_above, used
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.limit_nodes import (
    as_node,
    loads_of,
    locked_nodes,
    nodes_over,
    paths_for,
    share_lock_customer,
)
from persistence.tables import Drawdown, LimitNode, LimitUse, Loan

_NOTHING = Decimal(0)


async def reserve(session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime) -> None:
    """Reserve a drawdown on every limit of its path, or refuse it by the node that is short.

    A customer without any limit, in an industry without one, has nothing to reserve. A drawdown
    that is reserved already stays so. Violations: `limit.*`.
    """
    await share_lock_customer(session, loan)
    known = await session.get(LimitUse, (loan.id, drawdown.number))
    if known is not None:
        return
    paths = paths_for(await nodes_over(session, loan.customer_id), loan.product_code)
    if not paths:
        return
    locked = await locked_nodes(session, {node.id for path in paths for node in path})
    loads = await loads_of(session, list(locked))
    today = await business_date(session, at)
    path = _first_that_carries(paths, locked, loads, drawdown, today)
    session.add(
        LimitUse(
            loan_id=loan.id,
            drawdown=drawdown.number,
            customer_id=loan.customer_id,
            path=[node.id for node in path],
            amount=drawdown.amount,
            currency=drawdown.currency,
            state=UseState.RESERVED,
            evidence={"nodes": [_evidence(node, loads[node.id], drawdown) for node in path]},
            reserved_at=at,
        )
    )
    _note(session, "limit.reserved", loan.id, drawdown.number, drawdown.amount, at, path[-1].name)


async def refuse_short(session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime) -> None:
    """Tell the first officer already what the limits would say; nothing is locked or reserved."""
    nodes = await nodes_over(session, loan.customer_id)
    paths = paths_for(nodes, loan.product_code)
    if paths:
        loads = await loads_of(session, [node.id for node in nodes])
        here = {node.id: node for node in nodes}
        today = await business_date(session, at)
        _first_that_carries(paths, here, loads, drawdown, today)


async def consume(session: AsyncSession, loan: Loan, number: int, at: datetime) -> None:
    """The money is out: what was reserved is used. The account's events say how much is owed."""
    await share_lock_customer(session, loan)
    use = await session.get(LimitUse, (loan.id, number), with_for_update=True)
    if use is None or use.state != UseState.RESERVED:
        return
    use.state, use.consumed_at = UseState.CONSUMED, at
    _note(session, "limit.consumed", loan.id, number, use.amount, at)


async def release(
    session: AsyncSession, loan: Loan, reason: str, at: datetime, number: int | None = None
) -> None:
    """Give back what is reserved and will not be paid: of one drawdown, or of the whole loan."""
    await share_lock_customer(session, loan)
    for use in await _uses(session, loan.id, UseState.RESERVED):
        if number is None or use.drawdown == number:
            use.state, use.released_at, use.release_reason = UseState.RELEASED, at, reason
            _note(session, "limit.released", loan.id, use.drawdown, use.amount, at)


async def follow_outstanding(session: AsyncSession, loan: Loan, at: datetime) -> None:
    """Bring the uses of a loan to its outstanding principal: what is repaid is free again.

    Repayment counts against the oldest drawdown first; capitalised interest adds to it.
    """
    await share_lock_customer(session, loan)
    uses = await _uses(session, loan.id, UseState.CONSUMED)
    if not uses:
        return
    before = sum((use.outstanding for use in uses), _NOTHING)
    fresh = sum((use.amount for use in uses if use.consumed_at == at), _NOTHING)
    spread_outstanding(uses, loan.outstanding)
    if loan.outstanding > before + fresh:
        uses[0].raised_at = at
        raised = loan.outstanding - before - fresh
        _note(session, "limit.raised", loan.id, uses[0].drawdown, raised, at)
    if loan.outstanding < before:
        back = before - loan.outstanding
        _note(session, "limit.repaid", loan.id, uses[0].drawdown, back, at)


def spread_outstanding(uses: Sequence[LimitUse], outstanding: Decimal) -> None:
    """Say of each use what is still owed: the newest drawdowns are owed last to first."""
    left = outstanding
    for use in reversed(uses):
        use.outstanding = left if use is uses[0] else min(use.amount, left)
        left -= use.outstanding


def _first_that_carries(
    paths: Sequence[Sequence[LimitNode]],
    rows: dict[UUID, LimitNode],
    loads: dict[UUID, Load],
    drawdown: Drawdown,
    today: date,
) -> Sequence[LimitNode]:
    """The first path that carries the drawdown; else what the first one says."""
    first: LoanRuleViolation | None = None
    for path in paths:
        fresh = [rows[node.id] for node in path]
        try:
            _refuse_currency(fresh, drawdown)
            refuse_above([(as_node(row), loads[row.id]) for row in fresh], drawdown.amount, today)
        except LoanRuleViolation as refused:
            first = first or refused
        else:
            return fresh
    raise first or LoanRuleViolation("limit.no_product")


def _refuse_currency(path: Sequence[LimitNode], drawdown: Drawdown) -> None:
    other = next((node for node in path if node.currency != drawdown.currency), None)
    if other is not None:
        raise LoanRuleViolation("limit.currency", node=other.name, limit_currency=other.currency)


def _evidence(row: LimitNode, load: Load, drawdown: Drawdown) -> dict[str, Any]:
    after = used(as_node(row), replace(load, in_flight=load.in_flight + drawdown.amount))
    return {
        "node": str(row.id),
        "version": row.version,
        "amount": f"{row.amount:f}",
        "frozen": f"{row.frozen_amount:f}",
        "used_after": f"{after:f}",
    }


async def _uses(session: AsyncSession, loan_id: UUID, state: UseState) -> list[LimitUse]:
    mine = select(LimitUse).where(col(LimitUse.loan_id) == loan_id, col(LimitUse.state) == state)
    return list((await session.execute(mine.order_by(col(LimitUse.drawdown)))).scalars())


def _note(
    session: AsyncSession,
    action: str,
    loan_id: UUID,
    number: int,
    amount: Decimal,
    at: datetime,
    node: str | None = None,
) -> None:
    told: dict[str, Any] = {"drawdown": number, "amount": f"{amount:f}"}
    if node is not None:
        told["node"] = node
    record(session, action, at, loan_id=loan_id, **told)
