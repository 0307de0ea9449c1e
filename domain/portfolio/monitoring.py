"""Whether models still hold (模型监测): population, discrimination, overrides, the challenger."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.portfolio.exposure import notches_down
from domain.portfolio.policy import PortfolioPolicy
from domain.scoring import GRADES
from domain.scoring.measures import auc, decile_shares, ks, psi
from domain.scoring.scorecard import Characteristic, Scorecard

LEAST_FOR_SHARES = 20
"""Fewer ratings than this say nothing of a population in tenths."""
SCORE = "score"


class Level(StrEnum):
    """What a figure asks for."""

    STABLE = "stable"
    WATCH = "watch"
    ACT = "act"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One rating as monitoring sees it. `score` rises with safety.

    `features`: the model's inputs by name. `defaulted`: whether the customer did within the year
    after the rating; None while that year is not over and it has not.
    """

    rated_on: date
    model: str
    score: float | None
    grade: str | None
    challenger_grade: str | None
    overridden: bool
    defaulted: bool | None
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stability:
    """The stability index of one feature (or of the score) against the reference year."""

    name: str
    index: float
    level: Level


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How well the ratings of one year told who defaulted; no measure without both outcomes."""

    year: int
    ratings: int
    defaults: int
    auc: float | None
    ks: float | None
    level: Level


@dataclass(frozen=True, slots=True)
class Overrides:
    """How many ratings of a year people changed. `rate`: a fraction of 1."""

    year: int
    ratings: int
    overridden: int

    @property
    def rate(self) -> float:
        """Overridden by all."""
        return self.overridden / self.ratings if self.ratings else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """The challenger beside the champion, over ratings where both gave a grade."""

    compared: int
    same: int
    within_one: int
    pairs: tuple[tuple[str, str, int], ...]


def years_of(facts: Iterable[RatingFact]) -> tuple[int, ...]:
    """The years with enough ratings to compare populations, in order."""
    counted = Counter(one.rated_on.year for one in facts)
    return tuple(sorted(year for year, n in counted.items() if n >= LEAST_FOR_SHARES))


def stability(
    facts: Sequence[RatingFact], reference: int, year: int, policy: PortfolioPolicy
) -> tuple[Stability, ...]:
    """The score first, then each feature, of a year against the reference year.

    A feature too few ratings of either year state is left out.
    """
    before = _values([one for one in facts if one.rated_on.year == reference])
    now = _values([one for one in facts if one.rated_on.year == year])
    names = [SCORE, *sorted(set(before) & set(now) - {SCORE})]
    return tuple(
        _stability(name, before[name], now[name], policy)
        for name in names
        if min(len(before[name]), len(now[name])) >= LEAST_FOR_SHARES
    )


def against_fitted(
    facts: Sequence[RatingFact], year: int, card: Scorecard, policy: PortfolioPolicy
) -> tuple[Stability, ...]:
    """Each ratio of the card, a year's ratings against the population it was fitted on."""
    values = _values([one for one in facts if one.rated_on.year == year])
    return tuple(
        _level(one.ratio.name, psi(_floats(one.population), _bin_shares(one, found)), policy)
        for one in card.characteristics
        if len(found := values[one.ratio.name]) >= LEAST_FOR_SHARES
    )


def discrimination(
    facts: Iterable[RatingFact], policy: PortfolioPolicy
) -> tuple[Discrimination, ...]:
    """Each year of ratings whose outcome is known, in order; who had defaulted is left out."""
    years: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one in facts:
        if one.score is not None and one.defaulted is not None and one.grade != GRADES[-1]:
            years[one.rated_on.year].append((-one.score, one.defaulted))
    return tuple(_discrimination(year, found, policy) for year, found in sorted(years.items()))


def overrides(facts: Iterable[RatingFact]) -> tuple[Overrides, ...]:
    """Each year in order."""
    years: defaultdict[int, list[bool]] = defaultdict(list)
    for one in facts:
        years[one.rated_on.year].append(one.overridden)
    return tuple(Overrides(year, len(f), sum(f)) for year, f in sorted(years.items()))


def agreement(facts: Iterable[RatingFact]) -> Agreement:
    """How often the challenger, in shadow, says what the champion says."""
    told = Counter(
        (one.grade, one.challenger_grade)
        for one in facts
        if one.grade in GRADES and one.challenger_grade in GRADES
    )
    pairs = sorted((str(a), str(b), n) for (a, b), n in told.items())
    near = sum(n for a, b, n in pairs if abs(notches_down(a, b)) <= 1)
    return Agreement(
        compared=sum(n for *_, n in pairs),
        same=sum(n for a, b, n in pairs if a == b),
        within_one=near,
        pairs=tuple(sorted(pairs, key=lambda x: (GRADES.index(x[0]), GRADES.index(x[1])))),
    )


def _values(facts: Sequence[RatingFact]) -> defaultdict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for one in facts:
        if one.score is not None:
            found[SCORE].append(one.score)
        for name, value in one.features.items():
            found[name].append(value)
    return found


def _stability(
    name: str, before: Sequence[float], now: Sequence[float], policy: PortfolioPolicy
) -> Stability:
    return _level(name, psi(decile_shares(before, before), decile_shares(before, now)), policy)


def _bin_shares(characteristic: Characteristic, values: Sequence[float]) -> list[float]:
    bounds = _floats(characteristic.bounds)
    counts = [0] * len(characteristic.population)
    for value in values:
        counts[bisect_right(bounds, value)] += 1
    return [count / len(values) for count in counts]


def _floats(numbers: Sequence[Decimal]) -> list[float]:
    return [float(number) for number in numbers]


def _level(name: str, index: float, policy: PortfolioPolicy) -> Stability:
    if index >= policy.stability_red:
        return Stability(name, index, Level.ACT)
    return Stability(name, index, Level.WATCH if index >= policy.stability_amber else Level.STABLE)


def _discrimination(
    year: int, found: Sequence[tuple[float, bool]], policy: PortfolioPolicy
) -> Discrimination:
    risks, bad = [risk for risk, _ in found], [was for _, was in found]
    if len(set(bad)) < 2:
        return Discrimination(year, len(bad), sum(bad), None, None, Level.UNKNOWN)
    area = auc(risks, bad)
    level = Level.STABLE if area >= policy.discrimination_least else Level.ACT
    return Discrimination(year, len(bad), sum(bad), area, ks(risks, bad), level)
