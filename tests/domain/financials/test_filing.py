"""A filing is read from what was typed, all at once wrong or right, and comes back from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.financials.amounts import AmountUnit
from domain.financials.filing import TypedYear, content_of, filing_of, read_filing
from domain.financials.packing import packed, unpacked
from domain.financials.readings import ReadFigure, Reading, StatementSource
from domain.violations import FindingsViolation, LoanRuleViolation
from tests.domain.financials.firms import sound

READING = UUID("0f3b6c1e-7a55-4e0f-9d6e-0d6f5f9c4a11")


def column(key: str = "0", year: str = "2025", **changed: Any) -> TypedYear:
    lines = {name: f"{amount:,}" for name, amount in sound().lines.items()}
    given: dict[str, Any] = {"lines": lines, "audited": True, "auditor": "江南会计师事务所"}
    return TypedYear(key, year, **(given | changed))


def refused(*typed: TypedYear, currency: str = "CNY", unit: str = "1") -> dict[str, str]:
    with pytest.raises(FindingsViolation) as caught:
        read_filing(currency, unit, typed)
    return {found.field: found.code for found in caught.value.findings}


def test_figures_are_kept_in_the_currency_whatever_their_unit() -> None:
    lines = {"total_assets": "1,234.5678", "equity": "(12)"}
    filing = read_filing("CNY", "10000", [column(lines=lines)])
    assert filing.statements[0].lines == {
        "total_assets": Decimal("12345678.00"),
        "equity": Decimal("-120000.00"),
    }
    assert filing.unit is AmountUnit.TEN_THOUSAND


def test_blank_columns_are_left_out_and_dashes_are_nothing() -> None:
    blank = TypedYear("1", "2024", {"cash": " "})
    filing = read_filing("CNY", "1", [column(lines={"cash": "—", "equity": "5"}), blank])
    assert [dict(each.lines) for each in filing.statements] == [{"equity": Decimal("5.00")}]


def test_a_filing_comes_back_from_its_content() -> None:
    typed = [column("0", "2025", ended_on="2025-06-30"), column("1", "2024", audited=False)]
    for source, reading in ((StatementSource.TYPED, None), (StatementSource.PDF, READING)):
        filing = read_filing("USD", "1000", typed, source, reading)
        assert filing_of(json.loads(json.dumps(content_of(filing)))) == filing


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        (column(year="25"), "statements.0.year", "statement.year_wrong"),
        (column(year="1066"), "statements.0.year", "statement.year_wrong"),
        (column(lines={"cash": "much"}), "statements.0.cash", "figure.malformed"),
        (column(lines={"cash": "0.001"}), "statements.0.cash", "figure.too_fine"),
        (column(lines={"cash": "1" * 14}), "statements.0.cash", "figure.too_large"),
        (column(lines={"goodwill": "1"}), "statements", "statement.line_unknown"),
        (column(ended_on="2024-12-31"), "statements.0.ended_on", "statement.ended_wrong"),
        (column(ended_on="soon"), "statements.0.ended_on", "statement.ended_wrong"),
        (column(auditor=""), "statements.0.auditor", "statement.auditor_missing"),
        (column(auditor="a\u202eb"), "statements.0.auditor", "text.bidi"),
        (column(lines={}, auditor=""), "statements", "statement.no_years"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(typed: TypedYear, field: str, code: str) -> None:
    assert refused(typed) == {field: code}


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = refused(column(), column("1"), column("2", "x"), currency="XAU", unit="12")
    assert found == {
        "currency": "currency.unknown",
        "unit": "statement.unit_unknown",
        "statements.1.year": "statement.year_twice",
        "statements.2.year": "statement.year_wrong",
    }
    assert "statements" in refused(*(column(str(year), str(year)) for year in range(2010, 2020)))


@pytest.mark.parametrize(
    "changed",
    [
        {"years": None},
        {"years": [1]},
        {"years": [{"year": "x", "lines": {}}]},
        {"source": "guess"},
        {"source": "pdf"},
        {"unit": "12"},
        {"reading_id": "no id"},
        {"reading_id": str(READING)},
    ],
)
def test_content_of_another_shape_is_refused(changed: Mapping[str, Any]) -> None:
    content = content_of(read_filing("CNY", "1", [column()])) | dict(changed)
    with pytest.raises(LoanRuleViolation) as caught:
        filing_of(content)
    assert caught.value.code == "proposal.content"


def test_a_reading_comes_back_from_json() -> None:
    figure = ReadFigure(2024, "cash", Decimal("1.50"), "3", "货币资金 1.50", (("9", Decimal(2)),))
    reading = Reading(
        StatementSource.PDF, (figure,), AmountUnit.MILLION, None, {2024: True}, {2024: "A"}
    )
    assert unpacked(json.loads(json.dumps(packed(reading)))) == reading
