"""A draft as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications import (
    DRAFT_FIELDS,
    STATEMENT_LINES,
    declared_facts,
    score_inputs,
    statement_years,
)
from domain.schedules import RepaymentMethod
from domain.scoring import score
from tests.domain.applications.drafts import (
    DOCUMENTS,
    FIELDS,
    LINES,
    STATEMENTS,
    checked,
    found,
)


def test_a_complete_draft_becomes_facts() -> None:
    check = checked()
    assert check.findings == ()
    assert check.warnings == ()
    assert check.completeness_percent == 100
    assert check.facts is not None
    assert check.facts.amount == Decimal("800000.00")
    assert check.facts.repayment_method is RepaymentMethod.EQUAL_INSTALMENT
    assert check.facts.established_on == date(2012, 5, 20)
    assert check.facts.payee_account == "6222000011112222"
    assert [statement.year for statement in check.facts.statements] == [2025, 2024, 2023]


def test_an_empty_draft_names_every_gap_at_once() -> None:
    check = checked({}, {}, ())
    expected = {(f.name, "field.required") for f in DRAFT_FIELDS if f.required and not f.models}
    expected |= {(f"statements.{y}", "statement.missing_year") for y in (2025, 2024, 2023)}
    expected |= {(d.field, "document.required") for d in DOCUMENTS}
    assert set(found(check)) == expected
    assert check.completeness_percent == 0
    assert check.facts is None


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("amount", "NaN", "amount.format"),
        ("amount", "1e6", "amount.format"),
        ("amount", "８００", "amount.format"),
        ("amount", "-800000", "amount.format"),
        ("amount", "800000.001", "amount.scale"),
        ("amount", "99999.99", "amount.out_of_range"),
        ("amount", "50000000.01", "amount.out_of_range"),
        ("amount", "99999999999999", "amount.range"),
        ("currency", "USD", "currency.not_offered"),
        ("currency", "XAU", "choice.unknown"),
        ("tenor_months", "0", "tenor.out_of_range"),
        ("tenor_months", "37", "tenor.out_of_range"),
        ("tenor_months", "12.5", "integer.malformed"),
        ("tenor_months", "012", "integer.malformed"),
        ("repayment_method", "guess", "choice.unknown"),
        ("product_code", "TAX_MICRO", "product.mismatch"),
        ("established_on", "2026-02-30", "date.impossible"),
        ("established_on", "2026-13-01", "date.impossible"),
        ("established_on", "0001-01-01", "date.impossible"),
        ("established_on", "20-05-2012", "date.malformed"),
        ("established_on", "2012-5-20", "date.malformed"),
        ("established_on", "2026-03-03", "date.future"),
        ("industry", "Z", "choice.unknown"),
        ("employees", "-1", "integer.malformed"),
        ("legal_representative", "王\u202e建国", "text.bidi"),
        ("legal_representative", "王\x00建国", "text.control"),
        ("purpose", "x" * 2001, "text.too_long"),
        ("handler_phone", "call me", "phone.malformed"),
        ("signatory_email", "wang@", "email.malformed"),
        ("signatory_email", "wang@例子.com", "email.malformed"),
        ("payee_account", "6" * 33, "account.malformed"),
        ("payee_account", "IBAN12", "account.malformed"),
        ("payee_bank_code", "31365102701", "bank_code.malformed"),
        ("payee_name", "   ", "field.required"),
        ("favourite_colour", "red", "field.unknown"),
    ],
)
def test_one_wrong_field_is_the_only_finding(name: str, text: str, code: str) -> None:
    check = checked({**FIELDS, name: text})
    assert (name, code) in found(check)
    assert {field for field, _ in found(check) if not field.startswith("statements.")} == {name}
    assert check.facts is None


def test_a_finding_never_repeats_what_was_typed() -> None:
    check = checked({**FIELDS, "amount": "123456789", "payee_account": "secret-account"})
    params = [value for finding in check.findings for value in finding.params.values()]
    assert "123456789" not in params
    assert "secret-account" not in params


def test_a_bank_code_whose_last_digit_does_not_fit_is_only_a_warning() -> None:
    check = checked({**FIELDS, "payee_bank_code": "313651027013"})
    assert check.findings == ()
    assert [(w.field, w.code) for w in check.warnings] == [
        ("payee_bank_code", "bank_code.check_digit")
    ]
    assert check.facts is not None


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("total_assets", "", ("total_assets", "field.required")),
        ("revenue", "-1", ("revenue", "figure.negative")),
        ("revenue", "1,000", ("revenue", "figure.malformed")),
        ("revenue", "Infinity", ("revenue", "figure.malformed")),
        ("equity", "7000000", ("total_assets", "statement.unbalanced")),
        ("equity", "-6000000", ("total_assets", "statement.unbalanced")),
        ("current_assets", "10000000.01", ("current_assets", "statement.part_exceeds_whole")),
        (
            "current_liabilities",
            "4000000.01",
            ("current_liabilities", "statement.part_exceeds_whole"),
        ),
        ("goodwill", "1", ("goodwill", "field.unknown")),
    ],
)
def test_a_wrong_line_is_found_by_its_year_and_name(
    line: str, text: str, expected: tuple[str, str]
) -> None:
    check = checked(statements={**STATEMENTS, "2024": {**LINES, line: text}})
    assert found(check) == [(f"statements.2024.{expected[0]}", expected[1])]


@pytest.mark.parametrize(
    ("equity", "balances"),
    [("6010000", True), ("6010000.01", False), ("5990000", True), ("5989999.99", False)],
)
def test_a_balance_sheet_may_be_off_by_one_in_a_thousand(equity: str, balances: bool) -> None:
    check = checked(statements={**STATEMENTS, "2025": {**LINES, "equity": equity}})
    assert (check.findings == ()) is balances


def test_losses_and_negative_net_worth_are_figures_like_others() -> None:
    sick = {**LINES, "total_liabilities": "12000000", "equity": "-2000000", "net_profit": "-5"}
    check = checked(statements={**STATEMENTS, "2025": sick})
    assert check.facts is not None
    assert check.facts.statements[0].equity == Decimal(-2_000_000)


def test_a_balance_sheet_of_nothing_is_refused() -> None:
    empty = dict.fromkeys(LINES, "0")
    check = checked(statements={**STATEMENTS, "2025": empty})
    assert found(check) == [("statements.2025.total_assets", "statement.no_assets")]


def test_years_before_the_firm_existed_are_not_asked_for() -> None:
    young = {**FIELDS, "established_on": "2025-02-01"}
    check = checked(young, {"2025": LINES})
    assert check.findings == ()
    assert check.completeness_percent == 100


def test_a_missing_document_and_a_bad_one_are_both_found() -> None:
    bad = replace(DOCUMENTS[1], size=0)
    check = checked(documents=(bad, *DOCUMENTS[2:]))
    assert found(check) == [
        ("documents.business_licence", "document.required"),
        ("documents.articles", "document.empty"),
    ]


SBA_FIELDS = {
    "product_code": "US_SBA",
    "amount": "40000",
    "currency": "USD",
    "tenor_months": "84",
    "repayment_method": "equal_instalment",
    "purpose": "Working capital",
    "guaranteed_amount": "30000",
    "real_estate_backed": "yes",
    "in_recession": "no",
}


def test_a_guaranteed_small_business_loan_needs_only_its_own_fields() -> None:
    check = checked(SBA_FIELDS, {}, (), "US_SBA")
    assert check.findings == ()
    assert check.facts is not None
    assert check.facts.established_on is None
    assert round(score("li_2018", score_inputs(check.facts)).pd or 0, 2) == Decimal("0.05")
    assert score("altman_em", score_inputs(check.facts)).grade is None


def test_a_guarantee_above_the_loan_is_found() -> None:
    check = checked({**SBA_FIELDS, "guaranteed_amount": "40000.01"}, {}, (), "US_SBA")
    assert found(check) == [("guaranteed_amount", "guarantee.exceeds_amount")]


def test_the_facts_feed_the_model_and_the_comparison() -> None:
    facts = checked().facts
    assert facts is not None
    assert score("altman_em", score_inputs(facts)).grade == "AAA"
    declared = declared_facts("北京远山科技有限公司", facts)
    assert declared["revenue"] == Decimal(20_000_000)
    assert declared["legal_representative"] == "王建国"


def test_the_last_finished_years_are_asked_for_newest_first() -> None:
    assert statement_years(date(2026, 1, 1), 3) == (2025, 2024, 2023)
    assert statement_years(date(2026, 12, 31), 3, date(2024, 12, 31)) == (2025, 2024)
    assert statement_years(date(2026, 6, 1), 0) == ()


ANY_NAME = st.sampled_from([*FIELDS, "unknown"])
ANY_LINE = st.sampled_from([*(line.name for line in STATEMENT_LINES), "unknown"])


@given(
    st.dictionaries(ANY_NAME, st.text()),
    st.dictionaries(st.sampled_from(["2025", "2024", "x"]), st.dictionaries(ANY_LINE, st.text())),
)
def test_whatever_is_typed_is_judged_and_facts_are_there_only_without_findings(
    fields: dict[str, str], statements: dict[str, dict[str, str]]
) -> None:
    check = checked({**FIELDS, **fields}, {**STATEMENTS, **statements})
    assert (check.facts is None) == bool(check.findings)
    assert 0 <= check.completeness_percent <= 100
