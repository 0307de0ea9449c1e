"""The tree of limits: a drawdown fits every node of its path or it does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits.tree import (
    Level,
    Load,
    Node,
    NodeState,
    Use,
    UseState,
    available,
    available_on_path,
    load_of,
    refuse_above,
    used,
)
from domain.money import Currency
from domain.violations import LoanRuleViolation

D = Decimal
TODAY = date(2026, 11, 28)
AMOUNT = st.integers(0, 10**9).map(lambda cents: D(cents) / 100)


def node(level: Level = Level.CUSTOMER, amount: str = "100.00", **changes: object) -> Node:
    made = Node(
        id=uuid4(),
        level=level,
        name=f"{level} limit",
        amount=D(amount),
        frozen=D(0),
        currency=Currency.CNY,
        revolving=True,
        state=NodeState.ACTIVE,
        valid_from_on=date(2026, 1, 1),
        valid_to_on=date(2026, 12, 31),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


USES = st.builds(Use, amount=AMOUNT, outstanding=AMOUNT, state=st.sampled_from(UseState))
NODES = st.builds(
    lambda level, amount, frozen, revolving: replace(
        node(level), amount=amount, frozen=frozen, revolving=revolving
    ),
    st.sampled_from(Level),
    AMOUNT,
    AMOUNT,
    st.booleans(),
)


def test_available_is_limit_less_outstanding_in_flight_and_frozen() -> None:
    load = Load(drawn=D(60), outstanding=D(40), in_flight=D(10))
    revolving = node(frozen=D(5))
    assert available(revolving, load, TODAY) == D(45)
    assert available(replace(revolving, revolving=False), load, TODAY) == D(25)


@given(path=st.lists(st.tuples(NODES, st.lists(USES, max_size=5)), min_size=1, max_size=5))
def test_a_path_gives_the_least_of_its_nodes(path: list[tuple[Node, list[Use]]]) -> None:
    loaded = [(each, load_of(uses)) for each, uses in path]
    expected = []
    for each, uses in path:
        live = [use for use in uses if use.state is not UseState.RELEASED]
        flying = sum((use.amount for use in live if use.state is UseState.RESERVED), D(0))
        drawn = sum((use.amount for use in live if use.state is UseState.CONSUMED), D(0))
        owed = sum((use.outstanding for use in live if use.state is UseState.CONSUMED), D(0))
        taken = owed if each.revolving else max(drawn, owed)
        expected.append(max(each.amount - taken - flying - each.frozen, D(0)))
    assert available_on_path(loaded, TODAY) == min(expected)


@given(
    path=st.lists(st.tuples(NODES, st.lists(USES, max_size=4)), min_size=1, max_size=5),
    amount=AMOUNT.filter(bool),
)
def test_what_is_let_through_fits_every_node_and_what_is_refused_does_not_fit_one(
    path: list[tuple[Node, list[Use]]], amount: Decimal
) -> None:
    loaded = [(each, load_of(uses)) for each, uses in path]
    asked = Use(amount, D(0), UseState.RESERVED)
    after = [(each, load_of([*uses, asked])) for each, uses in path]
    if all(used(each, load) + each.frozen <= each.amount for each, load in after):
        refuse_above(loaded, amount, TODAY)
        return
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_above(loaded, amount, TODAY)
    assert refused.value.code == "limit.short"
    left, short = D(refused.value.params["left_amount"]), D(refused.value.params["short_amount"])
    assert left + short == amount
    assert available_on_path(loaded, TODAY) < amount


def test_the_last_cent_fits_and_one_more_does_not() -> None:
    path = [(node(amount="100.00"), Load(outstanding=D("99.98"), drawn=D("99.98")))]
    refuse_above(path, D("0.01"), TODAY)
    refuse_above(path, D("0.02"), TODAY)
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_above(path, D("0.03"), TODAY)
    assert refused.value.params["short_amount"] == "0.01"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": NodeState.FROZEN}, "limit.frozen"),
        ({"state": NodeState.CLOSED}, "limit.closed"),
        ({"valid_to_on": TODAY - timedelta(days=1)}, "limit.expired"),
        ({"valid_from_on": TODAY + timedelta(days=1)}, "limit.not_yet"),
    ],
)
def test_a_limit_that_gives_nothing_now_is_named(changes: dict[str, object], code: str) -> None:
    group, customer = node(Level.GROUP, "1000.00"), node(**changes)  # type: ignore[arg-type]
    path = [(group, Load()), (customer, Load())]
    assert available_on_path(path, TODAY) == 0
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_above(path, D(1), TODAY)
    assert refused.value.code == code
    assert refused.value.params["node"] == "customer limit"


def test_the_last_valid_day_still_counts() -> None:
    refuse_above([(node(valid_to_on=TODAY), Load())], D(100), TODAY)


def test_the_node_that_is_short_is_named_from_the_root_down() -> None:
    path = [
        (node(Level.GROUP, "50.00"), Load(outstanding=D(45), drawn=D(45))),
        (node(Level.CUSTOMER, "10.00"), Load()),
    ]
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_above(path, D(20), TODAY)
    assert refused.value.params["limit_level"] == "group"
    assert refused.value.params["left_amount"] == "5.00"
