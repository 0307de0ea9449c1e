"""What people do on a case page, and what they are told when it is refused."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.commands import Decide, ExtendDeadline, Receipt, Release, Supplement, Withdraw
from domain.people import Hand, Role
from domain.process import Stage, TaskKind, Verdict, WaitReason
from persistence.engine import Database
from persistence.stages import locked_loan
from persistence.tables import HandRow
from tests.web.case_world import CSRF, CaseWorld, open_case_world
from tests.web.loans import Wanted
from tests.web.money import TERMS

RELEASE = Wanted(Stage.RELEASE, wait=WaitReason.RELEASE_REVIEW, task=TaskKind.RELEASE_REVIEW)
SUPPLEMENT = Wanted(Stage.REVIEW, wait=WaitReason.SUPPLEMENT, task=TaskKind.SUPPLEMENT)
OPINION = {
    "stage": "review",
    "verdict": "approve",
    "comment": "Sound business, orders in hand.",
    "seen_version": "6",
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture
async def officer(world: CaseWorld) -> UUID:
    await world.hire("qian", Role.REVIEWER)
    await world.hire("sun", Role.OPERATIONS)
    await world.hire("risk", Role.RISK_OFFICER)
    return await world.hire("wang", Role.CUSTOMER_MANAGER)


async def take_hand(world: CaseWorld, loan: UUID, staff_id: UUID, person: UUID, hand: Hand) -> None:
    async with world.services.database.transaction() as session:
        await locked_loan(session, loan)
        taken_at = (await locked_loan(session, loan)).submitted_at
        session.add(
            HandRow(
                loan_id=loan,
                person_id=person,
                staff_id=staff_id,
                hand=hand,
                role="reviewer",
                taken_at=taken_at,
            )
        )


def asked(world: CaseWorld) -> Any:
    return world.process.asked[-1]


async def test_a_reviewers_opinion_goes_to_the_process_with_the_version_that_was_read(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    answer = await world.send("qian", f"/cases/{loan}/decision", **OPINION)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/cases/{loan}"
    command = asked(world)
    assert isinstance(command, Decide)
    assert (command.command_id, command.seen_version) == ("token-of-the-form-1", 6)
    assert (command.stage, command.verdict) == (Stage.REVIEW, Verdict.APPROVE)


async def test_the_next_page_tells_what_was_done_once(world: CaseWorld, officer: UUID) -> None:
    loan = await world.loan(officer)
    answer = await world.send("qian", f"/cases/{loan}/decision", **OPINION)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    headers = {"Cookie": f"corploan_session=token-qian; corploan_language=en; {cookie}"}
    page = await world.client.get(f"/cases/{loan}", headers=headers)
    assert "Your decision is recorded." in page.text
    assert 'corploan_flash=""' in page.headers["set-cookie"]


async def test_without_a_comment_nothing_is_asked_and_the_choice_stays(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    answer = await world.send("qian", f"/cases/{loan}/decision", **(OPINION | {"comment": " "}))
    assert answer.status_code == 422
    assert world.process.asked == []
    assert '<option value="approve" selected>' in answer.text
    assert 'href="#field-comment"' in answer.text


@pytest.mark.parametrize(
    "spoilt",
    [
        {"stage": "elsewhere"},
        {"verdict": "refer"},
        {"seen_version": "-1"},
        {"seen_version": "１"},
        {"comment": "hidden\u202e"},
        {"comment": "nul\x00"},
    ],
)
async def test_bad_entries_are_refused_on_the_form(
    world: CaseWorld, officer: UUID, spoilt: dict[str, str]
) -> None:
    loan = await world.loan(officer)
    answer = await world.send("qian", f"/cases/{loan}/decision", **(OPINION | spoilt))
    assert answer.status_code == 422
    assert world.process.asked == []


async def test_a_stale_version_is_told_and_the_text_is_kept(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    world.process.answer = Receipt(accepted=False, code="case.changed")
    answer = await world.send("qian", f"/cases/{loan}/decision", **OPINION)
    assert "The case has changed since you read it." in answer.text
    assert "Sound business, orders in hand." in answer.text


async def test_when_the_engine_is_away_the_form_keeps_its_text_and_its_key(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    world.process.available = False
    answer = await world.send("qian", f"/cases/{loan}/decision", "zh-CN", **OPINION)
    assert answer.status_code == 503
    assert "Sound business, orders in hand." in answer.text
    assert 'name="form_token" value="token-of-the-form-1"' in answer.text


async def test_a_form_without_the_sessions_token_is_refused(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    forged = OPINION | {"csrf_token": CSRF + "x"}
    answer = await world.send("qian", f"/cases/{loan}/decision", **forged)
    assert answer.status_code == 403
    assert world.process.asked == []


async def test_forms_are_shown_to_those_who_may_and_to_nobody_else(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    reviewer = (await world.read("qian", f"/cases/{loan}")).text
    manager = (await world.read("wang", f"/cases/{loan}")).text
    assert f"/cases/{loan}/decision" in reviewer
    assert f"/cases/{loan}/withdrawal" not in reviewer
    assert f"/cases/{loan}/withdrawal" in manager
    assert f"/cases/{loan}/decision" not in manager
    sent = await world.send("wang", f"/cases/{loan}/decision", **OPINION)
    assert sent.status_code == 403


async def test_another_officers_case_answers_404_to_acts_too(
    world: CaseWorld, officer: UUID
) -> None:
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    loan = await world.loan(officer)
    answer = await world.send("zhao", f"/cases/{loan}/withdrawal", reason="none of mine")
    assert answer.status_code == 404
    assert world.process.asked == []


async def test_whoever_holds_another_hand_is_told_so_through_any_account(
    world: CaseWorld, officer: UUID
) -> None:
    person = uuid4()
    first = await world.hire("li1", Role.REVIEWER, person_id=person)
    await world.hire("li2", Role.OPERATIONS, person_id=person)
    loan = await world.loan(officer, RELEASE)
    await take_hand(world, loan, first, person, Hand.REVIEWER)
    page = (await world.read("li2", f"/cases/{loan}")).text
    assert "Someone else must do the open task" in page
    assert f"/cases/{loan}/release" not in page


async def test_the_release_names_the_consequence_and_fills_in_no_amount(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer, RELEASE)
    page = (await world.read("sun", f"/cases/{loan}")).text
    assert "CNY 1,200,000.00 leaves for 江苏沙钢物资贸易有限公司 today." in page
    assert re.search(r'value=""[^>]*id="field-amount"', page)
    assert f'name="terms_sha256" value="{TERMS}"' in page


@pytest.mark.parametrize("typed", ["", "1200000.01", "1,2e6", "120000", "NaN", "１２０００００"])
async def test_a_release_with_another_amount_is_refused(
    world: CaseWorld, officer: UUID, typed: str
) -> None:
    loan = await world.loan(officer, RELEASE)
    form = {"answer": "release", "drawdown": "1", "terms_sha256": TERMS, "amount": typed}
    answer = await world.send("sun", f"/cases/{loan}/release", **form)
    assert answer.status_code == 422
    assert world.process.asked == []


@pytest.mark.parametrize("typed", ["1200000", "1200000.00", " 1,200,000.00 "])
async def test_a_release_with_its_amount_is_signed(
    world: CaseWorld, officer: UUID, typed: str
) -> None:
    loan = await world.loan(officer, RELEASE)
    form = {"answer": "release", "drawdown": "1", "terms_sha256": TERMS, "amount": typed}
    answer = await world.send("sun", f"/cases/{loan}/release", **form)
    assert answer.status_code == 303
    command = asked(world)
    assert isinstance(command, Release)
    assert (command.approve, command.drawdown, command.terms_sha256) == (True, 1, TERMS)


async def test_a_release_is_refused_with_a_reason_and_no_amount(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer, RELEASE)
    form = {"answer": "refuse", "drawdown": "1", "terms_sha256": TERMS}
    assert (await world.send("sun", f"/cases/{loan}/release", **form)).status_code == 422
    told = form | {"comment": "The account is another firm's."}
    assert (await world.send("sun", f"/cases/{loan}/release", **told)).status_code == 303
    assert asked(world).approve is False


async def test_a_supplement_takes_documents_and_then_a_note(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer, SUPPLEMENT)
    pixel = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
    answer = await world.client.post(
        f"/cases/{loan}/documents",
        data={"csrf_token": CSRF, "form_token": "token-of-the-form-1", "kind": "other"},
        files={"file": ("order.png", pixel + bytes(16), "image/png")},
        headers={"Cookie": "corploan_session=token-wang; corploan_language=en"},
    )
    assert answer.status_code == 303, answer.text
    assert "order.png" in (await world.read("wang", f"/cases/{loan}?tab=file")).text
    sent = await world.send("wang", f"/cases/{loan}/supplement", note="The orders are enclosed.")
    assert sent.status_code == 303
    assert isinstance(asked(world), Supplement)


async def test_no_document_is_taken_when_no_supplement_is_asked_for(
    world: CaseWorld, officer: UUID
) -> None:
    loan = await world.loan(officer)
    answer = await world.client.post(
        f"/cases/{loan}/documents",
        data={"csrf_token": CSRF, "form_token": "token-of-the-form-1", "kind": "other"},
        files={"file": ("mislabelled.pdf", b"plain text", "application/pdf")},
        headers={"Cookie": "corploan_session=token-wang; corploan_language=en"},
    )
    assert answer.status_code == 422
    assert "mislabelled.pdf" not in (await world.read("wang", f"/cases/{loan}?tab=file")).text


async def test_withdrawal_and_extension_reach_the_process(world: CaseWorld, officer: UUID) -> None:
    loan = await world.loan(officer)
    await world.send("wang", f"/cases/{loan}/withdrawal", reason="Another bank was faster.")
    assert isinstance(asked(world), Withdraw)
    more = {"working_days": "3", "extension_reason": "The site visit is tomorrow."}
    await world.send("risk", f"/cases/{loan}/deadline", **more)
    command = asked(world)
    assert isinstance(command, ExtendDeadline)
    assert command.working_days == 3
    too_many = await world.send(
        "risk", f"/cases/{loan}/deadline", **(more | {"working_days": "61"})
    )
    assert "Please enter 1 to 60 working days." in too_many.text


async def test_an_ended_case_offers_nothing(world: CaseWorld, officer: UUID) -> None:
    ended = replace(RELEASE, task=None)
    loan = await world.loan(officer, ended)
    page = (await world.read("sun", f"/cases/{loan}")).text
    assert f"/cases/{loan}/release" not in page
