"""A fitted scorecard (评分卡) at work: points for each ratio's bin, their sum, its probability.

Ratios, bounds and points are exact decimals, so that the points shown sum to the score shown on
every machine. Only the last step, from the sum to a probability, goes through the exponential of
a binary float, rounded to 1e-12. No amount of money is a float.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from domain.financials.statement import FinancialStatement
from domain.scoring.gate import findings_of
from domain.scoring.grades import MasterScale
from domain.scoring.ratios import Gap, Ratio
from domain.scoring.scaling import Scaling
from domain.violations import Finding

REASONS_SHOWN = 5
POINT_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One ratio of the card. Bin n holds values from `bounds[n-1]` up to below `bounds[n]`.

    `population` are the shares of the fitted population in each bin. `gap_points` stand for a
    ratio that is not known: the average of the population's worst quarter, so that leaving a
    figure out never pays.
    """

    ratio: Ratio
    bounds: tuple[Decimal, ...]
    points: tuple[Decimal, ...]
    population: tuple[Decimal, ...]
    gap_points: Decimal
    core: bool

    @property
    def best(self) -> Decimal:
        """The most points the ratio can bring."""
        return max(self.points)

    @property
    def average(self) -> Decimal:
        """What the fitted population has, on average."""
        pairs = zip(self.points, self.population, strict=True)
        return sum((points * share for points, share in pairs), Decimal(0))


@dataclass(frozen=True, slots=True)
class Part:
    """What one ratio brought. `value` and `bin` are None where the ratio is not known."""

    characteristic: Characteristic
    value: Decimal | None
    gap: Gap | None
    bin: int | None
    points: Decimal

    @property
    def name(self) -> str:
        """The ratio's name, which is also the reason code of points lost on it."""
        return self.characteristic.ratio.name

    @property
    def lost(self) -> Decimal:
        """Points short of the best bin."""
        return self.characteristic.best - self.points

    @property
    def below_average(self) -> Decimal:
        """Points short of the population's average; negative where the firm is above it."""
        return self.characteristic.average - self.points


@dataclass(frozen=True, slots=True)
class ScorecardResult:
    """Score, probability and grade, or the findings that forbid them; never a neutral score.

    `missing` names the ratios that were not known, with the reason, scored or not.
    """

    version: str
    score: Decimal | None
    pd: Decimal | None
    grade: str | None
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[tuple[str, Gap], ...]:
        """The ratios without a value."""
        return tuple((part.name, part.gap) for part in self.parts if part.gap is not None)

    def reasons(self, most: int = REASONS_SHOWN) -> tuple[Part, ...]:
        """The parts that lost points, most first."""
        lost = [part for part in self.parts if part.lost > 0]
        return tuple(sorted(lost, key=lambda part: (-part.lost, part.name))[:most])


@dataclass(frozen=True)
class Scorecard:
    """A version of the card, as `scorecard_from_data` reads it."""

    id: str
    version: str
    scaling: Scaling
    base_points: Decimal
    gaps_max: int
    characteristics: tuple[Characteristic, ...]
    scale: MasterScale
    pd_by_grade: Mapping[str, Decimal]

    @cached_property
    def best_score(self) -> Decimal:
        """The most a firm can reach."""
        return self.base_points + sum((c.best for c in self.characteristics), Decimal(0))

    @cached_property
    def least_scores(self) -> tuple[tuple[Decimal, str], ...]:
        """The least score of each grade but the last, best first, in whole hundredths."""
        return tuple((self._least_score(pd_max), grade) for grade, pd_max in self.scale.pds[:-2])

    def _least_score(self, pd_max: Decimal) -> Decimal:
        near = Decimal(repr(self.scaling.score_of(float(pd_max))))
        least = near.quantize(POINT_STEP, ROUND_FLOOR)
        while self.scaling.pd_of(least) > pd_max:
            least += POINT_STEP
        return least

    def grade_at(self, score: Decimal) -> str:
        """The grade of a score; the same as by its probability, without working that out."""
        fitting = (grade for least, grade in self.least_scores if score >= least)
        return next(fitting, self.scale.pds[len(self.least_scores)][0])

    def score(self, statements: Sequence[FinancialStatement]) -> ScorecardResult:
        """Score a firm on its latest statements, newest first; earlier years change nothing."""
        if not statements:
            return self.unscored((), (Finding("total_assets", "scoring.no_statement"),))
        return self.score_lines(statements[0].lines)

    def score_lines(self, lines: Mapping[str, Decimal]) -> ScorecardResult:
        """Score one year's lines."""
        findings = findings_of(lines)
        if findings:
            return self.unscored((), findings)
        parts = tuple([_part(characteristic, lines) for characteristic in self.characteristics])
        findings = self._too_little(parts)
        if findings:
            return self.unscored(parts, findings)
        score = sum([part.points for part in parts], self.base_points)
        pd = self.scaling.pd_of(score)
        return ScorecardResult(self.version, score, pd, self.scale.grade_of(pd), parts, ())

    def unscored(self, parts: tuple[Part, ...], findings: tuple[Finding, ...]) -> ScorecardResult:
        """The result of a firm nobody can score, with why."""
        return ScorecardResult(self.version, None, None, None, parts, findings)

    def _too_little(self, parts: tuple[Part, ...]) -> tuple[Finding, ...]:
        """A core ratio is not known, or too many are not."""
        gaps = [part for part in parts if part.gap is not None]
        core = [part for part in gaps if part.characteristic.core]
        named = gaps if len(gaps) > self.gaps_max else core
        return tuple(Finding(part.name, f"scoring.{part.gap}") for part in named)


def _part(characteristic: Characteristic, lines: Mapping[str, Decimal]) -> Part:
    found = characteristic.ratio.of(lines)
    if isinstance(found, Gap):
        return Part(characteristic, None, found, None, characteristic.gap_points)
    place = bisect_right(characteristic.bounds, found)
    return Part(characteristic, found, None, place, characteristic.points[place])
