"""A customer's matrix: every field beside every source, hits, papers, and what a person says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from domain.customers.dispositions import DispositionOutcome, read_disposition
from domain.customers.opinions import read_opinion
from domain.customers.verification import (
    FIELDS,
    HITS,
    OUTSIDE,
    Cell,
    CellVerdict,
    customer_matrix,
    tally,
)
from domain.verification import SourceFacts, SourceStatus
from domain.violations import FindingsViolation
from integrations.sources.catalogue import FACT_SHAPES, SourceName

DECLARED: dict[str, object] = {
    "name": "苏州精密机械有限公司",
    "legal_representative": "王建国",
    "established_on": date(2012, 5, 8),
    "registered_capital": Decimal("20000000.00"),
    "licence_status": "active",
    "controller": "王建国",
    "revenue": Decimal("80000000.00"),
    "net_profit": Decimal("4000000.00"),
}
REGISTRY = {
    "name": "苏州精密机械有限公司",
    "legal_representative": "王建国",
    "established_on": "2012-05-08",
    "registered_capital": "20000000",
    "address": "苏州市创新路1号",
    "controller": "王建国",
    "status": "active",
    "penalties": "0",
}


def answered(source: str, **facts: str | None) -> SourceFacts:
    return SourceFacts(source, SourceStatus.ANSWERED, date(2026, 3, 1), facts)


def matrix(*reports: SourceFacts, **changes: object) -> dict[tuple[str, str], Cell]:
    declared = {**DECLARED, **changes}
    cells = customer_matrix(declared, {report.source: report for report in reports})
    return {(cell.field, cell.source): cell for cell in cells}


def test_the_outside_sources_are_those_of_the_catalogue() -> None:
    assert set(OUTSIDE) == {source.value for source in SourceName}
    for source, fact, _ in HITS:
        assert source == "internal" or fact in FACT_SHAPES[SourceName(source)]


def test_what_agrees_matches_and_what_was_never_declared_is_missing() -> None:
    found = matrix(answered("registry", **REGISTRY))
    verdicts = {field: cell.verdict for (field, _), cell in found.items()}
    assert verdicts.pop("address") is CellVerdict.MISSING
    assert set(verdicts.values()) == {CellVerdict.MATCH}
    assert set(verdicts) <= set(FIELDS)


@pytest.mark.parametrize(
    ("fact", "text", "field"),
    [
        ("name", "苏州精密机器有限公司", "name"),
        ("legal_representative", "李志强", "legal_representative"),
        ("established_on", "2012-05-09", "established_on"),
        ("registered_capital", "20000000.01", "registered_capital"),
        ("status", "revoked", "licence_status"),
        ("controller", "李志强", "controller"),
    ],
)
def test_each_registered_value_that_differs_is_a_mismatch(fact: str, text: str, field: str) -> None:
    found = matrix(answered("registry", **{**REGISTRY, fact: text}))
    assert found[field, "registry"].verdict is CellVerdict.MISMATCH
    others = {cell.verdict for key, cell in found.items() if key[0] not in (field, "address")}
    assert CellVerdict.MISMATCH not in others


def test_a_full_width_name_is_the_same_name() -> None:
    found = matrix(answered("registry", **{**REGISTRY, "name": "ＡＢＣ 公司"}), name="abc公司")
    assert found["name", "registry"].verdict is CellVerdict.MATCH


@pytest.mark.parametrize(
    ("source", "fact", "text", "verdict", "difference"),
    [
        ("tax", "revenue", "68000000.00", CellVerdict.MATCH, "0.15"),
        ("tax", "revenue", "67999999.00", CellVerdict.MISMATCH, "0.15"),
        ("bank_flow", "inflow_12m", "56000000.00", CellVerdict.MATCH, "0.3"),
        ("bank_flow", "inflow_12m", "55000000.00", CellVerdict.MISMATCH, "0.3125"),
        ("invoices", "invoiced_12m", "92000000.00", CellVerdict.MATCH, "0.15"),
        ("invoices", "invoiced_12m", "92000800.00", CellVerdict.MISMATCH, "0.15001"),
        ("auditor", "revenue", "80400000.00", CellVerdict.MATCH, "0.005"),
        ("auditor", "revenue", "80400800.00", CellVerdict.MISMATCH, "0.00501"),
    ],
)
def test_revenue_is_held_to_each_source_within_its_tolerance(
    source: str, fact: str, text: str, verdict: CellVerdict, difference: str
) -> None:
    cell = matrix(answered(source, **{fact: text}))["revenue", source]
    assert (cell.verdict, cell.difference) == (verdict, Decimal(difference))


def test_a_loss_where_a_profit_was_declared_differs_at_the_tax_office() -> None:
    cell = matrix(answered("tax", net_profit="-1.00"))["net_profit", "tax"]
    assert cell.verdict is CellVerdict.MISMATCH


def test_a_silent_source_is_pending_and_its_unknown_facts_cannot_be_compared() -> None:
    silent = SourceFacts("tax", SourceStatus.PENDING)
    refused = SourceFacts("bureau_controller", SourceStatus.REFUSED)
    found = matrix(silent, refused, answered("bank_flow", inflow_12m=None))
    assert found["revenue", "tax"].verdict is CellVerdict.PENDING
    assert found["controller", "bureau_controller"].verdict is CellVerdict.PENDING
    assert found["revenue", "bank_flow"].verdict is CellVerdict.NOT_COMPARABLE


@pytest.mark.parametrize(
    ("source", "fact", "clean", "struck"),
    [
        ("sanctions", "hit", "false", "true"),
        ("courts", "open_cases", "0", "1"),
        ("courts", "dishonest_debtor", "false", "true"),
        ("registry", "penalties", "0", "2"),
        ("registry", "status", "active", "abnormal"),
        ("tax", "arrears", "0.00", "0.01"),
        ("tax", "grade", "C", "D"),
        ("invoices", "largest_customer_share", "0.5", "0.5001"),
        ("related_parties", "circular_ownership", "false", "true"),
        ("collateral_registry", "seized", "false", "true"),
        ("bureau_controller", "worst_class", "pass", "doubtful"),
        ("internal", "days_past_due_here", "0", "1"),
    ],
)
def test_what_is_held_against_a_customer_is_a_hit(
    source: str, fact: str, clean: str, struck: str
) -> None:
    assert (fact, source) not in matrix(answered(source, **{fact: clean}))
    assert (fact, source) not in matrix(SourceFacts(source, SourceStatus.PENDING))
    assert (fact, source) not in matrix(answered(source, **{fact: None}))
    hit = matrix(answered(source, **{fact: struck}))[fact, source]
    assert (hit.verdict, hit.found, hit.declared) == (CellVerdict.HIT, struck, "")


def test_the_tally_counts_what_is_open_and_what_a_person_has_said() -> None:
    counted = tally(
        (
            CellVerdict.MATCH,
            CellVerdict.MISMATCH,
            CellVerdict.HIT,
            CellVerdict.EXPLAINED,
            CellVerdict.FALSE_MATERIAL,
            CellVerdict.PENDING,
            CellVerdict.MISSING,
        )
    )
    assert (counted.matches, counted.mismatches, counted.hits) == (1, 1, 1)
    assert (counted.disposed, counted.pending) == (2, 1)


def test_a_disposition_names_its_cell_and_its_outcome() -> None:
    named = uuid4()
    read = read_disposition(
        {
            "verification": str(named),
            "field": "revenue",
            "source": "tax",
            "outcome": "false_material",
        }
    )
    assert read.verification_id == named
    assert read.outcome is DispositionOutcome.FALSE_MATERIAL
    assert read.outcome.verdict is CellVerdict.FALSE_MATERIAL


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"outcome": "forgiven"}, "outcome", "choice.unknown"),
        ({"outcome": 1}, "outcome", "field.required"),
        ({"field": ""}, "field", "field.required"),
        ({"verification": "not-an-id"}, "verification", "choice.unknown"),
        ({"note": "x"}, "note", "field.unknown"),
    ],
)
def test_a_malformed_disposition_is_refused_by_its_entry(
    changes: dict[str, Any], field: str, code: str
) -> None:
    whole = {"verification": str(uuid4()), "field": "name", "source": "tax", "outcome": "explained"}
    with pytest.raises(FindingsViolation) as refused:
        read_disposition({**whole, **changes})
    assert [(found.field, found.code) for found in refused.value.findings] == [(field, code)]


def test_an_opinion_is_read_value_by_value() -> None:
    read = read_opinion(
        {
            "kind": "auditor",
            "issuer": "立信会计师事务所",
            "issued_on": "2026-02-01",
            "values": {"revenue": "80,000,000.00", "net_profit": "-12.5", "equity": ""},
        },
        date(2026, 3, 1),
    )
    assert read.values == {"revenue": "80000000.00", "net_profit": "-12.5"}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "astrologer"}, "kind", "choice.unknown"),
        ({"issuer": " "}, "issuer", "text.blank"),
        ({"issued_on": "2026-03-02"}, "issued_on", "date.future"),
        ({"issued_on": None}, "issued_on", "date.malformed"),
        ({"values": {}}, "values", "opinion.empty"),
        ({"values": {"revenue": "NaN"}}, "revenue", "amount.format"),
        ({"values": {"revenue": "1.001"}}, "revenue", "amount.format"),
        ({"values": {"revenue": "1", "colour": "red"}}, "colour", "field.unknown"),
        ({"note": "x"}, "note", "field.unknown"),
    ],
)
def test_a_malformed_opinion_is_refused_by_its_entry(
    changes: dict[str, Any], field: str, code: str
) -> None:
    whole = {
        "kind": "auditor",
        "issuer": "立信会计师事务所",
        "issued_on": "2026-02-01",
        "values": {"revenue": "1"},
    }
    with pytest.raises(FindingsViolation) as refused:
        read_opinion({**whole, **changes}, date(2026, 3, 1))
    assert (field, code) in [(found.field, found.code) for found in refused.value.findings]
