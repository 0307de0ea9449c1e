"""Two officers release, each once, on exactly the terms that were signed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from domain.people import Role
from domain.process import Stage
from persistence.clock import business_clock, working_calendar
from persistence.tables import Drawdown, ReleaseSign
from tests.workflows.world import World


async def test_one_officer_cannot_sign_twice_nor_through_a_second_account(world: World) -> None:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    again = await world.release_of(loan_id, "ops1", "release_recheck")
    assert (await world.process.release(again)).code == "duty.second_hand"
    other_self = await world.book.second_account("ops1", Role.OPERATIONS)
    theirs = replace(again, command_id="other-self", actor=other_self)
    assert (await world.process.release(theirs)).code == "duty.second_hand"
    assert world.rail.pay_calls == []
    assert (await world.released(loan_id, "ops2", "release_recheck")).accepted
    await world.at_stage(loan_id, Stage.REPAYMENT)


async def test_only_operations_release_and_only_the_terms_they_saw(world: World) -> None:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "approver", "release_review")).code == "duty.role"
    signature = await world.release_of(loan_id, "ops1", "release_review")
    other = replace(signature, command_id="other-terms", terms_sha256="0" * 64)
    assert (await world.process.release(other)).code == "release.terms_changed"
    wordless = replace(signature, command_id="wordless", approve=False)
    assert (await world.process.release(wordless)).code == "release.refusal_comment"
    nowhere = replace(signature, command_id="nowhere", drawdown=2)
    assert (await world.process.release(nowhere)).code == "task.not_open"
    assert await world.book.all_of(ReleaseSign, loan_id) == []


async def test_two_clicks_of_two_officers_at_once_sign_one_desk_only(world: World) -> None:
    loan_id = await world.to_release()
    first = await world.release_of(loan_id, "ops1", "release_review")
    second = replace(first, command_id="second", actor=world.book.people["ops2"])
    answers = await asyncio.gather(world.process.release(first), world.process.release(second))
    signs = await world.book.all_of(ReleaseSign, loan_id)
    hands = sorted(sign.hand for sign in signs)
    assert len(signs) == sum(answer.accepted for answer in answers)
    assert hands in (["release_reviewer"], ["release_rechecker", "release_reviewer"])
    if len(signs) == 1:
        [who] = ["ops2" if str(signs[0].staff_id) == first.actor.staff_id else "ops1"]
        assert (await world.released(loan_id, who, "release_recheck")).accepted
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert len(world.rail.pay_calls) == 1


async def test_a_refusal_opens_a_new_drawdown_and_pays_nothing(world: World) -> None:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    refusal = await world.release_of(loan_id, "ops2", "release_recheck")
    refusal = replace(refusal, approve=False, comment="收款账户待核实")
    assert (await world.process.release(refusal)).accepted
    await world.both_release(loan_id, 2)
    await world.at_stage(loan_id, Stage.REPAYMENT)
    rows = await world.book.all_of(Drawdown, loan_id)
    drawdowns = {row.number: row.status for row in rows}
    assert drawdowns == {1: "refused", 2: "settled"}
    assert world.rail.pay_calls == [f"disb:{loan_id}:2"]


async def test_the_promise_counts_working_days_from_the_day_all_conditions_are_met(
    world: World,
) -> None:
    loan_id = await world.to_release()
    loan = await world.book.loan(loan_id)
    async with world.book.database.reading() as session:
        clock, calendar = await business_clock(session), await working_calendar(session)
    assert loan.conditions_met_at is not None
    met_on = clock.business_date(loan.conditions_met_at)
    assert loan.promise_on == calendar.add_working_days(met_on, 2)
    assert loan.promise_at == clock.end_of(loan.promise_on)
