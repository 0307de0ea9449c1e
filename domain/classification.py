"""Five-class risk (五级分类): the floor days past due set, upgrades, observation, contagion.

The class is one dimension of a note beside its accrual status and its days past due; none of them
follows from another alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile


class FiveClass(StrEnum):
    """The five classes, from the best to the worst."""

    NORMAL = "normal"
    SPECIAL_MENTION = "special_mention"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"

    @property
    def rank(self) -> int:
        """0 is the best, 4 the worst."""
        return tuple(FiveClass).index(self)

    @property
    def is_bad(self) -> bool:
        """Whether the class is one of the three non-performing ones (不良)."""
        return self.rank >= FiveClass.SUBSTANDARD.rank


@dataclass(frozen=True)
class ClassificationPolicy:
    """The figures of the rule, as data.

    `floors`: from more than so many days past due, at least this class; ascending.
    `operational_days`: lateness up to this length that the bank itself caused does not count.
    `upgrade_*`: what a bad note proves after its arrears are paid, the longer of the two.
    `observation_*`: how long a restructured note is watched from its first new due date.
    `contagion_share`: a debtor with a greater share of bad claims here is bad as a whole.
    Source: the supervisor's rule on risk classification of 2023; the operational exemption and
    "the longer of both" are the bank's own reading.
    """

    floors: tuple[tuple[int, FiveClass], ...] = (
        (0, FiveClass.SPECIAL_MENTION),
        (90, FiveClass.SUBSTANDARD),
        (270, FiveClass.DOUBTFUL),
        (360, FiveClass.LOSS),
    )
    operational_days: int = 7
    upgrade_months: int = 6
    upgrade_periods: int = 2
    observation_months: int = 12
    observation_periods: int = 2
    contagion_share: Decimal = field(default=Decimal("0.10"))


HOUSE_CLASSIFICATION = ClassificationPolicy()


@dataclass(frozen=True, kw_only=True)
class RiskFacts:
    """What the class of one note follows from, on one day.

    `previous`: the note's own class of the day before, contagion left aside. `normal_since_on`:
    the first day without arrears since the last lateness, None while late.
    `periods_paid`: due dates passed since then, all of them met.
    `observed_from_on`: the first new due date of a restructuring, or the day a miss was made good;
    `periods_observed`: due dates met since.
    """

    as_of: date
    days_past_due: int
    previous: FiveClass = FiveClass.NORMAL
    normal_since_on: date | None = None
    periods_paid: int = 0
    observed_from_on: date | None = None
    periods_observed: int = 0
    operational: bool = False
    misused: bool = False
    refinancing: bool = False
    written_off: bool = False


def floor_of(
    days_past_due: int,
    policy: ClassificationPolicy = HOUSE_CLASSIFICATION,
    *,
    operational: bool = False,
) -> FiveClass:
    """The best class that days past due allow.

    Unit: calendar days. Range: 0 and more. `operational`: the lateness was the bank's own doing.
    """
    if operational and days_past_due <= policy.operational_days:
        return FiveClass.NORMAL
    reached = takewhile(lambda floor: days_past_due > floor[0], policy.floors)
    return max((found for _, found in reached), key=lambda c: c.rank, default=FiveClass.NORMAL)


def classify(facts: RiskFacts, policy: ClassificationPolicy = HOUSE_CLASSIFICATION) -> FiveClass:
    """The class of one note by its own history; contagion comes on top.

    Never better than the floor, and never better than the day before while a bad note's upgrade
    is not proven. Rounding: none.
    """
    if facts.written_off:
        return FiveClass.LOSS
    floors = [floor_of(facts.days_past_due, policy, operational=facts.operational)]
    if facts.misused or facts.refinancing or under_observation(facts, policy):
        floors.append(FiveClass.SPECIAL_MENTION)
    if facts.previous.is_bad and not upgrade_proven(facts, policy):
        floors.append(facts.previous)
    return max(floors, key=lambda found: found.rank)


def upgrade_proven(facts: RiskFacts, policy: ClassificationPolicy = HOUSE_CLASSIFICATION) -> bool:
    """Whether a bad note may leave the bad classes: arrears paid, and long enough normal."""
    if facts.days_past_due > 0 or facts.normal_since_on is None:
        return False
    proven_on = months_after(facts.normal_since_on, policy.upgrade_months)
    return facts.as_of >= proven_on and facts.periods_paid >= policy.upgrade_periods


def under_observation(
    facts: RiskFacts, policy: ClassificationPolicy = HOUSE_CLASSIFICATION
) -> bool:
    """Whether a restructured note is still watched: a year and two periods, whichever is longer."""
    if facts.observed_from_on is None:
        return False
    ends_on = months_after(facts.observed_from_on, policy.observation_months)
    met = facts.periods_observed >= policy.observation_periods
    return facts.days_past_due > 0 or facts.as_of < ends_on or not met


def with_contagion(
    claims: Sequence[tuple[FiveClass, Decimal]],
    policy: ClassificationPolicy = HOUSE_CLASSIFICATION,
) -> tuple[FiveClass, ...]:
    """The classes of one debtor's notes, given each note's own class and claim.

    Above the share of bad claims every note is at least substandard; at or below it each keeps its
    own class, so what contagion marked it also unmarks. Unit of the claims: one currency.
    """
    bad = sum((claim for found, claim in claims if found.is_bad), Decimal(0))
    whole = sum((claim for _, claim in claims), Decimal(0))
    if bad <= whole * policy.contagion_share:
        return tuple(found for found, _ in claims)
    worst = FiveClass.SUBSTANDARD
    return tuple(max(found, worst, key=lambda c: c.rank) for found, _ in claims)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))
