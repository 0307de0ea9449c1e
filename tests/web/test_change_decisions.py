"""A proposed change before those who decide: what they see, may say, and are told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.accounts.events import PrepaymentChoice
from domain.changes import Change, ChangeKind
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import Receipt
from domain.people import Role
from domain.violations import LoanRuleViolation
from persistence.accounts import events_of
from persistence.changes import propose_change
from persistence.engine import Database
from persistence.tables import ChangeRequest, ClosedPeriod, Staff
from tests.web.case_world import open_case_world
from tests.web.change_world import ChangeWorld, change_world

PREPAYMENT: dict[str, Any] = {
    "amount": Decimal("200000.00"),
    "choice": PrepaymentChoice.KEEP_TERM,
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[ChangeWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield await change_world(opened)


@pytest_asyncio.fixture
async def change_id(world: ChangeWorld) -> UUID:
    return await world.proposed(ChangeKind.PREPAYMENT, **PREPAYMENT)


async def put_status(world: ChangeWorld, change_id: UUID, **columns: Any) -> None:
    async with world.case.services.database.transaction() as session:
        request = await session.get_one(ChangeRequest, change_id)
        for name, value in columns.items():
            setattr(request, name, value)


async def close_yesterday(world: ChangeWorld) -> None:
    now = datetime.now(UTC)
    closed = ClosedPeriod(
        business_on=world.yesterday, closed_at=now, difference=Decimal(0), notes=1
    )
    async with world.case.services.database.transaction() as session:
        session.add(closed)


async def seen_events(world: ChangeWorld) -> int:
    change = Change(kind=ChangeKind.PREPAYMENT, effective_on=world.today, **PREPAYMENT)
    return await world.seen(change)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_an_approver_reads_terms_reason_and_difference(
    world: ChangeWorld, change_id: UUID, language: str
) -> None:
    page = await world.case.read("boss", world.address(f"/{change_id}"), language)
    assert page.status_code == 200
    for told in ("200000.00", "Asked by the customer.", "<polyline", 'value="approve"'):
        assert told in page.text
    keeps = "Keep the term" if language == "en" else "期限"
    assert keeps in page.text
    assert "style=" not in page.text


async def test_an_approval_goes_to_the_process_with_what_was_seen(
    world: ChangeWorld, change_id: UUID
) -> None:
    place, events = world.address(f"/{change_id}"), str(await seen_events(world))
    answer = await world.case.send(
        "risk", f"{place}/decision", answer="approve", seen_events=events
    )
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    [command] = world.case.process.asked
    assert command == DecideChange(
        "token-of-the-form-1",
        world.loan,
        world.people["risk"],
        change_id,
        True,
        "",
        int(events),
    )


async def test_a_refusal_needs_a_reason(world: ChangeWorld, change_id: UUID) -> None:
    place = world.address(f"/{change_id}")
    typed = {"answer": "reject", "seen_events": "2"}
    bare = await world.case.send("boss", f"{place}/decision", **typed, comment=" ")
    assert bare.status_code == 422
    assert 'href="#field-comment"' in bare.text
    assert world.case.process.asked == []
    await world.case.send("boss", f"{place}/decision", **typed, comment="Keep the collateral.")
    [command] = world.case.process.asked
    assert (command.approve, command.comment) == (False, "Keep the collateral.")


@pytest.mark.parametrize(
    "spoilt", [{"answer": "maybe"}, {"answer": ""}, {"seen_events": "-1"}, {"seen_events": "１"}]
)
async def test_bad_answers_are_refused_on_the_page(
    world: ChangeWorld, change_id: UUID, spoilt: dict[str, str]
) -> None:
    typed = {"answer": "reject", "seen_events": "2", "comment": "Not now."} | spoilt
    place = world.address(f"/{change_id}/decision")
    answer = await world.case.send("boss", place, **typed)
    assert answer.status_code == 422
    assert "Not now." in answer.text
    assert world.case.process.asked == []


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("stale.account", 409, "The account has moved on."),
        ("duty.own_proposal", 403, "Nobody approves a change that they proposed."),
        ("change.money_not_here", 422, "The money for this is not here yet."),
        ("change.not_open", 409, "This change is decided already."),
    ],
)
async def test_what_the_process_refuses_is_said_with_the_difference_anew(
    world: ChangeWorld, change_id: UUID, code: str, status: int, words: str
) -> None:
    world.case.process.answer = Receipt(False, code=code)
    place = world.address(f"/{change_id}/decision")
    answer = await world.case.send("boss", place, answer="approve", seen_events="1")
    assert answer.status_code == status
    assert words in answer.text
    assert "Instalment by instalment" in answer.text


async def test_the_proposer_may_take_back_and_nobody_else(
    world: ChangeWorld, change_id: UUID
) -> None:
    place = world.address(f"/{change_id}")
    own = await world.case.read("wang", place)
    assert f'action="{place}/withdrawal"' in own.text
    assert f'action="{place}/decision"' not in own.text
    assert "withdrawal" not in (await world.case.read("ops", place)).text
    answer = await world.case.send("wang", f"{place}/withdrawal")
    assert answer.status_code == 303
    [command] = world.case.process.asked
    assert isinstance(command, WithdrawChange)
    assert (command.change_id, command.actor) == (change_id, world.people["wang"])


async def test_a_second_account_of_the_proposer_is_offered_no_approval(
    world: ChangeWorld, change_id: UUID
) -> None:
    async with world.case.services.database.reading() as session:
        proposer = await session.get_one(Staff, UUID(world.people["wang"].staff_id))
    await world.case.hire("wang2", Role.APPROVER, person_id=proposer.person_id)
    page = await world.case.read("wang2", world.address(f"/{change_id}"))
    assert "Nobody approves a change that they proposed." in page.text
    assert "decision" not in page.text


async def test_roles_without_a_say_read_only(world: ChangeWorld, change_id: UUID) -> None:
    place = world.address(f"/{change_id}")
    assert 'value="approve"' not in (await world.case.read("ops", place)).text
    assert 'value="approve"' not in (await world.case.read("qian", place)).text
    refused = await world.case.send("qian", f"{place}/decision", answer="approve", seen_events="2")
    assert refused.status_code == 403
    assert (await world.case.read("zhou", place)).status_code == 404
    assert (await world.case.send("zhou", f"{place}/withdrawal")).status_code == 404
    assert world.case.process.asked == []


async def test_operations_approve_money_found_late(world: ChangeWorld) -> None:
    late = await world.proposed(
        ChangeKind.BACK_DATED_RECEIPT, effective_on=world.yesterday, amount=Decimal("1000.00")
    )
    assert 'value="approve"' in (await world.case.read("ops", world.address(f"/{late}"))).text


async def test_of_two_approvals_the_first_is_shown_and_not_asked_again(world: ChangeWorld) -> None:
    change = Change(kind=ChangeKind.EXTENSION, effective_on=world.today, instalments=2)
    place = world.address(f"/{await world.proposed(ChangeKind.EXTENSION, instalments=2)}")
    await world.approved(UUID(place[-36:]), change, "boss")
    first = await world.case.read("boss", place)
    assert "You have approved this change already." in first.text
    assert 'value="approve"' not in first.text
    second = await world.case.read("risk", place)
    assert "Colleague boss" in second.text
    assert 'value="approve"' in second.text
    assert "1 of 2" in (await world.case.read("risk", "/changes")).text


@pytest.mark.parametrize(
    ("status", "words"),
    [("applied", "In force"), ("rejected", "Change rejected"), ("withdrawn", "Taken back")],
)
async def test_a_decided_change_offers_nothing_more(
    world: ChangeWorld, change_id: UUID, status: str, words: str
) -> None:
    await put_status(world, change_id, status=status, comment="So be it.")
    page = await world.case.read("boss", world.address(f"/{change_id}"))
    assert page.status_code == 200
    assert words in page.text
    assert "So be it." in page.text
    assert "/decision" not in page.text
    assert "/withdrawal" not in page.text


async def test_an_applied_change_shows_what_it_changed(world: ChangeWorld) -> None:
    change = Change(kind=ChangeKind.PAYMENT_HOLIDAY, effective_on=world.today, instalments=2)
    before = await world.case.read("boss", world.query(change.kind, instalments="2"))
    change_id = await world.proposed(change.kind, instalments=2)
    await world.approved(change_id, change, "boss")
    page = await world.case.read("boss", world.address(f"/{change_id}"))
    assert "What it changed" in page.text
    rows = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
    assert rows.findall(page.text)[1] == rows.findall(before.text)[1]
    assert (
        "The approved change took effect"
        in (await world.case.read("boss", f"/cases/{world.loan}")).text
    )


async def test_a_proposal_whose_day_was_closed_counts_from_its_last_approval(
    world: ChangeWorld,
) -> None:
    change = Change(kind=ChangeKind.PAYMENT_HOLIDAY, effective_on=world.yesterday, instalments=2)
    change_id = await world.proposed(change.kind, effective_on=world.yesterday, instalments=2)
    await close_yesterday(world)
    page = await world.case.read("boss", world.address(f"/{change_id}"))
    assert "is closed by now: it counts from the day of the last approval" in page.text
    assert 'value="approve"' in page.text
    refused = await world.case.read(
        "wang", world.query(change.kind, effective_on=str(world.yesterday), instalments="2")
    )
    assert "The books are closed up to" in refused.text
    await world.approved(change_id, replace(change, effective_on=world.today), "boss")
    async with world.case.services.database.reading() as session:
        assert (await session.get_one(ChangeRequest, change_id)).effective_on == world.today
        events = await events_of(session, world.loan)
    assert [one.value_on for one in events if one.key == f"change:{change_id}"] == [world.today]


async def test_a_day_that_closes_between_preview_and_proposal_is_no_refusal(
    world: ChangeWorld,
) -> None:
    change = Change(kind=ChangeKind.PAYMENT_HOLIDAY, effective_on=world.yesterday, instalments=2)
    events = await world.seen(change)
    await close_yesterday(world)
    for seen_on, code in ((world.today, "change.closed_period"), (world.yesterday, "")):
        command = ProposeChange(
            str(uuid4()), world.loan, world.people["wang"], change, "Asked.", events, seen_on
        )
        told = ""
        async with world.case.services.database.transaction() as session:
            try:
                await propose_change(session, command, datetime.now(UTC))
            except LoanRuleViolation as refused:
                told = refused.code
        assert told == code


async def test_a_lapsed_change_says_so(world: ChangeWorld, change_id: UUID) -> None:
    async with world.case.services.database.reading() as session:
        proposed_at = (await session.get_one(ChangeRequest, change_id)).proposed_at
    await put_status(world, change_id, lapses_at=proposed_at)
    page = await world.case.read("boss", world.address(f"/{change_id}"))
    assert "Lapsed" in page.text
    assert "/decision" not in page.text


async def test_a_change_that_is_no_longer_lawful_can_only_be_refused(
    world: ChangeWorld, change_id: UUID
) -> None:
    async with world.case.services.database.reading() as session:
        terms = dict((await session.get_one(ChangeRequest, change_id)).terms)
    await put_status(world, change_id, terms=terms | {"amount": "9999999.00"})
    page = await world.case.read("boss", world.address(f"/{change_id}"))
    assert page.status_code == 200
    assert "It cannot be approved as things stand now:" in page.text
    assert 'value="approve"' not in page.text
    assert 'value="reject"' in page.text


async def test_another_loans_change_is_unknown(world: ChangeWorld, change_id: UUID) -> None:
    for path in (f"/loans/{uuid4()}/changes/{change_id}", world.address(f"/{uuid4()}")):
        assert (await world.case.read("boss", path)).status_code == 404
        answer = await world.case.send(
            "boss", f"{path}/decision", answer="approve", seen_events="1"
        )
        assert answer.status_code == 404
    assert world.case.process.asked == []


@pytest.mark.parametrize(
    ("who", "waits"), [("boss", True), ("risk", True), ("ops", False), ("wang", False)]
)
async def test_the_desk_shows_what_waits_for_whom(
    world: ChangeWorld, change_id: UUID, who: str, waits: bool
) -> None:
    desk = await world.case.read(who, "/")
    assert (str(change_id) in desk.text) == waits
    everybody = await world.case.read(who, "/changes")
    assert str(change_id) in everybody.text
    assert str(change_id) not in (await world.case.read("zhou", "/changes")).text


async def test_the_loans_page_and_its_timeline_lead_to_the_change(
    world: ChangeWorld, change_id: UUID
) -> None:
    page = await world.case.read("wang", f"/cases/{world.loan}")
    assert f'href="{world.address()}"' in page.text
    assert f'href="/loans/{world.loan}/payoff"' in page.text
    assert (
        f'href="{world.address(f"/{change_id}")}">Proposed a change: Part prepayment' in page.text
    )
    listed = await world.case.read("wang", world.address())
    assert f'href="{world.address(f"/{change_id}")}"' in listed.text
