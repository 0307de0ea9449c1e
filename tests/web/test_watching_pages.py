"""The board, the recorded history and the incidents: pages of those who watch over the cases."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from sqlalchemy import text

from domain.people import Role
from domain.process import Stage, TaskKind, WaitReason
from persistence.engine import Database
from persistence.incidents import open_incident
from persistence.queries.board import CARDS_PER_COLUMN
from persistence.tables import Receipt
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import Wanted, put_export


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("chen", Role.AUDITOR)
        await opened.hire("sun", Role.OPERATIONS)
        yield opened


async def test_the_board_counts_all_and_shows_the_most_urgent(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    for number in range(CARDS_PER_COLUMN + 2):
        await world.loan(officer, Wanted(number=number, minutes_left=60 * (number + 1) + 2000))
    await world.loan(
        officer, Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None, number=99)
    )
    page = (await world.read("chen", "/board")).text
    assert page.count('class="board-card') == CARDS_PER_COLUMN + 1
    assert "2 more cases" in page
    assert "/cases?stage=review&amp;status=active" in page
    assert (await world.read("wang", "/board")).status_code == 403


async def test_the_board_forecasts_breaches_and_filters_by_product(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.loan(officer, Wanted(number=1, minutes_left=60 * 40))
    await world.loan(officer, Wanted(number=2, minutes_left=60))
    await world.loan(officer, Wanted(number=3, minutes_left=-60, product="TAX_MICRO"))
    page = (await world.read("chen", "/board", "zh-CN")).text
    assert page.count('<li class="tone-amber">') == 1
    assert page.count('<li class="tone-red">') == 1
    micro = (await world.read("chen", "/board?product=TAX_MICRO")).text
    assert micro.count('class="board-card') == 1


async def test_the_history_reads_in_sentences_and_every_link_holds(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    async with world.services.database.transaction() as session:
        put_export(session, loan)
    page = (await world.read("chen", f"/cases/{loan}/history")).text
    assert "Submitted the loan application for CNY 1,200,000.00" in page
    assert "Every link shown recomputes" in page
    assert "01999f-run" in page
    assert (await world.read("wang", f"/cases/{loan}/history")).status_code == 403
    assert (await world.read("chen", f"/cases/{uuid4()}/history")).status_code == 404


async def test_a_changed_link_is_named(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    async with world.services.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        await connection.execute(
            text(
                'UPDATE audit_event SET data = \'{"amount": "9.00"}\''
                " WHERE action = 'loan.submitted'"
            )
        )
    page = (await world.read("chen", f"/cases/{loan}/history")).text
    assert "The chain is broken" in page
    exported = await world.read("chen", f"/cases/{loan}/history.json")
    assert json.loads(exported.text)["holds"] is False


async def test_the_export_holds_what_recomputing_needs(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    answer = await world.read("chen", f"/cases/{loan}/history.json")
    body = json.loads(answer.text)
    assert body["holds"] is True
    assert answer.headers["content-disposition"].startswith("attachment")
    needed = {"sequence", "at", "action", "subject", "staff_id", "role", "data", "previous_sha256"}
    assert needed <= set(body["links"][0])


async def test_incidents_and_held_receipts_are_listed_and_filtered(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer, Wanted(task=TaskKind.REVIEW))
    now = datetime.now(UTC)
    async with world.services.database.transaction() as session:
        await open_incident(session, "k1", "forged_callback", now, provider="rail")
        await open_incident(session, "k2", "payout_unknown", now, loan)
        session.add(
            Receipt(
                id=uuid4(),
                provider="rail",
                transaction_id="T-77",
                amount=Decimal("500.00"),
                currency="CNY",
                value_on=date(2026, 3, 2),
                suspense=Decimal("500.00"),
                suspense_reason="unknown_loan",
                received_at=now,
            )
        )
    page = (await world.read("sun", "/incidents")).text
    assert "Forged or unreadable callback" in page
    assert "CL20260302-000001" in page
    assert "No loan is named" in page
    one = (await world.read("sun", "/incidents?kind=forged_callback")).text
    assert "CL20260302-000001" not in one
    assert "Nothing to look at" in (await world.read("sun", "/incidents?state=closed")).text
    assert (await world.read("wang", "/incidents")).status_code == 403
