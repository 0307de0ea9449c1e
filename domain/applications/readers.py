"""Reading one field as typed: the value, or one violation that names the rule."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from domain.money import Currency, parse_amount
from domain.texts import clean_name
from domain.violations import LoanRuleViolation

_WHOLE = re.compile("0|[1-9][0-9]{0,6}")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"\+?[0-9](?:[0-9 -]{3,18})[0-9]")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_ACCOUNT = re.compile("[0-9]{1,32}")
_CASE_NUMBER = re.compile("CL[0-9]{8}-[0-9]{6}")
_BANK_CODE = re.compile("[0-9]{12}")
_FIGURE = re.compile(r"(-?)((?:0|[1-9][0-9]{0,12})(?:\.[0-9]{1,2})?)")
EARLIEST = date(1800, 1, 1)


def read_amount(text: str, currency: str) -> Decimal:
    """An amount in a currency's own scale. Violations: as `parse_amount`, `currency.unknown`."""
    try:
        known = Currency(currency)
    except ValueError as error:
        raise LoanRuleViolation("currency.unknown") from error
    return parse_amount(text.strip(" "), known)


def read_figure(text: str, may_be_negative: bool) -> Decimal:
    """A statement's line: at most 13 digits and 2 decimals; zero is a figure too.

    Violations: `figure.malformed`, `figure.negative`.
    """
    match = _FIGURE.fullmatch(text.strip(" "))
    if match is None:
        raise LoanRuleViolation("figure.malformed")
    value = Decimal(match[2])
    if not match[1] or not value:
        return value
    if not may_be_negative:
        raise LoanRuleViolation("figure.negative")
    return -value


def read_case_number(text: str) -> str:
    """The number of a case of this bank. Violation: `case_number.malformed`."""
    number = text.strip(" ").upper()
    if _CASE_NUMBER.fullmatch(number) is None:
        raise LoanRuleViolation("case_number.malformed")
    return number


def read_whole(text: str) -> int:
    """A whole number of 0 to 9,999,999. Violation: `integer.malformed`."""
    if _WHOLE.fullmatch(text.strip(" ")) is None:
        raise LoanRuleViolation("integer.malformed")
    return int(text)


def read_date(text: str) -> date:
    """A day as YYYY-MM-DD, not before 1800. Violations: `date.malformed`, `date.impossible`."""
    if _DATE.fullmatch(text.strip(" ")) is None:
        raise LoanRuleViolation("date.malformed")
    try:
        day = date.fromisoformat(text.strip(" "))
    except ValueError as error:
        raise LoanRuleViolation("date.impossible") from error
    if day < EARLIEST:
        raise LoanRuleViolation("date.impossible")
    return day


def read_year(text: str) -> int:
    """A calendar year of 1800 to 9999. Violation: `date.malformed`."""
    if re.fullmatch("[0-9]{4}", text) is None or int(text) < EARLIEST.year:
        raise LoanRuleViolation("date.malformed")
    return int(text)


def read_phone(text: str) -> str:
    """A telephone number. Violation: `phone.malformed`."""
    return _shaped(text, _PHONE, "phone.malformed")


def read_email(text: str) -> str:
    """A plain address; exotic spellings are refused. Violation: `email.malformed`."""
    return _shaped(text, _ADDRESS, "email.malformed")


def read_account(text: str) -> str:
    """An account number of 1 to 32 digits, spaces between groups removed.

    Violation: `account.malformed`.
    """
    return _shaped(text.replace(" ", ""), _ACCOUNT, "account.malformed")


def read_bank_code(text: str) -> str:
    """A bank's routing number (联行号) of 12 digits. Violation: `bank_code.malformed`."""
    return _shaped(text.replace(" ", ""), _BANK_CODE, "bank_code.malformed")


def bank_code_checks(code: str) -> bool:
    """Whether the last digit fits ISO 7064 MOD 11,10.

    Only ever a warning: the published directory rules, and no rule-book prints this check.
    """
    check = 10
    for digit in code[:-1]:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return (check + int(code[-1])) % 10 == 1


def _shaped(text: str, pattern: re.Pattern[str], code: str) -> str:
    value = clean_name(text)
    if pattern.fullmatch(value) is None:
        raise LoanRuleViolation(code)
    return value
