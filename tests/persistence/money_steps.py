"""What people do with held money, step by step, without the engine."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from domain.people import Actor
from domain.refunds import (
    DecideRefund,
    MatchReceipt,
    Payee,
    ProposeRefund,
    ReverseReceipt,
)
from persistence.refunds import decide_refund, propose_refund
from persistence.suspense import match_receipt, preview_match, preview_reversal, reverse_posted
from persistence.tables import JournalLine, Receipt
from tests.persistence.money_book import MoneyBook, csv_of, rows_of

PAYEE = Payee("苏州精密机械有限公司", "6222 0202 0011")


async def held(money: MoneyBook, amount: str = "500.00", days_ago: int = 0) -> UUID:
    """Money of nobody in suspense."""
    day = money.today - timedelta(days=days_ago)
    await money.taken(csv_of([(f"B-{uuid4().hex[:6]}", day, amount, "CNY", "", "?")]))
    await money.posted()
    rows: list[Receipt] = await money.book.all_of(Receipt)
    return max(rows, key=lambda row: row.received_at).id


async def matched(money: MoneyBook, loan_id: UUID, receipt_id: UUID, who: str = "ops1") -> None:
    now = datetime.now(UTC)
    async with money.database.reading() as session:
        shown = await preview_match(session, loan_id, receipt_id, now)
    actor = money.book.people[who]
    command = MatchReceipt(uuid4().hex, loan_id, actor, receipt_id, shown.seen_events)
    async with money.database.transaction() as session:
        assert (await match_receipt(session, command, now)).accepted


async def unposted(money: MoneyBook, loan_id: UUID, receipt_id: UUID) -> None:
    now = datetime.now(UTC)
    async with money.database.reading() as session:
        shown = await preview_reversal(session, loan_id, receipt_id, now)
    actor = money.book.people["ops1"]
    command = ReverseReceipt(
        uuid4().hex, loan_id, actor, receipt_id, "wrong borrower", shown.seen_events
    )
    async with money.database.transaction() as session:
        assert (await reverse_posted(session, command, now)).accepted


async def proposed(money: MoneyBook, receipt_id: UUID, payee: Payee = PAYEE) -> UUID:
    refund_id = uuid4()
    command = ProposeRefund(
        uuid4().hex, refund_id, money.book.people["ops1"], receipt_id, payee, "unknown payer"
    )
    async with money.database.transaction() as session:
        assert (await propose_refund(session, command, datetime.now(UTC))).accepted
    return refund_id


async def decided(
    money: MoneyBook,
    refund_id: UUID,
    actor: Actor,
    *,
    approve: bool = True,
    at: datetime | None = None,
) -> None:
    command = DecideRefund(uuid4().hex, refund_id, actor, approve, "ok")
    async with money.database.transaction() as session:
        await decide_refund(session, command, at or datetime.now(UTC))


async def one(money: MoneyBook, receipt_id: UUID) -> Receipt:
    async with money.database.reading() as session:
        return await session.get_one(Receipt, receipt_id)


async def sums(money: MoneyBook) -> dict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in await money.book.all_of(JournalLine):
        found[line.account] += line.amount
    return found


async def overpaid(money: MoneyBook, amount: str = "150000.00") -> tuple[UUID, UUID]:
    """A loan whose borrower paid more than was due, and the receipt."""
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    await money.taken(rows_of(money.today, (f"B-{uuid4().hex[:6]}", amount, number)))
    await money.posted(loan_id)
    return loan_id, (await money.receipts())[0].id
