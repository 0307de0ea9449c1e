"""One field on its own: what can be said while the officer is still typing."""

from __future__ import annotations

from collections.abc import Callable

from domain.applications.fields import FIELDS_BY_NAME, LINES_BY_NAME, DraftField, FieldKind
from domain.applications.readers import (
    bank_code_checks,
    read_account,
    read_amount,
    read_bank_code,
    read_case_number,
    read_date,
    read_email,
    read_figure,
    read_phone,
    read_whole,
    read_year,
)
from domain.texts import clean_name, clean_paragraph
from domain.violations import Finding, LoanRuleViolation

DEFAULT_CURRENCY = "CNY"
_MAX_STATEMENT_PARTS = 3

_SHAPED: dict[str, Callable[[str], object]] = {
    "handler_phone": read_phone,
    "signatory_email": read_email,
    "payee_account": read_account,
    "payee_bank_code": read_bank_code,
    "refinances": read_case_number,
}

_BY_KIND: dict[FieldKind, Callable[[str], object]] = {
    FieldKind.TEXT: clean_name,
    FieldKind.PARAGRAPH: clean_paragraph,
    FieldKind.INTEGER: read_whole,
    FieldKind.DATE: read_date,
    FieldKind.YEAR: read_year,
}


def read_field(field: DraftField, text: str, currency: str = DEFAULT_CURRENCY) -> object:
    """The typed value of one field. Violations: those of its reader, `choice.unknown`."""
    if field.kind is FieldKind.AMOUNT:
        return read_amount(text, currency)
    if field.kind is FieldKind.CHOICE:
        return _read_choice(field, text)
    return _SHAPED.get(field.name, _BY_KIND[field.kind])(text)


def check_field(name: str, text: str) -> tuple[Finding, ...]:
    """Findings for one field as it is saved; an empty field is only a gap, so it has none.

    `name` is the form's: `amount` or `statements.2025.total_assets`. Code for a name the form
    does not have: `field.unknown`.
    """
    if not text.strip():
        return () if _is_known(name) else (Finding(name, "field.unknown"),)
    try:
        _read_named(name, text)
    except LoanRuleViolation as violation:
        return (Finding(name, violation.code, violation.params),)
    return warnings_of(name, text)


def warnings_of(name: str, text: str) -> tuple[Finding, ...]:
    """What is worth a second look but stops nothing. Code: `bank_code.check_digit`."""
    if name != "payee_bank_code" or bank_code_checks(read_bank_code(text)):
        return ()
    return (Finding(name, "bank_code.check_digit"),)


def statement_field(year: int | str, line: str) -> str:
    """The form's name of one line of one year."""
    return f"statements.{year}.{line}"


def _read_named(name: str, text: str) -> None:
    if name in FIELDS_BY_NAME:
        read_field(FIELDS_BY_NAME[name], text)
        return
    if not _is_known(name):
        raise LoanRuleViolation("field.unknown")
    read_figure(text, LINES_BY_NAME[name.rpartition(".")[2]].may_be_negative)


def _is_known(name: str) -> bool:
    if name in FIELDS_BY_NAME:
        return True
    parts = name.split(".")
    return (
        len(parts) == _MAX_STATEMENT_PARTS
        and parts[0] == "statements"
        and parts[1].isascii()
        and parts[1].isdigit()
        and parts[2] in LINES_BY_NAME
    )


def _read_choice(field: DraftField, text: str) -> str:
    choice = text.strip(" ")
    if field.choices and choice not in field.choices:
        raise LoanRuleViolation("choice.unknown")
    return clean_name(choice)
