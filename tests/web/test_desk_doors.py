"""Signing in, opening customers, keeping accounts: what is admitted and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from domain.people import Role
from doorway.passwords import hash_password
from persistence.engine import Database
from persistence.seed.demo_staff import DEMO_PASSWORD
from persistence.staff_accounts import create_staff, seed_demo_staff
from persistence.tables import Customer
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import NAME, USCC, links_to_entries, post, text_of

PASSWORD = "tidal marsh lantern"
ACCOUNT = {
    "username": "qianjin",
    "name_zh": "钱进",
    "name_en": "Qian Jin",
    "roles": "reviewer",
    "password": PASSWORD,
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def add_account(world: CaseWorld) -> None:
    async with world.services.database.transaction() as session:
        await create_staff(
            session,
            username="qianjin",
            name_zh="钱进",
            name_en="Qian Jin",
            roles=(Role.REVIEWER,),
            password_hash=await hash_password(PASSWORD),
            now=datetime.now(UTC),
        )


async def test_a_stranger_is_sent_to_sign_in_and_comes_back(world: CaseWorld) -> None:
    sent = await world.client.get("/cases?stage=review")
    assert sent.headers["location"] == "/sign-in?next=%2Fcases%3Fstage%3Dreview"
    await add_account(world)
    form = {"name": "qianjin", "password": PASSWORD, "next": "/cases?stage=review"}
    signed_in = await world.client.post("/sign-in", data=form)
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/cases?stage=review")
    assert "HttpOnly" in signed_in.headers["set-cookie"]
    assert (await world.client.get("/cases")).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
async def test_signing_in_never_leads_to_another_site(world: CaseWorld, path: str) -> None:
    await add_account(world)
    form = {"name": "qianjin", "password": PASSWORD, "next": path}
    assert (await world.client.post("/sign-in", data=form)).headers["location"] == "/"


@pytest.mark.parametrize("name", ["qianjin", "nobody", "", "\x00", "x" * 999])
async def test_a_wrong_sign_in_says_the_same_for_all(world: CaseWorld, name: str) -> None:
    await add_account(world)
    page = await world.client.post("/sign-in", data={"name": name, "password": "wrong"})
    assert page.status_code == 401
    assert "登录名或密码" in page.text


async def test_demo_sign_ins_are_shown_in_a_demo_book_alone(world: CaseWorld) -> None:
    assert DEMO_PASSWORD not in (await world.client.get("/sign-in")).text
    async with world.services.database.transaction() as session:
        await seed_demo_staff(session, await hash_password(DEMO_PASSWORD), datetime.now(UTC))
    page = (await world.client.get("/sign-in")).text
    assert DEMO_PASSWORD in page
    assert "wanglei" in page


async def test_the_language_is_switched_and_kept(world: CaseWorld) -> None:
    assert 'lang="zh-CN"' in (await world.client.get("/sign-in")).text
    switched = await world.client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert switched.headers["location"] == "/sign-in"
    assert 'html lang="en"' in (await world.client.get("/sign-in")).text


async def test_signing_out_ends_the_session(world: CaseWorld) -> None:
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    assert (await world.send("wang", "/sign-out")).headers["location"] == "/sign-in"
    assert (await world.read("wang", "/")).status_code == 303


@pytest.mark.parametrize(
    ("number", "name", "field"),
    [
        ("913205051420652130", NAME, "registration_number"),
        ("９1320505142065213A", NAME, "registration_number"),
        ("", NAME, "registration_number"),
        (USCC, "", "name"),
        (USCC, "a\x00b", "name"),
        (USCC, "a\u202eb", "name"),
    ],
)
async def test_a_customer_is_refused_at_the_entry(
    world: CaseWorld, number: str, name: str, field: str
) -> None:
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    form = {"scheme": "cn_uscc", "registration_number": number, "name": name}
    page = await world.send("wang", "/customers", **form)
    assert page.status_code == 422
    assert links_to_entries(page.text) == {f"field-{field}"}
    async with world.services.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Customer))).scalar() == 0


async def test_a_known_registration_number_leads_to_its_dossier(world: CaseWorld) -> None:
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    form = {"scheme": "cn_uscc", "registration_number": USCC, "name": NAME}
    first = await world.send("wang", "/customers", **form)
    again = await world.send("wang", "/customers", **(form | {"name": ""}))
    assert again.headers["location"] == first.headers["location"]
    assert "corploan_flash=customer_known" in again.headers["set-cookie"]
    page = text_of((await world.read("wang", first.headers["location"])).text)
    assert NAME in page
    assert "Working-capital loan" in page
    found = (await world.read("wang", "/customers?q=华能")).text
    assert first.headers["location"] in found


async def test_only_customer_managers_open_customers(world: CaseWorld) -> None:
    await world.hire("li", Role.REVIEWER)
    assert (await world.read("li", "/customers/new")).status_code == 403
    await world.hire("root", Role.ADMINISTRATOR)
    for path in ("/customers", "/cases"):
        assert (await world.read("root", path)).status_code == 403


async def test_an_account_is_opened_used_and_closed(world: CaseWorld) -> None:
    await world.hire("root", Role.ADMINISTRATOR)
    assert (await post(world, "root", "/staff", ACCOUNT)).status_code == 303
    form = {"name": "qianjin", "password": PASSWORD}
    assert (await world.client.post("/sign-in", data=form)).status_code == 303
    page = (await world.read("root", "/staff")).text
    closure = next(part for part in page.split('"') if part.endswith("/closure"))
    assert (await world.send("root", closure)).status_code == 303
    assert (await world.client.get("/tasks")).status_code == 303
    world.client.cookies.clear()
    assert (await world.client.post("/sign-in", data=form)).status_code == 401


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "123456789012"}, "password"),
        ({"password": "qianjin20260101"}, "password"),
        ({"username": "Q J"}, "username"),
        ({"roles": "king"}, "roles"),
        ({"name_zh": "\u202e"}, "name_zh"),
        ({"same_person_as": "nobody"}, "same_person_as"),
        ({"same_person_as": "00000000-0000-0000-0000-000000000000"}, "same_person_as"),
        ({"username": "root"}, "username"),
    ],
)
async def test_an_account_is_refused_at_the_entry(
    world: CaseWorld, entry: dict[str, str], field: str
) -> None:
    await world.hire("root", Role.ADMINISTRATOR)
    page = await post(world, "root", "/staff", ACCOUNT | entry)
    assert page.status_code == 422
    assert links_to_entries(page.text) == {f"field-{field}"}
    assert entry.get("password", PASSWORD) not in page.text


async def test_nobody_closes_the_own_account_and_others_see_no_staff(world: CaseWorld) -> None:
    own = await world.hire("root", Role.ADMINISTRATOR)
    assert (await world.send("root", f"/staff/{own}/closure")).status_code == 422
    await world.hire("li", Role.REVIEWER)
    assert (await world.read("li", "/staff")).status_code == 403
