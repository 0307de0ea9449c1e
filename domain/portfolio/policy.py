"""What the bank holds its portfolio against: thresholds and parameters, as data under version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.scoring import GRADES
from domain.strict_data import StrictReader

BAD = "policy.malformed"
DIMENSIONS = ("industry", "region", "group", "customer")


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """When a note counts as riskier than when it was granted.

    `significant_days`, `impaired_days`: from more than so many days past due, stage 2 and 3.
    `notches`: so many grades lost since the note was drawn is a significant increase of risk.
    `watch_grade`: this grade or a worse one is stage 2 whatever it was before.
    Source: IFRS 9, 5.5.11 and B5.5.37: 30 and 90 days are its presumptions; notches are the bank's.
    """

    significant_days: int = 30
    impaired_days: int = 90
    notches: int = 2
    watch_grade: str = "B"


@dataclass(frozen=True, slots=True)
class PortfolioPolicy:
    """One version. Shares and probabilities are fractions of 1.

    `concentration`: for each dimension the share of the book a single member may have.
    `exceptions`: other shares for named members, by dimension.
    `amber_from`: the part of a limit from which it is shown amber.
    """

    version: int
    loss_given_default: Decimal
    conversion: Decimal
    stages: StagePolicy
    concentration: Mapping[str, Decimal]
    exceptions: Mapping[str, Mapping[str, Decimal]]
    amber_from: Decimal
    stability_amber: Decimal
    stability_red: Decimal
    discrimination_least: Decimal

    def limit_of(self, dimension: str, member: str) -> Decimal:
        """The share of the book a member of a dimension may have."""
        return self.exceptions.get(dimension, {}).get(member, self.concentration[dimension])


def portfolio_policy_from_data(data: object) -> PortfolioPolicy:
    """Read a version. Violation: `policy.malformed` with the place."""
    reader = StrictReader(data, BAD, "")
    reader.only(
        frozenset(
            {
                *("code", "version", "loss_given_default", "conversion", "stages"),
                *("concentration", "exceptions", "amber_from", "stability", "discrimination"),
            }
        )
    )
    stability = StrictReader(reader.raw("stability"), BAD, "stability")
    stability.only(frozenset({"amber", "red"}))
    return PortfolioPolicy(
        version=reader.whole("version", 1),
        loss_given_default=_share(reader, "loss_given_default"),
        conversion=_share(reader, "conversion"),
        stages=_stages(StrictReader(reader.raw("stages"), BAD, "stages")),
        concentration=_shares(reader.raw("concentration"), "concentration", DIMENSIONS),
        exceptions=_exceptions(reader.raw("exceptions")),
        amber_from=_share(reader, "amber_from"),
        stability_amber=_share(stability, "amber"),
        stability_red=_share(stability, "red"),
        discrimination_least=_share(reader, "discrimination"),
    )


def _stages(reader: StrictReader) -> StagePolicy:
    reader.only(frozenset({"significant_days", "impaired_days", "notches", "watch_grade"}))
    return StagePolicy(
        reader.whole("significant_days"),
        reader.whole("impaired_days"),
        reader.whole("notches", 1),
        reader.choice("watch_grade", _grade),
    )


def _grade(name: str) -> str:
    return GRADES[GRADES.index(name)]


def _exceptions(raw: object) -> dict[str, dict[str, Decimal]]:
    reader = StrictReader(raw, BAD, "exceptions")
    reader.only(frozenset(), frozenset(DIMENSIONS))
    return {
        name: _shares(reader.raw(name), f"exceptions.{name}")
        for name in DIMENSIONS
        if reader.has(name)
    }


def _shares(raw: object, where: str, names: tuple[str, ...] | None = None) -> dict[str, Decimal]:
    reader = StrictReader(raw, BAD, where)
    found = names if names is not None else tuple(raw) if isinstance(raw, Mapping) else ()
    reader.only(frozenset(found))
    return {name: _share(reader, name) for name in found}


def _share(reader: StrictReader, key: str) -> Decimal:
    value = reader.number(key)
    if not 0 <= value <= 1:
        raise reader.refuse(key, "out_of_range")
    return value
