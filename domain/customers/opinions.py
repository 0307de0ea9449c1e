"""What an audit report or a lawyer's opinion states, entered from the paper (审计、法律意见)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.applications.readers import read_date, read_year
from domain.customers.verification import AUDITOR, LAWYER
from domain.texts import clean_name
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
LICENCE_STATES = ("active", "abnormal", "revoked")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One paper: who gave it, when, and its values as texts by the matrix's fields."""

    kind: str
    issuer: str
    issued_on: date
    values: Mapping[str, str]


def _amount(text: str) -> str:
    plain = text.strip().replace(",", "")
    if _AMOUNT.fullmatch(plain) is None:
        raise LoanRuleViolation("amount.format")
    return plain


def _year(text: str) -> str:
    return str(read_year(text))


def _licence_status(text: str) -> str:
    if text not in LICENCE_STATES:
        raise LoanRuleViolation("choice.unknown")
    return text


READERS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    AUDITOR: {
        "statement_year": _year,
        "revenue": _amount,
        "net_profit": _amount,
        "total_assets": _amount,
        "equity": _amount,
        "tax": _amount,
    },
    LAWYER: {
        "name": clean_name,
        "legal_representative": clean_name,
        "registered_capital": _amount,
        "licence_status": _licence_status,
        "controller": clean_name,
    },
}
"""The values each kind of paper may state, and how each is read."""
_NAMES = frozenset({"kind", "issuer", "issued_on", "values"})


def read_opinion(content: Mapping[str, Any], today: date) -> Opinion:
    """The opinion a proposal holds. Violation: findings, each with its entry."""
    found = [Finding(name, "field.unknown") for name in sorted(set(content) - _NAMES)]
    kind = content.get("kind")
    if kind not in READERS:
        found.append(Finding("kind", "choice.unknown"))
    issuer = _read("issuer", content.get("issuer"), clean_name, found)
    issued_on = _day(content.get("issued_on"), today, found)
    values = _values(READERS.get(str(kind), {}), content.get("values"), found)
    if found or issued_on is None:
        raise FindingsViolation(found)
    return Opinion(str(kind), issuer, issued_on, values)


def _values(
    readers: Mapping[str, Callable[[str], str]], values: object, found: list[Finding]
) -> dict[str, str]:
    if not isinstance(values, Mapping) or not any(values.values()):
        found.append(Finding("values", "opinion.empty"))
        return {}
    known = {name: text for name, text in values.items() if text and name in readers}
    found.extend(Finding(str(name), "field.unknown") for name in sorted(set(values) - set(readers)))
    return {name: _read(name, text, readers[name], found) for name, text in known.items()}


def _read(name: str, text: object, read: Callable[[str], str], found: list[Finding]) -> str:
    try:
        return read(text if isinstance(text, str) else "")
    except LoanRuleViolation as refused:
        found.append(Finding(name, refused.code, refused.params))
        return ""


def _day(text: object, today: date, found: list[Finding]) -> date | None:
    try:
        day = read_date(text if isinstance(text, str) else "")
    except LoanRuleViolation as refused:
        found.append(Finding("issued_on", refused.code, refused.params))
        return None
    if day > today:
        found.append(Finding("issued_on", "date.future"))
    return day
