"""How good the shipped cards are on firms nobody fitted them on, measured from their own points."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.scoring import measures
from domain.scoring.columns import lines_of_row
from domain.scoring.grades import GRADES
from domain.scoring.published import z_double_prime
from persistence.scorecards import shipped_artefact, shipped_scorecard

PANEL = Path(os.environ.get("LOAN_DATA", "../shared/data")) / "us_listed_panel.csv.gz"
pytestmark = pytest.mark.skipif(not PANEL.exists(), reason="the panel is not here: set LOAN_DATA")


class FirmYear(NamedTuple):
    firm: str
    pd: float
    grade: str
    z: float
    bad: bool


@cache
def firm_years(split: str, first_year: int) -> tuple[FirmYear, ...]:
    card, found = shipped_scorecard(), []
    with gzip.open(PANEL, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] != split or int(row["fyear"]) < first_year:
                continue
            lines = lines_of_row(row)
            result, z = card.score_lines(lines), z_double_prime(lines).value
            if result.pd is not None and result.grade is not None and z is not None:
                bad = row["default_next_year"] == "1"
                found.append(
                    FirmYear(row["firm_id"], float(result.pd), result.grade, float(-z), bad)
                )
    return tuple(found)


def recent() -> tuple[FirmYear, ...]:
    """2015 to 2018: bins and coefficients never saw these firms, only the level did."""
    return firm_years("calibration", 2015)


def test_the_artefact_is_of_this_panel() -> None:
    provenance = shipped_artefact()["provenance"]
    assert isinstance(provenance, dict)
    assert provenance["data_sha256"] == hashlib.sha256(PANEL.read_bytes()).hexdigest()


def test_it_tells_bad_firms_from_good_ones() -> None:
    rows = recent()
    pds, bad = [row.pd for row in rows], [row.bad for row in rows]
    area = measures.auc(pds, bad)
    assert area >= 0.85
    assert measures.ks(pds, bad) >= 0.58
    assert area - measures.auc([row.z for row in rows], bad) >= 0.07


def test_the_measures_written_are_those_it_has() -> None:
    metrics = shipped_artefact()["metrics"]
    assert isinstance(metrics, dict)
    for split, year, cut in (("calibration", 2015, "2015_18"), ("validation", 2012, "2012_14")):
        rows = firm_years(split, year)
        pds, bad = [row.pd for row in rows], [row.bad for row in rows]
        assert measures.auc(pds, bad) == pytest.approx(metrics["cuts"][cut]["auc"], abs=0.001)
        assert measures.ks(pds, bad) == pytest.approx(metrics["cuts"][cut]["ks"], abs=0.001)


@pytest.mark.parametrize(("split", "year"), [("calibration", 2015), ("validation", 2012)])
def test_defaults_do_not_fall_from_grade_to_grade(split: str, year: int) -> None:
    rows = firm_years(split, year)
    observed = [
        sum(row.bad for row in rows if row.grade == grade) / sum(row.grade == grade for row in rows)
        for grade in GRADES[:-1]
    ]
    assert observed == sorted(observed)
    assert observed[0] < observed[-1] / 10


def test_the_level_holds_on_firms_it_was_not_set_on() -> None:
    """Rescale on every second firm, compare on the others, and the other way round."""
    halves: tuple[list[FirmYear], list[FirmYear]] = ([], [])
    for n, firm in enumerate(sorted({row.firm for row in recent()})):
        halves[n % 2].extend(row for row in by_firm()[firm])
    for fitted, kept in (halves, halves[::-1]):
        scale = sum(row.bad for row in fitted) / sum(row.pd for row in fitted)
        expected = sum(row.pd * scale for row in kept)
        assert 0.7 <= expected / sum(row.bad for row in kept) <= 1.4


@cache
def by_firm() -> dict[str, list[FirmYear]]:
    grouped: dict[str, list[FirmYear]] = {}
    for row in recent():
        grouped.setdefault(row.firm, []).append(row)
    return grouped


def test_it_is_closer_to_what_happened_than_the_base_rate() -> None:
    pds, bad = [row.pd for row in recent()], [row.bad for row in recent()]
    assert measures.brier(pds, bad) < measures.base_brier(bad)
