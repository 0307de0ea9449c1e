"""Acts on a case: once per key, refused by the rule's name, and the refusal noted."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select
from sqlmodel import col

from domain.commands import Decide, Receipt, Release, Submit
from domain.people import Role
from domain.process import TaskKind
from domain.violations import Finding
from persistence.tables import AuditEvent
from tests.api.case import open_task, submitted_case
from tests.doorway.world import World

DECISION = {"stage": "review", "verdict": "approve", "comment": "good", "seen_version": 4}


async def _post(
    world: World, path: str, body: Any, headers: dict[str, str], key: str | None = "key-00001"
) -> httpx.Response:
    keyed = {**headers, **({"Idempotency-Key": key} if key else {})}
    return await world.client.post(f"/api/v1{path}", json=body, headers=keyed)


async def _reviewer(world: World) -> dict[str, str]:
    await world.hire("sun", Role.REVIEWER)
    return await world.bearer("sun")


async def test_a_submission_gets_its_case_number(world: World) -> None:
    headers = await world.manager()
    draft_id = await world.draft(headers)
    answer = await _post(world, f"/drafts/{draft_id}/submission", {}, headers)
    assert answer.status_code == 201
    assert answer.json()["case_number"] == "CL20260101-000001"
    assert answer.headers["location"] == f"/api/v1/loans/{draft_id}"
    (command,) = world.process.asked
    assert isinstance(command, Submit)
    assert command.actor.roles == (Role.CUSTOMER_MANAGER,)


async def test_no_process_begins_for_a_draft_that_is_not_there_to_be_seen(world: World) -> None:
    draft_id = await world.draft(await world.manager())
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    another = await world.bearer("zhao")
    for unseen in (draft_id, uuid4()):
        answer = await _post(world, f"/drafts/{unseen}/submission", {}, another)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert world.process.asked == []


async def test_gaps_are_named_with_links_to_their_fields(world: World) -> None:
    headers = await world.manager()
    draft_id = await world.draft(headers)
    gap = Finding("amount", "field.required")
    world.process.answer = Receipt(False, code="findings", findings=(gap,))
    answer = await _post(
        world, f"/drafts/{draft_id}/submission", {}, {**headers, "Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["link"] == f"http://bank.test/drafts/{draft_id}#field-amount"
    assert error["message"] == "Please fill in this field."


async def test_the_same_key_gets_the_same_answer_and_one_effect(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    first = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    world.process.answer = Receipt(False, code="case.closed")
    second = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(world.process.asked) == 1


async def test_a_refusal_is_kept_under_its_key_too(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    world.process.answer = Receipt(False, code="stale.version")
    answers = [
        await _post(world, f"/loans/{loan_id}/decision", DECISION, headers) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert len(world.process.asked) == 1


async def test_another_body_or_path_under_a_used_key_is_refused(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    other = {**DECISION, "verdict": "decline"}
    answer = await _post(world, f"/loans/{loan_id}/decision", other, headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.reused")
    assert len(world.process.asked) == 1


async def test_ten_presses_at_once_ask_under_one_command_id(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    answers = await asyncio.gather(
        *(_post(world, f"/loans/{loan_id}/decision", DECISION, headers) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({command.command_id for command in world.process.asked}) == 1


async def test_two_persons_may_choose_the_same_key(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    await world.hire("qian", Role.REVIEWER)
    await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    await _post(world, f"/loans/{loan_id}/decision", DECISION, await world.bearer("qian"))
    assert len({command.command_id for command in world.process.asked}) == 2


async def test_without_the_engine_nothing_is_lost_and_the_key_stays_good(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    world.process.available = False
    down = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    assert (down.status_code, down.json()["code"]) == (503, "engine_unavailable")
    assert (await world.client.get(f"/api/v1/loans/{loan_id}", headers=headers)).status_code == 200
    world.process.available = True
    assert (await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)).status_code == 200


async def test_an_act_without_a_key_is_refused(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    missing = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers, None)
    short = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers, "short")
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency.missing")
    assert short.status_code == 422
    assert world.process.asked == []


async def test_a_reviewer_does_not_decide_as_approver(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    body = {**DECISION, "stage": "approval"}
    answer = await _post(world, f"/loans/{loan_id}/decision", body, headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    assert world.process.asked == []


async def test_refused_acts_are_noted_without_what_was_sent(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    world.process.answer = Receipt(False, code="duty.second_hand")
    answer = await _post(world, f"/loans/{loan_id}/decision", DECISION, headers)
    assert answer.status_code == 403
    async with world.services.database.reading() as session:
        newest = select(AuditEvent).order_by(col(AuditEvent.sequence).desc()).limit(1)
        noted = (await session.execute(newest)).scalar_one()
    assert (noted.action, noted.loan_id) == ("refused.review", loan_id)
    assert noted.data == {"code": "duty.second_hand"}


async def test_anothers_case_answers_like_one_that_is_not_there(world: World) -> None:
    loan_id = await submitted_case(world, await world.manager())
    stranger = await world.manager("zhou")
    body = {"reason": "the customer asked"}
    for unseen in (loan_id, uuid4()):
        read = await world.client.get(f"/api/v1/loans/{unseen}", headers=stranger)
        acted = await _post(world, f"/loans/{unseen}/withdrawal", body, stranger, f"k-{unseen}")
        assert (read.status_code, acted.status_code) == (404, 404)
    assert (await world.client.get("/api/v1/loans", headers=stranger)).json()["loans"] == []
    assert world.process.asked == []


async def test_every_act_reaches_the_process_as_typed(world: World) -> None:
    manager = await world.manager()
    loan_id = await submitted_case(world, manager)
    await world.hire("he", Role.OPERATIONS, Role.APPROVER, Role.RISK_OFFICER)
    desk = await world.bearer("he")
    acts: list[tuple[str, Any, dict[str, str]]] = [
        ("supplement", {"note": "the board's minutes"}, manager),
        ("withdrawal", {"reason": "no longer needed"}, manager),
        ("decision", {**DECISION, "stage": "approval"}, desk),
        ("release", {"drawdown": 1, "terms_sha256": "a" * 64, "approve": True}, desk),
        ("deadline", {"working_days": 3, "reason": "holiday"}, desk),
    ]
    for number, (noun, body, headers) in enumerate(acts):
        answer = await _post(world, f"/loans/{loan_id}/{noun}", body, headers, f"key-{number:05d}")
        assert answer.status_code == 200, answer.text
    assert [type(command).__name__ for command in world.process.asked] == [
        *("Supplement", "Withdraw", "Decide", "Release", "ExtendDeadline")
    ]
    decided, released = world.process.asked[2], world.process.asked[3]
    assert isinstance(decided, Decide)
    assert decided.seen_version == 4
    assert isinstance(released, Release)
    assert released.approve is True


async def test_a_case_is_read_with_everything_known_of_it(world: World) -> None:
    headers = await world.manager()
    loan_id = await submitted_case(world, headers)
    await open_task(world, loan_id, TaskKind.REVIEW, Role.REVIEWER)
    listed = (await world.client.get("/api/v1/loans?stage=review&q=华能", headers=headers)).json()
    assert [line["id"] for line in listed["loans"]] == [str(loan_id)]
    case = (await world.client.get(f"/api/v1/loans/{loan_id}", headers=headers)).json()
    assert (case["stage"], case["version"], case["figures"]["amount"]) == (
        *("review", 4, "1500000.00"),
    )
    assert [task["kind"] for task in case["tasks"]] == ["review"]
    assert case["schedule"] == case["receipts"] == case["ledger"] == case["decisions"] == []


async def test_a_task_is_taken_by_one_person_of_its_role(world: World) -> None:
    loan_id, headers = await submitted_case(world, await world.manager()), await _reviewer(world)
    task_id = await open_task(world, loan_id, TaskKind.REVIEW, Role.REVIEWER)
    await world.hire("qian", Role.REVIEWER)
    await world.hire("feng", Role.APPROVER)
    claim = f"/api/v1/tasks/{task_id}/claim"
    (listed,) = (await world.client.get("/api/v1/tasks", headers=headers)).json()["tasks"]
    assert (listed["id"], listed["claimable"]) == (str(task_id), True)
    for _ in range(2):
        assert (await world.client.post(claim, headers=headers)).json() == {"loan_id": str(loan_id)}
    late = await world.client.post(claim, headers=await world.bearer("qian"))
    wrong_role = await world.client.post(claim, headers=await world.bearer("feng"))
    unknown = await world.client.post(f"/api/v1/tasks/{UUID(int=1)}/claim", headers=headers)
    assert (late.status_code, late.json()["code"]) == (409, "task.claimed")
    assert (wrong_role.status_code, unknown.status_code) == (403, 404)
