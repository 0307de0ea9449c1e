"""How well a score tells bad firms from good ones, and whether its level and population hold.

All are pure counts over pairs of a score and an outcome; `risks` rise with danger, so that a
probability goes in as it is and a score with its sign turned.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from math import log

from domain.violations import LoanRuleViolation

_EMPTY_SHARE = 1e-4
"""What stands for a bin without firms in the stability index, whose logarithm needs a share."""


def auc(risks: Sequence[float], bad: Sequence[bool]) -> float:
    """The chance that a bad firm carries more risk than a good one; ties count half. 0 to 1.

    Violations: `measures.one_class` unless there are both, `measures.length`.
    """
    bads, goods = _both(risks, bad)
    below, wins = 0, 0.0
    for good_here, bad_here in _steps(risks, bad):
        wins += bad_here * (below + good_here / 2)
        below += good_here
    return wins / (bads * goods)


def gini(area: float) -> float:
    """The accuracy ratio of an AUC: 2 AUC - 1."""
    return 2 * area - 1


def auc_of_gini(ratio: float) -> float:
    """The AUC of an accuracy ratio: (1 + Gini) / 2."""
    return (1 + ratio) / 2


def ks(risks: Sequence[float], bad: Sequence[bool]) -> float:
    """The widest gap between the shares of bad and of good firms below a risk. 0 to 1."""
    bads, goods = _both(risks, bad)
    seen_bad = seen_good = 0
    widest = 0.0
    for good_here, bad_here in _steps(risks, bad):
        seen_bad, seen_good = seen_bad + bad_here, seen_good + good_here
        widest = max(widest, abs(seen_bad / bads - seen_good / goods))
    return widest


def brier(pds: Sequence[float], bad: Sequence[bool]) -> float:
    """The mean squared distance of the probability from what happened."""
    _same_length(pds, bad)
    return sum((pd - was) ** 2 for pd, was in zip(pds, bad, strict=True)) / len(bad)


def base_brier(bad: Sequence[bool]) -> float:
    """What `brier` would be for the observed rate said of every firm."""
    share = sum(bad) / len(bad)
    return share * (1 - share)


def calibration_ratio(pds: Sequence[float], bad: Sequence[bool]) -> float:
    """Expected defaults by observed ones: 1 is right, above it too careful."""
    _same_length(pds, bad)
    if not any(bad):
        raise LoanRuleViolation("measures.one_class")
    return sum(pds) / sum(bad)


def psi(before: Sequence[float], now: Sequence[float]) -> float:
    """Population stability index of two lists of shares: the sum of (b - a) ln(b / a).

    Convention of the trade: below 0.10 stable, up to 0.25 watch, above act.
    """
    _same_length(before, now)
    pairs = ((max(a, _EMPTY_SHARE), max(b, _EMPTY_SHARE)) for a, b in zip(before, now, strict=True))
    return sum((b - a) * log(b / a) for a, b in pairs)


def decile_shares(reference: Sequence[float], values: Sequence[float]) -> tuple[float, ...]:
    """The share of `values` in each tenth of `reference`."""
    ranked = sorted(reference)
    cuts = [ranked[len(ranked) * n // 10] for n in range(1, 10)]
    counts = [0] * 10
    for value in values:
        counts[bisect_right(cuts, value)] += 1
    return tuple(count / len(values) for count in counts)


def _steps(risks: Sequence[float], bad: Sequence[bool]) -> list[tuple[int, int]]:
    """Good and bad firms at each risk, from the least up."""
    ranked = sorted(zip(risks, bad, strict=True), key=lambda pair: pair[0])
    steps = []
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        outcomes = [was for _, was in tied]
        steps.append((len(outcomes) - sum(outcomes), sum(outcomes)))
    return steps


def _both(risks: Sequence[float], bad: Sequence[bool]) -> tuple[int, int]:
    _same_length(risks, bad)
    bads = sum(bad)
    if bads in {0, len(bad)}:
        raise LoanRuleViolation("measures.one_class")
    return bads, len(bad) - bads


def _same_length(one: Sequence[object], other: Sequence[object]) -> None:
    if len(one) != len(other) or not one:
        raise LoanRuleViolation("measures.length")
