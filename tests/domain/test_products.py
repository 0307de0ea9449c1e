"""Products as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.applications import FIELDS_BY_NAME
from domain.decisions import pricing
from domain.products import product_from_data
from domain.scoring import GRADES
from domain.violations import LoanRuleViolation
from tests.domain.seeds import POLICY_CODES, PRODUCT_CODES, SEED, product, product_data


def test_every_shipped_product_is_listed_here() -> None:
    files = {path.stem.upper() for path in (SEED / "products").glob("*.json")}
    assert files == set(PRODUCT_CODES)


@pytest.mark.parametrize("code", PRODUCT_CODES)
def test_a_shipped_product_is_read_and_names_a_policy_and_fields_that_exist(code: str) -> None:
    rules = product(code)
    assert rules.code == code
    assert rules.policy in POLICY_CODES
    assert set(rules.optional_fields) <= set(FIELDS_BY_NAME)


@pytest.mark.parametrize("code", PRODUCT_CODES)
def test_a_better_grade_never_pays_a_higher_rate(code: str) -> None:
    rules = product(code)
    rates = [pricing(rules, grade) for grade in GRADES if grade in rules.margins_by_grade]
    assert rates == sorted(rates)


def test_a_rate_is_the_base_rate_and_the_grades_margin() -> None:
    assert pricing(product("WC_ONE_OFF"), "AA") == Decimal("0.0355")


@pytest.mark.parametrize("grade", ["C", "D", "E"])
def test_a_grade_without_a_margin_has_no_price(grade: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"pricing\.grade_not_offered"):
        pricing(product("WC_ONE_OFF"), grade)


@pytest.mark.parametrize(
    "key", sorted(product_data("WC_ONE_OFF").keys() - {"promise_working_days"})
)
def test_a_product_with_a_missing_key_is_refused(key: str) -> None:
    data = product_data("WC_ONE_OFF")
    del data[key]
    assert problem(data) == (key, "missing")


def test_a_product_with_an_unknown_key_is_refused() -> None:
    assert problem({**product_data("WC_ONE_OFF"), "amout_max": "1"}) == ("amout_max", "unknown")


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("amount_max", 50000000, "not_a_number"),
        ("amount_max", 50000000.5, "not_a_number"),
        ("amount_max", "NaN", "not_a_number"),
        ("amount_max", "1e6", "not_a_number"),
        ("amount_max", "1.00", "contradiction"),
        ("amount_min", "0", "contradiction"),
        ("version", "1", "not_a_whole_number"),
        ("version", True, "not_a_whole_number"),
        ("version", 0, "not_a_whole_number"),
        ("tenor_max", 0, "not_a_whole_number"),
        ("tenor_max", True, "not_a_whole_number"),
        ("methods", ["guess"], "unknown_choice"),
        ("methods", [], "contradiction"),
        ("currencies", ["CNY", "CNY"], "repeated"),
        ("currencies", "CNY", "not_a_list_of_texts"),
        ("needs_authorisation", "yes", "not_a_flag"),
        ("needs_authorisation", False, "contradiction"),
        ("auto_approve_max", "60000000.00", "contradiction"),
        ("currencies", ["XAU"], "contradiction"),
        ("model", "oracle", "contradiction"),
        ("margins_by_grade", {}, "contradiction"),
        ("margins_by_grade", {"A": 5001}, "contradiction"),
        ("base_rate", "3.0", "contradiction"),
        ("name_zh", " ", "not_a_text"),
    ],
)
def test_a_malformed_cell_is_refused_by_name(key: str, value: object, found: str) -> None:
    where, what = problem({**product_data("WC_ONE_OFF"), key: value})
    assert what == found
    assert where == ("sources" if key == "needs_authorisation" and value is False else key)


def test_a_longest_tenor_below_the_shortest_is_refused() -> None:
    data = {**product_data("WC_ONE_OFF"), "tenor_min": 37}
    assert problem(data) == ("tenor_max", "contradiction")


def test_a_deadline_for_every_task_is_demanded() -> None:
    data = product_data("WC_ONE_OFF")
    del data["sla_working_days"]["review"]
    assert problem(data) == ("sla_working_days.review", "missing")


def test_a_margin_that_is_no_whole_number_of_basis_points_is_refused() -> None:
    data = product_data("WC_ONE_OFF")
    data["margins_by_grade"]["AA"] = "55"
    assert problem(data) == ("margins_by_grade.AA", "not_a_whole_number")


def problem(data: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(LoanRuleViolation) as refusal:
        product_from_data(data)
    assert refusal.value.code == "product.malformed"
    return refusal.value.params["where"], refusal.value.params["problem"]


def test_a_misspelt_grade_is_refused() -> None:
    data = product_data("WC_ONE_OFF")
    data["margins_by_grade"]["Aa"] = 55
    assert problem(data) == ("margins_by_grade.Aa", "unknown")


def test_a_product_may_say_that_its_rate_floats() -> None:
    said = {"index": "LPR_1Y", "repricing": "new_year", "floor": "0.02"}
    assert product_from_data({**product_data("WC_ONE_OFF"), "floating": said}).floating == said
    for wrong in ({"index": "LPR_1Y"}, {**said, "repricing": "2m"}, {**said, "margin_bp": 1}):
        with pytest.raises(LoanRuleViolation):
            product_from_data({**product_data("WC_ONE_OFF"), "floating": wrong})
