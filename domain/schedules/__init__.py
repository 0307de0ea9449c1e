"""Repayment schedules: the terms of a note and the lines that follow from them."""

from domain.schedules.building import build_schedule
from domain.schedules.lines import ScheduleLine, due_date
from domain.schedules.rounding import Rounding, RoundingMode
from domain.schedules.terms import (
    Amortisation,
    CustomRow,
    HolidayRule,
    LoanTerms,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    ScheduleTerms,
)

__all__ = [
    "Amortisation",
    "CustomRow",
    "HolidayRule",
    "LoanTerms",
    "MonthEnd",
    "PeriodUnit",
    "RepaymentMethod",
    "Rounding",
    "RoundingMode",
    "ScheduleLine",
    "ScheduleTerms",
    "build_schedule",
    "due_date",
]
