"""Text keeps at least 4.5 to 1 against its ground (WCAG 2.2 AA) in both themes."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from web.assets import FOLDER

TONES = ("grey", "blue", "green", "orange", "amber", "red", "purple")
PAIRS = [
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink-soft", "ground"),
    ("ink-soft", "surface"),
    ("ink-soft", "surface-sunk"),
    ("accent", "surface"),
    ("accent", "ground"),
    ("on-accent", "accent"),
    ("head-ink", "head"),
    ("head-soft", "head"),
    ("head-soft", "head-line"),
    *((tone, f"{tone}-soft") for tone in TONES),
    *((tone, "surface") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in TONES),
]


def themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    text = (FOLDER / "css" / "tokens.css").read_text("utf-8")
    blocks = [re.findall(r"--([\w-]+): (#[0-9a-f]{6})", b) for b in re.findall(r"{([^{}]*)}", text)]
    light, dark, dark_by_default = (dict(block) for block in blocks)
    return light, {**light, **dark}, {**light, **dark_by_default}


def luminance(colour: str) -> Decimal:
    parts = []
    for at in (1, 3, 5):
        share = Decimal(int(colour[at : at + 2], 16)) / 255
        low = share <= Decimal("0.04045")
        parts.append(
            share / Decimal("12.92")
            if low
            else ((share + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
        )
    red, green, blue = parts
    return Decimal("0.2126") * red + Decimal("0.7152") * green + Decimal("0.0722") * blue


@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_stands_out(front: str, back: str) -> None:
    for theme in themes()[:2]:
        low, high = sorted((luminance(theme[front]), luminance(theme[back])))
        assert (high + Decimal("0.05")) / (low + Decimal("0.05")) >= Decimal("4.5")


def test_the_dark_theme_is_the_same_chosen_or_by_default() -> None:
    _, chosen, by_default = themes()
    assert chosen == by_default
