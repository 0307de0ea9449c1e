"""A person's judgement over the method's grade (人工调整): one notch up at most, down at will."""

from __future__ import annotations

from datetime import date

from domain.scoring import GRADES
from domain.scoring.grades import DEFAULTED
from domain.violations import LoanRuleViolation

NOTCHES_UP_MAX = 1
VALID_YEARS = 1
"""A rating stands for a year at most: it is made anew with the next statements."""

OVERRIDABLE = tuple(grade for grade in GRADES if grade != DEFAULTED)


def notches_up(given: str, wanted: str) -> int:
    """How many grades `wanted` is better than `given`; below 0 where it is worse."""
    return GRADES.index(given) - GRADES.index(wanted)


def check_override(given: str | None, wanted: str) -> None:
    """Refuse what no number of approvers may do.

    Violations: `rating.unrated` where the method gave no grade, `rating.grade` for a grade nobody
    gives, `rating.same`, `rating.notches` beyond one up.
    """
    if given is None:
        raise LoanRuleViolation("rating.unrated")
    if wanted not in OVERRIDABLE:
        raise LoanRuleViolation("rating.grade")
    notches = notches_up(given, wanted)
    if notches == 0:
        raise LoanRuleViolation("rating.same")
    if notches > NOTCHES_UP_MAX:
        raise LoanRuleViolation("rating.notches", max=str(NOTCHES_UP_MAX))


def valid_to(rated_on: date) -> date:
    """The last day a rating of a day stands: a year on, the 28th for the 29th of February."""
    try:
        return rated_on.replace(year=rated_on.year + VALID_YEARS)
    except ValueError:
        return rated_on.replace(year=rated_on.year + VALID_YEARS, day=28)
