"""Loans other people published: how each payment was split, and what each row says was paid.

A case whose rows are not met or that is refused stands in the tables of `test_published_events`;
what is missed beyond that stands here with its reason.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.accounts.test_published_events import (
    FILES,
    NOT_MET,
    SILENT_REFUND,
    answer,
    answered_tables,
)
from tests.vectors import published

PAID = ("paid", "paid_in_advance", "paid_late", "outstanding", "paid_date")
ACCRUAL = "shows an accrual adjustment, an entry of the ledger that splits no money"
SPLITS_NOT_MET: dict[str, tuple[tuple[int, ...], str]] = {
    "charge-off-termination-007": (
        (0,),
        "contradicts itself: shows a repayment and a charge-off that no entry names",
    ),
    "charge-off-termination-009": (
        (4,),
        "shows the amortisation of capitalised income, an entry of the ledger",
    ),
    "fees-penalties-allocation-040": (
        (3,),
        "contradicts itself: shows a repayment that a later entry makes",
    ),
    "interest-pause-009": ((10,), ACCRUAL),
    "interest-pause-018": (
        (4,),
        "contradicts itself: shows a repayment that no entry names",
    ),
    "prepayment-019": ((4,), ACCRUAL),
    "rate-change-011": ((8,), ACCRUAL),
}
PAID_NOT_MET: dict[str, tuple[tuple[int, ...], str]] = {
    "charge-off-termination-007": (
        (0,),
        "contradicts itself: shows a repayment and a charge-off that no entry names",
    ),
    "rate-change-019": ((4,), SILENT_REFUND),
    "rate-change-027": ((4, 8), SILENT_REFUND),
    "rate-change-028": ((4, 8, 9), SILENT_REFUND),
}


def same_value(got: object, want: object) -> bool:
    """Amounts as numbers, an absent one as nothing; days and words as they are."""
    if isinstance(want, str) and want[:1].isdigit() and want.count("-") == 0:
        return Decimal(str(got or "0")) == Decimal(want)
    return (got or None) == (want or None)


def agree(got: list[dict[str, Any]] | None, want: list[dict[str, Any]], keys: Any = None) -> bool:
    rows = got or []
    return len(rows) == len(want) and all(
        same_value(row.get(key), expected[key])
        for row, expected in zip(rows, want, strict=True)
        for key in (keys or expected)
        if key in expected
    )


def known(case: dict[str, Any]) -> str:
    return str(case["id"]).removeprefix("fineract-")


@pytest.mark.parametrize("case", published(*FILES))
def test_every_split_comes_out_or_stands_in_the_list(case: dict[str, Any]) -> None:
    name, answered = known(case), answer(case)
    found = {point["after_events"]: point for point in answered.get("checkpoints", ())}
    missed = tuple(
        point["after_events"]
        for point in case["checkpoints"]
        if point.get("transactions")
        and point["after_events"] not in NOT_MET.get(name, ((), ""))[0]
        and not agree(
            found.get(point["after_events"], {}).get("transactions"), point["transactions"]
        )
    )
    assert missed == SPLITS_NOT_MET.get(name, ((), ""))[0]


@pytest.mark.parametrize("case", published(*FILES))
def test_every_row_says_what_was_paid_and_when(case: dict[str, Any]) -> None:
    name, answered = known(case), answer(case)
    found = answered_tables(answered)
    missed = tuple(
        point["after_events"]
        for point in case["checkpoints"]
        if "schedule" in point
        and point["after_events"] in found
        and point["after_events"] not in NOT_MET.get(name, ((), ""))[0]
        and not agree(found[point["after_events"]], point["schedule"], PAID)
    )
    assert missed == PAID_NOT_MET.get(name, ((), ""))[0]
