"""Weights of evidence in monotone bins, and the logistic regression over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.panel import Flags, Floats

QUANTILES = 20
BAD_MIN, SHARE_MIN = 8.0, 0.03
"""A bin needs this many defaults and this share of the weight, else it joins its neighbour."""
PRIOR = 10.0
"""Firms of average risk added to each bin, so that a thin bin is pulled towards the middle."""
RIDGE = 3.0
BOUND_DIGITS = 6


@dataclass(frozen=True)
class Bins:
    """Bounds, rising, and the log-odds of default of each bin against the average."""

    bounds: Floats
    woe: Floats

    def places(self, values: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The bin of each value: a value on a bound belongs above it."""
        return np.searchsorted(self.bounds, values, side="right")

    def of(self, values: Floats) -> Floats:
        """The evidence of each value."""
        return self.woe[self.places(values)]


def matched_weights(bad: Flags, year: np.ndarray, later: Flags, part: Flags) -> Floats:
    """Weights that give every year the same odds of default.

    The panel's years do not carry the same share of failures, and its first years none at all, by
    how it was drawn: without this a ratio that merely tells the years apart would look like
    evidence. The last years of a firm before its failing year are left out: neither good nor bad.
    """
    weights = np.zeros(len(bad))
    for each in np.unique(year[part]):
        here = part & (year == each)
        bads, goods = here & bad, here & ~bad & ~later
        if bads.any():
            weights[bads] = 1
            weights[goods] = bads.sum() / goods.sum()
    goods = part & ~bad
    weights[goods] *= goods.sum() / weights[goods].sum()
    return weights


def fit_bins(values: Floats, bad: Flags, weights: Floats, *, higher_is_safer: bool) -> Bins:
    """Bins whose risk moves one way only, the way economics says."""
    known = ~np.isnan(values) & (weights > 0)
    values, bad, weights = values[known], bad[known], weights[known]
    steps = np.quantile(values, np.arange(1, QUANTILES) / QUANTILES)
    bounds = np.unique(np.round(steps, BOUND_DIGITS))
    places = np.searchsorted(bounds, values, side="right")
    bads: Floats = np.bincount(places, weights * bad, len(bounds) + 1).astype(np.float64)
    total: Floats = np.bincount(places, weights, len(bounds) + 1).astype(np.float64)
    ends = _pooled(bads, total, falling=higher_is_safer)
    ends = _thick_enough(bads, total, ends)
    average = float((weights * bad).sum() / weights.sum())
    share = _shrunk(bads, total, ends, average)
    while len(wrong := np.flatnonzero((np.diff(share) >= 0) == higher_is_safer)):
        ends = [end for n, end in enumerate(ends) if n != wrong[0]]
        share = _shrunk(bads, total, ends, average)
    return Bins(bounds[np.array(ends[:-1], int) - 1], _logit(share) - _logit(average))


def _shrunk(bads: Floats, total: Floats, ends: list[int], average: float) -> Floats:
    """Each group's share of defaults, drawn to the average; that may put two out of order."""
    share: Floats = (_sums(bads, ends) + PRIOR * average) / (_sums(total, ends) + PRIOR)
    return share


def _pooled(bads: Floats, total: Floats, *, falling: bool) -> list[int]:
    """Pool adjacent violators; the ends of the pooled groups."""
    sign = -1.0 if falling else 1.0
    groups: list[tuple[float, float, int]] = []
    for bad, all_here in zip(bads, total, strict=True):
        groups.append((bad, all_here, 1))
        while len(groups) > 1 and _share(groups[-2]) * sign >= _share(groups[-1]) * sign:
            last, before = groups.pop(), groups.pop()
            groups.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    return list(np.cumsum([count for _, _, count in groups]))


def _share(group: tuple[float, float, int]) -> float:
    return group[0] / max(group[1], 1e-9)


def _thick_enough(bads: Floats, total: Floats, ends: list[int]) -> list[int]:
    while len(ends) > 1:
        bad, all_here = _sums(bads, ends), _sums(total, ends)
        thin = np.flatnonzero((bad < BAD_MIN) | (all_here < SHARE_MIN * all_here.sum()))
        if not len(thin):
            break
        worst = int(min(thin, key=lambda n: bad[n]))
        share = bad / np.maximum(all_here, 1e-9)
        below = abs(share[worst] - share[worst - 1]) if worst else np.inf
        above = abs(share[worst] - share[worst + 1]) if worst + 1 < len(ends) else np.inf
        joined = worst if worst == 0 or above < below else worst - 1
        ends = [end for n, end in enumerate(ends) if n != joined]
    return ends


def _sums(values: Floats, ends: list[int]) -> Floats:
    summed: Floats = np.add.reduceat(values, [0, *ends[:-1]])
    return summed


def _logit(share: Floats | float) -> Floats:
    odds: Floats = np.log(share) - np.log1p(-np.asarray(share))
    return odds


def fit_logistic(evidence: Floats, bad: Flags, weights: Floats) -> tuple[float, Floats]:
    """Constant and coefficients by Newton's method; one below zero is dropped, the worst first.

    Evidence already points the right way: a negative coefficient would turn economics round.
    """
    active = np.ones(evidence.shape[1], bool)
    while True:
        constant, found = _newton(evidence[:, active], bad, weights)
        coefficients = np.zeros(len(active))
        coefficients[active] = found
        if coefficients.min() >= 0:
            return constant, coefficients
        active &= coefficients > coefficients.min()


def _newton(evidence: Floats, bad: Flags, weights: Floats) -> tuple[float, Floats]:
    inputs = np.column_stack([np.ones(len(evidence)), evidence])
    found = np.zeros(inputs.shape[1])
    found[0] = np.log(weights[bad].sum() / weights[~bad].sum())
    ridge = RIDGE * np.eye(len(found))
    ridge[0, 0] = 0
    for _ in range(100):
        pd = 1 / (1 + np.exp(-(inputs @ found)))
        slope = inputs.T @ (weights * (bad - pd)) - ridge @ found
        curve = (inputs * (weights * pd * (1 - pd))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(curve, slope)
        found += step
        if np.abs(step).max() < 1e-10:
            break
    return float(found[0]), found[1:]
