"""Every code of a limit has its word, and a refused officer reads which limit is short by what."""

from __future__ import annotations

import pytest

from domain.limits.lines import LineName, Origin
from domain.limits.rates import Bound, RatePart
from domain.limits.settings import SettingAct
from domain.limits.timing import TimingKind, TimingRule
from domain.limits.tree import Level, NodeState
from language.catalogue import Language
from language.messages import message_for
from language.words import WORDS

SHORT = {
    "limit_level": "group",
    "node": "华能集团",
    "left_amount": "5.00",
    "short_amount": "1000.01",
    "currency": "CNY",
}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("limit_line", LineName),
        ("limit_origin", Origin),
        ("rate_part", RatePart),
        ("rate_bound", Bound),
        ("limit_act", SettingAct),
        ("timing_kind", TimingKind),
        ("timing_rule", TimingRule),
        ("limit_level", Level),
        ("limit_state", NodeState),
    ],
)
def test_every_code_has_its_word(kind: str, codes: type[LineName]) -> None:
    assert set(WORDS[kind]) == {code.value for code in codes}


def test_the_officer_reads_which_limit_is_short_and_by_how_much() -> None:
    english = message_for("limit.short", SHORT, Language.EN)
    assert "Group limit 华能集团 gives CNY 5.00 more" in english
    assert "CNY 1,000.01 above it" in english
    chinese = message_for("limit.short", SHORT, Language.ZH)
    assert chinese == "集团额度“华能集团”尚可用 ¥5.00，本次提款超出 ¥1,000.01。未预占任何额度。"


@pytest.mark.parametrize("code", ["limit.frozen", "limit.closed", "limit.expired", "limit.not_yet"])
def test_a_limit_that_gives_nothing_is_named(code: str) -> None:
    params = {"limit_level": "customer", "node": "综合授信", "day": "2026-01-01"}
    assert "综合授信" in message_for(code, params, Language.EN)
    assert "客户额度" in message_for(code, params, Language.ZH)
