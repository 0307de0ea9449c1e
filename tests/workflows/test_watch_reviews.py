"""Reviews over two years: opened with a link, reminded, answered, overdue, done, planned."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from domain.business_time import BusinessClock
from domain.commands import Receipt
from domain.customers import ProposalKind, WorkKind
from domain.people import Actor
from domain.violations import LoanRuleViolation
from domain.watch.events import EventKind
from persistence import customer_effects
from persistence.customer_events import record_event
from persistence.customer_proposals import Effect, Proposed
from persistence.reviews import finish_review, refuse_overdue_review, renew_link, submit_refresh
from persistence.tables import (
    Alert,
    Covenant,
    CovenantTest,
    CustomerProposal,
    CustomerReview,
    CustomerWork,
)
from tests.workflows.watching import agreed, decided, notices, proposed, raised, rated
from tests.workflows.world import World

CLOCK = BusinessClock.at_real_pace()


async def review(world: World, status: str | None = None) -> CustomerReview:
    rows: list[CustomerReview] = await world.book.all_of(CustomerReview)
    return next(row for row in rows if status in (None, row.status))


async def to(world: World, day: date, hours: int = 3) -> None:
    await world.skip(CLOCK.instant_of(day) + timedelta(hours=hours) - await world.now())


async def reminded(world: World, count: int) -> list[int]:
    async def found() -> list[int]:
        days = (await review(world)).reminders
        return days if len(days) == count else []

    days: list[int] = await world.until(found)
    return days


async def test_a_best_customers_review_comes_after_two_years_with_every_reminder(
    world: World,
) -> None:
    today = CLOCK.business_date(await world.now())
    await rated(world, "AA", "AAA")
    planned = await review(world)
    assert (planned.due_on - today).days in (730, 731)
    assert planned.status == "planned"
    await to(world, planned.due_on - timedelta(days=31))
    assert (await review(world)).status == "planned"
    await to(world, planned.due_on - timedelta(days=30))
    assert await reminded(world, 1) == [-30]
    assert (await review(world)).status == "open"
    await to(world, planned.due_on - timedelta(days=7))
    assert await reminded(world, 2) == [-30, -7]
    await to(world, planned.due_on)
    assert await reminded(world, 3) == [-30, -7, 0]
    await refused(world, None)
    await to(world, planned.due_on + timedelta(days=7))
    assert await reminded(world, 4) == [-30, -7, 0, 7]
    await refused(world, "customer.review_overdue")
    told = await notices(world, "customer")
    assert told == ["refresh_requested", *["refresh_reminder"] * 3]
    assert (await notices(world, "staff")).count("review_overdue") == 1


async def refused(world: World, code: str | None) -> None:
    async with world.book.database.reading() as session:
        customer = world.book.customer_id
        if code is None:
            await refuse_overdue_review(session, customer, await world.now())
            return
        with pytest.raises(LoanRuleViolation, match=code):
            await refuse_overdue_review(session, customer, await world.now())


async def test_an_overdue_review_blocks_a_new_application_until_it_is_done(world: World) -> None:
    await rated(world, "AAA", "AA")
    due_on = (await review(world)).due_on
    assert (due_on - CLOCK.business_date(await world.now())).days == 30, "one notch: in 30 days"
    await to(world, due_on + timedelta(days=1))
    draft = await world.book.draft()
    receipt = await world.submitted(draft)
    assert (receipt.accepted, receipt.code) == (False, "customer.review_overdue")
    await done(world)
    assert (await world.submitted(draft)).accepted
    following = await review(world, "planned")
    assert following.due_on > due_on + timedelta(days=300), "unrated in the books: twelve months"


async def done(world: World) -> None:
    async with world.book.database.transaction() as session:
        row, now = await review(world), await world.now()
        manager = world.book.people["manager"]
        await finish_review(session, row.customer_id, row.id, manager, "经营正常", now)


async def test_a_grave_alert_brings_the_next_review_nearer(world: World) -> None:
    today = CLOCK.business_date(await world.now())
    await raised(world, "control_change")
    await rated(world, "AA", "AAA")
    assert 180 <= ((await review(world)).due_on - today).days <= 184


async def submitted(world: World, **stated: str) -> CustomerReview:
    """The review is open, and the customer answers through its link."""
    await rated(world, "AAA", "AA")
    await reminded(world, 1)
    row = await review(world)
    async with world.book.database.transaction() as session:
        await submit_refresh(session, row.id, 1, stated, await world.now())
    await world.process.look_at_customer(world.book.customer_id)
    return row


async def test_what_the_customer_states_becomes_a_proposal_another_person_decides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Mapping[str, Any]] = []

    async def check(_session: AsyncSession, _proposed: Proposed, _at: datetime) -> None:
        return

    async def apply(_session: AsyncSession, proposed: Proposed, _at: datetime) -> tuple[UUID, ...]:
        taken.append(proposed.content)
        return ()

    monkeypatch.setitem(customer_effects.EFFECTS, ProposalKind.FACTS, Effect(check, apply))
    row = await submitted(world, legal_representative="李四", name="苏州精密机械有限公司")

    async def made() -> CustomerProposal | None:
        rows: list[CustomerProposal] = await world.book.all_of(CustomerProposal)
        return rows[0] if rows else None

    proposal = await world.until(made)
    assert str(proposal.proposed_by) == world.book.people["manager"].staff_id
    async with world.book.database.transaction() as session:
        now, manager = await world.now(), world.book.people["manager"]
        with pytest.raises(LoanRuleViolation, match=r"review\.facts_open"):
            await finish_review(session, row.customer_id, row.id, manager, "x", now)
    assert taken == []
    made_receipt = Receipt(accepted=True, params={"proposal": str(proposal.id)})
    assert (await decided(world, made_receipt, "reviewer")).accepted
    [content] = taken
    [entry] = content["entries"]
    assert (entry["section"], entry["item"]) == ("identity", "legal_representative")
    assert entry["data"] == {"legal_representative": "李四"}
    await done(world)
    assert "refresh_received" in await notices(world, "staff")


async def test_a_link_is_good_once_and_a_new_one_makes_it_worthless(world: World) -> None:
    row = await submitted(world, contact_name="王五")
    async with world.book.database.transaction() as session:
        with pytest.raises(LoanRuleViolation, match=r"refresh\.closed"):
            await submit_refresh(session, row.id, 1, {"name": "x"}, await world.now())
    async with world.book.database.transaction() as session:
        manager: Actor = world.book.people["manager"]
        await renew_link(session, row.customer_id, row.id, manager, await world.now())
    async with world.book.database.transaction() as session:
        with pytest.raises(LoanRuleViolation, match=r"refresh\.unknown"):
            await submit_refresh(session, row.id, 1, {"name": "x"}, await world.now())
    async with world.book.database.transaction() as session:
        await submit_refresh(session, row.id, 2, {"name": "x"}, await world.now())


async def test_an_event_verifies_rates_and_reviews_the_customer_and_raises_its_alert(
    world: World,
) -> None:
    async with world.book.database.transaction() as session:
        await record_event(
            session,
            world.book.customer_id,
            EventKind.OWNER_CHANGE,
            {"owner": "张三 60 %"},
            {"owner": "李四 60 %"},
            "registry",
            await world.now(),
            reference=str(uuid.uuid4()),
        )
    await world.process.look_at_customer(world.book.customer_id)

    async def done() -> bool:
        rows: list[CustomerWork] = await world.book.all_of(CustomerWork)
        mine = [row for row in rows if row.cause.startswith("event:")]
        kinds = {row.kind for row in mine if row.done_at is not None}
        return kinds == {WorkKind.VERIFY, WorkKind.RATE, WorkKind.WATCH}

    await world.until(done)
    assert "alert_opened" in await notices(world, "staff")
    assert (await review(world)).cause.startswith("event:")
    assert (await reminded(world, 1)) == [-30]


async def test_a_covenant_is_agreed_by_two_tested_on_its_date_broken_and_waived(
    world: World,
) -> None:
    today = CLOCK.business_date(await world.now())
    content = {
        "kind": "statement_delivery",
        "every_months": 12,
        "first_test_on": (today + timedelta(days=20)).isoformat(),
        "grace_days": 10,
    }
    bad = await proposed(world, ProposalKind.COVENANT, content | {"grace_days": 999})
    assert [one.field for one in bad.findings] == ["grace_days"]
    await agreed(world, ProposalKind.COVENANT, content)
    [covenant] = await world.book.all_of(Covenant)

    async def state(wanted: str) -> None:
        async def found() -> bool:
            return [row.state for row in await world.book.all_of(CovenantTest)] == [wanted]

        await world.until(found)

    await to(world, today + timedelta(days=20))
    await state("in_grace")
    assert await world.book.all_of(Alert) == []
    await to(world, today + timedelta(days=31))
    await state("breached")

    async def alarmed() -> bool:
        return [row.signal_id for row in await world.book.all_of(Alert)] == ["covenant_breach"]

    await world.until(alarmed)
    until = (today + timedelta(days=90)).isoformat()
    waiver = {"covenant": str(covenant.id), "until": until}
    await agreed(world, ProposalKind.COVENANT_WAIVER, waiver)
    await state("waived")
    late = (today + timedelta(days=500)).isoformat()
    too_long = await proposed(world, ProposalKind.COVENANT_WAIVER, waiver | {"until": late})
    assert [one.code for one in too_long.findings] == ["covenant.waiver_days"]
