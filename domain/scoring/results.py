"""What a model says of one borrower, with the parts it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

SCORE_STEP = Decimal("0.000001")

Inputs = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One term of the model: the input as the model sees it, and the points it brings."""

    name: str
    value: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is on the model's own scale and equals the sum of the contributions' points.

    With `missing` inputs there is no value, grade or probability: a neutral score would be a
    claim nobody can support. The policy refers such a case to a person.
    """

    model: str
    model_version: str
    value: Decimal | None
    grade: str | None
    pd: Decimal | None
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]


def unscored(model: str, model_version: str, missing: tuple[str, ...]) -> Score:
    """The score of a borrower whose inputs are not all known."""
    return Score(model, model_version, None, None, None, (), missing)


def known(facts: Inputs, name: str) -> Decimal | None:
    """The input, where it is there and finite."""
    value = facts.get(name)
    return value if value is not None and value.is_finite() else None


def contribution(name: str, value: Decimal, weight: Decimal) -> Contribution:
    """A weighted term; points rounded half-even to a millionth, so that parts sum exactly."""
    points = (value * weight).quantize(SCORE_STEP, ROUND_HALF_EVEN)
    return Contribution(name, value, points)
