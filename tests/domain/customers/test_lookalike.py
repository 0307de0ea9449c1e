"""Names that differ only to a machine share a skeleton; names that differ to a person do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customers.lookalike import SKELETON_LENGTH_MAX, skeleton

NAME = "华能ABC测试有限公司"


@pytest.mark.parametrize(
    "other",
    [
        "华能АВС测试有限公司",  # Cyrillic А В С
        "华能ΑΒC测试有限公司",  # Greek Α Β
        "华能ＡＢＣ测试有限公司",
        "华能 ABC 测试有限公司",
        "华能abc测试有限责任公司",
        "華能ABC測試有限公司",
        "华能(ABC)测试有限公司",
        "华能（ABC）测试有限公司",
        "华能·ABC·测试有限公司",
        "华能ÁBC测试有限公司",
    ],
)
def test_a_name_made_to_look_like_another_has_its_skeleton(other: str) -> None:
    assert other != NAME
    assert skeleton(other) == skeleton(NAME)


@pytest.mark.parametrize(
    "other",
    ["华能ABD测试有限公司", "华能ABC测试股份有限公司", "华能ABC试测有限公司", "华能ABC测试"],
)
def test_another_name_has_another_skeleton(other: str) -> None:
    assert skeleton(other) != skeleton(NAME)


def test_english_legal_forms_are_one_word() -> None:
    assert skeleton("Acme Company, Limited") == skeleton("ACME Co. Ltd")
    assert skeleton("Acme 0ne") == skeleton("Acme One")


@given(st.text(min_size=1, max_size=300))
def test_any_name_has_a_short_skeleton_that_spaces_do_not_change(name: str) -> None:
    found = skeleton(name)
    assert len(found) <= SKELETON_LENGTH_MAX
    assert skeleton(f"  {name} ") == found
