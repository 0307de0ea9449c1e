"""The case page: what it shows to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.people import Role
from domain.process import Stage, TaskKind, WaitReason
from persistence.engine import Database
from persistence.queries.case_page import CaseTab
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import Wanted, put_envelope
from tests.web.money import BORROWER

REPAID = Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def test_the_officer_sees_the_own_case_and_another_officer_gets_404(
    world: CaseWorld,
) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    mine = await world.read("wang", f"/cases/{loan}")
    assert mine.status_code == 200
    assert BORROWER in mine.text
    assert "CL20260302-000001" in mine.text
    assert (await world.read("zhao", f"/cases/{loan}")).status_code == 404


async def test_an_administrator_sees_no_case(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("admin", Role.ADMINISTRATOR)
    loan = await world.loan(officer)
    assert (await world.read("admin", f"/cases/{loan}")).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.REVIEW, Stage.RELEASE, Stage.REPAYMENT])
async def test_every_tab_prints_at_every_stage(
    world: CaseWorld, language: str, stage: Stage
) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    task = {Stage.REVIEW: TaskKind.REVIEW, Stage.RELEASE: TaskKind.RELEASE_REVIEW}.get(stage)
    loan = await world.loan(officer, Wanted(stage, task=task))
    for tab in CaseTab:
        answer = await world.read("wang", f"/cases/{loan}?tab={tab}", language)
        assert answer.status_code == 200, tab
        assert f'id="case-{tab}"' in answer.text
        assert "Other<" not in answer.text


async def test_an_unknown_tab_is_the_overview(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    answer = await world.read("wang", f"/cases/{loan}?tab=elsewhere")
    assert 'id="case-overview"' in answer.text


async def test_the_map_shows_passed_current_and_coming_stages_with_text(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    page = (await world.read("wang", f"/cases/{loan}")).text
    assert page.count('class="process-node') == len(Stage)
    assert page.count('aria-current="step"') == 1
    assert "tone-green" in page
    assert "Not started" in page


async def test_a_pending_source_is_shown_as_pending_and_a_difference_as_one(
    world: CaseWorld,
) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    page = (await world.read("wang", f"/cases/{loan}?tab=checks")).text
    assert "Not answered yet; nothing else waits for it." in page
    assert "1 difference" in page
    assert "20.00%" in page


async def test_reasons_read_as_sentences_and_name_what_is_not_known(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    page = (await world.read("wang", f"/cases/{loan}?tab=decisions")).text
    assert "A declared figure differs from what a source states." in page
    assert "Not known: Dishonest debtor." in page


async def test_an_overdue_loan_names_its_days_past_due(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    late = Wanted(Stage.REPAYMENT, wait=WaitReason.ARREARS, task=None, overdue_days=12)
    loan = await world.loan(officer, late)
    page = (await world.read("wang", f"/cases/{loan}?tab=repayment")).text
    assert "days past due" in page
    assert "chart-overdue" in page


async def test_the_books_of_a_repaid_instalment_balance(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer, REPAID)
    page = (await world.read("wang", f"/cases/{loan}?tab=ledger")).text
    assert "Every journal balances" in page
    assert "Interest receivable" in page


async def test_only_the_officer_of_the_case_gets_the_signatorys_link(world: CaseWorld) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("qian", Role.REVIEWER)
    loan = await world.loan(
        officer,
        Wanted(
            Stage.AUTHORISATION,
            wait=WaitReason.BORROWER_SIGNATURE,
            task=TaskKind.SIGN_AUTHORISATION,
        ),
    )
    async with world.services.database.transaction() as session:
        _, token = await put_envelope(session, loan)
    assert f"/sign/{token}" in (await world.read("wang", f"/cases/{loan}")).text
    assert token not in (await world.read("qian", f"/cases/{loan}")).text


async def test_a_document_is_handed_out_only_while_it_matches_its_hash(
    world: CaseWorld, tmp_path: Path
) -> None:
    officer = await world.hire("wang", Role.CUSTOMER_MANAGER)
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    sha256 = await world.services.documents.put(b"business licence")
    page = (await world.read("wang", f"/cases/{loan}?tab=file")).text
    path = page.split(f'href="/cases/{loan}/documents/')[1].split('"')[0]
    address = f"/cases/{loan}/documents/{path}"
    answer = await world.read("wang", address)
    assert answer.content == b"business licence"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (await world.read("zhao", address)).status_code == 404
    (tmp_path / sha256[:2] / sha256).write_bytes(b"forged")
    assert (await world.read("wang", address)).status_code == 422
