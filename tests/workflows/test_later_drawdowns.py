"""A loan drawn in parts: asked for, signed by two, paid once, laid into the schedule, or lapsed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.commands import ExtendDeadline, Receipt, Release
from domain.drawdowns import RequestDrawdown
from domain.process import CaseStatus, Stage
from persistence.commitments import commitment_of
from persistence.tables import AccountEvent, Drawdown, JournalRow, Payout, Task, UndrawnLapse
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World

FIRST, MORE = Decimal("300000.00"), Decimal("200000.00")
IN_PARTS = {"product": "WC_FLOATING", "amount": "600000.00", "first_drawdown": str(FIRST)}


async def in_parts(world: World, **changes: str) -> UUID:
    """A loan of 600,000 of which half has gone out, in repayment."""
    loan_id = await world.opened(**{**IN_PARTS, **changes})
    await world.to_repayment(loan_id)
    return loan_id


async def asked(
    world: World, loan_id: UUID, amount: Decimal = MORE, who: str = "manager", **other: Any
) -> Receipt:
    """Somebody asks for more, on the account as it stands."""
    events = len(await world.book.all_of(AccountEvent, loan_id))
    command = RequestDrawdown(str(uuid.uuid4()), loan_id, world.book.people[who], amount, events)
    return await world.process.request_drawdown(replace(command, **other))


async def signed(world: World, loan_id: UUID, who: str, kind: str, number: int = 2) -> Receipt:
    """A release officer signs, once the task is open."""

    async def waiting() -> bool:
        return kind in await world.book.open_tasks(loan_id)

    await world.until(waiting)
    return await world.process.release(await signature(world, loan_id, who, number))


async def signature(world: World, loan_id: UUID, who: str, number: int = 2) -> Release:
    rows = await world.book.all_of(Drawdown, loan_id)
    [row] = [row for row in rows if row.number == number]
    actor = world.book.people[who]
    return Release(str(uuid.uuid4()), loan_id, actor, number, row.terms_sha256)


async def both_sign(world: World, loan_id: UUID, number: int = 2) -> None:
    assert (await signed(world, loan_id, "ops1", "release_review", number)).accepted
    assert (await signed(world, loan_id, "ops2", "release_recheck", number)).accepted


async def statuses(world: World, loan_id: UUID) -> dict[int, str]:
    return {row.number: row.status for row in await world.book.all_of(Drawdown, loan_id)}


async def ended(world: World, loan_id: UUID, status: str, number: int = 2) -> None:
    async def reached() -> bool:
        return (await statuses(world, loan_id)).get(number) == status

    await world.until(reached)


async def undrawn(world: World, loan_id: UUID) -> Decimal:
    async with world.book.database.reading() as session:
        loan = await world.book.loan(loan_id)
        found = await commitment_of(session, loan)
    assert found is not None
    return found.undrawn


async def test_a_second_drawdown_goes_out_once_and_is_laid_into_the_schedule(
    world: World,
) -> None:
    loan_id = await in_parts(world)
    await on_day(world, loan_id, 1, days=2)
    before = await instalments(world, loan_id)
    receipt = await asked(world, loan_id)
    assert receipt.accepted, receipt
    assert await undrawn(world, loan_id) == Decimal("100000.00")
    loan = await world.book.loan(loan_id)
    assert (loan.stage, loan.wait_reason) == (Stage.REPAYMENT, "instalment_due")
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    assert world.rail.pay_calls == [f"disb:{loan_id}:1", f"disb:{loan_id}:2"]
    rows = await instalments(world, loan_id)
    assert sum(row.principal for row in rows) == FIRST + MORE
    assert [row.due_on for row in rows] == [row.due_on for row in before]
    assert rows[0].principal == before[0].principal, "what was due stays as it was"
    assert rows[1].principal > before[1].principal
    await tied_out(world, loan_id)
    kinds = [row.kind for row in await world.book.all_of(JournalRow, loan_id)]
    assert kinds.count("release") == 2
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    debits = {debit.instalment_n: debit.amount for debit in world.rail.collections}
    assert debits[2] == rows[1].principal + rows[1].interest, "the timers follow the new schedule"


async def test_what_the_rail_rejects_is_undrawn_again_and_may_be_asked_for_anew(
    world: World,
) -> None:
    loan_id = await in_parts(world)
    rows = [(row.n, row.principal) for row in await instalments(world, loan_id)]
    world.rail.rejects = 1
    assert (await asked(world, loan_id)).accepted
    await both_sign(world, loan_id)
    await ended(world, loan_id, "rejected")
    assert await undrawn(world, loan_id) == Decimal("300000.00")
    assert [(row.n, row.principal) for row in await instalments(world, loan_id)] == rows
    assert await world.book.incidents() == ["payout_rejected"]
    assert (await asked(world, loan_id)).accepted
    await both_sign(world, loan_id, 3)
    await ended(world, loan_id, "settled", 3)
    assert world.rail.pay_calls == [f"disb:{loan_id}:{number}" for number in (1, 2, 3)]
    assert (await tied_out(world, loan_id)).outstanding == FIRST + MORE


async def test_a_silent_rail_is_asked_by_key_while_instalments_go_on(world: World) -> None:
    loan_id = await in_parts(world)
    await on_day(world, loan_id, 1, days=-1)
    world.rail.settles_at_once, world.rail.lost_replies, world.rail.silent_queries = False, 1, 12
    assert (await asked(world, loan_id)).accepted
    await both_sign(world, loan_id)
    await world.skip(timedelta(seconds=40))
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["payout_unknown"]
    await on_day(world, loan_id, 1, hours=12)
    assert (await instalments(world, loan_id))[0].paid_on is not None, "billed and paid beside it"
    key = f"disb:{loan_id}:2"
    world.rail.settled(key)
    await world.skip(timedelta(hours=2))
    await ended(world, loan_id, "settled")
    assert world.rail.pay_calls.count(key) == 1
    assert await world.book.incidents() == []
    assert len(await world.runs(loan_id)) == 3, "the run ended in the middle and the next went on"
    await tied_out(world, loan_id)


async def test_the_rails_notice_settles_it_before_the_next_question(world: World) -> None:
    loan_id = await in_parts(world)
    world.rail.settles_at_once = False
    assert (await asked(world, loan_id)).accepted
    await both_sign(world, loan_id)

    async def accepted() -> bool:
        return any(row.status == "accepted" for row in await world.book.all_of(Payout, loan_id))

    await world.until(accepted)
    key = f"disb:{loan_id}:2"
    data = {"key": key, "amount": str(MORE), "currency": "CNY", "reference": f"ref-{key}"}
    for again in ("", "-again"):
        await world.book.deliver("rail", "payment.settled", loan_id, data, f"told{again}")
        await world.process.look(loan_id)
    await ended(world, loan_id, "settled")
    drawn = [
        row for row in await world.book.all_of(AccountEvent, loan_id) if row.kind == "drawdown"
    ]
    assert [row.key for row in drawn] == [f"disb:{loan_id}:1", key]


async def test_desks_keep_their_task_over_instalments_and_open_it_again_when_it_lapses(
    world: World,
) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id)).accepted
    await world.until(lambda: world.book.open_tasks(loan_id))
    more = ExtendDeadline(str(uuid.uuid4()), loan_id, world.book.people["risk"], 5, "等待资料")
    due_at = (await world.book.tasks(loan_id))[-1].due_at
    deadline_at = (await world.book.loan(loan_id)).deadline_at
    assert (await world.process.extend_deadline(more)).accepted
    assert (await world.book.tasks(loan_id))[-1].due_at > due_at
    assert (await world.book.loan(loan_id)).deadline_at == deadline_at, "of the instalment"
    await on_day(world, loan_id, 2, days=1)
    await world.until(lambda: world.book.open_tasks(loan_id))
    tasks: list[Task] = await world.book.tasks(loan_id)
    later = [task for task in tasks if task.opened_at >= tasks[-2].opened_at]
    assert later[-1].closed_at is None
    assert "timed_out" in [task.outcome for task in tasks]
    assert [row.billed_at is not None for row in await instalments(world, loan_id)][:3] == [
        True,
        True,
        False,
    ]
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    await tied_out(world, loan_id)


async def test_a_loan_repaid_meanwhile_stays_open_until_the_officers_refuse(world: World) -> None:
    loan_id = await in_parts(world, tenor_months="2")
    assert (await asked(world, loan_id)).accepted
    await on_day(world, loan_id, 2, days=1)
    assert (await world.book.loan(loan_id)).outstanding == 0
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
    answer = await signed(world, loan_id, "ops1", "release_review")
    assert answer.code == "drawdown.repaid"
    refusal = replace(await signature(world, loan_id, "ops1"), approve=False, comment="已结清")
    assert (await world.process.release(refusal)).accepted
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    assert await statuses(world, loan_id) == {1: "settled", 2: "refused"}
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]


async def test_what_is_undrawn_lapses_when_the_availability_period_is_over(world: World) -> None:
    world.rail.debited = world.honoured
    loan_id = await in_parts(world, tenor_months="15", period_unit="quarter")
    await on_day(world, loan_id, 4, days=-1)
    assert await world.book.all_of(UndrawnLapse, loan_id) == []
    await on_day(world, loan_id, 4, days=2)
    [lapse] = await world.until(lambda: world.book.all_of(UndrawnLapse, loan_id))
    assert lapse.amount == Decimal("300000.00")
    assert lapse.lapsed_on == (await instalments(world, loan_id))[3].due_on + timedelta(days=1)
    assert await world.book.audited(loan_id, "undrawn.lapsed") == 1
    assert await undrawn(world, loan_id) == 0
    assert (await asked(world, loan_id)).code == "drawdown.availability_ended"
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED


async def test_what_is_under_way_when_the_period_ends_does_not_lapse_with_the_rest(
    world: World,
) -> None:
    loan_id = await in_parts(world, tenor_months="15", period_unit="quarter")
    await on_day(world, loan_id, 4, days=-2)
    assert (await asked(world, loan_id)).accepted
    await on_day(world, loan_id, 4, days=2)
    assert await world.book.all_of(UndrawnLapse, loan_id) == [], "it waits for what is under way"
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    [lapse] = await world.until(lambda: world.book.all_of(UndrawnLapse, loan_id))
    assert lapse.amount == Decimal("100000.00")


async def test_the_same_key_gets_the_same_answer_in_a_later_run(world: World) -> None:
    loan_id = await in_parts(world)
    command = RequestDrawdown(str(uuid.uuid4()), loan_id, world.book.people["manager"], MORE, 1)
    first = await world.process.request_drawdown(command)
    assert first.accepted
    assert await world.process.request_drawdown(command) == first
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    await on_day(world, loan_id, 1, days=1)
    again = await world.process.request_drawdown(command)
    assert again.accepted
    assert await statuses(world, loan_id) == {1: "settled", 2: "settled"}
