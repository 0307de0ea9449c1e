"""One field on its own, as it is saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications import DRAFT_FIELDS, check_field
from domain.applications.readers import bank_code_checks
from tests.domain.applications.drafts import FIELDS


@pytest.mark.parametrize("name", FIELDS)
def test_a_good_field_has_no_finding_and_an_empty_one_is_only_a_gap(name: str) -> None:
    assert check_field(name, FIELDS[name]) == ()
    assert check_field(name, "") == ()


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("amount", "abc", "amount.format"),
        ("established_on", "2026-02-30", "date.impossible"),
        ("statements.2025.total_assets", "-1", "figure.negative"),
        ("statements.2025.goodwill", "1", "field.unknown"),
        ("statements.year.equity", "1", "field.unknown"),
        ("statements.2025", "1", "field.unknown"),
        ("shoe_size", "", "field.unknown"),
        ("payee_bank_code", "313651027013", "bank_code.check_digit"),
    ],
)
def test_a_finding_comes_back_under_the_forms_own_name(name: str, text: str, code: str) -> None:
    assert [(f.field, f.code) for f in check_field(name, text)] == [(name, code)]


def test_a_loss_may_be_typed_where_losses_occur() -> None:
    assert check_field("statements.2025.net_profit", "-120000.50") == ()


def test_every_field_is_named_once() -> None:
    assert len({field.name for field in DRAFT_FIELDS}) == len(DRAFT_FIELDS)


@pytest.mark.parametrize("code", ["313651027012", "303791000177", "402873300150"])
def test_published_bank_codes_fit_their_last_digit(code: str) -> None:
    assert bank_code_checks(code)
    others = {code[:-1] + digit for digit in "0123456789"} - {code}
    assert not any(bank_code_checks(other) for other in others)


@given(st.sampled_from([field.name for field in DRAFT_FIELDS]), st.text())
def test_any_text_gets_at_most_one_finding_under_its_field(name: str, text: str) -> None:
    findings = check_field(name, text)
    assert len(findings) <= 1
    assert all(finding.field == name for finding in findings)
