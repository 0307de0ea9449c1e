"""Hashes that other parties can recompute."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def canonical_sha256(body: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of a body whose decimals are strings."""
    return hashlib.sha256(rfc8785.dumps(dict(body))).hexdigest()


def text_sha256(text: str) -> str:
    """SHA-256 over a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
