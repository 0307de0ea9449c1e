"""The deterioration ladder on real loans: suggested, approved, in force, told, and taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.accounts.events import RateSet
from domain.changes import ChangeKind
from domain.customers import ProposalKind
from persistence.accounts import events_of
from persistence.rates import floating_now
from persistence.tables import ChangeRequest, LadderMeasure, Notice, UndrawnFreeze
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_later_drawdowns import asked, in_parts, undrawn
from tests.workflows.test_repayment import instalments
from tests.workflows.test_repricing import floating_loan, resets
from tests.workflows.watching import agreed, decided, measures, notices, proposed, raised, rated
from tests.workflows.world import World

LADDER = ProposalKind.LADDER


async def approved(world: World, kind: str) -> LadderMeasure:
    """The manager proposes a suggested measure and risk approves it."""
    measure = (await measures(world))[kind]
    await agreed(world, LADDER, {"measure": str(measure.id)})
    return (await measures(world))[kind]


async def rate_events(world: World, loan_id: UUID) -> list[RateSet]:
    async with world.book.database.reading() as session:
        return [one for one in await events_of(session, loan_id) if isinstance(one, RateSet)]


async def told(world: World, template: str) -> dict[str, str]:
    rows: list[Notice] = await world.book.all_of(Notice)
    [row] = [row for row in rows if row.template == template]
    params: dict[str, str] = row.params
    return params


async def test_a_fixed_loan_bears_twenty_points_more_from_its_next_period(world: World) -> None:
    loan_id = await world.in_repayment()
    before = await instalments(world, loan_id)
    rate = (await world.book.loan(loan_id)).yearly_rate or Decimal(0)
    assert await rated(world, "AAA", "AA") == 2
    assert (await measures(world))["margin_step"].status == "suggested"
    assert [row.interest for row in await instalments(world, loan_id)] == [
        row.interest for row in before
    ], "nothing takes effect by itself"
    measure = await approved(world, "margin_step")
    assert (measure.status, measure.effective_on) == ("applied", before[0].due_on)
    [event] = await rate_events(world, loan_id)
    assert event.yearly_rate == rate + Decimal("0.0020")
    after = await instalments(world, loan_id)
    assert after[0].interest == before[0].interest, "the running period keeps its rate"
    assert all(new.interest > old.interest for new, old in zip(after[1:], before[1:], strict=True))
    await tied_out(world, loan_id)
    message = await told(world, "measure_margin_step")
    assert message["effective_on"] == before[0].due_on.isoformat()
    assert Decimal(message["rate_percent"]) == event.yearly_rate * 100
    [request] = await world.book.all_of(ChangeRequest, loan_id)
    assert (request.kind, request.status) == (ChangeKind.RATE_CHANGE, "applied")
    assert measure.applied_reference == f"change:{request.id}"
    assert await world.book.audited(loan_id, "change.applied") == 1
    again = await proposed(world, LADDER, {"measure": str(measure.id)})
    assert again.code == "ladder.not_open"


async def test_a_floating_loan_bears_the_new_margin_from_its_next_repricing(world: World) -> None:
    loan_id = await floating_loan(world)
    await rated(world, "AA", "BBB")
    measure = await approved(world, "margin_step")
    on = measure.effective_on or date.max
    drawn_on = (await world.book.loan(loan_id)).drawn_on or date.max
    assert 85 <= (on - drawn_on).days <= 92, "the next quarter's day"
    async with world.book.database.reading() as session:
        loan = await world.book.loan(loan_id)
        floating = await floating_now(session, loan, on)
    assert floating is not None
    assert floating.margin_bp == 135 + 50
    assert (on, Decimal("0.0435") + Decimal("0.0050")) in await resets(world, loan_id)
    await tied_out(world, loan_id)


async def test_a_recovery_takes_the_step_back_with_the_same_approval(world: World) -> None:
    loan_id = await world.in_repayment()
    before = await instalments(world, loan_id)
    await rated(world, "AAA", "AA")
    await approved(world, "margin_step")
    await rated(world, "AA", "AAA")
    back = (await measures(world))["margin_back"]
    assert back.terms == {"bp": 20}
    made = await proposed(world, LADDER, {"measure": str(back.id)})
    assert (await decided(world, made, "manager")).code == "duty.role"
    assert (await decided(world, made, "risk")).accepted
    assert [row.interest for row in await instalments(world, loan_id)] == [
        row.interest for row in before
    ]
    assert "measure_margin_back" in await notices(world, "customer")


async def test_a_fall_to_b_suggests_a_freeze_and_a_faster_schedule_and_stops_nothing_yet(
    world: World,
) -> None:
    loan_id = await in_parts(world)
    await rated(world, "BBB", "B")
    found = await measures(world)
    assert set(found) == {
        "margin_step",
        "review",
        "freeze_undrawn",
        "faster_amortisation",
        "exit_plan",
    }
    assert (await asked(world, loan_id, Decimal("100.00"))).accepted, "a suggestion stops nothing"


async def test_an_approved_freeze_stops_drawing_and_a_recovery_ends_it(world: World) -> None:
    loan_id = await in_parts(world)
    await rated(world, "BBB", "B")
    frozen = await approved(world, "freeze_undrawn")
    assert frozen.loan_id == loan_id
    assert (await asked(world, loan_id)).code == "drawdown.frozen"
    await rated(world, "B", "BBB")
    await approved(world, "unfreeze")
    assert (await asked(world, loan_id)).accepted


async def test_a_cut_takes_a_share_of_what_is_undrawn(world: World) -> None:
    loan_id = await in_parts(world)
    left = await undrawn(world, loan_id)
    await rated(world, "AAA", "A")
    await approved(world, "cut_undrawn")
    assert await undrawn(world, loan_id) == left * Decimal("0.70")
    [row] = await world.book.all_of(UndrawnFreeze)
    assert row.amount == left * Decimal("0.30")
    assert (await asked(world, loan_id, left)).code == "drawdown.above_undrawn"
    assert (await told(world, "measure_cut_undrawn"))["amount"] == f"CNY {row.amount}"


async def test_a_faster_schedule_waits_for_the_two_approvers_of_a_restructuring(
    world: World,
) -> None:
    loan_id = await world.in_repayment()
    await rated(world, "BBB", "B")
    measure = await approved(world, "faster_amortisation")
    assert measure.status == "asked"
    [request] = await world.book.all_of(ChangeRequest, loan_id)
    assert (request.kind, request.status) == (ChangeKind.RESTRUCTURE, "proposed")
    assert request.terms["instalments"] == 6, "half of the twelve that are left"
    assert str(request.proposed_by) == world.book.people["manager"].staff_id


async def test_a_default_suggests_acceleration_and_it_makes_everything_due(world: World) -> None:
    loan_id = await world.in_repayment()
    await raised(world, "bankruptcy")
    found = await measures(world)
    assert set(found) == {"accelerate", "offset", "litigation"}
    await approved(world, "accelerate")
    account = await tied_out(world, loan_id)
    assert account.accelerated_on is not None
    await approved(world, "litigation")
    assert "measure_litigation" in await notices(world, "customer")


async def test_a_loan_that_is_repaid_is_no_concern_of_the_ladder(world: World) -> None:
    assert await rated(world, "AAA", "A") == 2
    kinds = {kind: row.status for kind, row in (await measures(world)).items()}
    assert kinds == {"extra_collateral": "suggested", "review": "applied"}
