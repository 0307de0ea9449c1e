"""The rail misbehaves on demand, each way once and then never again."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from integrations.failures import IntegrationUnavailable
from integrations.rail.client import RailClient
from integrations.rail.messages import PaymentStatus
from tests.integrations.conftest import Bench
from tests.integrations.test_rail import COLLECTION, LOAN, PAYMENT


async def test_a_lost_reply_has_booked_the_payment(bench: Bench) -> None:
    await bench.arm("lose_reply")
    with pytest.raises(IntegrationUnavailable):
        await bench.client.pay(PAYMENT)
    found = await bench.client.find_payment(PAYMENT.key)
    assert found is not None
    assert (await bench.client.pay(PAYMENT)).reference == found.reference
    assert len(await bench.client.list_payments()) == 1


async def test_a_reply_later_than_the_time_limit_is_a_time_out(bench: Bench) -> None:
    await bench.arm("lose_reply")
    hasty = RailClient(bench.url, bench.http, timeout_seconds=0.03)
    with pytest.raises(IntegrationUnavailable) as late:
        await hasty.pay(PAYMENT)
    assert late.value.reason == "timeout"
    bench.door.wait_for(1)


async def test_a_rejected_payment_says_why(bench: Bench) -> None:
    await bench.arm("reject")
    accepted = await bench.client.pay(PAYMENT)
    assert accepted.status is PaymentStatus.ACCEPTED
    notice = bench.door.wait_for(1)[0]
    assert (notice["kind"], notice["data"]["reason"]) == ("payment.rejected", "AC04")
    found = await bench.client.find_payment(PAYMENT.key)
    assert found is not None
    assert (found.status, found.reason) == (PaymentStatus.REJECTED, "AC04")


async def test_down_and_slow_pass_after_their_count(bench: Bench) -> None:
    await bench.arm("down", 2)
    for _ in range(2):
        with pytest.raises(IntegrationUnavailable) as down:
            await bench.client.find_payment(PAYMENT.key)
        assert (down.value.reason, down.value.detail) == ("server_error", "503")
    await bench.arm("slow")
    with pytest.raises(IntegrationUnavailable) as slow:
        await bench.client.find_payment(PAYMENT.key)
    assert slow.value.reason == "timeout"
    assert await bench.client.find_payment(PAYMENT.key) is None


async def test_a_duplicate_notice_is_the_same_event_twice(bench: Bench) -> None:
    await bench.arm("duplicate_notice")
    await bench.client.collect(COLLECTION)
    first, second = bench.door.wait_for(2)
    assert first == second


async def test_a_late_notice_arrives_all_the_same(bench: Bench) -> None:
    await bench.arm("late_notice")
    began = time.monotonic()
    await bench.client.collect(COLLECTION)
    bench.door.wait_for(1)
    assert time.monotonic() - began >= 0.6


async def test_an_out_of_order_notice_is_overtaken_by_the_next(bench: Bench) -> None:
    await bench.arm("out_of_order")
    await bench.client.collect(COLLECTION)
    await bench.client.collect(replace(COLLECTION, key=f"coll:{LOAN}:2:1", instalment_n=2))
    remittances = [notice["data"]["remittance"] for notice in bench.door.wait_for(2)]
    assert remittances == [f"coll:{LOAN}:2:1", COLLECTION.key]


async def test_a_door_that_fails_is_tried_until_it_takes_the_notice(bench: Bench) -> None:
    bench.door.refusals_left = 3
    await bench.client.collect(COLLECTION)
    bench.door.wait_for(1)
    assert bench.door.refusals_left == 0
    assert len(bench.door.arrived) == 1


async def test_faults_are_listed_and_switched_off(bench: Bench) -> None:
    await bench.arm("reject", 3)
    assert (await bench.http.get(f"{bench.url}/faults")).json() == {"reject": 3}
    await bench.http.delete(f"{bench.url}/faults")
    assert (await bench.http.get(f"{bench.url}/faults")).json() == {}
    unknown = await bench.http.post(f"{bench.url}/faults", json={"kind": "explode", "count": 1})
    assert unknown.status_code == 422
