"""A note runs to payoff by itself, and what comes late costs what the contract says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.business_time import BusinessClock
from domain.ledger import LedgerAccount
from domain.money import Currency, round_half_up
from domain.process import CaseStatus, Stage
from integrations.failures import IntegrationUnavailable
from integrations.rail.messages import CollectionInstruction
from persistence.tables import (
    AllocationRow,
    Collection,
    Contract,
    Instalment,
    JournalLine,
    JournalRow,
    Receipt,
)
from tests.workflows.world import World

NOTHING = Decimal(0)


async def balances(world: World, loan_id: UUID) -> dict[str, Decimal]:
    """The ledger's balances of one loan, debit positive."""
    journals = {row.id for row in await world.book.all_of(JournalRow, loan_id)}
    sums: dict[str, Decimal] = {account.value: NOTHING for account in LedgerAccount}
    for line in await world.book.all_of(JournalLine):
        if line.journal_id in journals:
            sums[line.account] += line.amount
    return sums


async def instalments(world: World, loan_id: UUID) -> list[Instalment]:
    rows = await world.book.all_of(Instalment, loan_id)
    return sorted(rows, key=lambda row: row.n)


async def on_day(world: World, loan_id: UUID, n: int, days: int = 0, hours: int = 3) -> None:
    """Skip to some hours into the n-th due date, or so many days after it."""
    row = (await instalments(world, loan_id))[n - 1]
    midnight = BusinessClock.at_real_pace().instant_of(row.due_on)
    await world.skip(midnight + timedelta(days=days, hours=hours) - await world.now())


@pytest.mark.parametrize("method", ["equal_instalment", "interest_first_bullet"])
async def test_a_loan_runs_to_payoff_by_itself_in_short_histories(
    world: World, method: str
) -> None:
    loan_id = await world.in_repayment(repayment_method=method)
    end = await world.end_of(loan_id)
    assert (end.status, end.reason) == (CaseStatus.SETTLED, "repaid_in_full")
    loan = await world.book.loan(loan_id)
    assert (loan.stage, loan.status) == (Stage.CLOSED, CaseStatus.SETTLED)
    assert loan.outstanding == NOTHING
    assert loan.version == end.version

    rows = await instalments(world, loan_id)
    assert len(rows) == 12
    assert all(row.billed_at is not None and row.paid_on == row.due_on for row in rows)
    assert [debit.instalment_n for debit in world.rail.collections] == list(range(1, 13))
    interest = sum((row.interest for row in rows), NOTHING)
    sums = await balances(world, loan_id)
    assert sums[LedgerAccount.CLEARING] == interest
    assert sums[LedgerAccount.INTEREST_INCOME] == -interest
    quiet = set(sums) - {LedgerAccount.CLEARING, LedgerAccount.INTEREST_INCOME}
    assert {sums[account] for account in quiet} == {NOTHING}
    assert await world.book.incidents() == []

    runs = await world.runs(loan_id)
    assert len(runs) == 1 + 12, "origination, and a run for each instalment"
    assert max(len(run.events) for run in runs[1:]) < 150


async def test_a_refused_debit_is_noted_at_each_threshold_and_costs_penalty(world: World) -> None:
    world.rail.debited = world.dishonoured
    loan_id = await world.in_repayment(repayment_method="interest_first_bullet")
    for days, noted in ((1, 1), (7, 1), (8, 8), (29, 8), (30, 30), (89, 30), (90, 90)):
        await on_day(world, loan_id, 1, days, hours=4)
        assert (await world.book.loan(loan_id)).arrears_noted == noted, days
    assert await world.book.audited(loan_id, "instalment.overdue") == 4
    assert (await world.book.loan(loan_id)).wait_reason == "arrears"
    first = (await instalments(world, loan_id))[0]
    contract = (await world.book.all_of(Contract, loan_id))[0]
    late_rate = contract.yearly_rate * (1 + contract.penalty_uplift)
    alone = [
        round_half_up(owed * late_rate * 90 / 360, Currency.CNY)
        for owed in (first.principal, first.interest)
    ]
    assert [first.penalty_accrued, first.compound_accrued] == alone
    assert first.compound_accrued > 0
    failed = await world.book.all_of(Collection, loan_id)
    assert {row.status for row in failed} == {"failed"}


async def test_money_that_comes_late_pays_lateness_first_and_clears_the_arrears(
    world: World,
) -> None:
    world.rail.debited = world.dishonoured
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 1, days=10)
    first = (await instalments(world, loan_id))[0]
    await world.paid(loan_id, first.principal + first.interest, "TX-1")
    await _posted(world, loan_id, 1)

    parts = sorted(await world.book.all_of(AllocationRow, loan_id), key=lambda row: row.id)
    assert [part.bucket for part in parts] == ["penalty", "compound", "interest", "principal"]
    first = (await instalments(world, loan_id))[0]
    late = first.penalty_accrued + first.compound_accrued
    assert late > 0
    assert first.principal - first.principal_paid == late, "what lateness took is still open"
    assert (await world.book.loan(loan_id)).wait_reason == "arrears"
    assert "arrears" in await world.book.incidents()

    await world.paid(loan_id, late, "TX-2")
    await _posted(world, loan_id, 2)
    loan = await world.book.loan(loan_id)
    assert (loan.wait_reason, loan.arrears_noted) == ("instalment_due", 0)
    assert "arrears" not in await world.book.incidents()
    sums = await balances(world, loan_id)
    assert sums[LedgerAccount.PENALTY_INCOME] == -late
    assert sums[LedgerAccount.LOANS] == loan.outstanding


async def test_a_silent_rail_keeps_no_receipt_waiting_and_becomes_an_incident(
    world: World,
) -> None:
    async def silent(_: CollectionInstruction) -> None:
        raise IntegrationUnavailable("timeout")

    world.rail.debited = silent
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 1)
    first = (await instalments(world, loan_id))[0]
    assert first.billed_at is not None
    await world.paid(loan_id, first.principal + first.interest, "TX-1")
    await _posted(world, loan_id, 1)
    assert (await instalments(world, loan_id))[0].paid_on == first.due_on
    await world.skip(timedelta(hours=26))
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["failing_step"]

    world.rail.debited = world.honoured
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED


async def test_a_note_past_every_threshold_still_waits_for_its_money(world: World) -> None:
    world.rail.debited = world.dishonoured
    loan_id = await world.in_repayment(tenor_months="1")
    await on_day(world, loan_id, 1, days=400)
    assert (await world.book.loan(loan_id)).arrears_noted == 360
    await world.skip(timedelta(days=365 * 12))
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
    last = (await world.runs(loan_id))[-1]
    assert len(last.events) < 150, "it looks once a year, not all the time"


async def _posted(world: World, loan_id: UUID, count: int) -> None:
    async def there() -> bool:
        return len(await world.book.all_of(Receipt, loan_id)) == count

    await world.until(there)
