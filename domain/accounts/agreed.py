"""What a product and a contract say about late and misused money and who is paid first, as data.

What is not said is as the house has it. Uplifts are fractions of the contract rate.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.accounts.terms import (
    HOUSE_ALLOCATION,
    HOUSE_LATENESS,
    NON_ACCRUAL_ALLOCATION,
    AllocationRule,
    LatenessTerms,
    Timing,
    every_timing,
)
from domain.repayments import Bucket
from domain.strict_data import StrictReader

CODE = "product.malformed"
GRACE_DAYS_MAX = 30
NON_ACCRUAL_DAYS_MAX = 90
"""Calendar days. Source: what is more than 90 days late earns no income any more."""
_LATENESS = frozenset({"grace_days", "compound", "misuse_uplift", "non_accrual_after_days"})
_ORDERS = frozenset({"accrual", "non_accrual"})


def lateness_from_data(
    data: object, penalty_uplift: Decimal, code: str = CODE, where: str = "lateness"
) -> LatenessTerms:
    """Read what lateness and misuse cost; every member may be left out.

    Violation: the given code with the member's name.
    """
    said, house = StrictReader(data, code, where), HOUSE_LATENESS
    said.only(frozenset(), _LATENESS)
    terms = LatenessTerms(
        penalty_uplift=penalty_uplift,
        misuse_uplift=_said(said, "misuse_uplift", house.misuse_uplift),
        compound=said.flag("compound") if said.has("compound") else house.compound,
        grace_days=said.whole("grace_days") if said.has("grace_days") else house.grace_days,
        non_accrual_after_days=_days(said, house.non_accrual_after_days),
    )
    for key, holds in (
        ("misuse_uplift", 0 <= terms.misuse_uplift <= 1),
        ("grace_days", terms.grace_days <= GRACE_DAYS_MAX),
        ("non_accrual_after_days", terms.non_accrual_after_days <= NON_ACCRUAL_DAYS_MAX),
        ("grace_days", terms.grace_days < terms.non_accrual_after_days),
    ):
        if not holds:
            raise said.refuse(key, "contradiction")
    return terms


def lateness_document(terms: LatenessTerms) -> dict[str, object]:
    """Every member, also those left at what the house does, so that a hash covers them."""
    return {
        "grace_days": terms.grace_days,
        "compound": terms.compound,
        "misuse_uplift": f"{terms.misuse_uplift:f}",
        "non_accrual_after_days": terms.non_accrual_after_days,
    }


def allocation_from_data(
    data: object, code: str = CODE, where: str = "allocation"
) -> tuple[AllocationRule, AllocationRule]:
    """Read the orders on accrual and in non-accrual: each names every kind of debt once.

    Violation: the given code with the member's name.
    """
    said = StrictReader(data, code, where)
    said.only(frozenset(), _ORDERS)
    return (
        _rule(said, "accrual", HOUSE_ALLOCATION),
        _rule(said, "non_accrual", NON_ACCRUAL_ALLOCATION),
    )


def allocation_document(
    accrual: AllocationRule, non_accrual: AllocationRule
) -> dict[str, list[str]]:
    """Both orders in full."""
    orders = {"accrual": accrual, "non_accrual": non_accrual}
    return {name: [bucket.value for bucket in order_of(rule)] for name, rule in orders.items()}


def order_of(rule: AllocationRule) -> tuple[Bucket, ...]:
    """The order in which kinds of debt that are due are paid."""
    return tuple(slot.bucket for slot in rule.order if slot.timing is Timing.DUE)


def _rule(said: StrictReader, key: str, house: AllocationRule) -> AllocationRule:
    if not said.has(key):
        return house
    try:
        order = tuple(Bucket(text) for text in said.texts(key))
    except ValueError as error:
        raise said.refuse(key, "unknown_choice") from error
    if set(order) != set(Bucket):
        raise said.refuse(key, "missing")
    return replace(house, order=every_timing(order))


def _said(said: StrictReader, key: str, house: Decimal) -> Decimal:
    return said.number(key) if said.has(key) else house


def _days(said: StrictReader, house: int) -> int:
    key = "non_accrual_after_days"
    return said.whole(key, 1) if said.has(key) else house
