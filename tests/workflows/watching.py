"""What the tests of watching share: signals raised, things proposed and decided, rows read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from persistence.alerts import raise_alert
from persistence.ladder import after_rating
from persistence.tables import Alert, CustomerWork, LadderMeasure, Notice
from tests.workflows.world import World


async def raised(world: World, signal: str, **params: Any) -> UUID:
    """A signal fires, and the customer's process is told."""
    async with world.book.database.transaction() as session:
        alert = await raise_alert(
            session, world.book.customer_id, signal, await world.now(), params
        )
    await world.process.look_at_customer(world.book.customer_id)
    return alert


async def rated(world: World, old: str, new: str) -> int:
    """A new grade arrives, as whoever rates tells it."""
    async with world.book.database.transaction() as session:
        count = await after_rating(session, world.book.customer_id, old, new, await world.now())
    await world.process.look_at_customer(world.book.customer_id)
    return count


async def proposed(
    world: World, kind: ProposalKind, content: Mapping[str, Any], who: str = "manager"
) -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        kind,
        content,
        "依据核查情况",
    )
    return await world.process.propose_for_customer(command)


async def decided(world: World, made: Receipt, who: str, approve: bool = True) -> Receipt:
    assert made.accepted, made
    proposal = UUID(made.params["proposal"])
    actor, comment = world.book.people[who], "" if approve else "不同意"
    customer = world.book.customer_id
    return await world.process.decide_proposal(
        DecideProposal(str(uuid.uuid4()), customer, actor, proposal, approve, comment)
    )


async def agreed(
    world: World, kind: ProposalKind, content: Mapping[str, Any], approver: str = "risk"
) -> None:
    """The manager proposes, another person approves."""
    answer = await decided(world, await proposed(world, kind, content), approver)
    assert answer.accepted, answer


async def alert(world: World, alert_id: UUID) -> Alert:
    async with world.book.database.reading() as session:
        return await session.get_one(Alert, alert_id)


async def measures(world: World) -> dict[str, LadderMeasure]:
    return {row.kind: row for row in await world.book.all_of(LadderMeasure)}


async def notices(world: World, audience: str | None = None) -> list[str]:
    rows: list[Notice] = await world.book.all_of(Notice)
    rows.sort(key=lambda row: row.written_at)
    return [row.template for row in rows if audience in (None, row.audience)]


async def outcomes(world: World) -> dict[str, str]:
    """What came of the work that is done, by its cause."""
    rows: list[CustomerWork] = await world.book.all_of(CustomerWork)
    return {row.cause: row.outcome or "" for row in rows if row.done_at is not None}


async def worked(world: World, cause: str) -> str:
    """The outcome of a piece of work, once it is done; the cause may be its beginning."""

    async def found() -> str:
        done = await outcomes(world)
        return next((out for name, out in done.items() if name.startswith(cause)), "")

    outcome: str = await world.until(found)
    return outcome
