"""Registration numbers of borrowers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import (
    USCC_ALPHABET,
    RegistrationScheme,
    organisation_check_character,
    parse_registration_number,
    uscc_check_character,
)
from domain.violations import LoanRuleViolation

USCC = RegistrationScheme.CN_USCC
# Sum divisible by 31 in the first, letters in the organisation code in the second.
GOOD_CODES = ["91110105MA00003490", "91350100M000100Y43", "91110108551385082Q"]


def code_for(scheme: RegistrationScheme, text: str) -> str:
    with pytest.raises(LoanRuleViolation) as refusal:
        parse_registration_number(scheme, text)
    return refusal.value.code


@pytest.mark.parametrize("code", GOOD_CODES)
def test_a_good_credit_code_is_accepted(code: str) -> None:
    assert parse_registration_number(USCC, code).value == code


def test_small_letters_and_outer_spaces_are_forgiven() -> None:
    assert parse_registration_number(USCC, "  91350100m000100y43 ").value == "91350100M000100Y43"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9111010855138508",
        "91110108551385082QQ",
        "9111010855138508IQ",
        "９1110108551385082Q",
        "91110108551385082Ｑ",
        "91110108 551385082Q",
        "91110108551385082Q\n",
        "91110108551385082\u017f",
    ],
)
def test_a_code_of_the_wrong_shape_is_refused(text: str) -> None:
    assert code_for(USCC, text) == "registration.format"


@pytest.mark.parametrize("code", GOOD_CODES)
@pytest.mark.parametrize("place", range(18))
def test_one_changed_character_is_found(code: str, place: int) -> None:
    other = "8" if code[place] != "8" else "7"
    changed = code[:place] + other + code[place + 1 :]
    assert code_for(USCC, changed) == "registration.check_digit"


def made_code(prefix: str, organisation: str) -> str:
    body = prefix + organisation + organisation_check_character(organisation)
    return body + uscc_check_character(body)


@given(
    st.text(USCC_ALPHABET, min_size=8, max_size=8), st.text(USCC_ALPHABET, min_size=8, max_size=8)
)
def test_every_code_made_by_the_standard_is_accepted(prefix: str, organisation: str) -> None:
    code = made_code(prefix, organisation)
    assert parse_registration_number(USCC, code).value == code


@pytest.mark.parametrize("authority", ["N2", "Y1", "A1"])
def test_registries_that_begin_with_a_letter_are_accepted(authority: str) -> None:
    code = made_code(f"{authority}110000", "MA000034")
    assert parse_registration_number(USCC, code).value == code


def test_an_organisation_code_that_does_not_check_is_refused_though_the_last_character_fits() -> (
    None
):
    body = "91110105MA0000340"
    assert code_for(USCC, body + uscc_check_character(body)) == "registration.check_digit"


def test_a_loan_number_of_the_us_agency_has_ten_digits() -> None:
    scheme = RegistrationScheme.US_SBA
    assert parse_registration_number(scheme, "1004285007").value == "1004285007"
    assert code_for(scheme, "100428500") == "registration.format"
    assert code_for(scheme, "100428500A") == "registration.format"


def test_other_numbers_are_letters_digits_and_three_signs() -> None:
    scheme = RegistrationScheme.OTHER
    assert parse_registration_number(scheme, "hrb-12345/b").value == "HRB-12345/B"
    assert code_for(scheme, "HRB 12345") == "registration.format"
    assert code_for(scheme, "-1") == "registration.format"


@given(st.sampled_from(RegistrationScheme), st.text())
def test_any_text_is_either_read_or_refused_by_name(scheme: RegistrationScheme, text: str) -> None:
    code = ""
    try:
        number = parse_registration_number(scheme, text)
    except LoanRuleViolation as violation:
        code = violation.code
    else:
        assert number.value.isascii()
        assert parse_registration_number(scheme, number.value) == number
    assert code in {"", "registration.format", "registration.check_digit"}
