"""Repayment schedules: the terms of a note and the lines that follow from them."""

from domain.schedules.building import build_schedule
from domain.schedules.lines import ScheduleLine, due_date
from domain.schedules.terms import LoanTerms, RepaymentMethod

__all__ = ["LoanTerms", "RepaymentMethod", "ScheduleLine", "build_schedule", "due_date"]
