"""The sources, what each of them states, and which may be asked only with consent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class SourceName(StrEnum):
    """The outside sources. The bank's own history is not one of them."""

    REGISTRY = "registry"
    BUREAU = "bureau"
    BUREAU_CONTROLLER = "bureau_controller"
    TAX = "tax"
    COURTS = "courts"
    SANCTIONS = "sanctions"
    BANK_FLOW = "bank_flow"
    INVOICES = "invoices"
    RELATED_PARTIES = "related_parties"
    COLLATERAL_REGISTRY = "collateral_registry"


# Written consent before the query. Source: 征信业管理条例 §28
REQUIRES_CONSENT = frozenset({SourceName.BUREAU, SourceName.BUREAU_CONTROLLER})

ANSWER_SECONDS: Mapping[SourceName, float] = MappingProxyType(
    {
        SourceName.REGISTRY: 5.0,
        SourceName.BUREAU: 8.0,
        SourceName.BUREAU_CONTROLLER: 8.0,
        SourceName.TAX: 6.0,
        SourceName.COURTS: 5.0,
        SourceName.SANCTIONS: 4.0,
        SourceName.BANK_FLOW: 6.0,
        SourceName.INVOICES: 6.0,
        SourceName.RELATED_PARTIES: 8.0,
        SourceName.COLLATERAL_REGISTRY: 5.0,
    }
)
"""How long each source is waited for before that try counts as failed, in seconds."""

_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,6}")
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_FLAG = re.compile(r"true|false")
_SHARE = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")
_CLASS = re.compile(r"pass|special_mention|substandard|doubtful|loss")

# Every fact travels as text: counts and amounts as decimal digits, dates as ISO, flags as words.
FACT_SHAPES: Mapping[SourceName, Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        SourceName.REGISTRY: {
            "name": _TEXT,
            "legal_representative": _TEXT,
            "established_on": _DATE,
            "status": re.compile(r"active|abnormal|revoked"),
            "registered_capital": _AMOUNT,
            "address": _TEXT,
            "controller": _TEXT,
            "penalties": _COUNT,
        },
        SourceName.BUREAU: {
            "days_past_due_elsewhere": _COUNT,
            "open_loans": _COUNT,
            "worst_class": _CLASS,
        },
        SourceName.BUREAU_CONTROLLER: {
            "controller": _TEXT,
            "days_past_due_elsewhere": _COUNT,
            "worst_class": _CLASS,
        },
        SourceName.TAX: {
            "revenue": _AMOUNT,
            "net_profit": _AMOUNT,
            "tax_paid": _AMOUNT,
            "grade": re.compile(r"[ABCDM]"),
            "arrears": _AMOUNT,
        },
        SourceName.COURTS: {
            "dishonest_debtor": _FLAG,
            "open_cases": _COUNT,
            "claim_amount": _AMOUNT,
        },
        SourceName.SANCTIONS: {"hit": _FLAG},
        SourceName.BANK_FLOW: {"inflow_12m": _AMOUNT},
        SourceName.INVOICES: {"invoiced_12m": _AMOUNT, "largest_customer_share": _SHARE},
        SourceName.RELATED_PARTIES: {
            "controller": _TEXT,
            "related_firms": _COUNT,
            "circular_ownership": _FLAG,
            "related_in_default": _COUNT,
        },
        SourceName.COLLATERAL_REGISTRY: {
            "registrations": _COUNT,
            "secured_amount": _AMOUNT,
            "seized": _FLAG,
        },
    }
)
