"""One-time links for people outside the bank: derived, never stored."""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID


def link_token(secret: bytes, envelope_id: UUID) -> str:
    """The token in an envelope's one-time link, 64 hex digits; only who holds the secret knows it.

    Source: HMAC-SHA256 (RFC 2104) over a text that names its use.
    """
    return hmac.new(secret, f"envelope:{envelope_id}".encode(), hashlib.sha256).hexdigest()


def token_sha256(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


_REFRESH = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,5})-([0-9a-f]{64})")


def refresh_token(secret: bytes, review_id: UUID, number: int) -> str:
    """The token in a customer's refresh link: which review, which link of it, and the proof.

    Source: as `link_token`; a newer number makes the older links worthless.
    """
    proof = hmac.new(secret, f"refresh:{review_id}:{number}".encode(), hashlib.sha256)
    return f"{review_id.hex}-{number}-{proof.hexdigest()}"


def read_refresh_token(secret: bytes, token: str) -> tuple[UUID, int] | None:
    """The review and the link's number a token proves; None for one that is not ours."""
    shape = _REFRESH.fullmatch(token)
    if shape is None:
        return None
    review_id, number = UUID(hex=shape[1]), int(shape[2])
    ours = refresh_token(secret, review_id, number)
    return (review_id, number) if hmac.compare_digest(ours.encode(), token.encode()) else None
