"""A loan's ledger, rows and receipts are what follows from its events, whatever order they came."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import Account
from domain.ledger import LedgerAccount
from domain.process import CaseStatus
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from integrations.rail.messages import CollectionInstruction
from persistence.account_backfill import ledger_of_loan
from persistence.accounts import account_on, append_events
from persistence.receipts_reversed import reverse_receipt
from persistence.tables import AccountEvent, Loan, Receipt
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World


async def tied_out(world: World, loan_id: UUID) -> Account:
    """The account on its booked day; ledger and rows must say the same to the cent."""
    async with world.book.database.reading() as session:
        loan = await session.get_one(Loan, loan_id)
        assert loan.booked_to_on is not None
        account = await account_on(session, loan_id, loan.booked_to_on)
        assert await ledger_of_loan(session, loan_id) == dict(account.positions)
    assert loan.outstanding == account.outstanding
    rows = await instalments(world, loan_id)
    paid = [line.paid.get(Bucket.PRINCIPAL, Decimal(0)) for line in account.lines]
    assert [row.principal_paid for row in rows] == paid
    return account


async def test_a_debit_told_of_late_but_good_for_its_day_leaves_no_late_charge(
    world: World,
) -> None:
    told: list[CollectionInstruction] = []

    async def told_later(debit: CollectionInstruction) -> None:
        told.append(debit)

    world.rail.debited = told_later
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 1, days=5)
    assert (await instalments(world, loan_id))[0].penalty_accrued > 0
    await world.honoured(told[0])

    async def cleared() -> bool:
        return (await instalments(world, loan_id))[0].paid_on is not None

    await world.until(cleared)
    first = (await instalments(world, loan_id))[0]
    assert first.penalty_accrued == first.compound_accrued == 0
    assert first.paid_on == first.due_on
    loan = await world.book.loan(loan_id)
    assert (loan.arrears_noted, loan.wait_reason) == (0, "instalment_due")
    account = await tied_out(world, loan_id)
    assert LedgerAccount.PENALTY_INCOME not in account.positions


async def test_a_reversed_receipt_never_counted(world: World) -> None:
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 1)
    await world.paid(loan_id, "1000.00", "TX-wrong")

    async def posted() -> list[Receipt]:
        rows = await world.book.all_of(Receipt, loan_id)
        return [row for row in rows if row.transaction_id == "TX-wrong"]

    [wrong] = await world.until(posted)
    now = await world.now()
    async with world.book.database.transaction() as session:
        await reverse_receipt(session, wrong.id, "wrong_payer", None, now)
    [wrong] = await posted()
    assert wrong.posted == wrong.suspense == 0
    assert wrong.returned == 1000
    account = await tied_out(world, loan_id)
    assert account.held == 0
    with pytest.raises(LoanRuleViolation, match=r"receipt\.reversed"):
        async with world.book.database.transaction() as session:
            await reverse_receipt(session, wrong.id, "again", None, now)
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    await tied_out(world, loan_id)


async def test_a_loan_of_before_the_events_is_read_into_them_once(world: World) -> None:
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 2)
    before = await instalments(world, loan_id)
    async with world.book.database.transaction() as session:
        await _forget_events(session, loan_id)
    async with world.book.database.transaction() as session:
        loan = await session.get_one(Loan, loan_id, with_for_update=True)
        await append_events(session, loan, [], await world.now())
    kinds = [row.kind for row in await world.book.all_of(AccountEvent, loan_id)]
    assert kinds == ["drawdown", "receipt", "receipt"]
    assert await world.book.incidents() == []
    after = await instalments(world, loan_id)
    assert [row.paid_on for row in after] == [row.paid_on for row in before]
    await tied_out(world, loan_id)


async def _forget_events(session: AsyncSession, loan_id: UUID) -> None:
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    await session.execute(
        text("DELETE FROM account_event WHERE loan_id = :loan"), {"loan": loan_id}
    )
