"""Statement lines become money once: posted, held by name, or refused, and nothing in between."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.bank_statements import MatchedBy
from persistence.engine import Database
from persistence.tables import BankStatement, Collection, Incident, StatementLine
from tests.integrations.statement_files import camt, entry, transaction
from tests.persistence.money_book import MoneyBook, csv_of, open_money_book, rows_of


@pytest_asyncio.fixture
async def money(database: Database) -> MoneyBook:
    return await open_money_book(database)


async def test_a_line_that_names_its_case_is_posted_to_it(money: MoneyBook) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    intake = await money.taken(rows_of(money.today, ("B-1", "5000.00", f"还款 {number}")))
    assert intake.loans == (loan_id,)
    [line] = await money.lines(intake)
    assert (line.state, line.loan_id, line.matched_by) == (
        "taken",
        loan_id,
        MatchedBy.CASE_NUMBER,
    )
    await money.posted(loan_id)
    [receipt] = await money.receipts()
    assert (receipt.posted, receipt.suspense) == (Decimal(5000), Decimal(0))
    assert receipt.value_on == money.today
    assert not await money.breaks()


async def test_the_same_file_twice_is_taken_once(money: MoneyBook) -> None:
    content = rows_of(money.today, ("B-1", "10.00", ""))
    first, again = await money.taken(content), await money.taken(content)
    assert (first.new, again.new) == (True, False)
    assert again.statement_id == first.statement_id
    assert again.counts == first.counts
    assert len(await money.book.all_of(BankStatement)) == 1


async def test_overlapping_files_post_each_line_once(money: MoneyBook) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    morning = [("B-1", "100.00", number), ("B-2", "200.00", number)]
    await money.taken(rows_of(money.today, *morning))
    evening = await money.taken(rows_of(money.today, *morning, ("B-3", "300.00", number)))
    assert [line.state for line in await money.lines(evening)] == [
        "duplicate",
        "duplicate",
        "taken",
    ]
    await money.posted(loan_id)
    assert [row.amount for row in await money.receipts()] == [100, 200, 300]
    assert not await money.breaks()


async def test_two_ingestions_of_one_file_at_once_post_once(money: MoneyBook) -> None:
    loan_id = await money.lent()
    content = rows_of(money.today, ("B-1", "100.00", await money.case_number(loan_id)))
    answers = await asyncio.gather(*(money.taken(content) for _ in range(3)))
    assert sorted(answer.new for answer in answers) == [False, False, True]
    await asyncio.gather(money.posted(loan_id), money.posted(loan_id))
    assert len(await money.receipts()) == 1
    assert not await money.breaks()


async def test_two_overlapping_files_at_once_post_once(money: MoneyBook) -> None:
    rows = [(f"B-{n}", "1.00", "") for n in range(20)]
    files = [rows_of(money.today, *rows), rows_of(money.today, *reversed(rows))]
    await asyncio.gather(*(money.taken(content) for content in files))
    lines = await money.book.all_of(StatementLine)
    assert sorted(line.state for line in lines) == ["duplicate"] * 20 + ["taken"] * 20


async def test_one_bad_line_among_good_ones_is_refused_alone(money: MoneyBook) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    rows = [("B-1", "1.00", number), ("B-2", "ten", number), ("B-3", "3.00", number)]
    intake = await money.taken(rows_of(money.today, *rows))
    assert [(line.number, line.state, line.reason) for line in await money.lines(intake)] == [
        (2, "taken", None),
        (3, "refused", "line.amount"),
        (4, "taken", None),
    ]
    await money.posted(loan_id)
    assert [row.transaction_id for row in await money.receipts()] == ["B-1", "B-3"]


async def test_a_known_number_with_another_sum_is_refused(money: MoneyBook) -> None:
    await money.taken(rows_of(money.today, ("B-1", "1.00", "")))
    again = await money.taken(rows_of(money.today, ("B-1", "2.00", "")))
    [line] = await money.lines(again)
    assert (line.state, line.reason) == ("refused", "line.reference_differs")


async def test_what_the_rail_has_told_of_is_a_duplicate_and_the_other_way_round(
    money: MoneyBook,
) -> None:
    loan_id = await money.lent()
    number, now = await money.case_number(loan_id), datetime.now(UTC)
    await money.book.pay_in(loan_id, "70.00", now, "TRF-1")
    await money.posted(loan_id)
    rows = [("TRF-1", "70.00", number), ("TRF-2", "80.00", number)]
    intake = await money.taken(rows_of(money.today, *rows))
    assert [line.state for line in await money.lines(intake)] == ["duplicate", "taken"]
    await money.posted(loan_id)
    await money.book.pay_in(loan_id, "80.00", now, "TRF-2")
    await money.posted(loan_id)
    assert [row.amount for row in await money.receipts()] == [70, 80]
    assert not await money.breaks()


async def test_a_line_answers_a_direct_debit_by_its_key(money: MoneyBook) -> None:
    loan_id = await money.lent()
    due_on = money.today - timedelta(days=10)
    key = f"coll:{loan_id}:1"
    async with money.database.transaction() as session:
        session.add(
            Collection(
                key=key,
                loan_id=loan_id,
                n=1,
                amount=Decimal("50.00"),
                currency="CNY",
                due_on=due_on,
                status="asked",
                asked_at=datetime.now(UTC),
            )
        )
    intake = await money.taken(
        camt(entry("50.00", transaction("B-1", end_to_end=key), value_on=str(money.today)))
    )
    [line] = await money.lines(intake)
    assert (line.loan_id, line.matched_by) == (loan_id, MatchedBy.DEBIT_KEY)
    await money.posted(loan_id)
    [receipt] = await money.receipts()
    assert receipt.value_on == due_on
    assert [row.status for row in await money.book.all_of(Collection)] == ["honoured"]


async def test_a_debit_the_rail_told_of_is_not_posted_again_from_the_statement(
    money: MoneyBook,
) -> None:
    loan_id = await money.lent()
    key = f"coll:{loan_id}:1"
    async with money.database.transaction() as session:
        session.add(
            Collection(
                key=key,
                loan_id=loan_id,
                n=1,
                amount=Decimal("50.00"),
                currency="CNY",
                due_on=money.today,
                status="asked",
                asked_at=datetime.now(UTC),
            )
        )
    await money.book.pay_in(loan_id, "50.00", datetime.now(UTC), "COL-1", remittance=key)
    await money.posted(loan_id)
    intake = await money.taken(
        camt(entry("50.00", transaction("B-9", end_to_end=key), value_on=str(money.today)))
    )
    assert [line.state for line in await money.lines(intake)] == ["duplicate"]


async def test_money_of_nobody_or_of_two_loans_is_held_by_name(money: MoneyBook) -> None:
    first, second = await money.lent(), await money.lent()
    both = f"{await money.case_number(first)} {await money.case_number(second)}"
    rows = [("B-1", "1.00", "谢谢"), ("B-2", "2.00", both), ("B-3", "3.00", str(uuid4()))]
    await money.taken(rows_of(money.today, *rows))
    await money.posted(first, second)
    assert await money.held() == {
        "B-1": "unknown_loan",
        "B-2": "ambiguous",
        "B-3": "unknown_loan",
    }
    assert not await money.breaks()


async def test_wrong_currency_a_closed_loan_and_odd_days_are_held_by_name(
    money: MoneyBook,
) -> None:
    open_loan, closed = await money.lent(), await money.lent()
    await money.closed(closed)
    named, ended = await money.case_number(open_loan), await money.case_number(closed)
    await money.closed_to(money.today - timedelta(days=3))
    old, ahead = money.today - timedelta(days=9), money.today + timedelta(days=2)
    await money.taken(
        csv_of(
            [
                ("B-1", money.today, "1.00", "USD", "", named),
                ("B-2", money.today, "2.00", "CNY", "", ended),
                ("B-3", old, "3.00", "CNY", "", named),
                ("B-4", ahead, "4.00", "CNY", "", named),
                ("B-5", money.today - timedelta(days=3), "5.00", "CNY", "", named),
            ]
        )
    )
    await money.posted(open_loan)
    assert await money.held() == {
        "B-1": "wrong_currency",
        "B-2": "loan_closed",
        "B-3": "value_closed",
        "B-4": "value_ahead",
    }
    assert not await money.breaks()


async def test_fridays_money_is_good_on_monday_after_a_closed_weekend(money: MoneyBook) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    sunday = money.today - timedelta(days=money.today.weekday() + 8)
    friday, thursday = sunday - timedelta(days=2), sunday - timedelta(days=3)
    await money.closed_to(sunday)
    rows = [
        ("B-1", friday, "1.00", "CNY", "", number),
        ("B-2", thursday, "2.00", "CNY", "", number),
    ]
    await money.taken(csv_of(rows))
    await money.posted(loan_id)
    assert await money.held() == {"B-2": "value_closed"}


async def test_an_account_money_came_from_before_is_known_again(money: MoneyBook) -> None:
    mine, other = await money.lent(), await money.lent()
    numbers = [await money.case_number(mine), await money.case_number(other)]
    await money.taken(csv_of([("B-1", money.today, "1.00", "CNY", "6222001", numbers[0])]))
    await money.posted(mine)
    intake = await money.taken(
        csv_of(
            [
                ("B-2", money.today, "2.00", "CNY", "6222001", "无附言"),
                ("B-3", money.today, "3.00", "CNY", "6222001", numbers[1]),
                ("B-4", money.today, "4.00", "CNY", "6222001", "CL20990101-000001"),
            ]
        )
    )
    found = [(line.loan_id, line.matched_by) for line in await money.lines(intake)]
    assert found == [
        (mine, MatchedBy.PAYER_ACCOUNT),
        (other, MatchedBy.CASE_NUMBER),
        (None, None),
    ]


async def test_a_return_takes_posted_and_held_money_back_once(money: MoneyBook) -> None:
    loan_id = await money.lent()
    rows = [("B-1", "100.00", await money.case_number(loan_id)), ("B-2", "30.00", "")]
    await money.taken(rows_of(money.today, *rows))
    await money.posted(loan_id)
    why = "<RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>"
    back = [
        entry(
            amount,
            transaction(f"R-{n}", more=f"<RltdRefs><OrgnlTxId>B-{n}</OrgnlTxId></RltdRefs>{why}"),
            direction="DBIT",
            value_on=str(money.today),
        )
        for n, amount in ((1, "100.00"), (2, "30.00"), (7, "1.00"))
    ]
    await money.taken(camt(*back))
    await money.taken(camt(*back[:2], account="again"))
    await money.posted(loan_id)
    rows_now = await money.receipts()
    assert [(row.posted, row.suspense, row.returned) for row in rows_now] == [
        (Decimal(0), Decimal(0), Decimal(100)),
        (Decimal(0), Decimal(0), Decimal(30)),
    ]
    assert await money.book.incidents() == ["return"]
    assert not await money.breaks()


async def test_a_return_that_overtakes_its_receipt_leaves_nothing_behind(money: MoneyBook) -> None:
    loan_id = await money.lent()
    now = datetime.now(UTC)
    back = {
        "transaction_id": "RTN-1",
        "original": "TRF-1",
        "amount": "40.00",
        "currency": "CNY",
        "value_at": now.isoformat(),
        "reason": "MD06",
    }
    await money.book.deliver("rail", "receipt.returned", loan_id, back, "e-1")
    await money.posted(loan_id)
    assert await money.book.incidents() == ["return"]
    await money.book.pay_in(loan_id, "41.00", now, "TRF-2")
    await money.book.pay_in(loan_id, "40.00", now, "TRF-1")
    await money.posted(loan_id)
    first, second = await money.receipts()
    assert (first.returned, first.posted, second.posted) == (
        Decimal(40),
        Decimal(0),
        Decimal(41),
    )
    assert await money.book.incidents() == []
    assert not await money.breaks()


async def test_files_and_lines_are_evidence(money: MoneyBook) -> None:
    await money.taken(rows_of(money.today, ("B-1", "1.00", "")))
    change = text("UPDATE statement_line SET amount = 2")
    async with money.database.reading() as session:
        with pytest.raises(DBAPIError, match="append only"):
            await session.execute(change)


async def test_a_return_for_a_closed_loan_or_of_refunded_money_is_a_persons_case(
    money: MoneyBook,
) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    await money.taken(rows_of(money.today, ("B-1", "100.00", number)))
    await money.posted(loan_id)
    await money.closed(loan_id)
    why = "<RltdRefs><OrgnlTxId>B-1</OrgnlTxId></RltdRefs><RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>"
    told = entry(
        "100.00", transaction("R-1", more=why), direction="DBIT", value_on=str(money.today)
    )
    await money.taken(camt(told))
    await money.posted()
    assert [row.posted for row in await money.receipts()] == [Decimal(100)]
    [incident] = await money.book.all_of(Incident)
    assert (incident.kind, incident.detail["reason"]) == ("return", "account.loan_closed")


async def test_a_payment_of_our_own_that_came_back_is_held_whatever_it_names(
    money: MoneyBook,
) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    back = entry(
        "100.00",
        transaction("B-1", text=number, more="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"),
        value_on=str(money.today),
    )
    await money.taken(camt(back))
    await money.posted(loan_id)
    assert await money.held() == {"B-1": "payment_back"}
