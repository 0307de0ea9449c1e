"""What a new password must be."""

from __future__ import annotations

import pytest

from domain.passwords import refuse_weak_password
from domain.violations import LoanRuleViolation


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password.too_short"),
        ("x" * 201, "password.too_long"),
        ("aaaaaaaaaaaa", "password.common"),
        ("123456789012", "password.common"),
        ("abcdefghijkl", "password.common"),
        ("210987654321", "password.common"),
        ("Password1234", "password.common"),
        ("QWERTYuiop123!", "password.common"),
        ("wanglei-202601", "password.common"),
    ],
)
def test_a_weak_password_is_refused_by_its_rule(password: str, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        refuse_weak_password(password, "wanglei")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", ["tidal marsh lantern", "春江潮水连海平海上明月共潮生", "bank of the quiet river"]
)
def test_an_uncommon_long_password_passes(password: str) -> None:
    refuse_weak_password(password, "wanglei")
