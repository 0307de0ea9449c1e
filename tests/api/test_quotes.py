"""Quotes for programs: every kind of schedule, and what cannot be is refused by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.doorway.world import World

MARK = "Zx9Secret"
GOOD: dict[str, Any] = {
    "principal": "1200000.00",
    "yearly_rate": "0.0435",
    "method": "equal_instalment",
    "drawn_on": "2026-03-02",
    "instalments": 12,
}
KINDS: dict[str, dict[str, Any]] = {
    "equal_instalment": {},
    "equal_principal": {"holiday": "following"},
    "interest_first_bullet": {
        "unit": "quarter",
        "settlement_day": 20,
        "matures_on": "2027-03-02",
        "day_count": "ACT/360",
    },
    "maturity": {"day_count": "ACT/365F"},
    "balloon": {"balloon": "600000.00"},
    "step_up": {"instalments": 3, "step_shares": ["0.2", "0.3", "0.5"]},
    "custom": {
        "instalments": 2,
        "custom": [
            {"due_on": "2026-09-02", "principal": "200000.00"},
            {"due_on": "2027-03-02", "principal": "1000000.00"},
        ],
    },
    "flat": {"down_payment_share": "0.1", "instalment_multiple_of": "100"},
}


async def asked(world: World, language: str = "en", **changes: Any) -> Any:
    headers = {**await world.manager(), "Accept-Language": language}
    return await world.client.post("/api/v1/quotes", json={**GOOD, **changes}, headers=headers)


@pytest.mark.parametrize("method", sorted(KINDS))
async def test_every_kind_is_quoted(world: World, method: str) -> None:
    answer = await asked(world, method=method, **KINDS[method])
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert sum(Decimal(line["principal"]) for line in told["lines"]) == Decimal(1_200_000)
    assert Decimal(told["cost"]) == Decimal(told["interest"])
    assert Decimal(told["effective_rate"]) > Decimal("0.04")


async def test_a_fee_and_several_drawdowns(world: World) -> None:
    told = (await asked(world, fee="12000.00")).json()
    assert round(Decimal(told["effective_rate"]), 6) == Decimal("0.064097")
    assert round(Decimal(told["unit_period_rate"]), 6) == Decimal("0.062288")
    headers = await world.bearer("wang")
    body = {**GOOD, "tranches": [{"drawn_on": "2026-05-20", "amount": "400000.00"}]}
    told = (await world.client.post("/api/v1/quotes", json=body, headers=headers)).json()
    assert [drawdown["amount"] for drawdown in told["drawdowns"]] == ["800000.00", "400000.00"]
    assert told["unit_period_rate"] is None


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"instalments": 0}, "quote.instalments"),
        ({"instalments": "12"}, "quote.instalments"),
        ({"instalments": 36_600}, "quote.instalments"),
        ({"yearly_rate": "10"}, "terms.rate"),
        ({"yearly_rate": 0.0435}, "figure.malformed"),
        ({"yearly_rate": MARK}, "figure.malformed"),
        ({"principal": "0"}, "terms.principal"),
        ({"principal": "1.001"}, "terms.principal"),
        ({"method": MARK}, "input.not_offered"),
        ({"day_count": "29/360"}, "input.not_offered"),
        ({"day_count": "ACT/ACT-ISMA"}, "input.not_offered"),
        ({"rounding": "none"}, "input.not_offered"),
        ({"currency": "XXX"}, "input.not_offered"),
        ({"holiday": 1}, "input.not_offered"),
        ({"drawn_on": "2026-02-30"}, "date.impossible"),
        ({"drawn_on": "2100-06-02"}, "terms.date"),
        ({"drawn_on": "2101-03-02"}, "terms.date"),
        ({"first_due_on": "2026-03-02"}, "terms.first_due"),
        ({"matures_on": "2026-01-02"}, "terms.matures"),
        ({"settlement_day": 20}, "terms.settlement"),
        ({"settlement_day": 31}, "terms.settlement"),
        ({"principal_grace": 12}, "terms.grace"),
        ({"down_payment_share": "1"}, "terms.down_payment"),
        ({"instalment_multiple_of": "0"}, "terms.multiple"),
        ({"method": "balloon"}, "terms.balloon"),
        ({"method": "step_up", "step_shares": ["0.5"]}, "terms.step_shares"),
        (
            {
                "method": "custom",
                "instalments": 1,
                "custom": [{"due_on": "2027-03-02", "principal": "1.00"}],
            },
            "terms.custom_sum",
        ),
        ({"fee": "1200000.00"}, "amount.range"),
        ({"tranches": [{"drawn_on": "2026-03-02", "amount": "1"}]}, "terms.tranche_dates"),
        ({"tranches": [{"drawn_on": "2027-05-02", "amount": "1"}]}, "account.matured"),
        ({"tranches": [{"drawn_on": "2026-05-02", "amount": "1200000"}]}, "terms.tranches"),
        ({"convention": MARK}, "unknown_field"),
        ({"custom": [{"due_on": MARK, "principal": "1"}]}, "date.malformed"),
    ],
)
async def test_bad_terms_are_a_problem_by_name_without_an_echo(
    world: World, changes: dict[str, Any], code: str, language: str
) -> None:
    answer = await asked(world, language, **changes)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert code in {problem["code"], *(found["code"] for found in problem.get("errors", ()))}
    assert MARK not in answer.text
    for told in (problem["title"], *(found["message"] for found in problem.get("errors", ()))):
        assert "rules. Please check" not in told


async def test_a_stranger_is_quoted_nothing(world: World) -> None:
    answer = await world.client.post("/api/v1/quotes", json=GOOD)
    assert answer.status_code == 401
