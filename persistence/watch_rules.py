"""The rules of watching as data: the newest version in force on a day, read strictly once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from domain.watch.ladder import Ladder, ladder_from_data
from domain.watch.reviews import ReviewPlan, plan_from_data
from domain.watch.signals import SignalCatalogue, catalogue_from_data

_FOLDER = Path(__file__).parent / "seed" / "watch"


class _Versioned(Protocol):
    @property
    def effective_on(self) -> date: ...


_V = TypeVar("_V", bound=_Versioned)


def catalogue_on(day: date) -> SignalCatalogue:
    """The early-warning catalogue in force on a day; before the first version, the first."""
    return _in_force(_catalogues(), day)


def ladder_on(day: date) -> Ladder:
    """The deterioration ladder in force on a day; before the first version, the first."""
    return _in_force(_ladders(), day)


def review_plan_on(day: date) -> ReviewPlan:
    """How reviews recur on a day; before the first version, the first."""
    return _in_force(_plans(), day)


@cache
def _catalogues() -> tuple[SignalCatalogue, ...]:
    return _versions("signals.json", catalogue_from_data)


@cache
def _ladders() -> tuple[Ladder, ...]:
    return _versions("ladder.json", ladder_from_data)


@cache
def _plans() -> tuple[ReviewPlan, ...]:
    return _versions("reviews.json", plan_from_data)


def _versions(name: str, read: Callable[[object], _V]) -> tuple[_V, ...]:
    found = json.loads((_FOLDER / name).read_text("utf-8"))["versions"]
    return tuple(sorted(map(read, found), key=lambda each: each.effective_on))


def _in_force(versions: tuple[_V, ...], day: date) -> _V:
    begun = [each for each in versions if each.effective_on <= day]
    return begun[-1] if begun else versions[0]
