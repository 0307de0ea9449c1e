"""Held money finds its loan, and leaves a wrong one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import pytest_asyncio

from domain.refunds import (
    MatchReceipt,
)
from domain.violations import (
    LoanRuleViolation,
    StaleViolation,
)
from persistence.engine import Database
from persistence.suspense import match_receipt, preview_match
from tests.persistence.money_book import MoneyBook, open_money_book, rows_of
from tests.persistence.money_steps import (
    held,
    matched,
    one,
    proposed,
    unposted,
)


@pytest_asyncio.fixture
async def money(database: Database) -> AsyncIterator[MoneyBook]:
    yield await open_money_book(database)


async def test_unknown_money_is_matched_later_for_the_day_it_came(money: MoneyBook) -> None:
    loan_id = await money.lent()
    receipt_id = await held(money, days_ago=5)
    await matched(money, loan_id, receipt_id)
    receipt = await one(money, receipt_id)
    assert (receipt.loan_id, receipt.posted) == (loan_id, Decimal(500))
    assert receipt.value_on == money.today - timedelta(days=5)
    assert await money.book.incidents() == []
    assert not await money.breaks()


async def test_a_preview_shows_what_a_match_does_before_it_is_done(money: MoneyBook) -> None:
    loan_id = await money.lent()
    receipt_id = await held(money)
    async with money.database.reading() as session:
        shown = await preview_match(session, loan_id, receipt_id, datetime.now(UTC))
    assert [line.n for line in shown.difference.changed_lines] == [1]
    assert shown.seen_events == 1
    assert (await one(money, receipt_id)).posted == 0


async def test_money_booked_to_the_wrong_loan_is_held_again_and_finds_the_right_one(
    money: MoneyBook,
) -> None:
    wrong, right = await money.lent(), await money.lent()
    await money.taken(rows_of(money.today, ("B-1", "700.00", await money.case_number(wrong))))
    await money.posted(wrong)
    [receipt] = await money.receipts()
    await unposted(money, wrong, receipt.id)
    assert await money.held() == {"B-1": "unposted"}
    assert not await money.breaks()
    await matched(money, right, receipt.id)
    await unposted(money, right, receipt.id)
    await matched(money, wrong, receipt.id)
    after = await one(money, receipt.id)
    assert (after.loan_id, after.posted) == (wrong, Decimal(700))
    assert not await money.breaks()


async def test_a_match_on_an_account_that_moved_on_is_refused(money: MoneyBook) -> None:
    loan_id = await money.lent()
    receipt_id = await held(money)
    command = MatchReceipt("c", loan_id, money.book.people["ops1"], receipt_id, 7)
    with pytest.raises(StaleViolation):
        async with money.database.transaction() as session:
            await match_receipt(session, command, datetime.now(UTC))


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("currency", "suspense.wrong_currency"),
        ("closed", "case.closed"),
        ("early", "suspense.before_drawdown"),
        ("refund", "suspense.refund_open"),
        ("role", "duty.role"),
        ("posted", "suspense.not_open"),
        ("unknown", "receipt.unknown"),
    ],
)
async def test_what_cannot_be_matched_is_refused_by_name(
    money: MoneyBook, setting: str, code: str
) -> None:
    loan_id = await money.lent("USD" if setting == "currency" else "CNY")
    receipt_id = await held(money, days_ago=100 if setting == "early" else 0)
    if setting == "closed":
        await money.closed(loan_id)
    if setting == "refund":
        await proposed(money, receipt_id)
    if setting == "posted":
        await matched(money, loan_id, receipt_id)
    actor = money.book.people["manager" if setting == "role" else "ops1"]
    asked = uuid4() if setting == "unknown" else receipt_id
    command = MatchReceipt("c", loan_id, actor, asked, 1)
    with pytest.raises(LoanRuleViolation) as refused:
        async with money.database.transaction() as session:
            await match_receipt(session, command, datetime.now(UTC))
    assert refused.value.code == code


async def test_the_same_command_twice_matches_once(money: MoneyBook) -> None:
    loan_id = await money.lent()
    receipt_id = await held(money)
    command = MatchReceipt("c-1", loan_id, money.book.people["ops1"], receipt_id, 1)
    for _ in range(2):
        async with money.database.transaction() as session:
            assert (await match_receipt(session, command, datetime.now(UTC))).accepted
    assert not await money.breaks()


async def test_two_desks_that_book_the_same_money_at_once_book_it_once(money: MoneyBook) -> None:
    loans = [await money.lent(), await money.lent()]
    receipt_id = await held(money)
    answers = await asyncio.gather(
        *(matched(money, loan_id, receipt_id) for loan_id in loans), return_exceptions=True
    )
    [refused] = [answer for answer in answers if answer is not None]
    assert isinstance(refused, LoanRuleViolation)
    assert refused.code == "suspense.not_open"
    assert (await one(money, receipt_id)).posted == 500
    assert not await money.breaks()
