"""The money-in desk: files taken in, held money matched or given back, a receipt reversed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from domain.commands import Receipt as Answer
from domain.people import Role
from domain.refunds import DecideRefund, MatchReceipt, ProposeRefund, ReverseReceipt
from persistence.engine import Database
from persistence.tables import Receipt
from tests.persistence.money_book import MoneyBook, csv_of, open_money_book
from tests.web.case_world import CSRF, CaseWorld, open_case_world
from tests.web.desk_world import text_of


@pytest_asyncio.fixture
async def money(database: Database) -> MoneyBook:
    return await open_money_book(database)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("sun", Role.OPERATIONS)
        await opened.hire("chen", Role.AUDITOR)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def uploaded(
    world: CaseWorld, who: str, content: bytes, name: str = "银行.csv", language: str = "en"
) -> httpx.Response:
    cookies = {"Cookie": f"corploan_session=token-{who}; corploan_language={language}"}
    return await world.client.post(
        "/money-in/statements",
        data={"csrf_token": CSRF},
        files={"file": (name, content)},
        headers=cookies,
    )


async def held(world: CaseWorld, money: MoneyBook) -> Receipt:
    row = ("B-7", money.today, "250.00", "CNY", "62220001", "谁的钱")
    await uploaded(world, "sun", csv_of([row]))
    await money.posted()
    receipt: Receipt = (await money.receipts())[0]
    return receipt


async def test_a_file_is_taken_in_and_its_lines_tell_what_came_of_them(
    world: CaseWorld, money: MoneyBook
) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    rows = [
        ("B-1", money.today, "100.00", "CNY", "", number),
        ("B-2", money.today, "ten", "CNY", "", number),
        ("B-3", money.today, "30.00", "USD", "", number),
        ("B-4", money.today, "-4.00", "CNY", "", ""),
    ]
    sent = await uploaded(world, "sun", csv_of(rows))
    assert sent.status_code == 303
    assert world.process.looked == [loan_id]
    here = sent.headers["location"]
    assert "Waiting" in (await world.read("sun", here)).text
    await money.posted(loan_id)
    page = text_of((await world.read("sun", here)).text)
    for words in ("Posted", "The amount cannot be read.", "Another currency", "Money paid out"):
        assert words in page
    assert "金额无法识别" in (await world.read("chen", here, "zh-CN")).text
    refused = text_of((await world.read("sun", f"{here}?state=refused")).text)
    assert "B-1" not in refused
    again = await uploaded(world, "sun", csv_of(rows), "other.csv")
    assert again.headers["location"] == here
    assert "银行.csv" in (await world.read("chen", "/money-in")).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"<!DOCTYPE a><a/>", "declares a document type"),
        (b"a,b\n1,2", "No line names the columns"),
        (b"\xff\xfe\x00", "The file is no text"),
    ],
)
async def test_a_file_that_is_none_is_refused_by_name(
    world: CaseWorld, money: MoneyBook, content: bytes, words: str
) -> None:
    answer = await uploaded(world, "sun", content)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert "No statement file yet" in text_of(answer.text)


async def test_no_file_at_all_and_a_file_that_is_too_large(world: CaseWorld) -> None:
    empty = await world.send("sun", "/money-in/statements")
    assert (empty.status_code, "Please choose a file." in empty.text) == (422, True)
    large = await uploaded(world, "sun", b"x" * (8 * 1024 * 1024 + 100_000))
    assert large.status_code == 413


async def test_who_may_see_and_who_may_act(world: CaseWorld, money: MoneyBook) -> None:
    receipt = await held(world, money)
    for path in (
        "/money-in",
        "/money-in/held",
        f"/money-in/held/{receipt.id}",
        "/money-in/refunds",
    ):
        assert (await world.read("chen", path)).status_code == 200
        assert (await world.read("wang", path)).status_code == 403
        assert "zh-CN" in (await world.read("chen", path, "zh-CN")).text
    assert (await uploaded(world, "chen", b"x")).status_code == 403
    assert "Take it in" not in (await world.read("chen", "/money-in")).text
    unknown = f"/money-in/held/{uuid4()}"
    assert (await world.read("sun", unknown)).status_code == 404


async def test_held_money_shows_its_age_and_what_a_match_would_do(
    world: CaseWorld, money: MoneyBook
) -> None:
    loan_id = await money.lent()
    receipt = await held(world, money)
    assert "No loan is named" in (await world.read("sun", "/money-in/held")).text
    number, here = await money.case_number(loan_id), f"/money-in/held/{receipt.id}"
    shown = await world.read("sun", f"{here}?case={number}")
    assert shown.status_code == 200
    assert "1 row changes" in text_of(shown.text)
    seen = re.search(r'name="seen_events" value="(\d+)"', shown.text)
    assert seen is not None
    sent = await world.send("sun", f"{here}/match", case=number, seen_events=seen[1])
    assert sent.status_code == 303
    [command] = world.process.asked
    assert isinstance(command, MatchReceipt)
    assert (command.loan_id, command.receipt_id, command.seen_events) == (loan_id, receipt.id, 1)


async def test_a_match_to_no_case_or_another_currency_is_refused_on_the_form(
    world: CaseWorld, money: MoneyBook
) -> None:
    dollars = await money.case_number(await money.lent("USD"))
    receipt = await held(world, money)
    here = f"/money-in/held/{receipt.id}"
    unknown = await world.read("sun", f"{here}?case=CL1")
    assert unknown.status_code == 422
    assert "There is no case with this number." in unknown.text
    assert "The loan is kept in USD" in (await world.read("sun", f"{here}?case={dollars}")).text
    sent = await world.send("sun", f"{here}/match", case="CL1", seen_events="1")
    assert sent.status_code == 422
    assert world.process.asked == []


async def test_a_refund_is_proposed_with_the_payer_filled_in(
    world: CaseWorld, money: MoneyBook
) -> None:
    receipt = await held(world, money)
    here = f"/money-in/held/{receipt.id}"
    assert 'value="62220001"' in (await world.read("sun", here)).text
    empty = await world.send("sun", f"{here}/refund", payee_name="x", payee_account="1")
    assert empty.status_code == 422
    sent = await world.send(
        "sun", f"{here}/refund", payee_name="张三", payee_account="6222", reason="多付"
    )
    assert sent.status_code == 303
    [command] = world.process.asked
    assert isinstance(command, ProposeRefund)
    assert (command.payee.name, command.receipt_id) == ("张三", receipt.id)


async def test_a_verdict_on_a_refund_is_asked_of_the_process(
    world: CaseWorld, money: MoneyBook
) -> None:
    refund_id = uuid4()
    path = f"/money-in/refunds/{refund_id}/decision"
    assert (await world.send("sun", path, answer="approve")).status_code == 303
    [command] = world.process.asked
    assert isinstance(command, DecideRefund)
    assert (command.refund_id, command.approve) == (refund_id, True)
    world.process.answer = Answer(accepted=False, code="duty.own_proposal")
    refused = await world.send("sun", path, answer="approve")
    assert refused.status_code == 403
    assert (await world.send("chen", path, answer="approve")).status_code == 403


async def test_a_posted_receipt_is_reversed_after_its_effect_was_shown(
    world: CaseWorld, money: MoneyBook
) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    await uploaded(world, "sun", csv_of([("B-1", money.today, "100.00", "CNY", "", number)]))
    await money.posted(loan_id)
    here = f"/money-in/receipts/{(await money.receipts())[0].id}/reversal"
    shown = await world.read("sun", here, "zh-CN")
    assert shown.status_code == 200
    assert "从贷款中冲出" in shown.text
    assert (await world.send("sun", here, reason="", seen_events="2")).status_code == 422
    assert (await world.send("sun", here, reason="记错", seen_events="2")).status_code == 303
    [command] = world.process.asked
    assert isinstance(command, ReverseReceipt)
    assert (command.loan_id, command.reason) == (loan_id, "记错")
    world.process.available = False
    assert (await world.send("sun", here, reason="记错", seen_events="2")).status_code == 503


async def test_the_desk_says_plainly_that_there_is_nothing(world: CaseWorld) -> None:
    assert "没有暂收款" in (await world.read("sun", "/money-in/held", "zh-CN")).text
    assert "No refund yet" in (await world.read("sun", "/money-in/refunds")).text
    assert (await world.read("sun", f"/money-in/statements/{UUID(int=0)}")).status_code == 404
