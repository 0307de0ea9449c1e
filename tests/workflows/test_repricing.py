"""A floating loan is repriced on its own dates, by the timers of its own workflow."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.accounts.events import RateSet
from domain.people import Role
from domain.process import CaseStatus, Stage
from persistence.accounts import events_of
from persistence.clock import business_date
from persistence.rates import ProposedFixing, decide_fixing, propose_fixing
from persistence.tables import Contract
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World

AGREED = {"index": "LPR_1Y", "margin_bp": 135, "repricing": "3m"}
BEFORE, AFTER = Decimal("0.0435"), Decimal("0.0385")


async def floating_loan(world: World, **changes: str) -> UUID:
    """Its contract follows the one-year prime rate and is repriced each quarter."""
    loan_id = await world.to_release(**changes)
    async with world.book.database.transaction() as session:
        contract = await session.get_one(Contract, loan_id)
        contract.terms = {**contract.terms, "floating": AGREED}
    await world.both_release(loan_id)
    await world.at_stage(loan_id, Stage.REPAYMENT)
    return loan_id


async def fixed(world: World, rate: str) -> date:
    """One risk officer proposes today's fixing, another approves it."""
    now = await world.now()
    second = await world.book.hired("risk2", Role.RISK_OFFICER)
    async with world.book.database.transaction() as session:
        today = await business_date(session, now)
        wanted = ProposedFixing(
            index="LPR_1Y",
            published_on=today,
            effective_on=today,
            yearly_rate=Decimal(rate),
            source="announcement",
        )
        fixing = await propose_fixing(session, wanted, world.book.people["risk"], now)
    async with world.book.database.transaction() as session:
        await decide_fixing(session, fixing, approve=True, actor=second, at=now)
    return today


async def resets(world: World, loan_id: UUID) -> list[tuple[date, Decimal]]:
    async with world.book.database.reading() as session:
        events = await events_of(session, loan_id)
    return [(each.value_on, each.yearly_rate) for each in events if isinstance(each, RateSet)]


async def test_a_new_fixing_waits_for_the_repricing_date_and_then_changes_what_is_due(
    world: World,
) -> None:
    loan_id = await floating_loan(world)
    drawn_on = (await world.book.loan(loan_id)).drawn_on
    assert drawn_on is not None
    await on_day(world, loan_id, 4)
    first_quarter = await instalments(world, loan_id)
    rates = {rate for _, rate in await resets(world, loan_id)}
    assert rates == {BEFORE}, "a reset without a new fixing keeps the rate"

    effective_on = await fixed(world, "0.025")
    assert {rate for _, rate in await resets(world, loan_id)} == {BEFORE}, "not before its day"
    unchanged = await instalments(world, loan_id)
    assert [row.interest for row in unchanged] == [row.interest for row in first_quarter]

    await on_day(world, loan_id, 7, days=1)
    [(on, rate)] = [each for each in await resets(world, loan_id) if each[1] == AFTER]
    assert rate == AFTER
    assert timedelta(0) < on - effective_on <= timedelta(days=62)
    rows = await instalments(world, loan_id)
    assert [row.interest for row in rows[:6]] == [row.interest for row in first_quarter[:6]]
    assert all(
        new.interest < old.interest
        for new, old in zip(rows[7:], first_quarter[7:], strict=True)
        if old.interest
    )
    await tied_out(world, loan_id)

    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    account = await tied_out(world, loan_id)
    assert account.outstanding == account.held == 0
    assert all(row.paid_on == row.due_on for row in await instalments(world, loan_id))
    days = [on for on, _ in await resets(world, loan_id)]
    assert days == sorted(set(days)), "each repricing date is taken once"
    assert max(len(run.events) for run in (await world.runs(loan_id))[1:]) < 150
