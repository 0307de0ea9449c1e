"""What happens to a customer outside the bank, as a feed or a person reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of events that make the bank look again."""

    OWNER_CHANGE = "owner_change"
    EQUITY_PLEDGE = "equity_pledge"
    COURT_CASE = "court_case"
    BANKRUPTCY_FILING = "bankruptcy_filing"
    ACCOUNT_FROZEN = "account_frozen"
    CONTROLLER_MISSING = "controller_missing"
    FALSE_MATERIAL = "false_material"
    STATEMENT_FILED = "statement_filed"
    LICENCE_EXPIRED = "licence_expired"
    LEGAL_REPRESENTATIVE_CHANGE = "legal_representative_change"
    INDUSTRY_CHANGE = "industry_change"
    ADDRESS_CHANGE = "address_change"
    GUARANTOR_WEAKENED = "guarantor_weakened"


FLAG_OF: Mapping[EventKind, str] = {
    EventKind.OWNER_CHANGE: "control_change",
    EventKind.EQUITY_PLEDGE: "control_change",
    EventKind.BANKRUPTCY_FILING: "bankruptcy",
    EventKind.ACCOUNT_FROZEN: "account_frozen",
    EventKind.CONTROLLER_MISSING: "controller_missing",
    EventKind.FALSE_MATERIAL: "false_material",
    EventKind.LEGAL_REPRESENTATIVE_CHANGE: "particulars_changed",
    EventKind.INDUSTRY_CHANGE: "particulars_changed",
    EventKind.ADDRESS_CHANGE: "particulars_changed",
    EventKind.GUARANTOR_WEAKENED: "guarantor_weakened",
}
"""The fact an event of a kind makes true."""

SOURCE_OF_FLAG: Mapping[str, str] = {
    "control_change": "registry",
    "particulars_changed": "registry",
    "bankruptcy": "courts",
    "account_frozen": "courts",
}
"""Facts a register would have told: where it answered and no event says otherwise, they are not
so. The others only a person or a check can find: without a report they are not known."""

VALUE_MAX = 500
FIELDS_MAX = 20


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field before and after; None where it was or is not stated."""

    field: str
    before: str | None
    after: str | None


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldDifference, ...]:
    """The fields that differ, by name."""
    names = sorted({*before, *after})
    pairs = (FieldDifference(name, before.get(name), after.get(name)) for name in names)
    return tuple(pair for pair in pairs if pair.before != pair.after)
