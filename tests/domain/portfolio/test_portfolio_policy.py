"""The portfolio's policy is read whole or refused with its place."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from domain.portfolio.policy import PortfolioPolicy, portfolio_policy_from_data
from domain.violations import LoanRuleViolation
from persistence.products import SEED

SHIPPED: dict[str, Any] = json.loads((SEED / "portfolio" / "portfolio.json").read_text("utf-8"))


def shipped() -> PortfolioPolicy:
    return portfolio_policy_from_data(SHIPPED)


def test_the_shipped_policy_has_limits_for_every_dimension_and_exceptions() -> None:
    policy = shipped()
    assert policy.limit_of("industry", "C") == Decimal("0.45")
    assert policy.limit_of("industry", "G") == Decimal("0.25")
    assert policy.limit_of("customer", "anyone") == Decimal("0.10")
    assert (policy.stability_amber, policy.stability_red) == (Decimal("0.10"), Decimal("0.25"))
    assert (policy.stages.significant_days, policy.stages.impaired_days) == (30, 90)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("loss_given_default",), "1.01", "loss_given_default"),
        (("conversion",), 0.4, "conversion"),
        (("stages", "watch_grade"), "BB", "stages.watch_grade"),
        (("stages", "notches"), 0, "stages.notches"),
        (("concentration", "weather"), "0.1", "concentration.weather"),
        (("exceptions", "weather"), {}, "exceptions.weather"),
        (("exceptions", "industry"), {"C": "none"}, "exceptions.industry.C"),
        (("stability",), {"amber": "0.1"}, "stability.red"),
        (("surprise",), "1", "surprise"),
    ],
)
def test_a_malformed_cell_is_named(path: tuple[str, ...], value: object, where: str) -> None:
    data = deepcopy(SHIPPED)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(LoanRuleViolation) as caught:
        portfolio_policy_from_data(data)
    assert caught.value.code == "policy.malformed"
    assert caught.value.params["where"] == where
