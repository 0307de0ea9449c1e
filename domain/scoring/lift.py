"""What would lift a firm's grade: the single ratio whose improvement reaches a better one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.scoring.scorecard import Part, Scorecard, ScorecardResult


@dataclass(frozen=True, slots=True)
class Lift:
    """Bring `ratio` from `value` to `target` (past it where a lower ratio is safer) for `grade`.

    `gain` are the points that brings. A ratio that is not known has no `value`: knowing it and
    finding it there would lift the grade.
    """

    ratio: str
    value: Decimal | None
    target: Decimal
    higher_is_safer: bool
    gain: Decimal
    grade: str


def lifts(card: Scorecard, result: ScorecardResult) -> tuple[Lift, ...]:
    """For each ratio the nearest bin that alone lifts the grade, the smallest step first.

    Steps are compared by the share of the fitted population that stands between the firm's bin
    and the target's: a step past one firm in ten is smaller than one past half of them.
    """
    if result.score is None or result.grade is None:
        return ()
    found = []
    for part in result.parts:
        step = _nearest(card, result.score, result.grade, part)
        if step is not None:
            found.append(step)
    return tuple(lift for _, lift in sorted(found, key=lambda pair: (pair[0], pair[1].ratio)))


def _nearest(
    card: Scorecard, score: Decimal, grade: str, part: Part
) -> tuple[Decimal, Lift] | None:
    characteristic = part.characteristic
    rising = characteristic.ratio.higher_is_safer
    bins = range(len(characteristic.points))
    passed = Decimal(0)
    for place in _towards_safety(part, rising=rising, bins=bins):
        gain = characteristic.points[place] - part.points
        reached = card.grade_at(score + gain) if gain > 0 else grade
        if reached != grade:
            target = characteristic.bounds[place - 1] if rising else characteristic.bounds[place]
            return passed, Lift(part.name, part.value, target, rising, gain, reached)
        passed += characteristic.population[place]
    return None


def _towards_safety(part: Part, *, rising: bool, bins: range) -> range:
    """The bins on the safer side, nearest first; all with a bound where the ratio is not known."""
    last = len(bins) - 1
    if rising:
        return range(1 if part.bin is None else part.bin + 1, last + 1)
    return range(last - 1 if part.bin is None else part.bin - 1, -1, -1)
