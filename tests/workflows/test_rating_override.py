"""An override of a rating: one step up at most, down at will, by two others; then it counts."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.people import Role
from domain.ratings.override import valid_to
from persistence.queries.customer_ratings import rating_history, rating_in_force
from persistence.tables import CustomerRating
from tests.workflows.conftest import World


async def rated(world: World, grade: str | None) -> UUID:
    """A rating as the method would have left it."""
    row = CustomerRating(
        id=uuid.uuid4(),
        customer_id=world.book.customer_id,
        cause="statements",
        rated_at=datetime.now(UTC),
        rated_on=date(2026, 3, 2),
        valid_to_on=date(2027, 3, 2),
        method="method/1",
        model="card/1",
        score=Decimal("512.5") if grade else None,
        pd=Decimal("0.004") if grade else None,
        model_grade=grade,
        grade=grade,
        detail={},
        challenger={},
    )
    async with world.book.database.transaction() as session:
        session.add(row)
    return row.id


async def proposed(world: World, rating: UUID, grade: str) -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people["manager"],
        ProposalKind.RATING_OVERRIDE,
        {"grade": grade, "rating": str(rating)},
        "新增长期订单",
    )
    return await world.process.propose_for_customer(command)


async def approved(world: World, made: Receipt, who: str) -> Receipt:
    command = DecideProposal(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        UUID(made.params["proposal"]),
        approve=True,
    )
    return await world.process.decide_proposal(command)


async def grade_now(world: World) -> str | None:
    async with world.book.database.reading() as session:
        rating = await rating_in_force(session, world.book.customer_id)
    return rating.grade if rating else None


async def test_two_others_lift_a_grade_by_one_step(world: World) -> None:
    await world.book.hired("risk2", Role.RISK_OFFICER)
    made = await proposed(world, await rated(world, "A"), "AA")
    assert (await approved(world, made, "risk")).accepted
    assert await grade_now(world) == "A", "one approval is not two"
    assert (await approved(world, made, "risk2")).accepted
    async with world.book.database.reading() as session:
        now, before = await rating_history(session, world.book.customer_id)
    assert (now.grade, now.model_grade, now.is_override) == ("AA", "A", True)
    assert before.superseded_at == now.rated_at
    assert now.score == before.score


@pytest.mark.parametrize(
    ("given", "wanted", "code"),
    [
        ("A", "AAA", "rating.notches"),
        ("A", "A", "rating.same"),
        ("A", "D", "rating.grade"),
        ("A", "ZZ", "rating.grade"),
        (None, "A", "rating.unrated"),
    ],
)
async def test_what_no_approval_may_do_is_refused_when_proposed(
    world: World, given: str | None, wanted: str, code: str
) -> None:
    assert (await proposed(world, await rated(world, given), wanted)).code == code


async def test_a_grade_may_fall_as_far_as_needed(world: World) -> None:
    made = await proposed(world, await rated(world, "AA"), "C")
    assert (await approved(world, made, "risk")).accepted
    assert (await approved(world, made, "approver")).accepted
    assert await grade_now(world) == "C"


async def test_an_override_of_a_rating_that_moved_on_is_refused(world: World) -> None:
    await rated(world, "A")
    assert (await proposed(world, uuid.uuid4(), "AA")).code == "rating.moved_on"


def test_a_rating_stands_for_a_year_also_from_a_leap_day() -> None:
    assert valid_to(date(2026, 3, 2)) == date(2027, 3, 2)
    assert valid_to(date(2028, 2, 29)) == date(2029, 2, 28)
