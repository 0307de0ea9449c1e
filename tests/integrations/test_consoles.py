"""The simulators' console pages: what a person does there has effect, and nothing foreign does."""

from __future__ import annotations

import re
from typing import get_args

import httpx
import pytest

from integrations.rail.pages import BEHAVIOUR_TEXTS, FAULT_TEXTS, STATUS_TEXTS
from integrations.rail.shapes import Behaviour, FaultKind
from integrations.sources.pages import FAULT_TEXTS as SOURCE_FAULT_TEXTS
from integrations.sources.pages import SOURCE_TEXTS
from integrations.sources.shapes import SourceFaultKind
from tests.integrations.conftest import Bench
from tests.integrations.test_rail import COLLECTION, LOAN, PAYMENT


def test_every_switch_has_words_in_both_languages() -> None:
    assert set(FAULT_TEXTS) == set(get_args(FaultKind))
    assert set(BEHAVIOUR_TEXTS) == set(get_args(Behaviour))
    assert set(SOURCE_FAULT_TEXTS) == set(get_args(SourceFaultKind))
    for texts in (FAULT_TEXTS, BEHAVIOUR_TEXTS, STATUS_TEXTS, SOURCE_FAULT_TEXTS, SOURCE_TEXTS):
        assert all(zh and en for zh, en in texts.values())


async def test_the_rail_page_shows_its_books_and_escapes_them(bench: Bench) -> None:
    await bench.client.pay(PAYMENT)
    await bench.client.collect(COLLECTION)
    hostile = {"amount": "1", "currency": "CNY", "payer_name": "<script>x</script>"}
    await bench.http.post(f"{bench.url}/receipts", json=hostile)
    page = await bench.http.get(bench.url)
    assert page.status_code == 200
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert PAYMENT.key in page.text
    assert COLLECTION.key in page.text
    assert "<script>" not in page.text
    assert "style=" not in page.text
    style = await bench.http.get(f"{bench.url}/style.css")
    assert style.headers["content-type"].startswith("text/css")


async def test_a_receipt_sent_by_form_is_one_receipt_however_often_it_is_sent(
    bench: Bench,
) -> None:
    page = (await bench.http.get(bench.url)).text
    made_id = re.search(r'name="transaction_id" value="(\w+)"', page)
    assert made_id is not None
    form = {
        "transaction_id": made_id[1],
        "loan_id": LOAN,
        "amount": "88.80",
        "currency": "CNY",
        "payer_name": "东方制造",
        "remittance": "",
    }
    for _ in range(2):
        sent = await bench.http.post(f"{bench.url}/console/receipts", data=form)
        assert (sent.status_code, sent.headers["location"]) == (303, "/")
    receipts = (await bench.http.get(f"{bench.url}/receipts")).json()["receipts"]
    assert [receipt["transaction_id"] for receipt in receipts] == [made_id[1]]
    bench.door.wait_for(1)


async def test_switches_set_by_form_are_set(bench: Bench) -> None:
    faults = {"kind": "reject", "count": "2"}
    account = {"loan_id": LOAN, "behaviour": "partial"}
    await bench.http.post(f"{bench.url}/console/faults", data=faults)
    await bench.http.post(f"{bench.url}/console/behaviours", data=account)
    assert (await bench.http.get(f"{bench.url}/faults")).json() == {"reject": 2}
    assert (await bench.http.get(f"{bench.url}/accounts")).json() == {LOAN: "partial"}
    await bench.http.post(f"{bench.url}/console/clear")
    assert (await bench.http.get(f"{bench.url}/faults")).json() == {}


@pytest.mark.parametrize(
    ("deed", "form", "status"),
    [
        ("receipts", {"amount": "1e3", "currency": "CNY", "payer_name": "x"}, 422),
        ("faults", {"kind": "reject", "count": "许多"}, 422),
        ("behaviours", {"loan_id": "nobody", "behaviour": "pays"}, 422),
        ("explode", {}, 404),
    ],
)
async def test_a_form_out_of_form_is_refused_on_the_page(
    bench: Bench, deed: str, form: dict[str, str], status: int
) -> None:
    answer = await bench.http.post(f"{bench.url}/console/{deed}", data=form)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


async def test_a_form_on_another_site_does_nothing(bench: Bench) -> None:
    foreign = {"origin": "http://elsewhere.example"}
    sent = await bench.http.post(f"{bench.url}/console/clear", headers=foreign)
    assert (sent.status_code, sent.json()["code"]) == (403, "foreign_origin")


async def test_the_sources_page_switches_faults(sources_url: str, http: httpx.AsyncClient) -> None:
    form = {
        "source": "tax",
        "kind": "slow",
        "seconds": "1.5",
        "count": "",
        "registration_number": "",
    }
    sent = await http.post(f"{sources_url}/console/faults", data=form)
    assert sent.status_code == 303
    listed = (await http.get(f"{sources_url}/faults")).json()["faults"]
    assert [(f["source"], f["seconds"], f["remaining"]) for f in listed] == [("tax", 1.5, None)]
    page = await http.get(sources_url)
    assert page.status_code == 200
    assert "税务" in page.text
    senseless = {"source": "sanctions", "kind": "contradict", "seconds": "3"}
    refused = await http.post(f"{sources_url}/console/faults", data=senseless)
    assert refused.status_code == 422
    await http.post(f"{sources_url}/console/clear")
    assert (await http.get(f"{sources_url}/faults")).json() == {"faults": []}
