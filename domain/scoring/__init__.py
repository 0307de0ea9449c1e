"""Scoring: published models, the bank's grades, and what a score is made of."""

from domain.scoring.grades import GRADES, LIFETIME_SCALE, ONE_YEAR_SCALE, MasterScale
from domain.scoring.models import MODEL_INPUTS, MODELS, no_inputs, score
from domain.scoring.results import Contribution, Score

__all__ = [
    "GRADES",
    "LIFETIME_SCALE",
    "MODELS",
    "MODEL_INPUTS",
    "ONE_YEAR_SCALE",
    "Contribution",
    "MasterScale",
    "Score",
    "no_inputs",
    "score",
]
