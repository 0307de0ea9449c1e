"""Capital, Merton's model, spreads, provisions and the price of risk, at their published values."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit_risk import (
    FirmSize,
    capital_requirement,
    merton,
    provision_by_age,
    risk_price,
    spread_of_cover,
)
from domain.violations import LoanRuleViolation

REFERENCE = Path(os.environ.get("LOAN_DATA", "../shared/data")) / "reference_values.json"
PERCENT = Decimal(100)
LGD_2006, LGD_2023 = Decimal("0.45"), Decimal("0.40")
NO_FLOOR = Decimal(0)

# PD, risk weight at a turnover of 50 and of 5 million EUR, all in percent.
BASEL_2 = """0.03 14.44 11.30|0.05 19.65 15.39|0.10 29.65 23.30|0.25 49.47 39.01|0.40 62.72 49.49
0.50 69.61 54.91|0.75 82.78 65.14|1.00 92.32 72.40|1.30 100.95 78.77|1.50 105.59 82.11
2.00 114.86 88.55|2.50 122.16 93.43|3.00 128.44 97.58|4 139.58 105.04|5 149.85 112.26
6 159.61 119.48|10 193.09 146.51|15 221.53 171.91|20 238.23 188.42"""
BASEL_3 = """0.05 17.47 13.69|0.10 26.36 20.71|0.25 43.97 34.68|0.40 55.75 43.99|0.50 61.88 48.81
0.75 73.58 57.91|1.00 82.06 64.35|1.30 89.73 70.02"""


def table(text: str, lgd: Decimal) -> list[tuple[Decimal, ...]]:
    rows = text.replace("\n", "|").split("|")
    return [(lgd, *map(Decimal, row.split())) for row in rows]


@pytest.mark.parametrize(
    ("lgd", "pd", "large", "small"), [*table(BASEL_2, LGD_2006), *table(BASEL_3, LGD_2023)]
)
def test_the_printed_risk_weights_are_met(
    lgd: Decimal, pd: Decimal, large: Decimal, small: Decimal
) -> None:
    for sales, printed in ((Decimal(50), large), (Decimal(5), small)):
        found = capital_requirement(pd / PERCENT, lgd, Decimal("2.5"), sales, NO_FLOOR)
        assert abs(found.risk_weight * PERCENT - printed) <= Decimal("0.01")


def test_the_floor_holds_for_the_best_firm() -> None:
    best = capital_requirement(Decimal("0.00001"), LGD_2023)
    assert best.pd == Decimal("0.0005")
    assert round(best.risk_weight * PERCENT, 2) == Decimal("17.47")


@given(st.decimals("0.0005", "0.9", places=4), st.decimals("0.05", "1", places=2))
def test_a_smaller_firm_never_ties_up_more_capital(pd: Decimal, lgd: Decimal) -> None:
    small = capital_requirement(pd, lgd, sales_eur_m=Decimal(5)).capital
    large = capital_requirement(pd, lgd).capital
    assert 0 <= small <= large <= 1


@pytest.mark.parametrize(
    ("pd", "lgd", "years"), [("0", "0.4", "2.5"), ("1", "0.4", "2.5"), ("0.1", "1.1", "1")]
)
def test_what_is_no_probability_is_refused(pd: str, lgd: str, years: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"figures\.range"):
        capital_requirement(Decimal(pd), Decimal(lgd), Decimal(years))


def test_mertons_firm_is_solved() -> None:
    found = merton(Decimal(3), Decimal("0.8"), Decimal(10), Decimal("0.05"), Decimal(1))
    assert abs(found.assets - Decimal("12.3953871895")) < Decimal("1e-7")
    assert abs(found.volatility - Decimal("0.212304713423")) < Decimal("1e-8")
    assert abs(found.d1 - Decimal("1.35313036908")) < Decimal("1e-7")
    assert abs(found.d2 - Decimal("1.14082565565")) < Decimal("1e-7")
    assert round(found.pd, 5) == Decimal("0.12697")


def test_mertons_model_needs_equity() -> None:
    with pytest.raises(LoanRuleViolation, match=r"figures\.range"):
        merton(Decimal(0), Decimal("0.8"), Decimal(10), Decimal("0.05"), Decimal(1))


def test_the_price_of_risk_is_the_sum_of_its_parts() -> None:
    price = risk_price(
        funding=Decimal("0.03"),
        operating=Decimal("0.006"),
        pd=Decimal("0.01"),
        lgd=Decimal("0.45"),
        capital_ratio=Decimal("0.105"),
        hurdle=Decimal("0.12"),
    )
    assert price.expected_loss == Decimal("0.0045")
    assert round(price.risk_weight, 6) == Decimal("0.923168")
    assert round(price.capital_charge, 6) == Decimal("0.008724")
    assert round(price.rate, 6) == Decimal("0.049224")


def test_the_published_provision_matrix_is_met() -> None:
    owed = [Decimal(n) for n in (300_000, 140_000, 60_000, 23_000, 5_000)]
    reached = [Decimal(n) for n in (100_000, 50_000, 23_000, 8_000, 2_000)]
    bands = provision_by_age(owed, reached, Decimal(2_000))
    assert [band.provision for band in bands] == [6_000, 5_600, 5_217, 5_750, 5_000]
    assert sum(band.provision for band in bands) == 27_567


def test_more_cannot_have_been_lost_than_there_was() -> None:
    with pytest.raises(LoanRuleViolation, match=r"figures\.range"):
        provision_by_age([Decimal(10)], [Decimal(1)], Decimal(2))


@pytest.mark.parametrize(
    ("cover", "size", "rating", "spread"),
    [
        ("8.5", FirmSize.LARGE, "AAA", "0.0059"),
        ("3.7", FirmSize.LARGE, "A-", "0.0121"),
        ("-4", FirmSize.LARGE, "D", "0.2"),
        ("3.7", FirmSize.SMALL, "BB+", "0.0174"),
        ("1.3", FirmSize.SMALL, "CCC", "0.0851"),
    ],
)
def test_a_cover_falls_in_its_row(cover: str, size: FirmSize, rating: str, spread: str) -> None:
    found = spread_of_cover(Decimal(cover), size)
    assert (found.rating, found.spread) == (rating, Decimal(spread))


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference values are not here: LOAN_DATA")
def test_every_row_of_the_spread_tables_is_met() -> None:
    tables = json.loads(REFERENCE.read_text(encoding="utf-8"))["damodaran_jan2024"]
    for size, name in ((FirmSize.LARGE, "large_cap_gt_5bn"), (FirmSize.SMALL, "small_risky")):
        for above, upto, rating, percent in tables[name]:
            for cover in (above + 0.00001, (above + upto) / 2, upto - 0.000001):
                found = spread_of_cover(Decimal(str(cover)), size)
                assert (found.rating, float(found.spread * 100)) == (rating, percent)
