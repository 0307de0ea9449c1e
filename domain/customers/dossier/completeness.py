"""How complete a dossier is, in percent, and what is missing, each with its weight.

Unit: percent of the weights. Rounding: down, so that only a whole dossier reads 100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.customers.dossier.expiry import Expiry, expiry_of
from domain.customers.dossier.papers import CHECKLIST, PaperState
from domain.customers.dossier.reading import share_of
from domain.customers.dossier.sections import (
    CONTACTS,
    DIRECTORS,
    IDENTITY,
    LICENCES,
    SECTIONS,
    SHAREHOLDERS,
)
from domain.customers.dossier.whole import Items

STATEMENT_YEARS = 3
SHARES_KNOWN_PERCENT = Decimal(75)
"""With more than this known, nobody unknown can hold a beneficial owner's quarter."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a whole dossier has: where it stands, what it is called, and how much it weighs."""

    section: str
    what: str
    weight: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """The percentage reached, and what is missing, heaviest first."""

    percent: int
    missing: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a dossier holds on a day, as its completeness is judged."""

    items: Items
    papers: Mapping[str, PaperState]
    statement_years: int
    owners_known: bool


REQUIREMENTS: tuple[Requirement, ...] = (
    *(Requirement(IDENTITY, field.name, 3) for field in SECTIONS[IDENTITY].fields),
    Requirement(LICENCES, "business_licence", 6),
    Requirement(SHAREHOLDERS, "shares_known", 8),
    Requirement(SHAREHOLDERS, "beneficial_owner", 8),
    Requirement(DIRECTORS, "manager_in_charge", 4),
    Requirement(CONTACTS, "contact", 4),
    Requirement("statements", "statement_years", 12),
    *(Requirement("papers", rule.kind, 4) for rule in CHECKLIST if rule.mandatory),
)


def completeness_of(held: Holdings, today: date) -> Completeness:
    """Judge a dossier by the requirements."""
    missing = [one for one in REQUIREMENTS if not _is_met(one, held, today)]
    whole = sum(one.weight for one in REQUIREMENTS)
    reached = whole - sum(one.weight for one in missing)
    by_weight = sorted(missing, key=lambda one: -one.weight)
    return Completeness(reached * 100 // whole, tuple(by_weight))


def _is_met(requirement: Requirement, held: Holdings, today: date) -> bool:
    if requirement.section == IDENTITY:
        return (IDENTITY, requirement.what) in held.items
    if requirement.section == "papers":
        return held.papers.get(requirement.what) is PaperState.VERIFIED
    return _CHECKS[requirement.what](held, today)


def _has_licence(held: Holdings, today: date) -> bool:
    return any(
        data["licence"] == "business_licence"
        and expiry_of(_day(data.get("valid_to_on")), today) is not Expiry.EXPIRED
        for data in _of(held.items, LICENCES)
    )


def _shares_known(held: Holdings, _today: date) -> bool:
    known = sum((share_of(data) for data in _of(held.items, SHAREHOLDERS)), Decimal(0))
    return known > SHARES_KNOWN_PERCENT


def _has_manager(held: Holdings, _today: date) -> bool:
    in_charge = ("general_manager", "chair", "executive_director")
    return any(data["position"] in in_charge for data in _of(held.items, DIRECTORS))


_CHECKS: Mapping[str, Callable[[Holdings, date], bool]] = {
    "business_licence": _has_licence,
    "shares_known": _shares_known,
    "beneficial_owner": lambda held, _today: held.owners_known,
    "manager_in_charge": _has_manager,
    "contact": lambda held, _today: bool(_of(held.items, CONTACTS)),
    "statement_years": lambda held, _today: held.statement_years >= STATEMENT_YEARS,
}


def _of(items: Items, section: str) -> list[Mapping[str, str]]:
    return [data for (code, _), data in items.items() if code == section]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
