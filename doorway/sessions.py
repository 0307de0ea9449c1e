"""Signing in and out, and who is behind a request."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act, Actor, Role
from domain.violations import LoanRuleViolation
from doorway.languages import language_of
from doorway.passwords import check_password
from doorway.services import Services, services_of
from language.catalogue import Language
from persistence.clock import business_date
from persistence.sessions import LIFETIME, OpenSession, close_session, open_session, read_session
from persistence.staff import StaffAccount, account_of, note_failure, note_success, renew_hash

SESSION_COOKIE = "corploan_session"
TOKEN_BYTES = 32
USERNAME_LENGTH_MAX = 64
TOKEN_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in on this request, with the roles held at this moment."""

    actor: Actor
    username: str
    name_zh: str
    name_en: str
    csrf_token: str
    language: Language

    @property
    def display_name(self) -> str:
        """The name in the language of the request."""
        return self.name_zh if self.language is Language.ZH else self.name_en

    @property
    def roles(self) -> Sequence[Role]:
        """What the person is."""
        return self.actor.roles

    def may(self, *acts: Act) -> bool:
        """Whether any role of the person grants any of the acts."""
        return any(self.actor.may(act) for act in acts)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. The token is shown this once and kept nowhere."""

    token: str
    expires_at: datetime


async def sign_in(
    services: Services,
    username: str,
    password: str,
    now: datetime,
    former_token: str | None = None,
) -> SignedIn:
    """Open a session under a new token and end the former one.

    Violations: `sign_in_failed`, the same for a wrong name, a wrong password and a closed
    account; `too_many_attempts` for 15 minutes after five wrong passwords.
    """
    account = await _account(services, username)
    fits, fresher_hash = await check_password(password, account.password_hash if account else None)
    if account is None or not account.active:
        raise LoanRuleViolation("sign_in_failed")
    if account.locked(now):
        raise LoanRuleViolation("too_many_attempts")
    if not fits:
        async with services.database.transaction() as session:
            await note_failure(session, account.id, now)
        raise LoanRuleViolation("sign_in_failed")
    return await _admit(services, account, now, former_token, fresher_hash)


async def sign_out(services: Services, token: str | None, now: datetime) -> None:
    """End the session of a token."""
    if token and len(token) <= TOKEN_LENGTH_MAX:
        async with services.database.transaction() as session:
            await close_session(session, token, now)


def set_session_cookie(response: Response, signed_in: SignedIn, *, secure: bool) -> None:
    """Hand the token to the browser; scripts never see it."""
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
        path="/",
    )


def clear_session_cookie(response: Response, *, secure: bool) -> None:
    """Take the token back from the browser."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=secure)


def cookie_token(request: Request) -> str | None:
    """The token a browser sends."""
    return _bounded(request.cookies.get(SESSION_COOKIE))


def bearer_token(request: Request) -> str | None:
    """The token a program sends as `Authorization: Bearer ...`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return _bounded(token.strip()) if scheme.lower() == "bearer" else None


async def person_of_token(request: Request, token: str | None) -> Person | None:
    """Who a token belongs to. Also notes on the request what every page shows of them."""
    if token is None:
        return None
    services, now = services_of(request), datetime.now(UTC)
    async with services.database.reading() as session:
        opened = await read_session(session, token, now)
        if opened is None:
            return None
        today = await business_date(session, now)
    person = _person(opened, language_of(request))
    _show(request, person=person, csrf_token=person.csrf_token, business_date=today)
    return person


async def _account(services: Services, username: str) -> StaffAccount | None:
    # No stored name has a NUL in it, and the database cannot even be asked for one.
    if not username or len(username) > USERNAME_LENGTH_MAX or not username.isprintable():
        return None
    async with services.database.reading() as session:
        return await account_of(session, username)


async def _admit(
    services: Services,
    account: StaffAccount,
    now: datetime,
    former_token: str | None,
    fresher_hash: str | None,
) -> SignedIn:
    token, csrf_token = (secrets.token_urlsafe(TOKEN_BYTES) for _ in range(2))
    async with services.database.transaction() as session:
        # Guesses made at the same time may have locked the account since it was read.
        if not await note_success(session, account.id, now):
            raise LoanRuleViolation("too_many_attempts")
        if fresher_hash is not None:
            await renew_hash(session, account.id, fresher_hash)
        if former_token:
            await close_session(session, former_token, now)
        expires_at = await open_session(session, account.id, token, csrf_token, now)
    return SignedIn(token, expires_at)


def _person(opened: OpenSession, language: Language) -> Person:
    return Person(
        actor=opened.actor,
        username=opened.username,
        name_zh=opened.name_zh,
        name_en=opened.name_en,
        csrf_token=opened.csrf_token,
        language=language,
    )


def _show(request: Request, **values: Any) -> None:
    facts: Mapping[str, Any] = values
    for name, value in facts.items():
        setattr(request.state, name, value)


def _bounded(token: str | None) -> str | None:
    return token if token and len(token) <= TOKEN_LENGTH_MAX else None
