"""What a fitted card is worth: area, KS and level, with intervals by drawing firms again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.panel import Flags, Floats, Panel

DRAWS = 500
SEED = 20260101
DIGITS = 4


def area(risk: Floats, bad: Flags) -> float:
    """AUC with ties counted half, by ranks."""
    _, place, count = np.unique(risk, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    bads = int(bad.sum())
    goods = len(bad) - bads
    return float((ranks[bad].sum() - bads * (bads + 1) / 2) / (bads * goods))


def widest_gap(risk: Floats, bad: Flags) -> float:
    """KS."""
    levels, place = np.unique(risk, return_inverse=True)
    bads = np.cumsum(np.bincount(place, bad, len(levels))) / bad.sum()
    goods = np.cumsum(np.bincount(place, ~bad, len(levels))) / (~bad).sum()
    return float(np.abs(bads - goods).max())


def cuts(panel: Panel) -> Mapping[str, Flags]:
    """The parts measured; none of them was used to fit bins or coefficients."""
    first = np.append(True, panel.firm[1:] != panel.firm[:-1])
    known_since = np.zeros(len(panel.firm), dtype=np.int64)
    known_since[first] = panel.year[first]
    since = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    newcomer = known_since[since] >= 2014
    return {
        "2015_18": panel.recent,
        "2015_18_first_time_firms": panel.recent & newcomer,
        "2015_18_one_year_a_firm": panel.recent & panel.last_of_firm,
        "2012_14": panel.validation,
    }


def measured(panel: Panel, risk: Floats, known: Flags) -> dict[str, dict[str, object]]:
    """Area and KS of each cut, with intervals and the published models beside them."""
    return {name: _cut(panel, risk, part & known) for name, part in cuts(panel).items()}


def _cut(panel: Panel, risk: Floats, part: Flags) -> dict[str, object]:
    bad, firm = panel.bad[part], panel.firm[part]
    drawn = _drawn(risk[part], bad, firm)
    others = {name: _round(area(v[part], bad)) for name, v in panel.published.items()}
    return {
        "firm_years": int(part.sum()),
        "firms": len(np.unique(firm)),
        "defaults": int(bad.sum()),
        "auc": _round(area(risk[part], bad)),
        "auc_interval_95": _interval(drawn[:, 0]),
        "ks": _round(widest_gap(risk[part], bad)),
        "ks_interval_95": _interval(drawn[:, 1]),
        "auc_of_published": others,
    }


def _drawn(risk: Floats, bad: Flags, firm: np.ndarray) -> Floats:
    """Area and KS of `DRAWS` samples of whole firms, with replacement."""
    chance = np.random.default_rng(SEED)
    _, place = np.unique(firm, return_inverse=True)
    rows = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[rows], np.arange(place.max() + 2))
    found = []
    for _ in range(DRAWS):
        firms = chance.integers(0, len(starts) - 1, len(starts) - 1)
        sample = np.concatenate([rows[starts[f] : starts[f + 1]] for f in firms])
        if bad[sample].any():
            found.append((area(risk[sample], bad[sample]), widest_gap(risk[sample], bad[sample])))
    return np.array(found)


def _interval(values: Floats) -> list[float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return [_round(low), _round(high)]


def _round(value: float) -> float:
    return round(float(value), DIGITS)
