"""Names and paragraphs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import clean_name, clean_paragraph, name_key
from domain.violations import LoanRuleViolation


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Acme\x00 Ltd", "text.control"),
        ("Acme\nLtd", "text.control"),
        ("Acme\tLtd", "text.control"),
        ("Acme\x85Ltd", "text.control"),
        ("Acme\u2028Ltd", "text.control"),
        ("Ac\u200bme", "text.control"),
        ("Ac\u200dme", "text.control"),
        ("\ufeffAcme", "text.control"),
        ("Ac\u00adme", "text.control"),
        ("Acme\ud800", "text.control"),
        ("Acme\ue000", "text.control"),
        ("Acme\ufdd0", "text.control"),
        ("Acme\U0010ffff", "text.control"),
        ("Acme\u202etxt", "text.bidi"),
        ("Acme\u2066x", "text.bidi"),
        ("Acme\u200f", "text.bidi"),
        ("", "text.blank"),
        (" \u3000\u00a0", "text.blank"),
        ("\u3164", "text.blank"),
        ("甲" * 121, "text.too_long"),
    ],
)
def test_a_name_with_something_hidden_is_refused(text: str, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as refusal:
        clean_name(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "name", ["北京远山科技有限公司", "Müller & Söhne GmbH", "甲" * 120, "𠮷野"]
)
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert clean_name(f" {name} ") == name


def test_a_name_is_kept_in_composed_form() -> None:
    assert clean_name("Mu\u0308ller") == "Müller"


def test_a_paragraph_keeps_its_lines() -> None:
    assert (
        clean_paragraph("buy steel\r\npay wages\rrent\tshop") == "buy steel\npay wages\nrent\tshop"
    )


def test_a_paragraph_has_its_own_limit() -> None:
    assert clean_paragraph("a" * 2000)
    with pytest.raises(LoanRuleViolation, match=r"text\.too_long"):
        clean_paragraph("a" * 2001)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ａｃｍｅ　Ltd", "acme LTD"),
        ("北京 远山", "北京远山"),
        ("STRASSE", "straße"),
        ("（北京）公司", "(北京)公司"),
    ],
)
def test_look_alike_names_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text())
def test_what_is_kept_is_kept_again_and_holds_nothing_hidden(text: str) -> None:
    code = ""
    try:
        name = clean_name(text)
    except LoanRuleViolation as violation:
        code = violation.code
    else:
        assert clean_name(name) == name
        assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"} for c in name)
    assert code in {"", "text.control", "text.bidi", "text.blank", "text.too_long"}


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
