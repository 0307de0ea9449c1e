"""The scorecards and the rating method that are shipped: fitted artefacts, kept as data."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path

from domain.scoring.rating import RatingMethod, method_from_data
from domain.scoring.scorecard import Scorecard
from domain.scoring.scorecard_data import scorecard_from_data

_SEED = Path(__file__).parent / "seed"


class Model(StrEnum):
    """The card that decides, and the one that runs beside it in shadow."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


_FILES = {Model.CHAMPION: "us_listed_1.json", Model.CHALLENGER: "us_listed_textbook_1.json"}


@cache
def shipped_scorecard(model: Model = Model.CHAMPION) -> Scorecard:
    """The card of a role, read once. Violations: `scorecard.malformed`."""
    return scorecard_from_data(shipped_artefact(model))


def shipped_artefact(model: Model = Model.CHAMPION) -> dict[str, object]:
    """The whole artefact, with metrics and provenance."""
    return _read("scorecards", _FILES[model])


@cache
def shipped_rating_method() -> RatingMethod:
    """How the algorithms make one grade. Violations: `rating_method.malformed`."""
    return method_from_data(_read("rating_methods", "corporate_1.json"))


def _read(folder: str, file: str) -> dict[str, object]:
    data = json.loads((_SEED / folder / file).read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise TypeError(file)
    return data
