"""A published logistic model of charge-off for loans under the US small-business guarantee.

Source: Li, Mickel and Taylor (2018), "Should This Loan be Approved or Denied?", Journal of
Statistics Education 26(1), Table 8, fitted on the 1,051 loans of its training half.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from domain.scoring.grades import LIFETIME_SCALE
from domain.scoring.results import SCORE_STEP, Inputs, Score, contribution, known, unscored

MODEL = "li_2018"
MODEL_VERSION = "li-2018-table-8+lifetime-2026.1"

CONSTANT = Decimal("1.3931")
WEIGHTS = {
    "real_estate": Decimal("-2.1282"),  # 1 where real estate backs the loan, else 0
    "portion": Decimal("-2.9875"),  # guaranteed share of the approved amount, 0 to 1
    "recession": Decimal("0.5041"),  # 1 where the loan was active in the 2007-09 recession, else 0
}
INPUTS = tuple(WEIGHTS)


def score(facts: Inputs) -> Score:
    """`value` is the log-odds of charge-off over the loan's life, `pd` their probability.

    An input that is absent or outside 0 to 1 is named as missing.
    """
    values = {name: known(facts, name) for name in INPUTS}
    missing = tuple(name for name, value in values.items() if not _usable(value))
    if missing:
        return unscored(MODEL, MODEL_VERSION, missing)
    terms = (
        contribution("constant", Decimal(1), CONSTANT),
        *(contribution(n, v, WEIGHTS[n]) for n, v in values.items() if v is not None),
    )
    log_odds = sum((term.points for term in terms), Decimal(0))
    pd = probability(log_odds)
    return Score(MODEL, MODEL_VERSION, log_odds, LIFETIME_SCALE.grade_of(pd), pd, terms, ())


def probability(log_odds: Decimal) -> Decimal:
    """Logistic function, rounded half-even to a millionth."""
    return (1 / (1 + (-log_odds).exp())).quantize(SCORE_STEP, ROUND_HALF_EVEN)


def _usable(value: Decimal | None) -> bool:
    return value is not None and 0 <= value <= 1
