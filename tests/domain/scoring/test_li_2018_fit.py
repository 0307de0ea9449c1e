"""The published model fitted again on its own book: the printed coefficients, to their digits."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from domain.scoring import li_2018

FOLDER = Path(os.environ.get("LOAN_DATA", "../shared/data"))
BOOK, REFERENCE = FOLDER / "sba_case.csv", FOLDER / "reference_values.json"
pytestmark = pytest.mark.skipif(
    not (BOOK.exists() and REFERENCE.exists()), reason="the real loan book is not here: LOAN_DATA"
)
TABLE_7A = ("New", "RealEstate", "DisbursementGross", "Portion", "Recession")
TABLE_8 = ("RealEstate", "Portion", "Recession")
ROUNDS = 60


def fitted(names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients with the constant first, and their standard errors, by Newton's steps."""
    with BOOK.open(encoding="utf-8", newline="") as book:
        rows = [row for row in csv.DictReader(book) if row["Selected"] == "1"]
    bad = np.array([float(row["Default"]) for row in rows])
    known = np.array([[1.0, *(float(row[name]) for name in names)] for row in rows])
    unit = np.abs(known).max(axis=0)
    scaled, weights = known / unit, np.zeros(known.shape[1])
    for _ in range(ROUNDS):
        pd = 1 / (1 + np.exp(-scaled @ weights))
        curve = (scaled * (pd * (1 - pd))[:, None]).T @ scaled
        weights += np.linalg.solve(curve, scaled.T @ (bad - pd))
    return weights / unit, np.sqrt(np.diag(np.linalg.inv(curve))) / unit


def printed(table: str, names: tuple[str, ...]) -> list[float]:
    said = json.loads(REFERENCE.read_text("utf-8"))["li_mickel_taylor_2018_sba"][table]
    return [said["const"], *(said[name] for name in names)]


def test_the_reduced_model_and_its_standard_errors_are_met_to_four_places() -> None:
    weights, errors = fitted(TABLE_8)
    assert [round(x, 4) for x in weights] == printed("table8", TABLE_8)
    said = json.loads(REFERENCE.read_text("utf-8"))["li_mickel_taylor_2018_sba"]["table8"]["se"]
    assert [round(x, 4) for x in errors] == said


def test_the_first_model_is_met_to_its_printed_digits() -> None:
    weights, _ = fitted(TABLE_7A)
    for found, said in zip(weights, printed("table7a", TABLE_7A), strict=True):
        assert found == pytest.approx(said, rel=5e-4, abs=0 if abs(said) < 1e-4 else 5e-5)


def test_the_product_scores_by_the_printed_reduced_model() -> None:
    _, *said = printed("table8", TABLE_8)
    assert [float(li_2018.WEIGHTS[name]) for name in li_2018.INPUTS] == said
