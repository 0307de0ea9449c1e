"""Setting, changing, freezing and closing limits: proposed by one person, in force by others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits.settings import NewLimit, Setting, SettingAct, setting_from_content
from domain.limits.tree import Level, NodeState, UseState, used
from domain.money import Currency, checked_amount
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.limit_adoption import adopt, branch_of
from persistence.limit_nodes import as_node, loads_of, locked_nodes
from persistence.queries.limit_ground import derived_for, terms_in_force
from persistence.tables import LimitNode, LimitUse

_CHECKED_BY_DERIVATION = (SettingAct.SET, SettingAct.CHANGE)


def _setting_effect(*, exception: bool) -> Effect:
    async def check(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
        await _checked(session, proposed, at, exception=exception)

    async def apply(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
        setting, derived = await _checked(session, proposed, at, exception=exception)
        if setting.new is not None:
            row = await _set(session, proposed, setting.new, at)
        else:
            row = await _changed(session, proposed, setting, at)
        row.proposal_id, row.set_at = proposed.id, at
        if setting.act in _CHECKED_BY_DERIVATION and row.level == Level.CUSTOMER:
            row.exception, row.derived_amount = exception, derived
        await _mark_excess(session, (row.id,), "set_below_use")
        _note(session, proposed, setting, row, at)
        return ()

    return Effect(check, apply)


async def _checked(
    session: AsyncSession, proposed: Proposed, at: datetime, *, exception: bool
) -> tuple[Setting, Decimal | None]:
    """The setting, and what was derived for a customer's limit. Violations: see the callers'."""
    setting = setting_from_content(proposed.content)
    today = await business_date(session, at)
    if setting.new is not None:
        level, amount = setting.new.level, setting.new.amount
        await _refuse_new(session, proposed, setting.new)
    else:
        row = await _own_node(session, proposed.customer_id, setting.node)
        _refuse_change(row, setting)
        level, amount = Level(row.level), setting.amount or row.amount
        if not _gives_more(row, setting):
            return setting, row.derived_amount  # less is never more than what was derived
    if exception or setting.act not in _CHECKED_BY_DERIVATION:
        return setting, await _derived(session, proposed.customer_id, setting, today, level)
    return setting, await _refuse_above_derivation(
        session, proposed.customer_id, setting, today, (level, amount)
    )


async def _refuse_above_derivation(
    session: AsyncSession,
    customer_id: UUID,
    setting: Setting,
    today: date,
    wanted: tuple[Level, Decimal],
) -> Decimal | None:
    """Without an exception a customer gets what its derivation gives, a group its share of capital.

    Violations: `limit.not_derived`, `limit.above_derivation`.
    """
    level, amount = wanted
    most = await _derived(session, customer_id, setting, today, level)
    if level not in (Level.CUSTOMER, Level.GROUP):
        return None
    if most is None:
        raise LoanRuleViolation("limit.not_derived")
    if amount > most:
        raise LoanRuleViolation("limit.above_derivation", derived_amount=f"{most:f}")
    return most


async def _derived(
    session: AsyncSession, customer_id: UUID, setting: Setting, today: date, level: Level
) -> Decimal | None:
    if level is Level.GROUP:
        bank = (await terms_in_force(session, today)).bank
        return bank.capital * bank.group_share
    if level is not Level.CUSTOMER or setting.ask is None or setting.product is None:
        return None
    found = await derived_for(
        session, customer_id, setting.ask, setting.collateral, setting.product, today
    )
    return found.limit if found is not None else None


async def _refuse_new(session: AsyncSession, proposed: Proposed, new: NewLimit) -> None:
    """Violations: `limit.known`, `limit.parent_unknown`, `limit.above_parent`, `limit.currency`."""
    if await _twin(session, proposed.customer_id, new) is not None:
        raise LoanRuleViolation("limit.known")
    if new.parent is None:
        return
    parent = await session.get(LimitNode, new.parent)
    above = {Level.CUSTOMER: (Level.GROUP,), Level.FACILITY: (Level.CUSTOMER,)}
    fitting = above.get(new.level, (Level.CUSTOMER, Level.FACILITY))
    if parent is None or parent.state == NodeState.CLOSED or parent.level not in fitting:
        raise LoanRuleViolation("limit.parent_unknown")
    if parent.customer_id not in (None, proposed.customer_id):
        raise LoanRuleViolation("limit.parent_unknown")
    if parent.currency != new.currency:
        raise LoanRuleViolation("limit.currency", node=parent.name, limit_currency=parent.currency)
    if new.amount > parent.amount:
        raise LoanRuleViolation(
            "limit.above_parent", node=parent.name, parent_amount=f"{parent.amount:f}"
        )


async def _twin(session: AsyncSession, customer_id: UUID, new: NewLimit) -> UUID | None:
    """The open limit that a second one of the same place would stand beside."""
    here = select(col(LimitNode.id)).where(
        col(LimitNode.level) == new.level, col(LimitNode.state) != NodeState.CLOSED
    )
    if new.level is Level.PORTFOLIO:
        here = here.where(col(LimitNode.industry) == new.industry)
    elif new.level is Level.GROUP:
        here = here.where(col(LimitNode.group_key) == new.group)
    elif new.level is Level.CUSTOMER:
        here = here.where(col(LimitNode.customer_id) == customer_id)
    else:
        here = here.where(
            col(LimitNode.parent_id) == new.parent,
            col(LimitNode.product_code).is_not_distinct_from(new.product_code),
            col(LimitNode.name) == new.name,
        )
    return (await session.execute(here.limit(1))).scalar_one_or_none()


async def _own_node(session: AsyncSession, customer_id: UUID, node_id: UUID | None) -> LimitNode:
    """A node of the customer's own branch, its group's or its portfolio's.

    Violation: `limit.unknown`.
    """
    branch = await branch_of(session, customer_id)
    row = next((node for node in branch if node.id == node_id), None)
    if row is None or row.state == NodeState.CLOSED:
        raise LoanRuleViolation("limit.unknown")
    return row


def _gives_more(row: LimitNode, setting: Setting) -> bool:
    """Whether a change lends more or for longer, and so needs to be derived."""
    if setting.act is not SettingAct.CHANGE:
        return False
    larger = setting.amount is not None and setting.amount > row.amount
    ends, before = setting.valid_to_on, row.valid_to_on
    return larger or (ends is not None and before is not None and ends > before)


def _refuse_change(row: LimitNode, setting: Setting) -> None:
    currency = Currency(row.currency)
    for amount in (setting.amount, setting.frozen_amount):
        if amount is not None and (amount < 0 or checked_amount(amount, currency) != amount):
            raise LoanRuleViolation("proposal.content", where="amount", problem="out_of_range")
    if setting.valid_to_on is not None and setting.valid_to_on <= row.valid_from_on:
        raise LoanRuleViolation("limit.dates")
    standing = {SettingAct.FREEZE: NodeState.FROZEN, SettingAct.UNFREEZE: NodeState.ACTIVE}
    if standing.get(setting.act) == row.state:
        raise LoanRuleViolation("limit.standing_already")


async def _set(session: AsyncSession, proposed: Proposed, new: NewLimit, at: datetime) -> LimitNode:
    if new.parent is not None:
        await locked_nodes(session, (new.parent,))
    of_customer = new.level not in (Level.PORTFOLIO, Level.GROUP)
    row = LimitNode(
        id=proposed.id,  # one proposal sets one limit, however often the step runs
        parent_id=new.parent,
        level=new.level,
        depth=new.level.depth,
        name=new.name,
        customer_id=proposed.customer_id if of_customer else None,
        group_key=new.group,
        industry=new.industry,
        product_code=new.product_code,
        amount=new.amount,
        currency=new.currency,
        revolving=new.revolving,
        state=NodeState.ACTIVE,
        valid_from_on=new.valid_from_on,
        valid_to_on=new.valid_to_on,
        set_at=at,
    )
    session.add(row)
    await session.flush()
    for node in await adopt(session, row, at):
        await _mark_excess(session, (node,), "taken_over")
    return row


async def _changed(
    session: AsyncSession, proposed: Proposed, setting: Setting, at: datetime
) -> LimitNode:
    node = await _own_node(session, proposed.customer_id, setting.node)
    below = await _subtree(session, node.id)
    locked = await locked_nodes(session, below)
    row = locked[node.id]
    row.version += 1
    if setting.act is SettingAct.CHANGE:
        row.amount = row.amount if setting.amount is None else setting.amount
        if setting.frozen_amount is not None:
            row.frozen_amount = setting.frozen_amount
        row.valid_to_on = setting.valid_to_on or row.valid_to_on
    elif setting.act is SettingAct.CLOSE:
        await _close(session, locked.values())
    else:
        frozen = setting.act is SettingAct.FREEZE
        row.state = NodeState.FROZEN if frozen else NodeState.ACTIVE
    await session.flush()
    return row


async def _close(session: AsyncSession, nodes: Iterable[LimitNode]) -> None:
    """A limit in use is not closed: what hangs on it would hang on nothing.

    Violation: `limit.in_use`.
    """
    nodes = list(nodes)
    for node in nodes:
        living = select(col(LimitUse.loan_id)).where(
            col(LimitUse.path).contains([node.id]),
            (col(LimitUse.state) == UseState.RESERVED)
            | ((col(LimitUse.state) == UseState.CONSUMED) & (col(LimitUse.outstanding) > 0)),
        )
        if (await session.execute(living.limit(1))).first() is not None:
            raise LoanRuleViolation("limit.in_use", node=node.name)
        node.state = NodeState.CLOSED


async def _subtree(session: AsyncSession, node_id: UUID) -> list[UUID]:
    """A node and everything open under it."""
    found, level = [node_id], [node_id]
    while level:
        below = select(col(LimitNode.id)).where(
            col(LimitNode.parent_id).in_(level), col(LimitNode.state) != NodeState.CLOSED
        )
        level = list((await session.execute(below)).scalars())
        found += level
    return found


async def _mark_excess(session: AsyncSession, nodes: Iterable[UUID], reason: str) -> None:
    """Say of a limit that is smaller than its use why that is; clear the mark where it is not."""
    ids = list(nodes)
    loads = await loads_of(session, ids)
    for node_id in ids:
        row = await session.get_one(LimitNode, node_id)
        over = used(as_node(row), loads[node_id]) > row.amount
        row.excess_reason = (row.excess_reason or reason) if over else None


def _note(
    session: AsyncSession, proposed: Proposed, setting: Setting, row: LimitNode, at: datetime
) -> None:
    record(
        session,
        f"limit.{setting.act.value}",
        at,
        subject=str(proposed.customer_id),
        proposal=proposed.id,
        node=row.id,
        level=row.level,
        amount=f"{row.amount:f}",
        frozen=f"{row.frozen_amount:f}",
        currency=row.currency,
        exception=row.exception,
        version=row.version,
    )


LIMIT = _setting_effect(exception=False)
LIMIT_EXCEPTION = _setting_effect(exception=True)
