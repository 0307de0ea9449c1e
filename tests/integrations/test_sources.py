"""The sources: coherent by default, wrong on demand, side by side, and only with consent."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.failures import IntegrationRefused, IntegrationUnavailable
from integrations.sources.catalogue import FACT_SHAPES, SourceName
from integrations.sources.client import SourceClient
from integrations.sources.messages import ReportStatus, SourceQuery, SourceReport
from integrations.sources.server import create_app
from tests.integrations.servers import serving

NUMBER = "91310000MA1K0000XG"
QUERY = SourceQuery(
    registration_scheme="uscc",
    registration_number=NUMBER,
    name="东方制造有限公司",
    purpose="贷前审查",
    consent_id="consent-1",
    declared={
        "legal_representative": "钱学文",
        "established_on": "2012-05-04",
        "registered_capital": "20000000.00",
        "revenue": "80000000.00",
        "net_profit": "-1200000.00",
    },
)


async def switch_on(http: httpx.AsyncClient, url: str, **order: Any) -> None:
    answer = await http.post(f"{url}/faults", json=order)
    assert answer.status_code == 200, answer.text


def within_2_percent(told: str | None, declared: str) -> bool:
    assert told is not None
    return abs(Decimal(told) - Decimal(declared)) <= abs(Decimal(declared)) * Decimal("0.02")


async def test_every_source_agrees_with_what_was_declared(
    sources_url: str, http: httpx.AsyncClient
) -> None:
    client = SourceClient(sources_url, http)
    reports = {source: await client.query(source, QUERY) for source in SourceName}
    for source, report in reports.items():
        assert report.status is ReportStatus.ANSWERED
        assert report.facts.keys() == FACT_SHAPES[source].keys()
        assert len(report.raw_sha256) == 64
    registry = dict(reports[SourceName.REGISTRY].facts)
    assert registry.pop("address")
    assert registry == {
        "name": QUERY.name,
        "legal_representative": "钱学文",
        "established_on": "2012-05-04",
        "status": "active",
        "registered_capital": "20000000.00",
        "controller": "钱学文",
        "penalties": "0",
    }
    assert within_2_percent(reports[SourceName.TAX].facts["revenue"], "80000000")
    assert within_2_percent(reports[SourceName.TAX].facts["net_profit"], "-1200000")
    assert within_2_percent(reports[SourceName.BANK_FLOW].facts["inflow_12m"], "80000000")
    assert within_2_percent(reports[SourceName.INVOICES].facts["invoiced_12m"], "80000000")
    assert reports[SourceName.RELATED_PARTIES].facts["controller"] == "钱学文"
    assert reports[SourceName.COLLATERAL_REGISTRY].facts["seized"] == "false"
    assert reports[SourceName.BUREAU].facts["days_past_due_elsewhere"] == "0"
    assert reports[SourceName.COURTS].facts["dishonest_debtor"] == "false"
    assert reports[SourceName.SANCTIONS].facts["hit"] == "false"


@pytest.mark.parametrize("revenue", ["0.00", "0.01", "0.30", "9999999999999.99"])
async def test_small_and_huge_figures_stay_within_two_percent(
    sources_url: str, http: httpx.AsyncClient, revenue: str
) -> None:
    client = SourceClient(sources_url, http)
    for n in range(5):
        query = replace(QUERY, registration_number=f"N{n}", declared={"revenue": revenue})
        report = await client.query(SourceName.TAX, query)
        assert within_2_percent(report.facts["revenue"], revenue)


async def test_the_same_firm_gets_the_same_answer_with_nothing_declared(
    sources_url: str, http: httpx.AsyncClient
) -> None:
    client = SourceClient(sources_url, http)
    silent = replace(QUERY, declared={})
    first = await client.query(SourceName.TAX, silent)
    again = await client.query(SourceName.TAX, silent)
    other = await client.query(SourceName.TAX, replace(silent, registration_number="OTHER"))
    assert first.raw_sha256 == again.raw_sha256
    assert first.facts != other.facts


@pytest.mark.parametrize("bureau", [SourceName.BUREAU, SourceName.BUREAU_CONTROLLER])
async def test_a_bureau_is_not_even_called_without_consent(
    sources_url: str, http: httpx.AsyncClient, bureau: SourceName
) -> None:
    bare = replace(QUERY, consent_id=None)
    with pytest.raises(IntegrationRefused) as refused:
        await SourceClient(sources_url, http).query(bureau, bare)
    assert refused.value.code == "consent_missing"
    assert (await http.get(f"{sources_url}/queries")).json() == {"queries": []}
    body: dict[str, object] = {
        "registration_scheme": "uscc",
        "registration_number": NUMBER,
        "name": "x",
        "purpose": "y",
        "consent_id": None,
        "declared": {},
    }
    answer = await http.post(f"{sources_url}/{bureau.value}/reports", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")


@pytest.mark.parametrize(
    ("source", "facts"),
    [
        (SourceName.REGISTRY, {"status": "revoked"}),
        (SourceName.BUREAU, {"days_past_due_elsewhere": "60"}),
        (SourceName.BUREAU_CONTROLLER, {"worst_class": "substandard"}),
        (SourceName.INVOICES, {"largest_customer_share": "0.8200"}),
        (SourceName.RELATED_PARTIES, {"circular_ownership": "true"}),
        (SourceName.COLLATERAL_REGISTRY, {"seized": "true"}),
        (SourceName.TAX, {"grade": "D"}),
        (SourceName.COURTS, {"dishonest_debtor": "true"}),
        (SourceName.SANCTIONS, {"hit": "true"}),
    ],
)
async def test_adverse_facts_strike_only_the_firm_named(
    sources_url: str, http: httpx.AsyncClient, source: SourceName, facts: dict[str, str]
) -> None:
    await switch_on(
        http, sources_url, source=source.value, kind="adverse", registration_number=NUMBER
    )
    client = SourceClient(sources_url, http)
    struck = (await client.query(source, QUERY)).facts
    spared = (await client.query(source, replace(QUERY, registration_number="OTHER"))).facts
    assert struck.items() >= facts.items()
    assert not spared.items() & facts.items()


async def test_contradictions_are_plain(sources_url: str, http: httpx.AsyncClient) -> None:
    client = SourceClient(sources_url, http)
    for source in ("registry", "tax", "bank_flow", "invoices", "related_parties"):
        await switch_on(http, sources_url, source=source, kind="contradict")
    tax = await client.query(SourceName.TAX, QUERY)
    flow = await client.query(SourceName.BANK_FLOW, QUERY)
    registry = await client.query(SourceName.REGISTRY, QUERY)
    assert tax.facts["revenue"] == flow.facts["inflow_12m"] == "48000000.00"
    invoices = await client.query(SourceName.INVOICES, QUERY)
    related = await client.query(SourceName.RELATED_PARTIES, QUERY)
    assert invoices.facts["invoiced_12m"] == "48000000.00"
    assert related.facts["controller"] != "钱学文"
    assert registry.facts["legal_representative"] != "钱学文"
    senseless = {"source": "sanctions", "kind": "contradict"}
    refused = await http.post(f"{sources_url}/faults", json=senseless)
    assert (refused.status_code, refused.json()["code"]) == (422, "fault_not_applicable")


async def test_every_kind_of_nonsense_is_unavailable(
    sources_url: str, http: httpx.AsyncClient
) -> None:
    await switch_on(http, sources_url, source="tax", kind="nonsense", count=3)
    client = SourceClient(sources_url, http)
    for _ in range(3):
        with pytest.raises(IntegrationUnavailable) as nonsense:
            await client.query(SourceName.TAX, QUERY)
        assert nonsense.value.reason == "nonsense"
    assert (await client.query(SourceName.TAX, QUERY)).status is ReportStatus.ANSWERED


async def test_asking_all_takes_as_long_as_the_slowest_and_a_dead_one_blocks_nothing(
    sources_url: str, http: httpx.AsyncClient
) -> None:
    await switch_on(http, sources_url, source="courts", kind="slow", seconds=1.5)
    await switch_on(http, sources_url, source="tax", kind="slow", seconds=1.5)
    await switch_on(http, sources_url, source="sanctions", kind="down")
    await switch_on(http, sources_url, source="registry", kind="slow", seconds=1)
    client = SourceClient(sources_url, http, {SourceName.REGISTRY: 0.3})
    began = time.monotonic()
    answers = await asyncio.gather(
        *(client.query(source, QUERY) for source in SourceName), return_exceptions=True
    )
    took = time.monotonic() - began
    assert 1.5 <= took < 2.6  # one after the other it would be 3.3
    ends = dict(zip(SourceName, answers, strict=True))
    late, dead = ends[SourceName.REGISTRY], ends[SourceName.SANCTIONS]
    assert isinstance(late, IntegrationUnavailable)
    assert isinstance(dead, IntegrationUnavailable)
    assert (late.reason, dead.reason) == ("timeout", "server_error")
    courts = ends[SourceName.COURTS]
    assert isinstance(courts, SourceReport)
    assert courts.latency_ms >= 1500
    assert sum(isinstance(answer, SourceReport) for answer in answers) == len(SourceName) - 2


async def test_faults_and_the_query_log_survive_a_restart(
    tmp_path: Path, http: httpx.AsyncClient
) -> None:
    state = tmp_path / "kept.sqlite"
    with serving(create_app(state)) as url:
        await switch_on(http, url, source="bureau", kind="down")
        with pytest.raises(IntegrationUnavailable):
            await SourceClient(url, http).query(SourceName.BUREAU, QUERY)
    with serving(create_app(state)) as url:
        logged = (await http.get(f"{url}/queries?registration_number={NUMBER}")).json()["queries"]
        faults = (await http.get(f"{url}/faults")).json()["faults"]
        await http.delete(f"{url}/faults")
        report = await SourceClient(url, http).query(SourceName.BUREAU, QUERY)
    assert [(q["source"], q["purpose"], q["consent_id"], q["outcome"]) for q in logged] == [
        ("bureau", "贷前审查", "consent-1", "down")
    ]
    assert [(fault["source"], fault["kind"]) for fault in faults] == [("bureau", "down")]
    assert report.status is ReportStatus.ANSWERED


async def test_the_hash_is_of_the_bytes_that_came(
    http: httpx.AsyncClient, sources_url: str
) -> None:
    raw: list[bytes] = []

    async def keep(response: httpx.Response) -> None:
        raw.append(await response.aread())

    async with httpx.AsyncClient(trust_env=False, event_hooks={"response": [keep]}) as watched:
        report = await SourceClient(sources_url, watched).query(SourceName.TAX, QUERY)
    assert report.raw_sha256 == hashlib.sha256(raw[0]).hexdigest()
