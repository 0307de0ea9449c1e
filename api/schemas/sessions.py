"""Signing in by program."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.strict import Asked, Told
from domain.people import Role


class SignIn(Asked):
    """A user name and its password."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class Token(Told):
    """The bearer token, shown this once."""

    token: str
    expires_at: datetime


class Who(Told):
    """Who the token belongs to."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]
