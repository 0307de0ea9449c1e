"""What a grade allows, what the bank asks, and when: one versioned table, kept as data.

Shares, rates and LTVs are fractions; margins are basis points over the base rate; tenors months.
A grade without a row is not lent to. Source: the bank's own defaults, docs/rules/limits.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from domain.money import Currency
from domain.scoring import GRADES
from domain.strict_data import StrictReader

_CODE = "grade_terms.malformed"
_MARGIN_BP_MAX = 5000


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """What a grade allows. A better grade allows more, longer and cheaper; the reader sees to it.

    `net_worth_share` caps all credit, `unsecured_share` what no collateral carries, both as a
    share of net worth.
    """

    net_worth_share: Decimal
    unsecured_share: Decimal
    ltv_max: Decimal
    margin_min_bp: int
    margin_target_bp: int
    margin_max_bp: int
    tenor_max_months: int


@dataclass(frozen=True, slots=True)
class BankTerms:
    """The bank's own figures. `capital` is in `currency`."""

    currency: Currency
    capital: Decimal
    single_name_share: Decimal
    group_share: Decimal
    dscr_min: Decimal
    debt_service_years: int
    operating_cost: Decimal
    capital_ratio: Decimal
    hurdle: Decimal
    lgd_unsecured: Decimal
    lgd_secured: Decimal


@dataclass(frozen=True, slots=True)
class TimingTerms:
    """How long one waits after what, and the share of a limit that must be in use."""

    after_decision_days: int
    after_arrears_months: int
    after_alert_days: int
    use_share_min: Decimal
    use_months: int
    renewal_before_days: int
    statement_month: int
    statement_day: int


@dataclass(frozen=True, slots=True)
class LimitTerms:
    """The whole table in one version."""

    version: int
    grades: Mapping[str, GradeTerms]
    collateral_ltv: Mapping[str, Decimal]
    bank: BankTerms
    timing: TimingTerms

    def of_grade(self, grade: str) -> GradeTerms | None:
        """What a grade allows; None where it is not lent to."""
        return self.grades.get(grade)


def terms_from_data(data: Mapping[str, object]) -> LimitTerms:
    """Read the table whole or not at all. Violation: `grade_terms.malformed`, with the place.

    Refused besides what is missing or unknown: a better grade with a smaller share, LTV or tenor,
    or with a margin band above the next grade's, since a downgrade must never make credit cheaper.
    """
    reader = StrictReader(data, _CODE, "")
    reader.only(frozenset({"code", "version", "grades", "collateral_ltv", "bank", "timing"}))
    terms = LimitTerms(
        version=reader.whole("version", 1),
        grades=_grades(StrictReader(reader.raw("grades"), _CODE, "grades")),
        collateral_ltv=_collateral(reader.raw("collateral_ltv")),
        bank=_bank(StrictReader(reader.raw("bank"), _CODE, "bank")),
        timing=_timing(StrictReader(reader.raw("timing"), _CODE, "timing")),
    )
    _refuse_disorder(terms.grades, reader)
    return terms


def _grades(reader: StrictReader) -> Mapping[str, GradeTerms]:
    reader.only(frozenset(), frozenset(GRADES))
    return {grade: _grade(reader, grade) for grade in GRADES if reader.has(grade)}


def _grade(grades: StrictReader, grade: str) -> GradeTerms:
    reader = StrictReader(grades.raw(grade), _CODE, f"grades.{grade}")
    reader.only(frozenset(GradeTerms.__slots__))
    return GradeTerms(
        net_worth_share=reader.number("net_worth_share"),
        unsecured_share=_share(reader, "unsecured_share"),
        ltv_max=_share(reader, "ltv_max"),
        margin_min_bp=_margin(reader, "margin_min_bp"),
        margin_target_bp=_margin(reader, "margin_target_bp"),
        margin_max_bp=_margin(reader, "margin_max_bp"),
        tenor_max_months=reader.whole("tenor_max_months", 1),
    )


def _collateral(raw: object) -> Mapping[str, Decimal]:
    reader = StrictReader(raw, _CODE, "collateral_ltv")
    kinds = sorted(raw) if isinstance(raw, Mapping) else ()
    return {kind: _share(reader, kind) for kind in kinds}


def _bank(reader: StrictReader) -> BankTerms:
    reader.only(frozenset(BankTerms.__slots__))
    return BankTerms(
        currency=reader.choice("currency", Currency),
        capital=_above_zero(reader, "capital"),
        single_name_share=_share(reader, "single_name_share"),
        group_share=_share(reader, "group_share"),
        dscr_min=_above_zero(reader, "dscr_min"),
        debt_service_years=reader.whole("debt_service_years", 1),
        operating_cost=_share(reader, "operating_cost"),
        capital_ratio=_share(reader, "capital_ratio"),
        hurdle=_share(reader, "hurdle"),
        lgd_unsecured=_share(reader, "lgd_unsecured"),
        lgd_secured=_share(reader, "lgd_secured"),
    )


def _timing(reader: StrictReader) -> TimingTerms:
    reader.only(frozenset(TimingTerms.__slots__))
    whole = {
        name: reader.whole(name, 1)
        for name in sorted(TimingTerms.__slots__)
        if name != "use_share_min"
    }
    if whole["statement_month"] > 12 or whole["statement_day"] > 28 + 2:
        raise reader.refuse("statement_month", "not_a_day")
    return TimingTerms(use_share_min=_share(reader, "use_share_min"), **whole)


def _share(reader: StrictReader, key: str) -> Decimal:
    value = reader.number(key)
    if not 0 <= value <= 1:
        raise reader.refuse(key, "not_a_share")
    return value


def _above_zero(reader: StrictReader, key: str) -> Decimal:
    value = reader.number(key)
    if value <= 0:
        raise reader.refuse(key, "not_above_zero")
    return value


def _margin(reader: StrictReader, key: str) -> int:
    value = reader.whole(key, -_MARGIN_BP_MAX)
    if value > _MARGIN_BP_MAX:
        raise reader.refuse(key, "out_of_range")
    return value


def _refuse_disorder(grades: Mapping[str, GradeTerms], reader: StrictReader) -> None:
    for grade, row in grades.items():
        if row.margin_min_bp > row.margin_max_bp or row.net_worth_share < 0:
            raise reader.refuse(f"grades.{grade}", "contradiction")
    for (_, better), (name, worse) in pairwise(grades.items()):
        orders = (
            better.net_worth_share >= worse.net_worth_share,
            better.unsecured_share >= worse.unsecured_share,
            better.ltv_max >= worse.ltv_max,
            better.tenor_max_months >= worse.tenor_max_months,
            better.margin_max_bp <= worse.margin_min_bp,
        )
        if not all(orders):
            raise reader.refuse(f"grades.{name}", "better_than_the_grade_above")
