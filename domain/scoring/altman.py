"""Altman's model for emerging markets and for firms that are not listed: Z'' and the EM score.

Source: Altman (2005), An emerging market credit scoring system for corporate bonds, Emerging
Markets Review 6: EM = 3.25 + 6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 X4 with book equity in X4, and
the ladder of least scores per agency rating printed with it (the one that begins at AAA 8.15;
a later ladder beginning at 8.80 is a different edition and is not used).
"""

from __future__ import annotations

from decimal import Decimal

from domain.scoring.grades import ONE_YEAR_SCALE
from domain.scoring.results import Contribution, Inputs, Score, contribution, known, unscored

MODEL = "altman_em"
MODEL_VERSION = "altman-2005+one-year-2026.1"

INPUTS = (
    "total_assets",
    "current_assets",
    "current_liabilities",
    "total_liabilities",
    "equity",
    "retained_earnings",
    "ebit",
)

CONSTANT = Decimal("3.25")
WEIGHTS = {
    "working_capital_to_assets": Decimal("6.56"),
    "retained_earnings_to_assets": Decimal("3.26"),
    "ebit_to_assets": Decimal("6.72"),
    "equity_to_liabilities": Decimal("1.05"),
}

# Least EM score for each agency rating, best first; below the last stands D.
LADDER: tuple[tuple[Decimal, str], ...] = (
    (Decimal("8.15"), "AAA"),
    (Decimal("7.60"), "AA+"),
    (Decimal("7.30"), "AA"),
    (Decimal("7.00"), "AA-"),
    (Decimal("6.85"), "A+"),
    (Decimal("6.65"), "A"),
    (Decimal("6.40"), "A-"),
    (Decimal("6.25"), "BBB+"),
    (Decimal("5.85"), "BBB"),
    (Decimal("5.65"), "BBB-"),
    (Decimal("5.25"), "BB+"),
    (Decimal("4.95"), "BB"),
    (Decimal("4.75"), "BB-"),
    (Decimal("4.50"), "B+"),
    (Decimal("4.15"), "B"),
    (Decimal("3.75"), "B-"),
    (Decimal("3.20"), "CCC+"),
    (Decimal("2.50"), "CCC"),
    (Decimal("1.75"), "CCC-"),
)

# The bank's scale has no BB and calls CCC C.
_BANK_GRADES = {"AAA": "AAA", "AA": "AA", "A": "A", "BBB": "BBB", "BB": "B", "B": "B", "CCC": "C"}


def score(facts: Inputs) -> Score:
    """Grade a firm by its latest statement; amounts in any one unit.

    An input that is absent, or a divisor that is not above zero, is named as missing.
    """
    values = {name: known(facts, name) for name in INPUTS}
    missing = tuple(name for name in INPUTS if not _usable(name, values[name]))
    if missing:
        return unscored(MODEL, MODEL_VERSION, missing)
    terms = _terms({name: value for name, value in values.items() if value is not None})
    value = sum((term.points for term in terms), Decimal(0))
    grade = grade_of(value)
    pd = ONE_YEAR_SCALE.pd_of(grade)
    return Score(MODEL, MODEL_VERSION, value, grade, pd, terms, ())


def agency_rating(em_score: Decimal) -> str:
    """The agency rating the ladder gives an EM score."""
    return next((rating for least, rating in LADDER if em_score >= least), "D")


def grade_of(em_score: Decimal) -> str:
    """The bank's grade for an EM score."""
    return _BANK_GRADES.get(agency_rating(em_score).rstrip("+-"), "D")


def z_double_prime(em_score: Decimal) -> Decimal:
    """Z'' itself, without the constant; its zones 1.1 and 2.6 belong to this figure only."""
    return em_score - CONSTANT


def _usable(name: str, value: Decimal | None) -> bool:
    if value is None:
        return False
    return value > 0 or name not in {"total_assets", "total_liabilities"}


def _terms(of: dict[str, Decimal]) -> tuple[Contribution, ...]:
    assets = of["total_assets"]
    working_capital = of["current_assets"] - of["current_liabilities"]
    ratios = {
        "working_capital_to_assets": working_capital / assets,
        "retained_earnings_to_assets": of["retained_earnings"] / assets,
        "ebit_to_assets": of["ebit"] / assets,
        "equity_to_liabilities": of["equity"] / of["total_liabilities"],
    }
    weighted = (contribution(name, ratios[name], weight) for name, weight in WEIGHTS.items())
    return (contribution("constant", Decimal(1), CONSTANT), *weighted)
