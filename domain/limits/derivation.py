"""The whole derivation: every cap, the tenor, the rate, and which of them bind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.limits.caps import (
    ask_line,
    debt_service_line,
    group_line,
    net_worth_line,
    product_line,
    security_line,
    single_name_line,
)
from domain.limits.case import LENDABLE, LimitCase
from domain.limits.lines import LimitLine, LineName, NotComputable
from domain.limits.rates import RateSheet, derive_rate
from domain.limits.terms import GradeTerms, LimitTerms
from domain.limits.working_capital import working_capital_line
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class TenorCap:
    """One cap on the tenor, in months."""

    name: str
    months: int
    binding: bool = False


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a case comes to. `limit` is None where a line could not be computed: a person decides,
    and `at_most` is the least of what could. A grade that is not lent to has the limit 0 and
    `refused` says so; it has no rate and no tenor.
    """

    grade: str
    terms_version: int
    lines: tuple[LimitLine, ...]
    limit: Decimal | None
    at_most: Decimal
    tenors: tuple[TenorCap, ...] = ()
    tenor_months: int | None = None
    rates: RateSheet | None = None
    refused: str | None = None

    @property
    def binding(self) -> tuple[LineName, ...]:
        """Every cap that binds, by name."""
        return tuple(line.name for line in self.lines if line.binding)

    @property
    def not_computable(self) -> tuple[LimitLine, ...]:
        """The lines a person has to judge."""
        return tuple(line for line in self.lines if line.problem is not None)


def derive(case: LimitCase, terms: LimitTerms) -> Derivation:
    """Derive limit, tenor and rate of a case. Never raises for figures that are missing or odd.

    A better grade never gets a smaller limit, a higher rate or a shorter tenor, other things
    being equal.
    """
    grade = terms.of_grade(case.grade)
    if grade is None or case.grade not in LENDABLE:
        return Derivation(
            case.grade, terms.version, (), _NOTHING, _NOTHING, refused="grade_not_lent_to"
        )
    tenors = _tenors(case, grade)
    tenor = min(cap.months for cap in tenors)
    rates = derive_rate(case, terms, grade, tenor)
    lines = _lines(case, terms, grade, rates.rate, tenor)
    known = [line.amount for line in lines if line.amount is not None]
    least = min(known, default=_NOTHING)
    whole = len(known) == len(lines)
    return Derivation(
        grade=case.grade,
        terms_version=terms.version,
        lines=tuple(replace(line, binding=line.amount == least) for line in lines),
        limit=least if whole else None,
        at_most=least,
        tenors=tuple(replace(cap, binding=cap.months == tenor) for cap in tenors),
        tenor_months=tenor,
        rates=rates,
    )


def _lines(
    case: LimitCase, terms: LimitTerms, grade: GradeTerms, rate: Decimal, tenor: int
) -> tuple[LimitLine, ...]:
    ways: tuple[tuple[LineName, Callable[[], LimitLine | None]], ...] = (
        (LineName.WORKING_CAPITAL, lambda: working_capital_line(case)),
        (LineName.NET_WORTH, lambda: net_worth_line(case, grade)),
        (LineName.DEBT_SERVICE, lambda: debt_service_line(case, terms, rate, tenor)),
        (LineName.SECURITY, lambda: security_line(case, terms, grade)),
        (LineName.SINGLE_NAME, lambda: single_name_line(case, terms)),
        (LineName.GROUP, lambda: group_line(case, terms)),
        (LineName.PRODUCT, lambda: product_line(case)),
        (LineName.ASK, lambda: ask_line(case)),
    )
    found = (_worked_out(name, way) for name, way in ways)
    return tuple(line for line in found if line is not None)


def _worked_out(name: LineName, way: Callable[[], LimitLine | None]) -> LimitLine | None:
    try:
        return way()
    except NotComputable as why:
        return LimitLine(name, None, problem=why.problem, missing=why.missing)
    except LoanRuleViolation:
        return LimitLine(name, None, problem="figures_out_of_range")


def _tenors(case: LimitCase, grade: GradeTerms) -> tuple[TenorCap, ...]:
    product = case.product_tenor_max
    return (
        TenorCap("grade", grade.tenor_max_months),
        *((TenorCap("product", product),) if product is not None else ()),
        TenorCap("ask", case.ask.tenor_months),
    )
