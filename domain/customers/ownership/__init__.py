"""Ownership (股权): the graph of shares, what lies behind a firm, who controls it, circles."""

from domain.customers.ownership.circles import Circle, circles
from domain.customers.ownership.control import controlled_by, controllers_of, votes_in
from domain.customers.ownership.graph import PARTIES_MAX, Holding, Ownership
from domain.customers.ownership.lookthrough import LookThrough, look_through
from domain.customers.ownership.owners import (
    BENEFICIAL,
    BeneficialOwner,
    OwnerBasis,
    OwnershipPicture,
    Stake,
    picture_of,
)

__all__ = [
    "BENEFICIAL",
    "PARTIES_MAX",
    "BeneficialOwner",
    "Circle",
    "Holding",
    "LookThrough",
    "OwnerBasis",
    "Ownership",
    "OwnershipPicture",
    "Stake",
    "circles",
    "controlled_by",
    "controllers_of",
    "look_through",
    "picture_of",
    "votes_in",
]
