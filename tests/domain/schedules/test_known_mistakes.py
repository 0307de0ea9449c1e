"""Mistakes that users of other systems reported, each as a test that ours does not make it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.schedules import (
    Amortisation,
    CustomRow,
    RepaymentMethod,
    Rounding,
    ScheduleLine,
)
from domain.violations import LoanRuleViolation
from tests.domain.schedules.notes import lines, note

METHODS = (
    RepaymentMethod.EQUAL_INSTALMENT,
    RepaymentMethod.EQUAL_PRINCIPAL,
    RepaymentMethod.INTEREST_FIRST_BULLET,
    RepaymentMethod.MATURITY,
    RepaymentMethod.FLAT,
)


@pytest.mark.parametrize("multiple", ["1", "10", "100", "1000"])
def test_a_rounded_instalment_never_costs_a_row(multiple: str) -> None:
    """A rounded-up instalment gave 11 rows for 12 agreed ones (frappe/lending 1449)."""
    rows = lines(
        principal=Decimal(12000),
        rounding=Rounding(instalment_multiple_of=Decimal(multiple)),
    )
    assert len(rows) == 12
    assert sum(row.principal for row in rows) == 12000
    assert all(row.principal >= 0 for row in rows)


def test_the_last_payment_does_not_grow() -> None:
    """The last payment grew by what rounding had left behind (frappe/lending 1444)."""
    rows = lines(instalments=360, yearly_rate=Decimal("0.036"))
    assert abs(rows[-1].total - rows[0].total) < Decimal("3.61")


def test_a_first_period_of_three_days_is_not_charged_as_a_month() -> None:
    """A first instalment after three days cost a whole month (frappe/lending 1081)."""
    rows = lines(first_due_on=date(2026, 3, 13))
    # 3 of the 31 days that a whole month would have had here
    assert rows[0].interest == Decimal("420.97")


def test_methods_really_differ() -> None:
    """Different schedule types led to basically the same figures (frappe/lending 42)."""
    totals = {method: _figures(lines(method=method)) for method in METHODS}
    assert len(set(totals.values())) == len(METHODS)


def _figures(rows: tuple[ScheduleLine, ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    return tuple((row.principal, row.interest) for row in rows)


@pytest.mark.parametrize("method", METHODS)
def test_no_two_rows_share_a_date(method: RepaymentMethod) -> None:
    """A schedule was repeated with all rows on one date (frappe/lending 210)."""
    days = [row.due_on for row in lines(method=method)]
    assert days == sorted(set(days))


def test_a_balloon_is_paid_with_the_last_row_and_bears_interest_until_then() -> None:
    """Balloon loans did not work as expected (fineract 6352, FSharp.Finance.Personal 37)."""
    rows = lines(method=RepaymentMethod.BALLOON, balloon=Decimal(600000))
    assert rows[-1].principal > 600000
    assert rows[0].interest == Decimal("4350.00")
    whole = lines(method=RepaymentMethod.BALLOON, balloon=Decimal(1200000))
    assert {row.principal for row in whole[:-1]} == {Decimal("0.00")}


def test_rows_of_ones_own_are_kept_as_agreed() -> None:
    """Custom repayment schedules were asked for (fineract 4095)."""
    agreed = (
        CustomRow(date(2026, 9, 10), Decimal(700000)),
        CustomRow(date(2027, 3, 10), Decimal(500000)),
    )
    rows = lines(method=RepaymentMethod.CUSTOM, custom=agreed, instalments=2)
    assert [(row.due_on, row.principal) for row in rows] == [
        (row.due_on, row.principal) for row in agreed
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"instalments": 0}, "terms.instalments"),
        ({"yearly_rate": Decimal("1.0001")}, "terms.rate"),
        ({"yearly_rate": Decimal("NaN")}, "terms.rate"),
        ({"yearly_rate": Decimal("-0.01")}, "terms.rate"),
        ({"principal": Decimal("NaN")}, "terms.principal"),
        ({"principal": Decimal("0.001")}, "terms.principal"),
        ({"every": 0}, "terms.every"),
        ({"matures_on": date(2026, 3, 10)}, "terms.matures"),
        ({"settlement_day": 20}, "terms.settlement"),
        ({"down_payment_share": Decimal(1)}, "terms.down_payment"),
        ({"rounding": Rounding(instalment_multiple_of=Decimal(0))}, "terms.multiple"),
        ({"balloon": Decimal(1)}, "terms.balloon"),
        ({"step_shares": (Decimal(1),)}, "terms.step_shares"),
        (
            {
                "method": RepaymentMethod.CUSTOM,
                "instalments": 1,
                "custom": (CustomRow(date(2027, 1, 1), Decimal(1)),),
            },
            "terms.custom_sum",
        ),
        (
            {
                "method": RepaymentMethod.CUSTOM,
                "instalments": 2,
                "custom": (
                    CustomRow(date(2027, 1, 1), Decimal(600000)),
                    CustomRow(date(2026, 12, 1), Decimal(600000)),
                ),
            },
            "terms.dates",
        ),
    ],
)
def test_terms_no_schedule_follows_from_are_refused_by_name(
    changed: dict[str, object], code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        note(**changed)
    assert refused.value.code == code


def test_graces_put_off_what_they_name() -> None:
    put_off = lines(interest_payment_grace=3)
    assert [row.interest for row in put_off[:3]] == [0, 0, 0]
    assert sum(row.interest for row in put_off) == sum(row.interest for row in lines())
    free = lines(interest_free=3, principal_grace=3)
    assert [row.total for row in free[:3]] == [0, 0, 0]


def test_a_cumulative_flat_loan_charges_the_whole_principal_despite_a_down_payment() -> None:
    changed = {"method": RepaymentMethod.FLAT, "down_payment_share": Decimal("0.25")}
    whole = lines(**changed, amortisation=Amortisation.CUMULATIVE)
    assert whole[0].principal == 300000
    assert sum(row.interest for row in whole) == 52200
    assert sum(row.interest for row in lines(**changed)) == 39150


def test_an_instalment_rounded_below_the_interest_never_adds_to_the_debt() -> None:
    rows = lines(
        principal=Decimal(1740),
        yearly_rate=Decimal(1),
        instalments=60,
        rounding=Rounding(instalment_multiple_of=Decimal(100)),
    )
    assert rows[0].interest == Decimal("145.00")
    assert {row.principal for row in rows[:-1]} == {Decimal("0.00")}
    assert rows[-1].principal == 1740
