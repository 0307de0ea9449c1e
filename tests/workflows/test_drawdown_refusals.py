"""Who gets no second drawdown, each by its name; and nobody signs what they asked for."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.changes import ChangeKind
from domain.changes.commands import ProposeChange, WithdrawChange
from domain.people import Role
from integrations.rail.messages import CollectionInstruction
from persistence.tables import ChangeRequest, Drawdown, ReleaseSign
from tests.workflows import test_changes as changes
from tests.workflows.test_later_drawdowns import (
    MORE,
    asked,
    both_sign,
    ended,
    in_parts,
    signature,
    signed,
    statuses,
    undrawn,
)
from tests.workflows.test_repayment import on_day
from tests.workflows.world import World


async def unpaid(_debit: CollectionInstruction) -> None:
    """The borrower's account says nothing."""


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("300000.01", "drawdown.above_undrawn"),
        ("0.00", "drawdown.above_undrawn"),
        ("-1.00", "drawdown.above_undrawn"),
        ("1.001", "amount.scale"),
        ("10000000000000", "amount.range"),
    ],
)
async def test_an_amount_beyond_what_is_undrawn_is_refused(
    world: World, amount: str, code: str
) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id, Decimal(amount))).code == code
    assert await statuses(world, loan_id) == {1: "settled"}


async def test_all_that_is_undrawn_may_be_asked_for_and_then_nothing(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id, Decimal("300000.00"))).accepted
    assert (await asked(world, loan_id, Decimal("1.00"))).code == "drawdown.under_way"
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    assert await undrawn(world, loan_id) == 0
    assert (await asked(world, loan_id, Decimal("1.00"))).code == "drawdown.above_undrawn"


async def test_no_more_drawdowns_than_the_product_counts(world: World) -> None:
    loan_id = await in_parts(world)
    for number in range(2, 7):
        assert (await asked(world, loan_id, Decimal("1000.00"))).accepted
        await both_sign(world, loan_id, number)
        await ended(world, loan_id, "settled", number)
    refused = await asked(world, loan_id, Decimal("1000.00"))
    assert (refused.code, refused.params) == ("drawdown.count", {"most": "6"})


async def test_a_loan_drawn_at_once_or_not_yet_has_nothing_to_ask_for(world: World) -> None:
    loan_id = await world.in_repayment()
    assert (await asked(world, loan_id)).code == "drawdown.drawn_at_once"
    await world.end_of(loan_id)
    assert (await asked(world, loan_id)).code == "case.closed"


async def test_a_loan_still_on_its_way_to_the_first_payout_is_not_there_yet(world: World) -> None:
    loan_id = await world.to_release()
    assert (await asked(world, loan_id)).code == "case.stage"
    await world.both_release(loan_id)


async def test_who_asks_and_on_which_account_is_checked(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id, who="approver")).code == "duty.role"
    assert (await asked(world, loan_id, seen_events=0)).code == "stale.account"
    assert (await asked(world, loan_id, who="ops1")).accepted


async def test_an_instalment_overdue_stops_it_and_ninety_days_more_so(world: World) -> None:
    loan_id = await in_parts(world)
    world.rail.debited = unpaid
    await on_day(world, loan_id, 1, days=2)
    refused = await asked(world, loan_id)
    assert (refused.code, refused.params) == ("drawdown.arrears", {"days": "2"})
    await on_day(world, loan_id, 1, days=95)
    assert (await asked(world, loan_id)).code == "drawdown.non_accrual"


@pytest.mark.parametrize(
    ("kind", "figures", "code"),
    [
        (ChangeKind.ACCELERATION, {}, "drawdown.accelerated"),
        (ChangeKind.MISUSE, {"amount": Decimal("1000.00")}, "drawdown.misused"),
    ],
)
async def test_a_loan_that_went_wrong_gets_no_more(
    world: World, kind: ChangeKind, figures: dict[str, Any], code: str
) -> None:
    loan_id = await in_parts(world)
    await changes.changed(world, loan_id, kind, **figures)
    assert (await asked(world, loan_id)).code == code


async def test_shortly_before_the_end_nothing_more_goes_out(world: World) -> None:
    loan_id = await in_parts(world, tenor_months="2")
    await on_day(world, loan_id, 2, days=-3)
    assert (await asked(world, loan_id)).code == "drawdown.matures"


async def test_a_change_and_a_drawdown_wait_for_each_other(world: World) -> None:
    loan_id = await in_parts(world)
    lower = await changes.proposal(
        world, loan_id, ChangeKind.RATE_CHANGE, yearly_rate=changes.LOWER
    )
    change_id = await changes.proposed(world, loan_id, lower)
    assert (await asked(world, loan_id)).code == "drawdown.change_under_way"
    manager = world.book.people["manager"]
    back = WithdrawChange(str(uuid.uuid4()), loan_id, manager, change_id)
    assert (await world.process.withdraw_change(back)).accepted
    assert (await asked(world, loan_id)).accepted
    [known] = await world.book.all_of(ChangeRequest, loan_id)
    events = await changes.seen(world, loan_id, lower)
    again = ProposeChange(str(uuid.uuid4()), loan_id, manager, lower, known.reason, events)
    assert (await world.process.propose_change(again)).code == "change.drawdown_under_way"


async def test_nobody_signs_what_they_asked_for_nor_through_a_second_account(
    world: World,
) -> None:
    loan_id = await in_parts(world)
    third = await world.book.hired("ops3", Role.OPERATIONS)
    assert (await asked(world, loan_id, who="ops3")).accepted
    assert (await signed(world, loan_id, "ops3", "release_review")).code == "duty.own_request"
    other_self = await world.book.second_account("ops3", Role.OPERATIONS)
    theirs = replace(await signature(world, loan_id, "ops3"), actor=other_self)
    assert (await world.process.release(theirs)).code == "duty.own_request"
    assert (await signed(world, loan_id, "ops2", "release_review")).code == "duty.second_hand"
    assert (await signed(world, loan_id, "manager", "release_review")).code == "duty.role"
    await both_sign(world, loan_id)
    await ended(world, loan_id, "settled")
    rows: list[Drawdown] = await world.book.all_of(Drawdown, loan_id)
    assert [str(row.requested_by) for row in rows if row.number == 2] == [third.staff_id]


async def test_an_officers_refusal_gives_the_amount_back(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id)).accepted
    assert (await signed(world, loan_id, "ops1", "release_review")).accepted
    wrong = replace(await signature(world, loan_id, "ops2"), approve=False)
    assert (await world.process.release(wrong)).code == "release.refusal_comment"
    assert (
        await world.process.release(replace(wrong, command_id="no", comment="用途不清"))
    ).accepted
    await ended(world, loan_id, "refused")
    assert await undrawn(world, loan_id) == Decimal("300000.00")
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]
    assert (await asked(world, loan_id)).accepted


async def test_a_loan_that_falls_behind_while_it_waits_is_not_signed_for(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id, MORE)).accepted
    world.rail.debited = unpaid
    await on_day(world, loan_id, 1, days=3)
    assert (await signed(world, loan_id, "ops1", "release_review")).code == "drawdown.arrears"
    assert await signs_of_the_second(world, loan_id) == 0


async def signs_of_the_second(world: World, loan_id: UUID) -> int:
    signs: list[ReleaseSign] = await world.book.all_of(ReleaseSign, loan_id)
    return sum(sign.number == 2 for sign in signs)
