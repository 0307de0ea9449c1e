"""Fit the cards and write their artefacts: `python -m model.fit`, or `make model`.

Bins and coefficients come from the training part (firms whose last year is 2011 or before), the
spread of the log-odds from cross-validation by firm on it, the level of the probability from the
observed rate of 2015-18. The same panel gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from domain.scoring.ratios import RATIOS
from domain.scoring.scaling import Scaling
from domain.scoring.scorecard_data import scorecard_from_data
from model import cards, measuring, woe
from model.panel import Flags, Floats, Panel, panel_path, read_panel

FOLDER = Path(__file__).resolve().parents[1] / "persistence" / "seed" / "scorecards"
SCALING = Scaling(base=600, odds=50, pdo=20)
FOLDS, FOLD_SEED = 5, 7
FITTED_ON = "2026-11-28"
WORST_QUARTER = 0.25


@dataclass(frozen=True)
class Fitted:
    """A card in floats: evidence, weights of evidence, and the line to the probability."""

    bins: dict[str, woe.Bins]
    coefficients: Floats
    constant: float
    spread: float
    cross_validated: dict[str, float]

    def evidence(self, panel: Panel) -> Floats:
        """The evidence of each ratio for each firm-year."""
        return np.column_stack([bins.of(panel.ratios[name]) for name, bins in self.bins.items()])


def main() -> int:
    """Fit, write, report. 2 where the panel is not there."""
    path = panel_path()
    if not path.exists():
        sys.stderr.write("LOAN_DATA does not name a folder with the panel.\n")
        return 2
    panel = read_panel(path)
    for plan in cards.PLANS:
        data = artefact(panel, plan)
        target = FOLDER / f"{plan.id}.json"
        target.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{target.name}: {json.dumps(data['metrics'], indent=1)}\n")
    return 0


def artefact(panel: Panel, plan: cards.Plan) -> dict[str, object]:
    """The whole card as data, its measures taken from the exact points it publishes."""
    fitted = _fit(panel, plan)
    data = _card(panel, plan, fitted)
    card = scorecard_from_data({**data, **_NOTHING_YET})
    results = [card.score_lines(lines) for lines in panel.lines]
    pds = np.array([np.nan if result.pd is None else float(result.pd) for result in results])
    grades = np.array([result.grade or "" for result in results])
    known = ~np.isnan(pds)
    recent = panel.recent & known
    scale = [
        {"grade": g, "pd_max": str(top), "pd": _text(pds[recent & (grades == g)].mean(), 6)}
        for g, top in cards.GRADES
    ]
    deciles = np.quantile(pds[recent], np.arange(1, 10) / 10)
    return {
        **data,
        "master_scale": {"version": cards.SCALE_VERSION, "grades": scale},
        "reference": {"pd_deciles": [_text(each, 8) for each in deciles]},
        "metrics": _metrics(panel, pds, grades, fitted),
        "provenance": _provenance(panel),
    }


def _fit(panel: Panel, plan: cards.Plan) -> Fitted:
    weights = _weights(panel, panel.train)
    bins, constant, coefficients = _fit_part(panel, plan, panel.train, weights)
    folds = _folds(panel)
    apart = np.zeros(len(panel.bad))
    for fold in range(FOLDS):
        rest, kept = panel.train & (folds != fold), panel.train & (folds == fold)
        some, _, found = _fit_part(panel, plan, rest, weights)
        columns = [each.of(panel.ratios[name][kept]) for name, each in some.items()]
        apart[kept] = np.column_stack(columns) @ found
    spread = _spread(apart[panel.train], panel.bad[panel.train], weights[panel.train])
    part = panel.train & (weights > 0)
    cross = {
        "auc": round(measuring.area(apart[part], panel.bad[part]), 4),
        "ks": round(measuring.widest_gap(apart[part], panel.bad[part]), 4),
    }
    return Fitted(bins, coefficients, constant, spread, cross)


def _fit_part(
    panel: Panel, plan: cards.Plan, part: Flags, weights: Floats
) -> tuple[dict[str, woe.Bins], float, Floats]:
    bad = panel.bad[part]
    bins = {
        name: woe.fit_bins(
            panel.ratios[name][part],
            bad,
            weights[part],
            higher_is_safer=RATIOS[name].higher_is_safer,
        )
        for name in plan.ratios
    }
    evidence = np.column_stack([each.of(panel.ratios[name][part]) for name, each in bins.items()])
    return bins, *woe.fit_logistic(evidence, bad, weights[part])


def _weights(panel: Panel, part: Flags) -> Floats:
    return woe.matched_weights(panel.bad, panel.year, panel.fails_later, part)


def _folds(panel: Panel) -> np.ndarray:
    """A fold for each firm, so that no firm is on both sides."""
    names, place = np.unique(panel.firm, return_inverse=True)
    order = np.random.default_rng(FOLD_SEED).permutation(len(names))
    return (order % FOLDS)[place]


def _spread(log_odds: Floats, bad: Flags, weights: Floats) -> float:
    """The slope that log-odds of firms not fitted on need: below 1 where the fit was too sure."""
    _, slope = woe.fit_logistic(log_odds[:, None], bad, weights)
    return float(slope[0])


def _level(log_odds: Floats, bad: Flags) -> float:
    """What to add to the log-odds so that expected defaults are the observed ones."""
    low, high = -30.0, 30.0
    for _ in range(100):
        middle = (low + high) / 2
        expected = (1 / (1 + np.exp(-(log_odds + middle)))).sum()
        low, high = (middle, high) if expected < bad.sum() else (low, middle)
    return (low + high) / 2


def _card(panel: Panel, plan: cards.Plan, fitted: Fitted) -> dict[str, object]:
    recent = panel.recent
    log_odds = fitted.spread * (fitted.evidence(panel) @ fitted.coefficients)
    level = _level(log_odds[recent], panel.bad[recent])
    steepness = {
        name: fitted.spread * coefficient
        for name, coefficient in zip(fitted.bins, fitted.coefficients, strict=True)
    }
    return {
        "id": plan.id,
        "version": plan.version,
        "kind": "woe_scorecard",
        "scaling": {"base": SCALING.base, "odds": SCALING.odds, "pdo": SCALING.pdo},
        "base_points": _text(SCALING.offset - SCALING.factor * level, 2),
        "gaps_max": plan.gaps_max,
        "characteristics": [
            _characteristic(panel, name, bins, steepness[name], core=name in plan.core)
            for name, bins in fitted.bins.items()
            if steepness[name] > 0 and len(bins.bounds)
        ],
        "calibration": {
            "constant": _text(level, 6),
            "slope": _text(fitted.spread, 6),
            "fitted_on": "slope: cross-validation by firm on train; constant: rate of 2015-18",
            "observed_rate": _text(panel.bad[recent].mean(), 6),
        },
    }


def _characteristic(
    panel: Panel, name: str, bins: woe.Bins, steepness: float, *, core: bool
) -> dict[str, object]:
    places = bins.places(panel.ratios[name][panel.recent])
    shares = np.bincount(places, minlength=len(bins.woe)) / len(places)
    points = -SCALING.factor * steepness * bins.woe
    return {
        "ratio": name,
        "formula": RATIOS[name].formula,
        "coefficient": _text(steepness, 6),
        "bounds": [_text(bound, woe.BOUND_DIGITS) for bound in bins.bounds],
        "points": [_text(each, 2) for each in points],
        "woe": [_text(each, 6) for each in bins.woe],
        "population": [_text(share, 6) for share in shares],
        "gap_points": _text(_worst_quarter(points, shares), 2),
        "core": core,
    }


def _worst_quarter(points: Floats, shares: Floats) -> float:
    """The average points of the quarter of the population that has least."""
    order = np.argsort(points)
    upto = np.minimum(np.cumsum(shares[order]), WORST_QUARTER)
    return float((np.diff(upto, prepend=0.0) * points[order]).sum() / WORST_QUARTER)


def _metrics(panel: Panel, pds: Floats, grades: np.ndarray, fitted: Fitted) -> dict[str, object]:
    known = ~np.isnan(pds)
    recent = panel.recent & known
    observed = panel.bad[recent]
    return {
        "train_cross_validated": fitted.cross_validated,
        "cuts": measuring.measured(panel, pds, known),
        "brier_2015_18": round(float(((pds[recent] - observed) ** 2).mean()), 6),
        "brier_of_base_rate": round(float(observed.mean() * (1 - observed.mean())), 6),
        "calibration_ratio_2015_18": round(float(pds[recent].sum() / observed.sum()), 4),
        "grades_2015_18": [
            _grade(grade, pds[recent], observed, grades[recent]) for grade, _ in cards.GRADES
        ],
        "grades_2012_14": [
            _grade(g, pds[part], panel.bad[part], grades[part])
            for part in (panel.validation & known,)
            for g, _ in cards.GRADES
        ],
        "refused_rows": int((~known).sum()),
    }


def _grade(grade: str, pds: Floats, bad: Flags, grades: np.ndarray) -> dict[str, object]:
    here = grades == grade
    count = int(here.sum())
    return {
        "grade": grade,
        "firm_years": count,
        "defaults": int(bad[here].sum()),
        "observed": round(float(bad[here].mean()), 6) if count else None,
        "expected": round(float(pds[here].mean()), 6) if count else None,
    }


def _provenance(panel: Panel) -> dict[str, object]:
    return {
        "script": "python -m model.fit",
        "fitted_on": FITTED_ON,
        "data": "us_listed_panel.csv.gz",
        "data_sha256": panel.sha256,
        "train_firm_years": int(panel.train.sum()),
        "train_defaults": int(panel.bad[panel.train].sum()),
        "seeds": {"folds": FOLD_SEED, "intervals": measuring.SEED},
        "inputs": "accounting items of one year; no market value, no size, no outcome of the past",
    }


def _text(value: float, digits: int) -> str:
    """A number as the artefact writes it: fixed digits, never a negative zero."""
    return str(round(Decimal(repr(float(value))), digits) + 0)


_NOTHING_YET: dict[str, object] = {
    "master_scale": {
        "version": cards.SCALE_VERSION,
        "grades": [{"grade": g, "pd_max": str(p), "pd": str(p)} for g, p in cards.GRADES],
    },
    "reference": {},
    "metrics": {},
    "provenance": {},
}


if __name__ == "__main__":
    raise SystemExit(main())
