"""How many years lie between two days: the conventions a contract may name."""

from __future__ import annotations

from enum import StrEnum


class DayCount(StrEnum):
    """The day count conventions on offer. Any other is refused by name."""

    THIRTY_360 = "30/360"
    """Every month thirty days of 360; within a whole month of a schedule exactly 1/12."""
    THIRTY_E_360 = "30E/360"
    ACT_360 = "ACT/360"
    ACT_364 = "ACT/364"
    ACT_365F = "ACT/365F"
    ACT_ACT_JAN1 = "ACT/ACT-JAN1"
    """A period across New Year splits at 1 January (ISDA)."""
    ACT_ACT_DEC31 = "ACT/ACT-DEC31"
    """A period across New Year splits at 31 December."""
    ACT_365L = "ACT/365L"
    """366 only where the period itself contains 29 February."""
    EQUAL_PERIODS = "EQUAL-PERIODS"
    """A period is its share of the year, whatever its days: 1/12, 1/52."""
