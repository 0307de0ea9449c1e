"""The grade a firm's statements give: what re-rating, stress and the demo book ask again and again.

The champion's card under the rating method, and the challenger's card beside it in shadow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from domain.scoring.rating import Rating, RatingFacts, RatingMethod, rate_firm
from domain.scoring.scorecard import Scorecard, ScorecardResult

NOTHING_ELSE = RatingFacts()


@dataclass(frozen=True, slots=True)
class Regraded:
    """A rating and what the challenger says of the same years. `grade` None: the findings why."""

    rating: Rating
    challenger: ScorecardResult

    @property
    def grade(self) -> str | None:
        """The champion's grade, capped by the method."""
        return self.rating.grade

    @property
    def pd(self) -> Decimal | None:
        """Its probability of default within a year."""
        return self.rating.pd


@dataclass(frozen=True)
class Rater:
    """The cards and the method of one version of the bank's rating."""

    method: RatingMethod
    champion: Scorecard
    challenger: Scorecard

    def rate(self, statements: Sequence[FinancialStatement]) -> Regraded:
        """Rate on yearly statements in any order. Pure: the same years, the same rating."""
        newest_first = sorted(statements, key=lambda each: -each.year)
        return Regraded(
            rate_firm(self.method, self.champion, newest_first, NOTHING_ELSE),
            self.challenger.score(newest_first),
        )
