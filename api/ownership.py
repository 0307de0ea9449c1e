"""Who stands behind a customer, as an answer: shares as decimal fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from api.schemas.dossier import OwnershipTold
from persistence.queries.ownership import OwnershipView

_PLACES = Decimal("0.00000001")


def ownership_told(view: OwnershipView) -> OwnershipTold:
    """The picture; shares to eight places, half up."""
    found, parties = view.picture, view.graph.parties
    return OwnershipTold.model_validate(
        {
            "stakes": [
                {
                    "party": one.party,
                    "direct": _decimal(one.direct) if one.direct else None,
                    "effective": _decimal(one.effective),
                    "votes": _decimal(one.votes),
                }
                for one in found.stakes
            ],
            "beneficial_owners": [
                {"party": one.party, "share": _decimal(one.share), "bases": one.bases}
                for one in found.beneficial_owners
            ],
            "controller": found.controller,
            "declared_controllers": found.declared,
            "controller_differs": found.controller_differs,
            "chain": found.chain,
            "group": found.group,
            "circles": [
                {
                    "key": circle.key,
                    "path": [parties[key] for key in circle.path],
                    "explained": circle.key in view.explained,
                }
                for circle in found.circles
            ],
            "unknown": _decimal(found.unknown),
            "truncated": view.graph.truncated,
        }
    )


def _decimal(share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES, ROUND_HALF_UP)
