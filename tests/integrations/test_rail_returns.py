"""The rail's bank takes a receipt back after it was posted."""

from __future__ import annotations

from tests.integrations.conftest import Bench
from tests.integrations.test_rail import COLLECTION


async def test_an_armed_return_follows_its_receipt_and_names_it(bench: Bench) -> None:
    await bench.arm("return")
    await bench.client.collect(COLLECTION)
    posted, returned = bench.door.wait_for(2)
    assert (posted["kind"], returned["kind"]) == ("receipt.posted", "receipt.returned")
    assert returned["loan_id"] == posted["loan_id"]
    told, back = posted["data"], returned["data"]
    assert back["original"] == told["transaction_id"]
    assert (back["amount"], back["currency"]) == (told["amount"], told["currency"])
    assert back["transaction_id"] != told["transaction_id"]
    assert returned["occurred_at"] > posted["occurred_at"]
