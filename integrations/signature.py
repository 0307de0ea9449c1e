"""The signature every shipped provider puts on its callbacks."""

from __future__ import annotations

import hashlib
import hmac
import re

HEADER = "X-Corploan-Signature"
_SHAPE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def sign(secret: bytes, body: bytes, at: int) -> str:
    """The header value for a body sent at unix second `at`."""
    return f"t={at},v1={_digest(secret, body, str(at))}"


def verify(secret: bytes, body: bytes, header: str, now: int, tolerance: int = 300) -> bool:
    """Whether the header was made with this secret for exactly these bytes, recently."""
    shape = _SHAPE.fullmatch(header)
    if shape is None or abs(now - int(shape[1])) > tolerance:
        return False
    # Bytes, because compare_digest raises on text that is not ASCII.
    return hmac.compare_digest(_digest(secret, body, shape[1]).encode(), shape[2].encode())


def _digest(secret: bytes, body: bytes, at: str) -> str:
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
