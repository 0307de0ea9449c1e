"""Bringing the loans there are under a limit that is new: it counts what was lent before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits.tree import Level, UseState
from domain.violations import LoanRuleViolation
from persistence.limit_nodes import nodes_over, paths_for
from persistence.limits import spread_outstanding
from persistence.tables import Customer, Drawdown, LimitNode, LimitUse, Loan, ReleaseSign

_SIGNATURES = 2
_CONSUMED, _RESERVED = "settled", ("released", "requested")


async def adopt(session: AsyncSession, node: LimitNode, at: datetime) -> tuple[UUID, ...]:
    """Lay every loan a new node binds on its path; the answer are the nodes that are on them.

    The caller holds the customer of a customer's node; those of a portfolio are locked here, in
    the order of their ids.
    """
    touched: set[UUID] = set()
    for customer_id in await _bound_by(session, node):
        for loan in await _loans(session, customer_id):
            touched |= await _adopt_loan(session, loan, at)
    return tuple(sorted(touched))


async def branch_of(session: AsyncSession, customer_id: UUID) -> list[LimitNode]:
    """The nodes over a customer, and every group there is: one may be changed before it is used."""
    over = await nodes_over(session, customer_id)
    groups = select(LimitNode).where(
        col(LimitNode.level) == Level.GROUP, col(LimitNode.id).not_in([node.id for node in over])
    )
    return [*over, *(await session.execute(groups)).scalars()]


async def _bound_by(session: AsyncSession, node: LimitNode) -> list[UUID]:
    if node.customer_id is not None:
        return [node.customer_id]
    if node.level != Level.PORTFOLIO:
        return []  # a new group has no members yet
    statement = (
        select(col(Customer.id))
        .where(col(Customer.industry) == node.industry)
        .order_by(col(Customer.id))
        .with_for_update()
    )
    return list((await session.execute(statement)).scalars())


async def _loans(session: AsyncSession, customer_id: UUID) -> list[Loan]:
    """Loans with money out, or with a drawdown two officers have signed."""
    signed = (
        select(func.count())
        .where(
            col(ReleaseSign.loan_id) == col(Drawdown.loan_id),
            col(ReleaseSign.number) == col(Drawdown.number),
        )
        .scalar_subquery()
    )
    flying = exists().where(
        col(Drawdown.loan_id) == col(Loan.id),
        col(Drawdown.status).in_(_RESERVED),
        or_(col(Drawdown.status) == "released", signed >= _SIGNATURES),
    )
    statement = (
        select(Loan)
        .where(col(Loan.customer_id) == customer_id, or_(col(Loan.outstanding) > 0, flying))
        .order_by(col(Loan.id))
        .execution_options(populate_existing=True)
    )
    return list((await session.execute(statement)).scalars())


async def _adopt_loan(session: AsyncSession, loan: Loan, at: datetime) -> set[UUID]:
    path = await _path(session, loan)
    mine = select(Drawdown).where(col(Drawdown.loan_id) == loan.id)
    rows = (await session.execute(mine.order_by(col(Drawdown.number)))).scalars()
    consumed: list[LimitUse] = []
    for drawdown in rows:
        use = await session.get(LimitUse, (loan.id, drawdown.number))
        state = await _state(session, drawdown, loan)
        if use is None and state is not None:
            use = _use(loan, drawdown, path, state, at)
            session.add(use)
        if use is None or use.state == UseState.RELEASED:
            continue
        use.path = path
        if use.state == UseState.CONSUMED:
            consumed.append(use)
    if not consumed and loan.outstanding > 0:
        consumed = [await _whole(session, loan, path, at)]
    if consumed:
        spread_outstanding(consumed, loan.outstanding)
    await session.flush()
    return set(path)


async def _path(session: AsyncSession, loan: Loan) -> list[UUID]:
    """The path of the loan; all of its customer's nodes but the leaves, if no leaf is its own."""
    nodes = await nodes_over(session, loan.customer_id)
    try:
        paths = paths_for(nodes, loan.product_code)
    except LoanRuleViolation:
        return [node.id for node in nodes if node.level not in (Level.FACILITY, Level.PRODUCT)]
    return [node.id for node in paths[0]] if paths else []


async def _state(session: AsyncSession, drawdown: Drawdown, loan: Loan) -> UseState | None:
    if drawdown.status == _CONSUMED:
        return UseState.CONSUMED if loan.outstanding > 0 else None
    if drawdown.status not in _RESERVED:
        return None
    if drawdown.status == "released":
        return UseState.RESERVED
    signatures = select(func.count()).where(
        col(ReleaseSign.loan_id) == drawdown.loan_id, col(ReleaseSign.number) == drawdown.number
    )
    signed = (await session.execute(signatures)).scalar_one()
    return UseState.RESERVED if signed >= _SIGNATURES else None


async def _whole(session: AsyncSession, loan: Loan, path: list[UUID], at: datetime) -> LimitUse:
    """The use of a loan whose drawdowns nobody kept, such as an imported one's: number 0."""
    use = await session.get(LimitUse, (loan.id, 0))
    if use is None:
        use = LimitUse(
            loan_id=loan.id,
            drawdown=0,
            customer_id=loan.customer_id,
            path=path,
            amount=max(loan.amount, loan.outstanding),
            currency=loan.currency,
            state=UseState.CONSUMED,
            evidence={"taken_over": True},
            reserved_at=at,
            consumed_at=at,
        )
        session.add(use)
    use.path = path
    return use


def _use(
    loan: Loan, drawdown: Drawdown, path: list[UUID], state: UseState, at: datetime
) -> LimitUse:
    return LimitUse(
        loan_id=loan.id,
        drawdown=drawdown.number,
        customer_id=loan.customer_id,
        path=path,
        amount=drawdown.amount,
        currency=drawdown.currency,
        state=state,
        evidence={"taken_over": True},
        reserved_at=at,
        consumed_at=at if state is UseState.CONSUMED else None,
    )
