"""Bands of amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.amount_bands import amount_band


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        ("0.01", "up_to_100k"),
        ("100000.00", "up_to_100k"),
        ("100000.01", "up_to_1m"),
        ("10000000.00", "up_to_10m"),
        ("10000000.01", "above_10m"),
    ],
)
def test_an_amount_lies_in_the_band_whose_top_it_does_not_pass(amount: str, band: str) -> None:
    assert amount_band(Decimal(amount)) == band
