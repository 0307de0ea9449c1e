"""The watch of a customer on its pages, the board, the tasks, and the customer's own link."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.customers import ProposalKind, ProposeForCustomer
from domain.people import Role
from domain.signing import refresh_token
from domain.watch.covenants import CovenantState
from domain.watch.events import EventKind
from persistence.alerts import raise_alert
from persistence.customer_events import record_event
from persistence.engine import Database
from persistence.ladder_suggestions import suggest_move
from persistence.reviews import open_review, plan_review
from persistence.tables import (
    Alert,
    Covenant,
    CovenantTest,
    CustomerEvent,
    CustomerProposal,
    CustomerReview,
    CustomerWork,
    LadderMeasure,
    Loan,
    Notice,
)
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import SESSION_SECRET
from web.forms.signing import LIFETIME_SECONDS

ENGLISH = {"Cookie": "corploan_language=en"}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def firm(world: CaseWorld) -> UUID:
    """A customer with a loan, its manager wang, and the risk officer li."""
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("li", Role.RISK_OFFICER)
    loan_id = await world.loan(officer)
    async with world.services.database.reading() as session:
        return (await session.get_one(Loan, loan_id)).customer_id


async def alerted(world: CaseWorld, customer: UUID, signal: str = "control_change") -> UUID:
    async with world.services.database.transaction() as session:
        return await raise_alert(session, customer, signal, datetime.now(UTC))


async def reviewed(world: CaseWorld, customer: UUID, days: int = 10) -> UUID:
    """A review that is open, due in some days."""
    now = datetime.now(UTC)
    async with world.services.database.transaction() as session:
        due_on = now.date() + timedelta(days=days)
        review_id = await plan_review(session, customer, "periodic", due_on, now)
        await open_review(session, await session.get_one(CustomerReview, review_id), now)
    return review_id


async def rows(world: CaseWorld, table: type) -> list:  # type: ignore[type-arg]
    async with world.services.database.reading() as session:
        return list((await session.execute(select(table))).scalars())


async def test_the_tab_shows_alerts_with_colour_owner_and_what_cannot_be_told(
    world: CaseWorld,
) -> None:
    customer = await firm(world)
    await alerted(world, customer)
    page = await world.read("wang", f"/customers/{customer}/watch")
    assert page.status_code == 200
    assert "Equity pledged or control transferred" in page.text
    assert re.search(r'tone-orange">.{0,120}Orange', page.text, re.DOTALL)
    assert "Colleague wang" in page.text
    assert "Cannot be assessed" in page.text
    assert "Share of the largest buyer" in page.text, "what is missing is named"
    chinese = await world.read("wang", f"/customers/{customer}/watch", "zh-CN")
    assert "股权质押或控制权转移" in chinese.text


@pytest.mark.parametrize("who", [Role.AUDITOR, Role.OPERATIONS])
async def test_whoever_may_only_read_gets_no_forms(world: CaseWorld, who: Role) -> None:
    customer = await firm(world)
    alert = await alerted(world, customer)
    await world.hire("zhao", who)
    page = await world.read("zhao", f"/customers/{customer}/watch/alerts/{alert}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    path = f"/customers/{customer}/watch/alerts/{alert}/action"
    assert (await world.send("zhao", path, doing="x")).status_code == 403


async def test_an_action_is_noted_and_a_closure_is_proposed(world: CaseWorld) -> None:
    customer = await firm(world)
    alert = await alerted(world, customer)
    path = f"/customers/{customer}/watch/alerts/{alert}"
    done = await world.send("wang", f"{path}/action", doing="约谈实际控制人")
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert [row.action for row in await rows(world, Alert)] == ["约谈实际控制人"]
    assert "约谈实际控制人" in (await world.read("wang", path)).text
    empty = await world.send("wang", f"{path}/closure", action="a", evidence="", reason="r")
    assert empty.status_code == 422
    sent = await world.send("wang", f"{path}/closure", action="a", evidence="报告", reason="r")
    assert sent.status_code == 303
    [asked] = [one for one in world.process.asked if isinstance(one, ProposeForCustomer)]
    assert asked.kind is ProposalKind.ALERT_CLOSURE
    assert asked.content == {"alert": str(alert), "action": "a", "evidence": "报告"}
    lowered = await world.send("wang", f"{path}/colour", colour="yellow", why="已解除质押")
    assert lowered.status_code == 303
    assert (await world.send("wang", f"{path}/colour", colour="pink", why="x")).status_code == 422
    missing = f"/customers/{customer}/watch/alerts/{uuid4()}"
    assert (await world.read("wang", missing)).status_code == 404


async def test_the_board_keeps_what_happened_apart_and_shows_the_overdue_first(
    world: CaseWorld,
) -> None:
    customer = await firm(world)
    await alerted(world, customer, "revenue_fall")
    await alerted(world, customer, "overdue_8_to_30")
    late = await alerted(world, customer, "one_large_buyer")
    async with world.services.database.transaction() as session:
        alert = await session.get_one(Alert, late)
        alert.due_at = datetime.now(UTC) - timedelta(days=3)
    page = (await world.read("li", "/watch")).text
    actual, possible = page.split('id="possible-title"')
    assert "8 to 30 days past due" in actual.split('id="actual-title"')[1]
    assert possible.index("One buyer above half of sales") < possible.index("Sales fell by 30 %")
    only = (await world.read("li", "/watch?colour=yellow")).text
    assert "Sales fell by 30 %" in only
    assert "One buyer above half of sales" not in only.split('id="watch-alerts"')[1]
    mine = (await world.read("wang", "/watch?show=mine")).text
    assert "Sales fell by 30 %" in mine
    tasks = (await world.read("wang", "/tasks")).text
    assert "Customers: alerts and reviews of yours" in tasks
    overdue = (await world.read("li", "/watch?show=overdue&colour=nonsense")).text
    assert "Sales fell by 30 %" not in overdue.split('id="watch-alerts"')[1]


async def test_a_covenant_is_proposed_shown_and_waived(world: CaseWorld) -> None:
    customer = await firm(world)
    entries = {
        "kind": "at_most",
        "ratio": "debt_ratio",
        "bound": "0.65",
        "every_months": "3",
        "first_test_on": "2026-03-31",
        "grace_days": "30",
        "reason": "授信条件",
    }
    path = f"/customers/{customer}/watch/covenants"
    assert (await world.read("wang", f"{path}/new")).status_code == 200
    assert (await world.send("wang", path, **entries)).status_code == 303
    asked = world.process.asked[-1]
    assert isinstance(asked, ProposeForCustomer)
    assert asked.content["bound"] == "0.65"
    spoilt = await world.send("wang", path, **(entries | {"first_test_on": "2026-02-30"}))
    assert spoilt.status_code == 422
    covenant = await kept_covenant(world, customer, asked)
    page = (await world.read("wang", f"{path}/{covenant}")).text
    assert "Broken" in page
    assert "0.71" in page
    assert (await world.read("wang", f"/customers/{customer}/watch")).status_code == 200
    waiver = await world.send("wang", f"{path}/{covenant}/waiver", until="2026-12-31", reason="r")
    assert waiver.status_code == 303
    assert (await world.read("wang", f"{path}/{uuid4()}")).status_code == 404
    proposal = f"/customers/{customer}/proposals/{covenant}"
    assert "Debt ratio" in (await world.read("li", proposal)).text


async def kept_covenant(world: CaseWorld, customer: UUID, asked: ProposeForCustomer) -> UUID:
    covenant_id, now = uuid4(), datetime.now(UTC)
    async with world.services.database.transaction() as session:
        session.add(
            CustomerProposal(
                id=covenant_id,
                customer_id=customer,
                command_id="c",
                kind=asked.kind,
                content=dict(asked.content),
                reason="r",
                status="approved",
                proposed_by=UUID(asked.actor.staff_id),
                proposer_person_id=uuid4(),
                proposed_at=now,
                due_at=now,
            )
        )
        await session.flush()
        session.add(
            Covenant(
                id=covenant_id,
                customer_id=customer,
                kind="at_most",
                ratio="debt_ratio",
                bound=Decimal("0.65"),
                every_months=3,
                first_test_on=now.date(),
                grace_days=0,
                agreed_at=now,
                proposal_id=covenant_id,
            )
        )
        await session.flush()
        session.add(
            CovenantTest(
                covenant_id=covenant_id,
                tested_on=now.date(),
                state=CovenantState.BREACHED,
                value=Decimal("0.71"),
                statement_year=2025,
                judged_at=now,
            )
        )
    return covenant_id


async def test_a_review_shows_its_link_and_ends_with_a_finding(world: CaseWorld) -> None:
    customer = await firm(world)
    review = await reviewed(world, customer)
    path = f"/customers/{customer}/watch/reviews/{review}"
    page = await world.read("wang", path)
    assert refresh_token(SESSION_SECRET, review, 1) in page.text
    await world.hire("zhao", Role.AUDITOR)
    assert refresh_token(SESSION_SECRET, review, 1) not in (await world.read("zhao", path)).text
    assert (await world.send("wang", f"{path}/link")).status_code == 303
    assert refresh_token(SESSION_SECRET, review, 2) in (await world.read("wang", path)).text
    assert (await world.send("wang", f"{path}/end", finding="")).status_code == 422
    assert (await world.send("wang", f"{path}/end", finding="经营正常")).status_code == 303
    done = {row.status for row in await rows(world, CustomerReview)}
    assert done == {"done", "planned"}, "the next one is planned"
    assert (await world.send("wang", f"{path}/end", finding="再次")).status_code == 409


async def test_the_customer_answers_through_the_link_once(world: CaseWorld) -> None:
    customer = await firm(world)
    review = await reviewed(world, customer)
    path = f"/refresh/{refresh_token(SESSION_SECRET, review, 1)}"
    page = await world.client.get(path, headers=ENGLISH)
    assert page.status_code == 200
    assert "Please confirm or correct" in page.text
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found
    good = {"form_key": found[1], "name": "新名称有限公司", "contact_email": "cfo@firm.cn"}
    bad = await world.client.post(path, data=good | {"contact_email": "x"}, headers=ENGLISH)
    assert bad.status_code == 422
    assert "Please enter an e-mail address." in bad.text
    stale = await world.client.post(path, data=good | {"form_key": "1.ab"}, headers=ENGLISH)
    assert stale.status_code == 422
    sent = await world.client.post(path, data=good, headers=ENGLISH)
    assert sent.status_code == 303
    [row] = await rows(world, CustomerReview)
    assert row.submission == {"name": "新名称有限公司", "contact_email": "cfo@firm.cn"}
    causes = [work.cause for work in await rows(world, CustomerWork)]
    assert f"submitted:{review}" in causes
    shown = await world.client.get(path, headers=ENGLISH)
    assert "The bank has received your answer" in shown.text
    assert (await world.client.post(path, data=good, headers=ENGLISH)).status_code == 409
    seen = (await world.read("wang", f"/customers/{customer}/watch/reviews/{review}")).text
    assert "新名称有限公司" in seen
    assert LIFETIME_SECONDS == 3600


@pytest.mark.parametrize("number", [0, 2])
async def test_a_link_that_is_not_the_newest_opens_nothing(world: CaseWorld, number: int) -> None:
    customer = await firm(world)
    review = await reviewed(world, customer)
    token = refresh_token(SESSION_SECRET, review, number)
    assert (await world.client.get(f"/refresh/{token}", headers=ENGLISH)).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", f"{'a' * 32}-1-{'0' * 64}"])
async def test_a_forged_link_is_404(world: CaseWorld, token: str) -> None:
    assert (await world.client.get(f"/refresh/{token}", headers=ENGLISH)).status_code == 404
    sent = await world.client.post(f"/refresh/{token}", data={"name": "x"}, headers=ENGLISH)
    assert sent.status_code == 404


async def test_an_event_shows_before_and_after_and_puts_work_on_the_agenda(
    world: CaseWorld,
) -> None:
    customer = await firm(world)
    path = f"/customers/{customer}/watch/events"
    assert (await world.read("wang", f"{path}/new")).status_code == 200
    today = datetime.now(UTC).date().isoformat()
    entries = {
        "kind": "address_change",
        "happened_on": today,
        "told": "工商公示",
        "field": "address",
    }
    sent = await world.send("wang", path, **entries, before="旧址", after="新址")
    assert sent.status_code == 303, sent.text
    page = (await world.read("wang", f"/customers/{customer}/watch")).text
    assert "旧址" in page
    assert "新址" in page
    kinds = sorted(row.kind for row in await rows(world, CustomerWork) if "event:" in row.cause)
    assert kinds == ["rate", "verify", "watch"]
    assert [row.cause[:6] for row in await rows(world, CustomerReview)] == ["event:"]
    assert world.process.looked_at == [customer]
    spoilt = await world.send("wang", path, **(entries | {"field": "moon"}))
    assert spoilt.status_code == 422
    ahead = await world.send(
        "wang",
        path,
        **(entries | {"happened_on": "2099-01-01", "form_token": "token-of-the-form-2"}),
    )
    assert ahead.status_code == 422
    assert len(await rows(world, CustomerEvent)) == 1


async def test_a_measure_is_proposed_or_set_aside_with_a_reason(world: CaseWorld) -> None:
    customer = await firm(world)
    now = datetime.now(UTC)
    async with world.services.database.transaction() as session:
        assert await suggest_move(session, customer, "BBB", "B", "rating:1", now)
    by_kind = {row.kind: row for row in await rows(world, LadderMeasure)}
    path = f"/customers/{customer}/watch/measures/{by_kind['exit_plan'].id}"
    page = (await world.read("wang", path)).text
    assert "Exit plan" in page
    assert "BBB → B" in page
    assert (await world.send("wang", f"{path}/proposal", reason="降级")).status_code == 303
    asked = world.process.asked[-1]
    assert isinstance(asked, ProposeForCustomer)
    assert asked.content == {"measure": str(by_kind["exit_plan"].id)}
    assert (await world.send("wang", f"{path}/aside", why="x")).status_code == 403
    assert (await world.send("li", f"{path}/aside", why="已清偿")).status_code == 303
    assert (await world.send("li", f"{path}/aside", why="再次")).status_code == 409
    shown = (await world.read("wang", f"/customers/{customer}/watch")).text
    assert "Set aside" in shown


async def test_messages_are_marked_by_whom_they_are_for(world: CaseWorld) -> None:
    customer = await firm(world)
    await alerted(world, customer)
    mine = [row for row in await rows(world, Notice) if row.role == Role.CUSTOMER_MANAGER]
    path = f"/customers/{customer}/watch/notices/{mine[0].id}"
    board = (await world.read("wang", "/watch")).text
    assert "Messages you have not read" in board
    assert (await world.send("li", path, mark="read")).status_code == 403
    assert (await world.send("wang", path, mark="read")).status_code == 303
    [read] = [row for row in await rows(world, Notice) if row.id == mine[0].id]
    assert read.read_at is not None
    assert "Messages you have not read" not in (await world.read("wang", "/watch")).text


async def test_the_same_reference_is_the_same_event(world: CaseWorld) -> None:
    customer, now = await firm(world), datetime.now(UTC)
    for _ in range(2):
        async with world.services.database.transaction() as session:
            await record_event(
                session,
                customer,
                EventKind.COURT_CASE,
                {},
                {"case": "(2026)苏01民初1号"},
                "courts",
                now,
                reference="c-1",
            )
    assert len(await rows(world, CustomerEvent)) == 1
