"""One payout, whatever breaks between the bank and the rail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.process import CaseStatus, Stage
from integrations.rail.messages import PaymentStatus
from persistence.tables import Drawdown, InboxEvent, Incident, JournalRow, Payout
from tests.workflows.world import World


async def _notice(world: World, loan_id: UUID, status: str, **changes: str) -> None:
    key = f"disb:{loan_id}:1"
    data = {"key": key, "amount": "600000.00", "currency": "CNY", "reference": f"ref-{key}"}
    event = f"rail-{status}-{len(changes)}"
    await world.book.deliver("rail", f"payment.{status}", loan_id, {**data, **changes}, event)
    await world.process.look(loan_id)


async def _released_journals(world: World, loan_id: UUID) -> int:
    rows = await world.book.all_of(JournalRow, loan_id)
    return sum(row.kind == "release" for row in rows)


async def _slow_payout(world: World) -> UUID:
    """A payout the rail has accepted and not settled."""
    world.rail.settles_at_once = False
    loan_id = await world.to_release()
    await world.both_release(loan_id)

    async def accepted() -> bool:
        rows = await world.book.all_of(Payout, loan_id)
        return bool(rows) and rows[0].status == "accepted"

    await world.until(accepted)
    return loan_id


async def test_a_lost_reply_is_asked_about_by_key_and_never_paid_again(world: World) -> None:
    world.rail.lost_replies = 1
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await world.skip(timedelta(seconds=20))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]
    assert await _released_journals(world, loan_id) == 1
    assert await world.book.incidents() == []


async def test_a_rejected_payment_goes_back_to_the_officers_as_a_second_drawdown(
    world: World,
) -> None:
    world.rail.rejects = 1
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await world.both_release(loan_id, 2)
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert world.rail.pay_calls == [f"disb:{loan_id}:1", f"disb:{loan_id}:2"]
    drawdowns = await world.book.all_of(Drawdown, loan_id)
    assert sorted((row.number, row.status) for row in drawdowns) == [
        (1, "rejected"),
        (2, "settled"),
    ]
    assert await _released_journals(world, loan_id) == 1
    assert await world.book.incidents() == ["payout_rejected"]


async def test_a_silent_rail_is_an_incident_until_it_answers(world: World) -> None:
    world.rail.lost_replies = 1
    world.rail.silent_queries = 12
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await world.skip(timedelta(seconds=40))
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["payout_unknown"]
    assert (await world.book.loan(loan_id)).stage == Stage.PAYOUT

    await world.skip(timedelta(hours=2))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert await world.book.incidents() == []
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]
    assert await _released_journals(world, loan_id) == 1


async def test_a_rail_that_falls_silent_twice_is_an_incident_twice(world: World) -> None:
    loan_id = await _slow_payout(world)
    world.rail.silent_queries = 5
    await world.skip(timedelta(seconds=40))
    await world.until(world.book.incidents)
    await world.skip(timedelta(minutes=5))

    async def healed() -> bool:
        return await world.book.incidents() == []

    await world.until(healed)
    world.rail.silent_queries = 5
    await world.skip(timedelta(minutes=30))
    assert await world.book.audited(loan_id, "payout.unknown") == 2
    [incident] = await world.book.all_of(Incident, loan_id)
    assert incident.kind == "payout_unknown"


async def test_the_rails_notice_settles_before_the_next_question(world: World) -> None:
    loan_id = await _slow_payout(world)
    await _notice(world, loan_id, "settled")
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert await _released_journals(world, loan_id) == 1


async def test_notice_and_question_at_once_book_one_journal(world: World) -> None:
    loan_id = await _slow_payout(world)
    key = f"disb:{loan_id}:1"
    world.rail.settled(key)
    await _notice(world, loan_id, "settled")
    await world.skip(timedelta(minutes=2))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    await _notice(world, loan_id, "settled", again="1")
    await world.skip(timedelta(minutes=1))
    assert await _released_journals(world, loan_id) == 1
    [payout] = await world.book.all_of(Payout, loan_id)
    assert payout.status == PaymentStatus.SETTLED


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"amount": "600000.01"}, "refused_other_amount"),
        ({"currency": "USD"}, "refused_other_amount"),
        ({"amount": "NaN"}, "refused_other_amount"),
        ({"amount": "much"}, "unreadable"),
        ({"key": "disb:nothing:1"}, "foreign"),
    ],
)
async def test_a_notice_that_does_not_fit_settles_nothing(
    world: World, changes: dict[str, str], outcome: str
) -> None:
    loan_id = await _slow_payout(world)
    await _notice(world, loan_id, "settled", **changes)
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["odd_callback"]
    events = await world.book.all_of(InboxEvent, loan_id)
    [event] = [event for event in events if event.provider == "rail"]
    assert event.outcome == outcome
    assert await _released_journals(world, loan_id) == 0
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
