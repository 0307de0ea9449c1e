"""A drawdown and the limits of its customer: reserved with the second signature, never past it."""

from __future__ import annotations

from decimal import Decimal

from domain.limits.tree import Load
from persistence.clock import business_date
from persistence.tables import LimitUse
from tests.persistence.limit_book import LimitBook
from tests.workflows.conftest import World
from tests.workflows.test_later_drawdowns import asked, both_sign, ended, in_parts, signed, statuses

D = Decimal


async def limit_book(world: World) -> LimitBook:
    """The limits of the world's own customer."""
    async with world.book.database.reading() as session:
        today = await business_date(session, await world.now())
    return LimitBook(world.book, world.book.database, today)


async def test_the_first_drawdown_is_reserved_paid_and_freed_as_it_is_repaid(world: World) -> None:
    limits = await limit_book(world)
    customer = await limits.set_limit("customer", "300000.00")
    loan_id = await in_parts(world)
    [use] = await world.book.all_of(LimitUse, loan_id)
    assert (use.state, use.amount, use.outstanding) == (
        "consumed",
        D("300000.00"),
        D("300000.00"),
    )
    refused = await asked(world, loan_id, D("100000.00"))
    assert refused.accepted, "to ask is free"
    answer = await signed(world, loan_id, "ops1", "release_review")
    assert (answer.accepted, answer.code) == (False, "limit.short")
    assert answer.params["short_amount"] == "100000.00"
    assert await statuses(world, loan_id) == {1: "settled", 2: "requested"}
    await limits.act("change", customer, amount="400000.00")
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    assert await limits.load(customer) == Load(D("400000.00"), D("400000.00"))
    assert (await world.end_of(loan_id)).status == "settled"
    assert await limits.load(customer) == Load(D("400000.00"), D(0))
    assert await limits.breaks() == set()


async def test_what_the_rail_rejects_is_given_back(world: World) -> None:
    limits = await limit_book(world)
    customer = await limits.set_limit("customer", "400000.00")
    loan_id = await in_parts(world)
    world.rail.rejects = 1
    assert (await asked(world, loan_id, D("100000.00"))).accepted
    await both_sign(world, loan_id)
    await ended(world, loan_id, "rejected")
    assert (await limits.load(customer)).in_flight == 0
    assert (await asked(world, loan_id, D("100000.00"))).accepted
    await both_sign(world, loan_id, 3)
    await ended(world, loan_id, "settled", 3)
    states = {use.drawdown: use.state for use in await world.book.all_of(LimitUse, loan_id)}
    assert states == {1: "consumed", 2: "released", 3: "consumed"}
    assert await limits.breaks() == set()
