"""Concentration (集中度): how much of the book one industry, region, group or customer has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.portfolio.exposure import Exposure, share_of, total
from domain.portfolio.policy import PortfolioPolicy

UNKNOWN = "unknown"


class Standing(StrEnum):
    """Where a share stands against its limit."""

    WITHIN = "within"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Concentration:
    """One member of a dimension. `share` of the book and `limit` are fractions of 1."""

    member: str
    customers: int
    notes: int
    outstanding: Decimal
    share: Decimal
    limit: Decimal
    standing: Standing


def concentrations(
    book: Iterable[Exposure], dimension: str, policy: PortfolioPolicy
) -> tuple[Concentration, ...]:
    """The members of a dimension, the largest first. Notes of one currency."""
    notes = tuple(note for note in book if note.outstanding)
    whole = total(notes)
    members: defaultdict[str, list[Exposure]] = defaultdict(list)
    for note in notes:
        member = _member(note, dimension)
        if member is not None:
            members[member].append(note)
    found = (_one(member, part, dimension, whole, policy) for member, part in members.items())
    return tuple(sorted(found, key=lambda one: (-one.outstanding, one.member)))


def _member(note: Exposure, dimension: str) -> str | None:
    """Whom the note counts for; a firm of its own belongs to no group."""
    if dimension == "customer":
        return str(note.customer_id)
    if dimension == "group":
        return note.group
    return (note.industry if dimension == "industry" else note.region) or UNKNOWN


def _one(
    member: str, notes: list[Exposure], dimension: str, whole: Decimal, policy: PortfolioPolicy
) -> Concentration:
    share, limit = share_of(total(notes), whole), policy.limit_of(dimension, member)
    return Concentration(
        member=member,
        customers=len({note.customer_id for note in notes}),
        notes=len(notes),
        outstanding=total(notes),
        share=share,
        limit=limit,
        standing=_standing(share, limit, policy.amber_from),
    )


def _standing(share: Decimal, limit: Decimal, amber_from: Decimal) -> Standing:
    if share > limit:
        return Standing.OVER
    return Standing.NEAR if share >= limit * amber_from else Standing.WITHIN
