"""The signatory's one-time link, through the same callback door as an outside provider."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.people import Role
from domain.process import Stage, TaskKind, WaitReason
from persistence.engine import Database
from persistence.tables import InboxEvent, Incident
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import SIGNER, Wanted, put_envelope
from web.forms.signing import LIFETIME_SECONDS, fresh_form_key, key_holds

UNSIGNED = Wanted(
    Stage.AUTHORISATION, wait=WaitReason.BORROWER_SIGNATURE, task=TaskKind.SIGN_AUTHORISATION
)
ENGLISH = {"Cookie": "corploan_language=en"}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def link(world: CaseWorld, hours_left: int = 48) -> tuple[UUID, str]:
    loan = await world.loan(await world.hire("wang", Role.CUSTOMER_MANAGER), UNSIGNED)
    async with world.services.database.transaction() as session:
        _, token = await put_envelope(session, loan, hours_left=hours_left)
    return loan, f"/sign/{token}"


async def sign(world: CaseWorld, path: str, **entries: str) -> httpx.Response:
    page = (await world.client.get(path, headers=ENGLISH)).text
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    form = {"form_key": found[1] if found else "", "answer": "signed", "consent": "yes"}
    form["signer_name"] = SIGNER
    return await world.client.post(path, data=form | entries, headers=ENGLISH)


async def inbox(world: CaseWorld) -> list[InboxEvent]:
    async with world.services.database.reading() as session:
        return list((await session.execute(select(InboxEvent))).scalars())


async def test_the_link_shows_the_document_to_a_stranger(world: CaseWorld) -> None:
    _, path = await link(world)
    answer = await world.client.get(path, headers=ENGLISH)
    assert answer.status_code == 200
    assert "征信查询授权书" in answer.text
    assert SIGNER in answer.text


async def test_signing_arrives_in_the_inbox_and_the_process_is_told(world: CaseWorld) -> None:
    loan, path = await link(world)
    answer = await sign(world, path)
    assert answer.status_code == 303
    (event,) = await inbox(world)
    assert (event.provider, event.kind, event.loan_id) == ("esign", "envelope.signed", loan)
    assert event.body["data"]["consent"] is True
    assert SIGNER not in json.dumps(event.body, ensure_ascii=False)
    assert world.process.looked == [loan]
    assert "Your answer has been received" in (await world.client.get(path, headers=ENGLISH)).text


async def test_a_second_signature_changes_nothing(world: CaseWorld) -> None:
    _, path = await link(world)
    page = (await world.client.get(path, headers=ENGLISH)).text
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    await sign(world, path)
    again = await sign(world, path, form_key=found[1])
    assert again.status_code == 409
    assert len(await inbox(world)) == 1
    async with world.services.database.reading() as session:
        assert (await session.execute(select(Incident))).scalars().all() == []


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ({"consent": ""}, "Please tick the box to agree."),
        ({"signer_name": "李四"}, "name exactly as it is shown"),
        ({"form_key": "1.abc"}, "The page was open too long."),
        ({"answer": "perhaps"}, "Please choose one of the options."),
    ],
)
async def test_a_signature_with_something_missing_is_refused(
    world: CaseWorld, spoilt: dict[str, str], told: str
) -> None:
    _, path = await link(world)
    answer = await sign(world, path, **spoilt)
    assert answer.status_code == 422
    assert told in answer.text
    assert await inbox(world) == []


async def test_the_signatory_may_refuse_without_consent_or_name(world: CaseWorld) -> None:
    _, path = await link(world)
    answer = await sign(world, path, answer="declined", consent="", signer_name="")
    assert answer.status_code == 303
    (event,) = await inbox(world)
    assert event.kind == "envelope.declined"


async def test_an_expired_link_shows_no_document_and_signs_nothing(world: CaseWorld) -> None:
    _, path = await link(world, hours_left=-1)
    page = await world.client.get(path, headers=ENGLISH)
    assert "This link has expired." in page.text
    assert "征信查询授权书" not in page.text
    assert (await sign(world, path)).status_code == 409
    assert await inbox(world) == []


@pytest.mark.parametrize("token", ["x", "0" * 64, "../../etc", "%00"])
async def test_an_unknown_link_is_404(world: CaseWorld, token: str) -> None:
    assert (await world.client.get(f"/sign/{token}", headers=ENGLISH)).status_code == 404


def test_the_forms_key_is_bound_to_its_link_and_its_hour() -> None:
    key = fresh_form_key(b"secret", "link", 1000)
    assert key_holds(b"secret", "link", key, 1000 + LIFETIME_SECONDS)
    assert not key_holds(b"secret", "link", key, 1001 + LIFETIME_SECONDS)
    assert not key_holds(b"secret", "another", key, 1000)
    assert not key_holds(b"other", "link", key, 1000)
    assert not key_holds(b"secret", "link", "é." + "0" * 64, 1000)
