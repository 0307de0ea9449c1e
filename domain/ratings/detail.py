"""What a rating rested on, as values: kept with it as JSON, read again for its page.

Decimals are texts in the JSON, so that what was computed is what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class RatedPart:
    """One ratio: its value or why there is none, the points it brought and those it lost."""

    name: str
    value: Decimal | None
    gap: str | None
    bin: int | None
    points: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one model says beside the scorecard: a grade, or a verdict by its own zones."""

    model: str
    value: Decimal | None
    verdict: str
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A rule that held the grade down."""

    id: str
    grade: str


@dataclass(frozen=True, slots=True)
class Lift:
    """What one ratio would have to become for a better grade; no value where it is not known."""

    name: str
    value: Decimal | None
    wanted: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class Move:
    """How many points one ratio brought more (or less) than at the rating before."""

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class RatingDetail:
    """Everything beside the grade. `missing` are (field, code) pairs."""

    opinions: tuple[Opinion, ...] = ()
    caps: tuple[Cap, ...] = ()
    parts: tuple[RatedPart, ...] = ()
    lifts: tuple[Lift, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    moved: tuple[Move, ...] = ()

    @property
    def most_lost(self) -> Decimal:
        """The most points one ratio lost; the scale of the picture."""
        return max((part.lost for part in self.parts), default=Decimal(0)) or Decimal(1)


def moves(before: RatingDetail, after: RatingDetail, most: int = 3) -> tuple[Move, ...]:
    """What moved the score most since the rating before, largest first."""
    had = {part.name: part.points for part in before.parts}
    found = (
        Move(part.name, part.points - had[part.name]) for part in after.parts if part.name in had
    )
    changed = [move for move in found if move.points != 0]
    return tuple(sorted(changed, key=lambda move: (-abs(move.points), move.name))[:most])


def document_of(detail: RatingDetail) -> dict[str, Any]:
    """The detail as JSON."""
    return {
        "opinions": [
            {"model": one.model, "value": _text(one.value), "verdict": one.verdict}
            | ({"grade": one.grade} if one.grade else {})
            for one in detail.opinions
        ],
        "caps": [{"id": cap.id, "grade": cap.grade} for cap in detail.caps],
        "parts": [
            {
                "name": part.name,
                "value": _text(part.value),
                "gap": part.gap,
                "bin": part.bin,
                "points": _text(part.points),
                "lost": _text(part.lost),
            }
            for part in detail.parts
        ],
        "lifts": [
            {
                "name": lift.name,
                "value": _text(lift.value),
                "wanted": _text(lift.wanted),
                "grade": lift.grade,
            }
            for lift in detail.lifts
        ],
        "missing": [list(pair) for pair in detail.missing],
        "moved": [{"name": move.name, "points": _text(move.points)} for move in detail.moved],
    }


def detail_of(document: Mapping[str, Any]) -> RatingDetail:
    """The detail a rating was kept with; what an older one did not keep is empty."""
    return RatingDetail(
        opinions=tuple(
            Opinion(one["model"], _number(one["value"]), one["verdict"], one.get("grade"))
            for one in document.get("opinions", ())
        ),
        caps=tuple(Cap(cap["id"], cap["grade"]) for cap in document.get("caps", ())),
        parts=tuple(_part(part) for part in document.get("parts", ())),
        lifts=tuple(
            Lift(lift["name"], _number(lift["value"]), Decimal(lift["wanted"]), lift["grade"])
            for lift in document.get("lifts", ())
        ),
        missing=tuple((pair[0], pair[1]) for pair in document.get("missing", ())),
        moved=tuple(
            Move(move["name"], Decimal(move["points"])) for move in document.get("moved", ())
        ),
    )


def _part(part: Mapping[str, Any]) -> RatedPart:
    return RatedPart(
        name=part["name"],
        value=_number(part["value"]),
        gap=part["gap"],
        bin=part["bin"],
        points=Decimal(part["points"]),
        lost=Decimal(part["lost"]),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
