"""The key of the signing form: nobody is signed in there, so the form proves itself."""

from __future__ import annotations

import hashlib
import hmac
import re

LIFETIME_SECONDS = 3600
_SHAPE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


def fresh_form_key(secret: bytes, token: str, now: int) -> str:
    """A key for one link's form, good for an hour; `now` in unix seconds."""
    until = now + LIFETIME_SECONDS
    return f"{until}.{_proof(secret, token, until)}"


def key_holds(secret: bytes, token: str, key: str, now: int) -> bool:
    """Whether we made this key for this link, not too long ago."""
    shape = _SHAPE.fullmatch(key)
    if shape is None or int(shape[1]) < now:
        return False
    return hmac.compare_digest(_proof(secret, token, int(shape[1])).encode(), shape[2].encode())


def _proof(secret: bytes, token: str, until: int) -> str:
    return hmac.new(secret, f"sign-form:{token}:{until}".encode(), hashlib.sha256).hexdigest()
