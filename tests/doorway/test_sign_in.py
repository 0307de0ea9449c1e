"""Signing in, being locked out, and who a token belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col
from starlette.responses import Response

from domain.people import Role
from domain.violations import LoanRuleViolation
from doorway.passwords import check_password
from doorway.sessions import clear_session_cookie, set_session_cookie, sign_in, sign_out
from persistence.sessions import read_session
from persistence.tables import AuditEvent, Staff, WebSession
from tests.doorway.world import PASSWORD, World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def _refused(world: World, username: str, password: str, now: datetime = NOW) -> str:
    with pytest.raises(LoanRuleViolation) as caught:
        await sign_in(world.services, username, password, now)
    return caught.value.code


async def test_only_the_hash_of_a_token_is_kept(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    async with world.services.database.reading() as session:
        kept = (await session.execute(select(WebSession))).scalar_one()
    assert signed_in.token not in (kept.token_sha256, kept.csrf_token)
    assert signed_in.expires_at == NOW + timedelta(hours=12)


@pytest.mark.parametrize("username", ["nobody", "", "li\0", "x" * 65, "li\u202e"])
async def test_an_unknown_name_is_refused_like_a_wrong_password(
    world: World, username: str
) -> None:
    await world.hire("li", Role.REVIEWER)
    assert await _refused(world, username, PASSWORD) == "sign_in_failed"
    assert await _refused(world, "li", "wrong") == "sign_in_failed"


async def test_five_wrong_passwords_lock_for_fifteen_minutes(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    codes = [await _refused(world, "li", "wrong") for _ in range(5)]
    assert codes == ["sign_in_failed"] * 5
    assert await _refused(world, "li", PASSWORD) == "too_many_attempts"
    assert (await sign_in(world.services, "li", PASSWORD, NOW + timedelta(minutes=15))).token


async def test_a_right_password_forgets_earlier_failures(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    for _ in range(2):
        for _ in range(4):
            await _refused(world, "li", "wrong")
        await sign_in(world.services, "li", PASSWORD, NOW)


async def test_a_closed_account_does_not_open(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    async with world.services.database.transaction() as session:
        await session.execute(update(Staff).values(active=False))
    assert await _refused(world, "li", PASSWORD) == "sign_in_failed"
    async with world.services.database.reading() as session:
        assert await read_session(session, signed_in.token, NOW) is None


async def test_signing_in_again_ends_the_former_session(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    first = await sign_in(world.services, "li", PASSWORD, NOW)
    second = await sign_in(world.services, "li", PASSWORD, NOW, former_token=first.token)
    async with world.services.database.reading() as session:
        assert await read_session(session, first.token, NOW) is None
        assert await read_session(session, second.token, NOW) is not None


async def test_a_session_ends_after_twelve_hours_or_at_sign_out(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    async with world.services.database.reading() as session:
        late = NOW + timedelta(hours=12)
        assert await read_session(session, signed_in.token, late) is None
        assert await read_session(session, signed_in.token, NOW) is not None
    await sign_out(world.services, signed_in.token, NOW)
    async with world.services.database.reading() as session:
        assert await read_session(session, signed_in.token, NOW) is None


async def test_roles_are_those_held_at_this_moment(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    async with world.services.database.transaction() as session:
        await session.execute(update(Staff).values(roles=[Role.AUDITOR.value]))
    async with world.services.database.reading() as session:
        opened = await read_session(session, signed_in.token, NOW)
    assert opened is not None
    assert opened.actor.roles == (Role.AUDITOR,)


async def test_an_account_without_a_usable_hash_opens_for_no_password() -> None:
    assert await check_password("anything", "not a hash") == (False, None)
    assert await check_password("a password that opens nothing", None) == (False, None)
    assert await check_password("x" * 2000, None) == (False, None)


async def test_the_cookie_is_out_of_reach_of_scripts(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    answer = Response()
    set_session_cookie(answer, signed_in, secure=True)
    clear_session_cookie(answer, secure=False)
    set_it, cleared = answer.headers.getlist("set-cookie")
    assert "HttpOnly" in set_it
    assert "SameSite=lax" in set_it
    assert "Secure" in set_it
    assert "Secure" not in cleared


async def test_sign_ins_and_lockouts_are_in_the_audit_chain(world: World) -> None:
    await world.hire("li", Role.REVIEWER)
    signed_in = await sign_in(world.services, "li", PASSWORD, NOW)
    await sign_out(world.services, signed_in.token, NOW)
    for _ in range(5):
        await _refused(world, "li", "wrong")
    async with world.services.database.reading() as session:
        actions = (await session.execute(select(col(AuditEvent.action)))).scalars().all()
    assert actions == ["staff.signed_in", "staff.signed_out", "staff.locked"]
