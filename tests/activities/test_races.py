"""Two people, one row: exactly one is heard, on the real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from activities.credit import CreditActivities
from activities.inbox import InboxActivities
from activities.signatures import SignatureActivities
from activities.steps import DecideStep, NumberedStep, PayoutStep, ReleaseStep, Step
from domain.commands import Decide, Release
from domain.people import Role
from domain.process import Stage, TaskKind, Verdict
from persistence.receipts import Arrival, post_receipt
from persistence.tables import (
    AllocationRow,
    DecisionRow,
    Drawdown,
    JournalRow,
    Receipt,
    ReleaseSign,
)
from tests.activities.conftest import SECRET, Desk


@pytest.mark.timeout(120)
async def test_of_twenty_pairs_of_racing_verdicts_exactly_one_each_is_accepted(desk: Desk) -> None:
    other = await desk.book.hired("reviewer2", Role.REVIEWER)
    credit = CreditActivities(desk.database)
    for number in range(20):
        loan_id = await desk.at_review()
        version = (await desk.book.loan(loan_id)).version
        yes = Decide(
            f"yes-{number}",
            loan_id,
            desk.book.people["reviewer"],
            Stage.REVIEW,
            Verdict.APPROVE,
            "同意",
            version,
        )
        no = replace(yes, command_id=f"no-{number}", actor=other, verdict=Verdict.DECLINE)
        answers = await asyncio.gather(
            *(desk.run(credit.record_decision, DecideStep(c, datetime.now(UTC))) for c in (yes, no))
        )
        assert sorted(answer.accepted for answer in answers) == [False, True]
        decisions = await desk.book.all_of(DecisionRow, loan_id)
        assert [row.maker for row in decisions].count("reviewer") == 1


async def _release(desk: Desk, loan_id: UUID, who: str, command_id: str) -> Release:
    async with desk.database.reading() as session:
        drawdown = await session.get_one(Drawdown, (loan_id, 1))
    return Release(command_id, loan_id, desk.book.people[who], 1, drawdown.terms_sha256)


async def _signed(desk: Desk, command: Release) -> bool:
    step = ReleaseStep(command, datetime.now(UTC))
    receipt = await desk.run(desk.payments.record_release, step)
    return bool(receipt.accepted)


async def test_of_two_officers_at_one_release_desk_one_signs(desk: Desk) -> None:
    for _ in range(8):
        loan_id = await desk.at_release()
        first = await _release(desk, loan_id, "ops1", "first")
        second = await _release(desk, loan_id, "ops2", "second")
        answers = await asyncio.gather(_signed(desk, first), _signed(desk, second))
        assert sorted(answers) == [False, True]
        assert len(await desk.book.all_of(ReleaseSign, loan_id)) == 1


async def test_a_signature_whose_answer_was_lost_is_found_again(desk: Desk) -> None:
    loan_id = await desk.at_release()
    command = await _release(desk, loan_id, "ops1", "first")
    assert await _signed(desk, command)
    assert await _signed(desk, command)
    assert len(await desk.book.all_of(ReleaseSign, loan_id)) == 1


async def _paid_out(desk: Desk) -> UUID:
    loan_id = await desk.at_release()
    assert await _signed(desk, await _release(desk, loan_id, "ops1", "first"))
    await desk.opened_release(loan_id, TaskKind.RELEASE_RECHECK)
    assert await _signed(desk, await _release(desk, loan_id, "ops2", "second"))
    step = desk.step(loan_id)
    numbered = NumberedStep(loan_id, 1, step.at, step.version)
    intents = await asyncio.gather(
        *(desk.run(desk.payments.write_intent, numbered) for _ in range(4))
    )
    assert {intent.key for intent in intents} == {f"disb:{loan_id}:1"}
    payout = PayoutStep(f"disb:{loan_id}:1", datetime.now(UTC))
    statuses = await asyncio.gather(
        *(desk.run(desk.payments.instruct_rail, payout) for _ in range(4))
    )
    assert set(statuses) == {"settled"}
    return loan_id


async def test_a_payout_instructed_by_four_at_once_is_one_payment_and_one_journal(
    desk: Desk,
) -> None:
    loan_id = await _paid_out(desk)
    assert len(desk.rail.payments) == 1
    assert [row.kind for row in await desk.book.all_of(JournalRow, loan_id)] == ["release"]


async def test_receipts_at_once_are_each_posted_once_and_none_is_lost(desk: Desk) -> None:
    loan_id = await _paid_out(desk)
    now = datetime.now(UTC)

    async def post(number: int) -> str:
        arrival = Arrival("rail", f"TX-{number % 6}", Decimal(10), "CNY", now, None, None, None)
        async with desk.database.transaction() as session:
            return await post_receipt(session, arrival, loan_id, now)

    outcomes = await asyncio.gather(*(post(number) for number in range(12)))
    assert sorted(outcomes) == ["duplicate"] * 6 + ["posted"] * 6
    receipts = await desk.book.all_of(Receipt, loan_id)
    assert sum(row.posted + row.suspense for row in receipts) == 60
    assert await desk.book.all_of(AllocationRow, loan_id) == [], "nothing is due yet"


async def test_an_inbox_read_again_after_a_lost_answer_says_the_same(desk: Desk) -> None:
    loan_id = await desk.submitted()
    signatures = SignatureActivities(desk.database, SECRET)
    await desk.run(signatures.open_authorisation, desk.step(loan_id))
    first = await desk.signed(loan_id, "authorisation")
    inbox = InboxActivities(desk.database)
    again = await asyncio.gather(
        *(desk.run(inbox.read_inbox, Step(loan_id, datetime.now(UTC), 9)) for _ in range(3))
    )
    assert all(facts == first for facts in again)
    assert [fact.outcome for fact in first.facts] == ["signed"]
    assert await desk.book.audited(loan_id, "authorisation.signed") == 1
