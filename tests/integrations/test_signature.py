"""The callback signature: exact, recent, and never an exception."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from integrations.signature import sign, verify

SECRET, BODY, AT = b"secret", '{"a":"贷"}'.encode(), 1_700_000_000


def test_the_header_is_the_published_convention() -> None:
    digest = hmac.new(SECRET, f"{AT}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert sign(SECRET, BODY, AT) == f"t={AT},v1={digest}"


@pytest.mark.parametrize("now", [AT - 300, AT, AT + 300])
def test_a_recent_signature_holds(now: int) -> None:
    assert verify(SECRET, BODY, sign(SECRET, BODY, AT), now)


@pytest.mark.parametrize("now", [AT - 301, AT + 301])
def test_a_stale_or_future_signature_does_not(now: int) -> None:
    assert not verify(SECRET, BODY, sign(SECRET, BODY, AT), now)


def test_another_secret_body_or_time_does_not_hold() -> None:
    header = sign(SECRET, BODY, AT)
    assert not verify(b"other", BODY, header, AT)
    assert not verify(SECRET, BODY + b" ", header, AT)
    assert not verify(SECRET, BODY, header.replace(str(AT), str(AT + 1)), AT)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        f"t={AT}",
        f"t={AT},v1={'贷' * 64}",
        f"t=１７００００００００,v1={'0' * 64}",
        f"t={AT},v1={'0' * 64}\n",
        f"t=-{AT},v1={'0' * 64}",
        f"t={'9' * 40},v1={'0' * 64}",
    ],
)
def test_a_malformed_header_is_false_and_not_an_error(header: str) -> None:
    assert verify(SECRET, BODY, header, AT) is False
