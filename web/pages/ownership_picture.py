"""The picture of who stands behind a firm: parties in layers, holders above whom they hold."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

from domain.customers.dossier import Party
from domain.customers.ownership import Holding
from persistence.queries.ownership import OwnershipView

BOX_WIDTH, BOX_HEIGHT = 196, 48
GAP_X, GAP_Y, MARGIN = 28, 76, 32
BOXES_MAX = 60
"""More parties than this make no picture; the table names them all."""
_NAME_WIDTH = 26  # in halves of a Chinese character


@dataclass(frozen=True, slots=True)
class Box:
    """One party at its place, in the picture's own units; `tone` is the class of its colour."""

    party: Party
    x: int
    y: int
    name: str
    tone: str
    customer: UUID | None


@dataclass(frozen=True, slots=True)
class Arrow:
    """One direct share, from holder to held, and where its label stands."""

    path: str
    x: int
    y: int
    share: Decimal
    in_circle: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The boxes and arrows; `hidden` counts the parties that are not drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    hidden: int


def as_decimal(share: Fraction | None) -> Decimal | None:
    """A share as a decimal fraction to six places; rounding: half up."""
    if share is None:
        return None
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def draw(view: OwnershipView) -> Picture | None:
    """The picture; None while nobody is named beside the firm itself."""
    levels = _levels(view)
    if len(levels) < 2:
        return None
    shown = dict(list(levels.items())[:BOXES_MAX])
    rows = _rows(view, shown)
    width = max(len(row) for row in rows) * (BOX_WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    places = _places(rows, width)
    knotted = {key for circle in view.picture.circles for key in circle.members}
    return Picture(
        width=width,
        height=len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN,
        boxes=tuple(_box(view, key, place, knotted) for key, place in places.items()),
        arrows=tuple(
            _arrow(one, places, knotted)
            for one in view.graph.holdings
            if one.holder in places and one.held in places
        ),
        hidden=len(levels) - len(shown),
    )


def _levels(view: OwnershipView) -> dict[str, int]:
    """Each party's layer, the firm itself at 0, its holders above; nearest parties first."""
    levels = {view.target: 0}
    waiting = [view.target]
    for key in waiting:
        for one in view.graph.holders_of(key):
            if one.holder not in levels:
                levels[one.holder] = levels[key] + 1
                waiting.append(one.holder)
    waiting = list(levels)
    for key in waiting:
        for one in view.graph.held_by(key):
            if one.held not in levels:
                levels[one.held] = levels[key] - 1
                waiting.append(one.held)
    for one in view.graph.holdings:
        if one.held in levels:
            levels.setdefault(one.holder, levels[one.held] + 1)
    return levels


def _rows(view: OwnershipView, levels: Mapping[str, int]) -> list[list[str]]:
    """The layers from the top down, each in the order of what stands under or over it."""
    by_level: dict[int, list[str]] = defaultdict(list)
    for key, level in levels.items():
        by_level[level].append(key)
    ordered: list[list[str]] = []
    place: dict[str, float] = {}
    for level in sorted(by_level, key=lambda one: (one < 0, abs(one))):
        row = sorted(by_level[level], key=lambda key: _middle(view, key, place))
        place |= {key: index - len(row) / 2 for index, key in enumerate(row)}
        ordered.append(row)
    above = [row for row in ordered if levels[row[0]] >= 0]
    below = [row for row in ordered if levels[row[0]] < 0]
    return [*reversed(above), *below]


def _middle(view: OwnershipView, key: str, place: Mapping[str, float]) -> tuple[float, str]:
    """Where the parties stand that are placed already and hold or are held by this one."""
    near = [one.held for one in view.graph.held_by(key)]
    near += [one.holder for one in view.graph.holders_of(key)]
    at = [place[other] for other in near if other in place]
    return (sum(at) / len(at) if at else 0.0, key)


def _places(rows: Sequence[Sequence[str]], width: int) -> dict[str, tuple[int, int]]:
    places = {}
    for number, row in enumerate(rows):
        row_width = len(row) * (BOX_WIDTH + GAP_X) - GAP_X
        left = (width - row_width) // 2
        for index, key in enumerate(row):
            x = left + index * (BOX_WIDTH + GAP_X)
            places[key] = (x, MARGIN + number * (BOX_HEIGHT + GAP_Y))
    return places


def _box(view: OwnershipView, key: str, place: tuple[int, int], knotted: set[str]) -> Box:
    party = view.graph.parties[key]
    return Box(
        party=party,
        x=place[0],
        y=place[1],
        name=shortened(party.name),
        tone=_tone(view, party, knotted),
        customer=None if key == view.target else view.customers.get(key),
    )


def _tone(view: OwnershipView, party: Party, knotted: set[str]) -> str:
    owners = {one.party.key for one in view.picture.beneficial_owners}
    controller = view.picture.controller
    if party.key == view.target:
        return "own"
    if party.key in knotted:
        return "circle"
    if party.key in owners:
        return "owner"
    if controller is not None and party.key == controller.key:
        return "controller"
    return "person" if party.is_person else "firm"


def _arrow(one: Holding, places: Mapping[str, tuple[int, int]], knotted: set[str]) -> Arrow:
    (from_x, from_y), (to_x, to_y) = places[one.holder], places[one.held]
    start, end = (from_x + BOX_WIDTH // 2, from_y + BOX_HEIGHT), (to_x + BOX_WIDTH // 2, to_y)
    if from_y >= to_y:  # up or sideways: around the right side, so that it crosses no box
        start, end = (from_x + BOX_WIDTH, from_y + BOX_HEIGHT // 2), (to_x + BOX_WIDTH, to_y + 24)
        bend = max(start[0], end[0]) + GAP_X
        path = f"M{start[0]} {start[1]} C{bend} {start[1]} {bend} {end[1]} {end[0]} {end[1]}"
        label = (bend - GAP_X // 2, (start[1] + end[1]) // 2)
    else:
        path = f"M{start[0]} {start[1]} L{end[0]} {end[1]}"
        # a third of the way from the holder, where the arrows of one firm still stand apart
        label = ((2 * start[0] + end[0]) // 3, (2 * start[1] + end[1]) // 3)
    share = as_decimal(one.share) or Decimal(0)
    in_circle = one.holder in knotted and one.held in knotted
    return Arrow(path, label[0], label[1], share, in_circle)


def shortened(name: str) -> str:
    """A name as long as its box, with a mark where it goes on."""
    width = 0
    for index, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > _NAME_WIDTH:
            return name[: max(index - 1, 1)] + "…"
    return name
