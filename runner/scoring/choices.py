"""What may be chosen of `corploan score`, apart from the work so that asking for help is quick."""

from __future__ import annotations

from enum import StrEnum


class ScoringModel(StrEnum):
    """The card that decides, or the one that runs beside it in shadow."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


class ScoreForm(StrEnum):
    """How the answer is written."""

    CSV = "csv"
    JSON = "json"
