"""Held money goes back by two persons and one payment, whatever it was held for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from activities.receipts import ReceiptActivities, RefundStep
from domain.accounts.events import Charge
from domain.ledger import LedgerAccount
from domain.people import Role
from domain.refunds import (
    Payee,
    RefundStatus,
    ReverseReceipt,
)
from domain.repayments import Bucket
from domain.violations import (
    DutyViolation,
    FindingsViolation,
    LoanRuleViolation,
)
from integrations.failures import IntegrationUnavailable
from persistence.accounts import append_events
from persistence.engine import Database
from persistence.notes import close_note
from persistence.suspense import reverse_posted
from persistence.tables import Loan, Refund
from tests.persistence.money_book import MoneyBook, open_money_book, rows_of
from tests.persistence.money_steps import (
    PAYEE,
    decided,
    held,
    matched,
    one,
    overpaid,
    proposed,
    sums,
)
from tests.workflows.outside import StubRail


@pytest_asyncio.fixture
async def money(database: Database) -> AsyncIterator[MoneyBook]:
    yield await open_money_book(database)


async def test_a_refund_needs_two_persons_whatever_accounts_they_use(money: MoneyBook) -> None:
    refund_id = await proposed(money, await held(money))
    again = await money.book.second_account("ops1", Role.OPERATIONS)
    for actor in (money.book.people["ops1"], again):
        with pytest.raises(DutyViolation) as refused:
            await decided(money, refund_id, actor)
        assert refused.value.code == "duty.own_proposal"
    with pytest.raises(DutyViolation):
        await decided(money, refund_id, money.book.people["approver"])
    await decided(money, refund_id, money.book.people["ops2"])
    [refund] = await money.book.all_of(Refund)
    assert refund.status == RefundStatus.APPROVED


async def test_a_refund_is_paid_once_whatever_is_lost(money: MoneyBook) -> None:
    receipt_id = await held(money)
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    assert (await sums(money))[LedgerAccount.REFUND_PAYABLE] == Decimal(-500)
    rail = StubRail(lost_replies=1)
    pay = ReceiptActivities(money.database, rail)  # type: ignore[arg-type]
    step, env = RefundStep(refund_id, datetime.now(UTC)), ActivityEnvironment()
    with pytest.raises(IntegrationUnavailable):
        await env.run(pay.instruct_refund, step)
    await env.run(pay.mark_refund_unknown, step)
    assert await money.book.incidents() == ["refund_unknown", "suspense"]
    for _ in range(2):
        assert await env.run(pay.instruct_refund, step) == "settled"
    assert rail.pay_calls == [f"refund:{refund_id}"]
    receipt = await one(money, receipt_id)
    assert (receipt.refund_pending, receipt.returned) == (Decimal(0), Decimal(500))
    found = await sums(money)
    assert found[LedgerAccount.CLEARING] == 0
    assert found[LedgerAccount.REFUND_PAYABLE] == 0
    assert await money.book.incidents() == []
    assert not await money.breaks()


async def test_what_the_rail_rejects_is_held_again_and_can_be_sent_elsewhere(
    money: MoneyBook,
) -> None:
    receipt_id = await held(money)
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    rail = StubRail(rejects=1)
    pay = ReceiptActivities(money.database, rail)  # type: ignore[arg-type]
    step = RefundStep(refund_id, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, step) == "failed"
    assert await money.held() == {(await one(money, receipt_id)).transaction_id: "unknown_loan"}
    assert await money.book.incidents() == ["refund_failed", "suspense"]
    assert not await money.breaks()
    second = await proposed(money, receipt_id, replace(PAYEE, account="999"))
    await decided(money, second, money.book.people["ops2"])
    again = RefundStep(second, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, again) == "settled"
    assert not await money.breaks()


async def test_the_rails_notice_ends_a_refund_before_it_is_asked(money: MoneyBook) -> None:
    receipt_id = await held(money)
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    data = {"key": f"refund:{refund_id}", "reference": "P-1", "status": "settled"}
    for n, amount in (("1", "501.00"), ("2", "500.00"), ("3", "500.00")):
        body = {**data, "amount": amount, "currency": "CNY", "reason": None}
        await money.book.deliver("rail", "payment.settled", refund_id, body, f"n-{n}")
    await money.posted()
    assert (await one(money, receipt_id)).returned == 500
    assert "odd_callback" in await money.book.incidents()
    assert not await money.breaks()


async def test_a_rejected_proposal_leaves_the_money_held(money: MoneyBook) -> None:
    receipt_id = await held(money)
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops1"], approve=False)
    with pytest.raises(LoanRuleViolation, match=r"refund\.not_open"):
        await decided(money, refund_id, money.book.people["ops2"])
    assert len(await money.held()) == 1
    loan_id = await money.lent()
    await matched(money, loan_id, receipt_id)


async def test_a_second_refund_of_the_same_money_is_refused(money: MoneyBook) -> None:
    receipt_id = await held(money)
    await proposed(money, receipt_id)
    with pytest.raises(LoanRuleViolation, match=r"refund\.open"):
        await proposed(money, receipt_id)


@pytest.mark.parametrize(
    ("payee", "field"),
    [
        (Payee("", "1"), "payee_name"),
        (Payee("x" * 121, "1"), "payee_name"),
        (Payee("x", ""), "payee_account"),
        (Payee("x", "1" * 35), "payee_account"),
        (Payee("x", "账号"), "payee_account"),
        (Payee("x", "1", "12"), "payee_bank_code"),
    ],
)
async def test_a_payee_nobody_can_pay_is_named(money: MoneyBook, payee: Payee, field: str) -> None:
    receipt_id = await held(money)
    with pytest.raises(FindingsViolation) as refused:
        await proposed(money, receipt_id, payee)
    assert [found.field for found in refused.value.findings] == [field]
    assert await money.book.all_of(Refund) == []


async def test_an_overpayment_goes_back_and_pays_no_later_instalment(money: MoneyBook) -> None:
    loan_id, receipt_id = await overpaid(money)
    surplus = (await one(money, receipt_id)).suspense
    assert surplus > 40_000
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    receipt = await one(money, receipt_id)
    assert (receipt.suspense, receipt.refund_pending) == (Decimal(0), surplus)
    assert (await sums(money))[LedgerAccount.REFUND_PAYABLE] == -surplus
    assert not await money.breaks()
    await money.taken(rows_of(money.today, ("B-next", "10.00", await money.case_number(loan_id))))
    await money.posted(loan_id)
    rail = StubRail()
    pay = ReceiptActivities(money.database, rail)  # type: ignore[arg-type]
    step = RefundStep(refund_id, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, step) == "settled"
    receipt = await one(money, receipt_id)
    assert (receipt.refund_pending, receipt.returned) == (Decimal(0), surplus)
    found = await sums(money)
    assert found[LedgerAccount.REFUND_PAYABLE] == 0
    assert found[LedgerAccount.SUSPENSE] == Decimal(-10)
    assert not await money.breaks()


async def test_an_overpayment_the_rail_would_not_pay_is_held_for_the_loan_again(
    money: MoneyBook,
) -> None:
    _, receipt_id = await overpaid(money)
    surplus = (await one(money, receipt_id)).suspense
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    pay = ReceiptActivities(money.database, StubRail(rejects=1))  # type: ignore[arg-type]
    step = RefundStep(refund_id, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, step) == "failed"
    receipt = await one(money, receipt_id)
    assert (receipt.suspense, receipt.suspense_reason) == (surplus, "surplus")
    assert not await money.breaks()
    again = await proposed(money, receipt_id)
    await decided(money, again, money.book.people["ops2"])
    assert not await money.breaks()


async def test_an_overpayment_used_meanwhile_is_refunded_no_more(money: MoneyBook) -> None:
    loan_id, receipt_id = await overpaid(money, "250000.00")
    refund_id = await proposed(money, receipt_id)
    await unposted_refused(money, loan_id, receipt_id)
    next_month = datetime.now(UTC) + timedelta(days=25)
    with pytest.raises(LoanRuleViolation, match=r"refund\.money_moved"):
        await decided(money, refund_id, money.book.people["ops2"], at=next_month)
    assert (await one(money, receipt_id)).refund_pending == 0
    assert not await money.breaks()


async def unposted_refused(money: MoneyBook, loan_id: UUID, receipt_id: UUID) -> None:
    """Money with a refund under way stays where it is."""
    actor, now = money.book.people["ops1"], datetime.now(UTC)
    command = ReverseReceipt("c", loan_id, actor, receipt_id, "wrong", 2)
    with pytest.raises(LoanRuleViolation, match=r"suspense\.refund_open"):
        async with money.database.transaction() as session:
            await reverse_posted(session, command, now)


async def test_money_promised_at_a_loans_end_is_paid_by_the_same_two_persons(
    money: MoneyBook,
) -> None:
    loan_id, receipt_id = await overpaid(money)
    async with money.database.transaction() as session:
        await close_note(session, loan_id, datetime.now(UTC), 9)
    promised = (await one(money, receipt_id)).refund_pending
    assert promised > 0
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    pay = ReceiptActivities(money.database, StubRail())  # type: ignore[arg-type]
    step = RefundStep(refund_id, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, step) == "settled"
    receipt = await one(money, receipt_id)
    assert (receipt.refund_pending, receipt.returned) == (Decimal(0), promised)
    assert (await sums(money))[LedgerAccount.REFUND_PAYABLE] == 0
    assert await money.book.incidents() == []
    assert not await money.breaks()


async def test_what_a_rerun_takes_from_a_refunded_surplus_is_owed_again(money: MoneyBook) -> None:
    loan_id, receipt_id = await overpaid(money)
    refund_id = await proposed(money, receipt_id)
    await decided(money, refund_id, money.book.people["ops2"])
    pay = ReceiptActivities(money.database, StubRail())  # type: ignore[arg-type]
    step = RefundStep(refund_id, datetime.now(UTC))
    assert await ActivityEnvironment().run(pay.instruct_refund, step) == "settled"
    fee = Charge(
        key="fee:1",
        value_on=money.today - timedelta(days=10),
        recorded_on=money.today,
        bucket=Bucket.FEE,
        amount=Decimal(500),
        due_on=money.today - timedelta(days=12),
    )
    async with money.database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        before = loan.outstanding
        await append_events(session, loan, [fee], datetime.now(UTC), back_dated=True)
        assert loan.outstanding == before + 500
    assert not await money.breaks()


async def test_two_approvals_at_once_promise_once(money: MoneyBook) -> None:
    third = await money.book.hired("ops3", Role.OPERATIONS)
    receipt_id = await held(money)
    refund_id = await proposed(money, receipt_id)
    people = (money.book.people["ops2"], third)
    answers = await asyncio.gather(
        *(decided(money, refund_id, actor) for actor in people), return_exceptions=True
    )
    [refused] = [answer for answer in answers if answer is not None]
    assert isinstance(refused, LoanRuleViolation)
    assert refused.code == "refund.not_open"
    assert (await one(money, receipt_id)).refund_pending == 500
    assert not await money.breaks()
