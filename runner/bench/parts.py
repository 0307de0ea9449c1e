"""What of the benchmark can be measured by itself."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A part that needs nothing of the product running."""

    DAY_END = "day-end"
    ARITHMETIC = "arithmetic"
    RATING = "rating"
