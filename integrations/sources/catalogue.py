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
    TAX = "tax"
    COURTS = "courts"
    SANCTIONS = "sanctions"
    BANK_FLOW = "bank_flow"


# Written consent before the query. Source: 征信业管理条例 §28
REQUIRES_CONSENT = frozenset({SourceName.BUREAU})

_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,6}")
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_FLAG = re.compile(r"true|false")

# Every fact travels as text: counts and amounts as decimal digits, dates as ISO, flags as words.
FACT_SHAPES: Mapping[SourceName, Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        SourceName.REGISTRY: {
            "name": _TEXT,
            "legal_representative": _TEXT,
            "established_on": _DATE,
            "status": re.compile(r"active|abnormal|revoked"),
        },
        SourceName.BUREAU: {
            "days_past_due_elsewhere": _COUNT,
            "open_loans": _COUNT,
            "worst_class": re.compile(r"pass|special_mention|substandard|doubtful|loss"),
        },
        SourceName.TAX: {
            "revenue": _AMOUNT,
            "net_profit": _AMOUNT,
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
    }
)
