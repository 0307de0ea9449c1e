"""One-time signing links: derived, never stored."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID


def link_token(secret: bytes, envelope_id: UUID) -> str:
    """The token in an envelope's one-time link, 64 hex digits; only who holds the secret knows it.

    Source: HMAC-SHA256 (RFC 2104) over a text that names its use.
    """
    return hmac.new(secret, f"envelope:{envelope_id}".encode(), hashlib.sha256).hexdigest()


def token_sha256(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()
