"""The papers of a corporate dossier: what is asked for, how long each holds, how it is checked.

Source: no rule binds banks to one list; this one follows the checklists banks publish for
working-capital loans (流动资金贷款), less what belongs to one application.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.customers.dossier.expiry import Expiry, expiry_of


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One item of the checklist. `valid_days` count from the day of issue where no end is named."""

    kind: str
    mandatory: bool = True
    valid_days: int | None = None


CHECKLIST: tuple[PaperRule, ...] = (
    PaperRule("business_licence"),
    PaperRule("articles"),
    PaperRule("legal_representative_id"),
    PaperRule("shareholder_register", valid_days=365),
    PaperRule("beneficial_owner_statement", valid_days=365),
    PaperRule("audited_statements", valid_days=550),
    PaperRule("tax_returns", valid_days=550),
    PaperRule("bank_flow", valid_days=180),
    PaperRule("debts_and_guarantees", valid_days=180),
    PaperRule("credit_authorisation", valid_days=365),
    PaperRule("permits", mandatory=False),
    PaperRule("power_of_attorney", mandatory=False, valid_days=365),
    PaperRule("trade_contracts", mandatory=False, valid_days=365),
    PaperRule("premises", mandatory=False),
    PaperRule("lawyer_opinion", mandatory=False, valid_days=365),
    PaperRule("other_paper", mandatory=False),
)
RULES_BY_KIND: Mapping[str, PaperRule] = {rule.kind: rule for rule in CHECKLIST}

SEEN_HOW = ("original_in_person", "certified_copy", "issuer_register", "video", "copy_only")
"""How a paper was checked (核验方式)."""
ORIGINAL_SEEN = frozenset({"original_in_person", "video"})
COPY_ONLY = "copy_only"
PAPER_VERDICTS = ("accepted", "rejected")


class PaperState(StrEnum):
    """Where an item of the checklist stands, by its newest version."""

    MISSING = "missing"
    RECEIVED = "received"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EXPIRED = "expired"


def valid_to(kind: str, issued_on: date | None, named: date | None) -> date | None:
    """The last day a paper counts: the one it names, else by its kind's days since its issue."""
    days = RULES_BY_KIND[kind].valid_days
    if named is not None or days is None or issued_on is None:
        return named
    return issued_on + timedelta(days=days)


def paper_state(verdict: str | None, valid_to_on: date | None, today: date) -> PaperState:
    """The state of a paper that is there; a rejection outlasts its validity."""
    if verdict == "rejected":
        return PaperState.REJECTED
    if expiry_of(valid_to_on, today) is Expiry.EXPIRED:
        return PaperState.EXPIRED
    return PaperState.VERIFIED if verdict == "accepted" else PaperState.RECEIVED
