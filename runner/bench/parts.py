"""What of the benchmark can be measured by itself."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A part by itself; for the sources the product is started, for the others it is not."""

    DAY_END = "day-end"
    ARITHMETIC = "arithmetic"
    RATING = "rating"
    SOURCES = "sources"
    RE_RATING = "re-rating"
