"""Whose loan a bank line speaks of, by its own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.bank_statements import BankLine, LineKind, claims_of

LOAN = UUID("6f1c2a34-0000-4000-8000-0000000000aa")


def line(remittance: str, end_to_end: str = "") -> BankLine:
    return BankLine(
        kind=LineKind.CREDIT,
        reference="R",
        amount=Decimal("1.00"),
        currency="CNY",
        value_on=date(2026, 3, 2),
        remittance=remittance,
        end_to_end=end_to_end,
    )


def test_a_debit_key_is_read_from_the_end_to_end_id() -> None:
    found = claims_of(line("", f"coll:{LOAN}:12"))
    assert found.debit_keys == ((LOAN, f"coll:{LOAN}:12"),)
    assert found.loan_ids == ()


def test_case_numbers_and_loan_ids_are_found_once_each_among_other_words() -> None:
    text = f"还 CL20260101-000007，CL20260101-000007 / {str(LOAN).upper()} CL20260101-000008."
    found = claims_of(line(text))
    assert found.case_numbers == ("CL20260101-000007", "CL20260101-000008")
    assert found.loan_ids == (LOAN,)


def test_longer_numbers_are_no_case_numbers() -> None:
    assert claims_of(line("CL20260101-0000071 XCL20260101-000007")).case_numbers == ()
