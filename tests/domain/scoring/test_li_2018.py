"""The published model of charge-off for guaranteed small-business loans."""

from __future__ import annotations

import csv
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import measures, score

BOOK = Path(os.environ.get("LOAN_DATA", "../shared/data")) / "sba_case.csv"
SHARE = st.decimals(min_value=0, max_value=1, places=4)
CUT = Decimal("0.5")


def inputs(real_estate: str, portion: str, recession: str) -> dict[str, Decimal | None]:
    return {
        "real_estate": Decimal(real_estate),
        "portion": Decimal(portion),
        "recession": Decimal(recession),
    }


@pytest.mark.parametrize(
    ("facts", "printed"),
    [(inputs("1", "0.75", "0"), "0.05"), (inputs("0", "0.4", "0"), "0.55")],
)
def test_the_printed_loans_are_met(facts: dict[str, Decimal | None], printed: str) -> None:
    result = score("li_2018", facts)
    assert result.pd is not None
    assert round(result.pd, 2) == Decimal(printed)


@pytest.mark.parametrize(
    ("name", "value"),
    [("portion", None), ("portion", Decimal("1.01")), ("real_estate", Decimal(-1))],
)
def test_an_input_that_is_absent_or_out_of_range_is_named(name: str, value: Decimal | None) -> None:
    result = score("li_2018", {**inputs("0", "0.5", "0"), name: value})
    assert result.missing == (name,)
    assert result.grade is None


@given(SHARE, SHARE, SHARE)
def test_a_probability_lies_between_none_and_all_and_the_parts_sum(
    real_estate: Decimal, portion: Decimal, recession: Decimal
) -> None:
    result = score(
        "li_2018", {"real_estate": real_estate, "portion": portion, "recession": recession}
    )
    assert result.pd is not None
    assert 0 < result.pd < 1
    assert result.value == sum(part.points for part in result.contributions)


@given(SHARE, SHARE)
def test_a_larger_guarantee_never_makes_default_likelier(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    with_less = score("li_2018", inputs("0", str(less), "1")).pd
    with_more = score("li_2018", inputs("0", str(more), "1")).pd
    assert with_less is not None
    assert with_more is not None
    assert with_more <= with_less


@pytest.mark.skipif(not BOOK.exists(), reason="the real loan book is not here: set LOAN_DATA")
def test_the_printed_confusion_table_is_met_on_the_real_book() -> None:
    table: Counter[tuple[bool, bool]] = Counter()
    with BOOK.open(encoding="utf-8", newline="") as book:
        for row in csv.DictReader(book):
            if row["Selected"] == "0":
                facts = inputs(row["RealEstate"], row["Portion"], row["Recession"])
                pd = score("li_2018", facts).pd
                assert pd is not None
                table[pd > CUT, row["Default"] == "1"] += 1
    assert table == {(True, True): 31, (True, False): 14, (False, True): 324, (False, False): 682}


@pytest.mark.skipif(not BOOK.exists(), reason="the real loan book is not here: set LOAN_DATA")
@pytest.mark.parametrize(("selected", "area"), [("1", 0.7527), ("0", 0.7346)])
def test_the_area_is_met_on_both_halves_of_the_real_book(selected: str, area: float) -> None:
    risks, bad = [], []
    with BOOK.open(encoding="utf-8", newline="") as book:
        for row in csv.DictReader(book):
            if row["Selected"] == selected:
                facts = inputs(row["RealEstate"], row["Portion"], row["Recession"])
                pd = score("li_2018", facts).pd
                assert pd is not None
                risks.append(float(pd))
                bad.append(row["Default"] == "1")
    # the areas are of unrounded coefficients, the model is of the printed ones
    assert measures.auc(risks, bad) == pytest.approx(area, abs=0.0005)
