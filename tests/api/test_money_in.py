"""Statement files, held money and refunds over the JSON door."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from domain.commands import Receipt as Answer
from domain.people import Role
from domain.refunds import DecideRefund, MatchReceipt, ProposeRefund, ReverseReceipt
from persistence.engine import Database
from tests.doorway.world import World
from tests.persistence.money_book import MoneyBook, csv_of, open_money_book

HEADS = {"Accept-Language": "en"}


@pytest_asyncio.fixture
async def money(database: Database) -> MoneyBook:
    return await open_money_book(database)


@pytest_asyncio.fixture
async def headers(world: World) -> dict[str, str]:
    await world.hire("sun", Role.OPERATIONS)
    return {**await world.bearer("sun"), **HEADS}


async def upload(
    world: World, headers: dict[str, str], content: bytes, name: str = "a.csv"
) -> httpx.Response:
    return await world.client.post(
        "/api/v1/statements", files={"file": (name, content)}, headers=headers
    )


async def post(
    world: World, path: str, body: Any, headers: dict[str, str], key: str = "key-00001"
) -> httpx.Response:
    keyed = {**headers, "Idempotency-Key": key}
    return await world.client.post(f"/api/v1{path}", json=body, headers=keyed)


async def test_a_file_is_taken_in_once_and_told_line_by_line(
    world: World, money: MoneyBook, headers: dict[str, str]
) -> None:
    loan_id = await money.lent()
    rows = [
        ("B-1", money.today, "100.00", "CNY", "", await money.case_number(loan_id)),
        ("B-2", money.today, "1.001", "CNY", "", ""),
    ]
    first = await upload(world, headers, csv_of(rows))
    assert first.status_code == 201, first.text
    told = first.json()
    assert [line["state"] for line in told["lines"]] == ["waiting", "refused"]
    assert (told["lines"][1]["number"], told["lines"][1]["reason"]) == (3, "line.amount_scale")
    assert told["lines"][0]["amount"] == "100.00"
    assert world.process.looked == [loan_id]
    again = await upload(world, headers, csv_of(rows), "b.csv")
    assert (again.status_code, again.headers["location"]) == (200, first.headers["location"])
    await money.posted(loan_id)
    here = first.headers["location"]
    seen = (await world.client.get(f"{here}?state=taken", headers=headers)).json()
    assert [line["state"] for line in seen["lines"]] == ["posted"]
    files = (await world.client.get("/api/v1/statements", headers=headers)).json()
    assert files["files"][0]["counts"]["refused"] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file.empty"), (b"<a>", "file.damaged"), (b"a,b\n1,2", "file.no_header")],
)
async def test_a_file_that_is_none_is_a_named_problem(
    world: World, headers: dict[str, str], content: bytes, code: str
) -> None:
    answer = await upload(world, headers, content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert content.decode() not in answer.text or not content


async def test_no_file_no_form_and_no_role(world: World, headers: dict[str, str]) -> None:
    plain = await world.client.post("/api/v1/statements", content=b"x", headers=headers)
    assert plain.status_code == 415
    none = await world.client.post("/api/v1/statements", files={"x": b"y"}, headers=headers)
    assert none.json()["code"] == "file.missing"
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    wang = await world.bearer("wang")
    assert (await upload(world, wang, b"x")).status_code == 403
    assert (await world.client.get("/api/v1/suspense", headers=wang)).status_code == 403
    assert (await world.client.get("/api/v1/suspense")).status_code == 401
    unknown = f"/api/v1/statements/{uuid4()}"
    assert (await world.client.get(unknown, headers=headers)).status_code == 404


async def test_held_money_is_shown_tried_and_booked(
    world: World, money: MoneyBook, headers: dict[str, str]
) -> None:
    loan_id = await money.lent()
    await upload(world, headers, csv_of([("B-1", money.today, "250.00", "CNY", "62", "?")]))
    await money.posted()
    held = (await world.client.get("/api/v1/suspense", headers=headers)).json()
    [item] = held["lines"]
    assert (item["reason"], item["suspense"], item["age_days"]) == ("unknown_loan", "250.00", 0)
    tried = await world.client.get(
        f"/api/v1/loans/{loan_id}/receipts/{item['id']}/booking", headers=headers
    )
    assert tried.status_code == 200, tried.text
    body = {"receipt_id": item["id"], "seen_events": tried.json()["seen_events"]}
    done = await post(world, f"/loans/{loan_id}/receipts", body, headers)
    assert done.status_code == 200, done.text
    assert isinstance(world.process.asked[0], MatchReceipt)
    again = await post(world, f"/loans/{loan_id}/receipts", body, headers)
    assert (again.json(), len(world.process.asked)) == (done.json(), 1)
    stranger = await post(world, f"/loans/{uuid4()}/receipts", body, headers, "key-00002")
    assert stranger.status_code == 404
    one = await world.client.get(f"/api/v1/suspense/{item['id']}", headers=headers)
    assert one.json()["transaction_id"] == "B-1"
    assert (
        await world.client.get(f"/api/v1/suspense/{uuid4()}", headers=headers)
    ).status_code == 404


async def test_a_posted_receipt_is_tried_without_and_taken_out(
    world: World, money: MoneyBook, headers: dict[str, str]
) -> None:
    loan_id = await money.lent()
    number = await money.case_number(loan_id)
    await upload(world, headers, csv_of([("B-1", money.today, "250.00", "CNY", "", number)]))
    await money.posted(loan_id)
    path = f"/loans/{loan_id}/receipts/{(await money.receipts())[0].id}/reversal"
    tried = await world.client.get(f"/api/v1{path}", headers=headers)
    assert tried.json()["seen_events"] == 2
    body = {"reason": "wrong borrower", "seen_events": 2}
    assert (await post(world, path, body, headers)).status_code == 200
    [command] = world.process.asked
    assert isinstance(command, ReverseReceipt)
    long = {"reason": "x" * 201, "seen_events": 2}
    assert (await post(world, path, long, headers, "key-00003")).status_code == 422


async def test_a_refund_is_proposed_and_decided_once_per_key(
    world: World, money: MoneyBook, headers: dict[str, str]
) -> None:
    await upload(world, headers, csv_of([("B-1", money.today, "250.00", "CNY", "", "?")]))
    await money.posted()
    receipt = (await money.receipts())[0]
    body = {"payee_name": "张三", "payee_account": "6222", "reason": "付错"}
    first = await post(world, f"/suspense/{receipt.id}/refunds", body, headers)
    assert first.status_code == 201, first.text
    again = await post(world, f"/suspense/{receipt.id}/refunds", body, headers)
    assert again.json() == first.json()
    [proposal] = world.process.asked
    assert isinstance(proposal, ProposeRefund)
    refund_id = first.json()["refund_id"]
    path = f"/refunds/{refund_id}/decision"
    decided = await post(world, path, {"approve": True}, headers, "key-00004")
    assert decided.json() == {"refund_id": refund_id}
    assert isinstance(world.process.asked[1], DecideRefund)
    world.process.answer = Answer(accepted=False, code="duty.own_proposal")
    own = await post(world, path, {"approve": True}, headers, "key-00005")
    assert (own.status_code, own.json()["code"]) == (403, "duty.own_proposal")
    listed = await world.client.get("/api/v1/refunds", headers=headers)
    assert listed.json() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"payee_name": ""}, "payee_name"),
        ({"payee_account": 5}, "payee_account"),
        ({"reason": " "}, "reason"),
        ({"surprise": 1}, ""),
    ],
)
async def test_a_malformed_refund_is_told_by_field(
    world: World, headers: dict[str, str], change: dict[str, Any], field: str
) -> None:
    body = {"payee_name": "x", "payee_account": "1", "reason": "y", **change}
    answer = await post(world, f"/suspense/{uuid4()}/refunds", body, headers)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
