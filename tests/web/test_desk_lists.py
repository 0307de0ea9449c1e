"""The lists of the desk: what each person sees of them, and that no address breaks them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.people import Role
from domain.process import CaseStatus, Stage, TaskKind, WaitReason
from persistence.engine import Database
from persistence.tables import HandRow, Task
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import text_of
from tests.web.loans import Wanted

SETTLED = Wanted(Stage.CLOSED, CaseStatus.SETTLED, WaitReason.NOTHING, task=None, number=2)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def task_of(world: CaseWorld, loan_id: UUID) -> Task:
    async with world.services.database.reading() as session:
        found = select(Task).where(col(Task.loan_id) == loan_id)
        return (await session.execute(found)).scalar_one()


async def test_a_manager_sees_only_the_own_cases(world: CaseWorld) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    await world.loan(wang)
    assert "CL20260302-000001" in (await world.read("wang", "/cases")).text
    assert "CL20260302-000001" not in (await world.read("zhao", "/cases")).text
    assert "CL20260302-000001" not in (await world.read("zhao", "/")).text


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("stage=review", {1}),
        ("status=settled", {2}),
        ("q=000002", {2}),
        ("q=苏州", {1, 2}),
        ("q=%25", set()),
        ("product=TAX_MICRO", set()),
        ("order=deadline", {1, 2}),
        ("order=customer&page=99", {1, 2}),
    ],
)
async def test_the_filters_narrow_the_list(world: CaseWorld, query: str, seen: set[int]) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.loan(wang)
    await world.loan(wang, SETTLED)
    page = (await world.read("wang", f"/cases?{query}")).text
    assert {number for number in (1, 2) if f"CL20260302-{number:06d}" in page} == seen


@pytest.mark.parametrize("path", ["/cases", "/customers", "/tasks"])
@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=999999999999999999999",
        "page=0",
        "stage=nowhere&status=%00&product=%27&officer=1&order=x&holder=y&kind=z",
        "q=%00",
        "q=%e2%80%ae",
        "q=%ff%fe",
        "q=" + "x" * 5000,
        "q=%5c_%25",
        "page=1&page=2",
    ],
)
async def test_no_address_breaks_a_list(world: CaseWorld, path: str, query: str) -> None:
    await world.hire("li", Role.REVIEWER)
    assert (await world.read("li", f"{path}?{query}")).status_code == 200


async def test_lists_are_paged_and_keep_their_filters(world: CaseWorld) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    for number in range(1, 28):
        await world.loan(wang, Wanted(number=number))
    first = (await world.read("wang", "/cases?stage=review&order=oldest")).text
    assert 'href="/cases?stage=review&amp;order=oldest&amp;page=2"' in first
    assert "1 to 25 of 27" in text_of(first)
    second = (await world.read("wang", "/cases?stage=review&page=2")).text
    assert second.count('<th scope="row"') == 2


async def test_a_supervisor_filters_by_officer(world: CaseWorld) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    zhao = await world.hire("zhao", Role.CUSTOMER_MANAGER)
    await world.loan(wang)
    await world.loan(zhao, Wanted(number=2))
    await world.hire("chen", Role.RISK_OFFICER)
    page = (await world.read("chen", f"/cases?officer={zhao}")).text
    assert "CL20260302-000002" in page
    assert "CL20260302-000001" not in page


async def test_a_task_is_taken_by_one_and_put_back(world: CaseWorld) -> None:
    loan_id = await world.loan(await world.hire("wang", Role.CUSTOMER_MANAGER))
    for username in ("li", "sun"):
        await world.hire(username, Role.REVIEWER)
    task = await task_of(world, loan_id)
    taken = await world.send("li", f"/tasks/{task.id}/claim", next="/tasks?holder=mine")
    assert (taken.status_code, taken.headers["location"]) == (303, "/tasks?holder=mine")
    late = await world.send("sun", f"/tasks/{task.id}/claim")
    assert late.status_code == 409
    assert "A colleague is already working on this task." in late.text
    assert "Taken by you" in (await world.read("li", "/tasks?holder=mine")).text
    back = await world.send("li", f"/tasks/{task.id}/put-back", next="//evil.example/")
    assert (back.status_code, back.headers["location"]) == (303, "/tasks")
    assert (await world.send("sun", f"/tasks/{task.id}/claim")).status_code == 303


async def test_who_holds_another_duty_is_not_offered_the_task(world: CaseWorld) -> None:
    loan_id = await world.loan(await world.hire("wang", Role.CUSTOMER_MANAGER))
    person_id = uuid4()
    staff_id = await world.hire("li", Role.REVIEWER, person_id=person_id)
    task = await task_of(world, loan_id)
    async with world.services.database.transaction() as session:
        session.add(
            HandRow(
                loan_id=loan_id,
                person_id=person_id,
                staff_id=staff_id,
                hand="customer_manager",
                role="customer_manager",
                taken_at=task.opened_at,
            )
        )
    page = await world.read("li", "/tasks")
    assert "Someone else must do this" in text_of(page.text)
    assert "/claim" not in page.text
    assert (await world.send("li", f"/tasks/{task.id}/claim")).status_code == 403


async def test_anothers_task_does_not_exist(world: CaseWorld) -> None:
    loan_id = await world.loan(await world.hire("wang", Role.CUSTOMER_MANAGER))
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    task = await task_of(world, loan_id)
    assert (await world.send("zhao", f"/tasks/{task.id}/claim")).status_code == 404
    assert (await world.send("zhao", f"/tasks/{uuid4()}/claim")).status_code == 404


async def test_an_overdue_task_comes_first_and_says_so(world: CaseWorld) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("li", Role.REVIEWER)
    await world.loan(wang)
    await world.loan(wang, Wanted(number=2, minutes_left=-60 * 24 * 9))
    page = (await world.read("li", "/tasks")).text
    assert page.index("CL20260302-000002") < page.index("CL20260302-000001")
    assert "overdue" in text_of(page)
    assert "CL20260302-000001" not in (await world.read("li", "/tasks?holder=overdue")).text


async def test_a_supplement_waits_on_the_managers_desk(world: CaseWorld) -> None:
    wang = await world.hire("wang", Role.CUSTOMER_MANAGER)
    asked = Wanted(Stage.REVIEW, wait=WaitReason.SUPPLEMENT, task=TaskKind.SUPPLEMENT)
    await world.loan(wang, asked)
    page = text_of((await world.read("wang", "/")).text)
    assert "Send the supplement" in page
    assert "Waiting for a supplement" in page


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_every_role_finds_a_next_step_on_an_empty_desk(
    world: CaseWorld, role: Role, language: str
) -> None:
    await world.hire("somebody", role)
    page = await world.read("somebody", "/", language)
    assert page.status_code == 200
    assert 'class="button button-main" href="/' in page.text
