"""Figures as statements write them are read exactly, or refused; never guessed."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.financials.amounts import AmountUnit, in_currency, in_unit, read_stated
from domain.violations import LoanRuleViolation


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234567.89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("１，２３４，５６７．８９", "1234567.89"),
        (" 1 234 ", "1234"),
        ("(1,234.50)", "-1234.50"),
        ("( 1,234.50 )", "-1234.50"),
        ("- ¥1,234", "-1234"),
        ("（1,234.50）", "-1234.50"),
        ("-1,234", "-1234"),
        ("−1,234", "-1234"),
        ("1,234-", "-1234"),
        ("¥ 1,000", "1000"),
        ("+5", "5"),
        ("0", "0"),
        ("(0)", "0"),
    ],
)
def test_each_way_of_writing_is_read(text: str, amount: str) -> None:
    assert read_stated(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "——", "－", "/", "N/A"])
def test_a_dash_is_nothing_stated_and_not_zero(text: str) -> None:
    assert read_stated(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1,23", "12,3456", "1.2.3", "1e5", "12%", "1.2万", "abc", "1,234.", "(1", "NaN"),
        *("Infinity", "#REF!", "=1+1", "1" * 21, "1 " * 40, "--5", "12 34", "100 2000"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"figure\.malformed"):
        read_stated(text)


@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=2), st.sampled_from(list(AmountUnit))
)
def test_a_unit_there_and_back_loses_nothing(amount: Decimal, unit: AmountUnit) -> None:
    assert in_currency(in_unit(amount, unit), unit) == amount
    assert read_stated(f"{in_unit(amount, unit):f}") == in_unit(amount, unit)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(LoanRuleViolation):
        read = read_stated(text)
        assert read is None or read.is_finite()


@pytest.mark.parametrize(
    ("stated", "unit", "code"),
    [
        ("0.001", AmountUnit.ONE, "figure.too_fine"),
        ("0.0000001", AmountUnit.TEN_THOUSAND, "figure.too_fine"),
        ("10000000000000", AmountUnit.ONE, "figure.too_large"),
        ("99999999", AmountUnit.MILLION, "figure.too_large"),
    ],
)
def test_what_no_book_holds_is_refused(stated: str, unit: AmountUnit, code: str) -> None:
    with pytest.raises(LoanRuleViolation, match=code):
        in_currency(Decimal(stated), unit)
