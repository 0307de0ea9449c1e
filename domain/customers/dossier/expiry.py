"""Whether what a licence or document proves still holds on a day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=60)
"""A licence or document that ends within this many days wants its successor."""


class Expiry(StrEnum):
    """Without an end, in force, about to end, ended. The last day still counts."""

    UNLIMITED = "unlimited"
    IN_FORCE = "in_force"
    SOON = "soon"
    EXPIRED = "expired"


def expiry_of(valid_to_on: date | None, today: date) -> Expiry:
    """How a last day of validity stands to a day."""
    if valid_to_on is None:
        return Expiry.UNLIMITED
    if valid_to_on < today:
        return Expiry.EXPIRED
    return Expiry.SOON if valid_to_on - today <= SOON else Expiry.IN_FORCE
