"""Passwords under argon2, checked off the event loop and as slowly for nobody as for somebody."""

from __future__ import annotations

import asyncio
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

PASSWORD_BYTES_MAX = 1024
_NOBODY = "a password that opens nothing"


async def hash_password(password: str) -> str:
    """A salted argon2id hash."""
    return await asyncio.to_thread(_hasher().hash, password)


async def check_password(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether the password fits, and a fresher hash when the kept one is outdated.

    Without an account the same work is done against a hash that opens nothing, so that the time
    an answer takes does not tell whether a user name exists.
    """
    if len(password.encode()) > PASSWORD_BYTES_MAX:
        return False, None
    return await asyncio.to_thread(_check, password, kept)


def _check(password: str, kept: str | None) -> tuple[bool, str | None]:
    try:
        fits, fresher = _hasher().verify_and_update(password, kept or _nobodys_hash())
    except UnknownHashError:
        # An imported account without a usable hash cannot be opened by any password.
        fits, fresher = _hasher().verify_and_update(password, _nobodys_hash())
        return False, None
    return (fits, fresher) if kept is not None else (False, None)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(_NOBODY)
