"""Expected loss (预期损失): of twelve months, of the whole life, and by stage.

EL = PD x LGD x EAD, month by month: the sum of PD_t x LGD x EAD_t x DF_t, discounted with the
note's own rate. Twelve months' loss is the first twelve terms of the same sum, so that a worse
stage never asks for less. Source: IFRS 9, 5.5.5, 5.5.17, B5.5.43 and B5.5.44.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from domain.credit_figures import expected_loss, exposure_at_default
from domain.portfolio.exposure import UNRATED, Exposure
from domain.portfolio.policy import PortfolioPolicy
from domain.portfolio.staging import Stage, stage_of
from domain.portfolio.term_structure import MONTHS_OF_YEAR, Survival, survival_of
from domain.scoring import GRADES
from domain.scoring.grades import DEFAULTED

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)
CAREFUL_GRADE = "B"
"""Who is not rated is taken for this grade: no neutral guess, and never none at all."""


@dataclass(frozen=True, slots=True)
class NoteLoss:
    """What one note is expected to lose, in its currency, HALF_UP to the cent.

    `counted` is what its stage asks for: twelve months in stage 1, the whole life after it.
    """

    note: Exposure
    stage: Stage
    exposure: Decimal
    twelve_months: Decimal
    lifetime: Decimal

    @property
    def counted(self) -> Decimal:
        """The loss the stage asks for."""
        return self.twelve_months if self.stage is Stage.PERFORMING else self.lifetime


@dataclass(frozen=True, slots=True)
class StageLoss:
    """A stage's notes together. `cover`: counted loss by exposure, 0 for none."""

    stage: Stage
    notes: int
    exposure: Decimal
    twelve_months: Decimal
    lifetime: Decimal
    counted: Decimal

    @property
    def cover(self) -> Decimal:
        """Counted loss by exposure."""
        return self.counted / self.exposure if self.exposure else _NOTHING


def loss_of(
    note: Exposure,
    policy: PortfolioPolicy,
    today: date,
    pds: Mapping[UUID, Decimal] | None = None,
) -> NoteLoss:
    """The loss of one note. `pds`: a rating's own one-year probability by customer.

    An impaired note is taken as defaulted: its loss is LGD x EAD on either horizon. Who is
    significantly late is no better than the watched grade, whatever the last statements said.
    """
    stage = stage_of(note, policy.stages)
    drawn = exposure_at_default(note.outstanding, note.undrawn, policy.conversion)
    grade = note.grade or CAREFUL_GRADE
    if stage is Stage.IMPAIRED or grade == DEFAULTED:
        whole = _cents(expected_loss(drawn, Decimal(1), policy.loss_given_default))
        return NoteLoss(note, stage, drawn, whole, whole)
    own = (pds or {}).get(note.customer_id) if note.grade else None
    if note.days_past_due > policy.stages.significant_days:
        grade, own = max(grade, policy.stages.watch_grade, key=GRADES.index), None
    lives = survival_of(grade, own)
    year, life = _over_time(note, drawn - note.outstanding, lives, today)
    lost = policy.loss_given_default
    return NoteLoss(note, stage, drawn, _cents(year * lost), _cents(life * lost))


def by_stage(losses: Iterable[NoteLoss]) -> tuple[StageLoss, ...]:
    """All three stages of notes of one currency, those without a note too."""
    found = tuple(losses)
    return tuple(_stage(stage, [one for one in found if one.stage is stage]) for stage in Stage)


def by_grade(losses: Iterable[NoteLoss]) -> dict[str, Decimal]:
    """The counted loss of each grade, the unrated under `unrated`."""
    sums: dict[str, Decimal] = {}
    for one in losses:
        grade = one.note.grade or UNRATED
        sums[grade] = sums.get(grade, _NOTHING) + one.counted
    return sums


def _stage(stage: Stage, losses: list[NoteLoss]) -> StageLoss:
    return StageLoss(
        stage,
        len(losses),
        sum((one.exposure for one in losses), _NOTHING),
        sum((one.twelve_months for one in losses), _NOTHING),
        sum((one.lifetime for one in losses), _NOTHING),
        sum((one.counted for one in losses), _NOTHING),
    )


def _over_time(
    note: Exposure, further: Decimal, lives: Survival, today: date
) -> tuple[Decimal, Decimal]:
    """What defaults in twelve months and in the whole life, discounted, before what is recovered.

    Each month counts what is drawn at its start; what may still be drawn stays to the end.
    """
    due = _due_by_month(note, today)
    last = max(due, default=MONTHS_OF_YEAR)
    factor = 1 / (1 + note.yearly_rate / MONTHS_OF_YEAR)
    left, discount, life, year = note.outstanding, Decimal(1), _NOTHING, _NOTHING
    for month in range(1, last + 1):
        discount *= factor
        life += lives.defaulting(month) * (left + further) * discount
        left = max(left - due.get(month, _NOTHING), _NOTHING)
        if month <= MONTHS_OF_YEAR:
            year = life
    return year, life


def _due_by_month(note: Exposure, today: date) -> dict[int, Decimal]:
    """Principal by the month from today in which it is due; what is late counts as the first."""
    due: dict[int, Decimal] = {}
    for day, principal in note.falls_due:
        months = (day.year - today.year) * 12 + day.month - today.month
        month = max(months + (1 if day.day > today.day else 0), 1)
        due[month] = due.get(month, _NOTHING) + principal
    return due


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
