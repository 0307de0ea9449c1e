"""Micro and small enterprises by the published floors, on both sides of each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.enterprise_size import is_micro_or_small
from tests.web.loans import facts

FACTS = facts()


def sized(industry: str, employees: int | None, revenue: str, assets: str = "0") -> bool:
    """The answer for figures in ten thousand yuan."""
    sheet = replace(
        FACTS.statements[0],
        revenue=Decimal(revenue) * 10_000,
        total_assets=Decimal(assets) * 10_000,
    )
    named = replace(FACTS, industry=industry, employees=employees, statements=(sheet,))
    return is_micro_or_small(named)


@pytest.mark.parametrize(
    ("industry", "employees", "revenue", "assets"),
    [
        ("A", None, "500", "0"),
        ("C", 300, "2000", "0"),
        ("E", None, "6000", "5000"),
        ("F", 50, "5000", "0"),
        ("G", 300, "3000", "0"),
        ("H", 100, "2000", "0"),
        ("I", 100, "1000", "0"),
        ("K", 300, "1000", "5000"),
        ("L", 100, "0", "8000"),
        ("M", 100, "0", "0"),
    ],
)
def test_at_its_floors_an_enterprise_is_medium_and_below_any_small(
    industry: str, employees: int | None, revenue: str, assets: str
) -> None:
    assert not sized(industry, employees, revenue, assets)
    if employees:
        assert sized(industry, employees - 1, revenue, assets)
    if revenue != "0":
        assert sized(industry, employees, str(Decimal(revenue) - Decimal("0.01")), assets)
    if assets != "0":
        assert sized(industry, employees, revenue, str(Decimal(assets) - 1))


def test_what_is_not_known_is_not_judged() -> None:
    assert not is_micro_or_small(replace(FACTS, employees=None, statements=()))
    assert is_micro_or_small(replace(FACTS, employees=299, statements=()))
    foreign = replace(FACTS, currency="USD", employees=300)
    assert not is_micro_or_small(foreign)
