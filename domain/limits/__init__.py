"""A customer's limit, rate, tenor and timing, derived line by line; and the tree limits live in."""

from domain.limits.case import LENDABLE, Ask, Collateral, LimitCase
from domain.limits.derivation import Derivation, derive
from domain.limits.lines import Input, LimitLine, LineName, Origin
from domain.limits.rates import RateLine, RateSheet, derive_rate
from domain.limits.terms import BankTerms, GradeTerms, LimitTerms, TimingTerms, terms_from_data

__all__ = [
    "LENDABLE",
    "Ask",
    "BankTerms",
    "Collateral",
    "Derivation",
    "GradeTerms",
    "Input",
    "LimitCase",
    "LimitLine",
    "LimitTerms",
    "LineName",
    "Origin",
    "RateLine",
    "RateSheet",
    "TimingTerms",
    "derive",
    "derive_rate",
    "terms_from_data",
]
