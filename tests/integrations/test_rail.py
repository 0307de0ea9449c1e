"""The rail behaves: one key one payment, every change told, money in as borrowers behave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from integrations.failures import IntegrationRefused, IntegrationUnavailable
from integrations.rail.client import RailClient
from integrations.rail.messages import (
    CollectionInstruction,
    PaymentInstruction,
    PaymentStatus,
    RailEntry,
)
from tests.integrations.conftest import Bench
from tests.integrations.servers import bound_socket

LOAN = "7c1dbb39-0f57-4a3a-8f02-6f6f9a6ce001"
PAYMENT = PaymentInstruction(
    key=f"disb:{LOAN}:1",
    amount=Decimal("12000000.00"),
    currency="CNY",
    payee_name="东方制造有限公司",
    payee_account="6222 0000 1111 2222",
    payee_bank_code="102100099996",
    loan_id=LOAN,
    purpose="原材料采购",
)
COLLECTION = CollectionInstruction(
    key=f"coll:{LOAN}:1:1",
    loan_id=LOAN,
    amount=Decimal("1000.01"),
    currency="CNY",
    due_on=date(2026, 3, 31),
    instalment_n=1,
)


async def test_a_payment_is_accepted_then_settled_and_told_once(bench: Bench) -> None:
    accepted = await bench.client.pay(PAYMENT)
    assert accepted.status is PaymentStatus.ACCEPTED
    notice = bench.door.wait_for(1)[0]
    assert notice["kind"] == "payment.settled"
    assert notice["loan_id"] == LOAN
    assert notice["data"] == {
        "key": PAYMENT.key,
        "reference": accepted.reference,
        "status": "settled",
        "reason": None,
        "amount": "12000000.00",
        "currency": "CNY",
    }
    settled = await bench.client.find_payment(PAYMENT.key)
    assert settled == replace(accepted, status=PaymentStatus.SETTLED)
    assert bench.door.forged == 0


async def test_the_same_key_pays_once_and_with_another_body_is_refused(bench: Bench) -> None:
    first = await bench.client.pay(PAYMENT)
    again = await bench.client.pay(replace(PAYMENT, amount=Decimal(12000000)))
    assert again.reference == first.reference
    with pytest.raises(IntegrationRefused) as refused:
        await bench.client.pay(replace(PAYMENT, payee_account="6222 9999"))
    assert refused.value.code == "key_reused"
    assert [state.key for state in await bench.client.list_payments()] == [PAYMENT.key]


async def test_an_unknown_key_is_none_but_a_strange_404_is_not(
    bench: Bench, door_url: str, http: httpx.AsyncClient
) -> None:
    assert await bench.client.find_payment("disb:none:1") is None
    elsewhere = RailClient(door_url, http)
    with pytest.raises(IntegrationUnavailable) as strange:
        await elsewhere.find_payment(PAYMENT.key)
    assert strange.value.reason == "nonsense"


async def test_the_list_pages_through_everything_in_order(bench: Bench) -> None:
    keys = [f"disb:many:{n}" for n in range(5)]
    for key in keys:
        await bench.client.pay(replace(PAYMENT, key=key))
    page = (await bench.http.get(f"{bench.url}/payments?limit=2&after=2")).json()
    assert [p["key"] for p in page["payments"]] == keys[2:4]
    assert page["next"] == 4
    states = await bench.client.list_payments()
    assert [state.key for state in states] == keys
    assert states[0].entry() == RailEntry(
        keys[0], PAYMENT.amount, "CNY", PAYMENT.payee_name, PAYMENT.payee_account
    )


async def test_an_account_that_pays_gives_one_receipt_for_one_collection(bench: Bench) -> None:
    reference = await bench.client.collect(COLLECTION)
    assert await bench.client.collect(COLLECTION) == reference
    data = bench.door.wait_for(1)[0]["data"]
    assert data["transaction_id"] == reference
    assert (data["loan_id"], data["amount"], data["remittance"]) == (
        LOAN,
        "1000.01",
        COLLECTION.key,
    )
    receipts = (await bench.http.get(f"{bench.url}/receipts")).json()["receipts"]
    assert receipts == [data]


@pytest.mark.parametrize(
    ("behaviour", "kind", "amount"),
    [("refuses", "collection.failed", None), ("partial", "receipt.posted", "500.00")],
)
async def test_accounts_behave_as_told(
    bench: Bench, behaviour: str, kind: str, amount: str | None
) -> None:
    told = {"behaviour": behaviour}
    answer = await bench.http.post(f"{bench.url}/accounts/{LOAN}/behaviour", json=told)
    assert answer.status_code == 200
    await bench.client.collect(COLLECTION)
    notice = bench.door.wait_for(1)[0]
    assert notice["kind"] == kind
    assert notice["data"].get("amount") == amount
    if amount is None:
        assert notice["data"] == {"key": COLLECTION.key, "reason": "AM04"}


async def test_a_transfer_with_an_unknown_reference_keeps_it_readable(bench: Bench) -> None:
    order = {"loan_id": "发票 88", "amount": "3.5", "currency": "CNY", "payer_name": "某人"}
    receipt = (await bench.http.post(f"{bench.url}/receipts", json=order)).json()
    assert (receipt["loan_id"], receipt["remittance"], receipt["amount"]) == (
        None,
        "发票 88",
        "3.50",
    )
    notice = bench.door.wait_for(1)[0]
    assert notice["loan_id"] is None
    assert notice["data"] == receipt


async def test_one_transaction_id_is_one_receipt(bench: Bench) -> None:
    order = {
        "loan_id": LOAN.upper(),
        "amount": "100",
        "currency": "CNY",
        "payer_name": "某公司",
        "transaction_id": "TRF-1",
    }
    first = await bench.http.post(f"{bench.url}/receipts", json=order)
    again = await bench.http.post(f"{bench.url}/receipts", json=order)
    other = await bench.http.post(f"{bench.url}/receipts", json={**order, "amount": "101"})
    assert first.json() == again.json()
    assert UUID(first.json()["loan_id"]) == UUID(LOAN)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-1", "1e3", "NaN", "1.005", "０1", " 1", "01", "10000000000000"]
)
async def test_amounts_out_of_form_are_refused(bench: Bench, amount: str) -> None:
    body = {"amount": amount, "currency": "CNY", "payer_name": "某公司"}
    answer = await bench.http.post(f"{bench.url}/receipts", json=body)
    assert (answer.status_code, answer.json()) == (422, {"code": "invalid", "detail": "amount"})


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"amount":"1","amount":"2","currency":"CNY","payer_name":"x"}', 422),
        (b'{"amount":1,"currency":"CNY","payer_name":"x"}', 422),
        (b'{"amount":"1","currency":"CNY","payer_name":"x","more":"y"}', 422),
        (b'{"amount":"1","currency":"CNY","payer_name":"a\\u202eb"}', 422),
        (b'{"amount":"1","currency":"CNY","payer_name":"a\\u0000b"}', 422),
        (b"[" * 60_000, 422),
        (b"\xff", 422),
        (b" " * 70_000, 413),
    ],
)
async def test_bad_bodies_are_refused_and_nothing_is_kept(
    bench: Bench, raw: bytes, status: int
) -> None:
    headers = {"content-type": "application/json"}
    answer = await bench.http.post(f"{bench.url}/receipts", content=raw, headers=headers)
    assert answer.status_code == status
    assert (await bench.http.get(f"{bench.url}/receipts")).json() == {"receipts": []}


async def test_an_instruction_out_of_scale_is_refused_for_good(bench: Bench) -> None:
    with pytest.raises(IntegrationRefused) as refused:
        await bench.client.pay(replace(PAYMENT, amount=Decimal("0.005")))
    assert (refused.value.code, refused.value.detail) == ("invalid", "amount")


async def test_nobody_listening_is_unavailable(http: httpx.AsyncClient) -> None:
    closed = bound_socket()
    port = closed.getsockname()[1]
    closed.close()
    with pytest.raises(IntegrationUnavailable) as lost:
        await RailClient(f"http://127.0.0.1:{port}", http).pay(PAYMENT)
    assert lost.value.reason == "unreachable"
