"""The panel of firm-years: the ratios of each, what became of it, and which part it belongs to."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.scoring.columns import lines_of_row
from domain.scoring.published import z_double_prime, zmijewski
from domain.scoring.ratios import RATIOS, Gap

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PANEL = "us_listed_panel.csv.gz"
OUTCOME = "default_next_year"


@dataclass(frozen=True)
class Panel:
    """One entry a firm-year, sorted by firm and year. A ratio that is not known is NaN."""

    sha256: str
    lines: tuple[dict[str, Decimal], ...]
    firm: NDArray[np.str_]
    year: NDArray[np.int64]
    split: NDArray[np.str_]
    last_of_firm: Flags
    fails_later: Flags
    bad: Flags
    ratios: dict[str, Floats]
    published: dict[str, Floats]

    @property
    def train(self) -> Flags:
        """What bins and coefficients are fitted on."""
        return np.asarray(self.split == "train")

    @property
    def validation(self) -> Flags:
        """2012 to 2014 of other firms: ratios were chosen on it, nothing is fitted on it."""
        return np.asarray((self.split == "validation") & (self.year >= 2012))

    @property
    def recent(self) -> Flags:
        """2015 to 2018 of further firms: the level of the probability is set on it, no more."""
        return np.asarray((self.split == "calibration") & (self.year >= 2015))


def panel_path() -> Path:
    """Where the panel lies: LOAN_DATA, else the folder beside the project."""
    return Path(os.environ.get("LOAN_DATA", "../shared/data")) / PANEL


def read_panel(path: Path) -> Panel:
    """Read the file as it is, and remember its hash."""
    raw = path.read_bytes()
    rows = list(csv.DictReader(gzip.decompress(raw).decode("utf-8").splitlines()))
    rows.sort(key=lambda row: (row["firm_id"], int(row["fyear"])))
    lines = tuple(lines_of_row(row) for row in rows)
    year = np.array([int(row["fyear"]) for row in rows])
    return Panel(
        sha256=hashlib.sha256(raw).hexdigest(),
        lines=lines,
        firm=np.array([row["firm_id"] for row in rows]),
        year=year,
        split=np.array([row["split"] for row in rows]),
        last_of_firm=year == np.array([int(row["last_year"]) for row in rows]),
        fails_later=np.array([row["failed_firm"] == "1" for row in rows]),
        bad=np.array([row[OUTCOME] == "1" for row in rows]),
        ratios={name: _values(lines, name) for name in RATIOS},
        published=_published(lines),
    )


def _values(lines: tuple[dict[str, Decimal], ...], name: str) -> Floats:
    ratio = RATIOS[name]
    found = (ratio.of(each) for each in lines)
    return np.array([np.nan if isinstance(value, Gap) else float(value) for value in found])


def _published(lines: tuple[dict[str, Decimal], ...]) -> dict[str, Floats]:
    """Risk by the published models: Z'' with its sign turned, X as it is."""
    safety = [z_double_prime(each).value for each in lines]
    danger = [zmijewski(each).value for each in lines]
    return {
        "altman_z_double_prime": -np.array([np.nan if v is None else float(v) for v in safety]),
        "zmijewski": np.array([np.nan if v is None else float(v) for v in danger]),
    }
