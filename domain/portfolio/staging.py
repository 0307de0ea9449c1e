"""The stage of a note's expected loss (预期信用损失阶段), a dimension beside its class.

Source: IFRS 9, 5.5.3-5.5.5: twelve months' loss until the risk has risen significantly since the
note was granted, then the loss of its whole life; 5.5.8 and Appendix A for impaired notes.
"""

from __future__ import annotations

from enum import IntEnum

from domain.portfolio.exposure import Exposure, notches_down
from domain.portfolio.policy import StagePolicy
from domain.scoring import GRADES
from domain.scoring.grades import DEFAULTED


class Stage(IntEnum):
    """1: as when granted. 2: riskier. 3: credit-impaired."""

    PERFORMING = 1
    RISKIER = 2
    IMPAIRED = 3


def stage_of(note: Exposure, policy: StagePolicy) -> Stage:
    """The stage that days past due, class and grade give; the worst of them counts."""
    if _impaired(note, policy):
        return Stage.IMPAIRED
    return Stage.RISKIER if _riskier(note, policy) else Stage.PERFORMING


def _impaired(note: Exposure, policy: StagePolicy) -> bool:
    late = note.days_past_due > policy.impaired_days
    return late or note.five_class.is_bad or note.grade == DEFAULTED


def _riskier(note: Exposure, policy: StagePolicy) -> bool:
    lost = notches_down(note.grade_then, note.grade) >= policy.notches
    weak = note.grade in GRADES and GRADES.index(note.grade) >= GRADES.index(policy.watch_grade)
    return note.days_past_due > policy.significant_days or lost or weak
