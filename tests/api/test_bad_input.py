"""Whatever is sent: a problem document, nothing echoed, nothing stored, never a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.people import Role
from persistence.tables import Customer, Draft
from tests.api.case import submitted_case
from tests.doorway.world import USCC, World
from tests.properties import examples

MARK = "Zx9Secret"
JSON = {"Content-Type": "application/json"}
KEY = {"Idempotency-Key": "key-00001"}
ODD_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["\0", "\u202e", "\ud800", "１２", " 1 ", "1E3", "NaN", "a" * 5000, USCC]),
).map(lambda text: MARK + text)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), ODD_TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        *("scheme", "registration_number", "name", "customer_id", "product_code", "fields"),
        *("statements", "stage", "verdict", "comment", "seen_version", "note", "drawdown"),
        *("terms_sha256", "approve", "reason", "working_days", "username", "password"),
    ]
)
BODIES = st.one_of(
    st.dictionaries(NAMES | ODD_TEXTS, VALUES, max_size=6).map(json.dumps).map(str.encode),
    VALUES.map(json.dumps).map(str.encode),
    st.binary(max_size=200),
)


def _is_problem(answer: httpx.Response) -> bool:
    told = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and told["status"] == answer.status_code
        and bool(told["title"])
    )


async def _everybody(world: World) -> tuple[dict[str, str], list[tuple[str, str]]]:
    manager = await world.manager()
    loan_id = await submitted_case(world, manager)
    draft_id = await world.draft(manager)
    roles = (Role.CUSTOMER_MANAGER, Role.REVIEWER, Role.APPROVER, Role.OPERATIONS)
    await world.hire("all", *roles, Role.RISK_OFFICER)
    nouns = ("decision", "supplement", "release", "withdrawal", "deadline")
    paths = [("POST", f"/api/v1/loans/{loan_id}/{noun}") for noun in nouns]
    paths += [("POST", "/api/v1/sessions"), ("POST", "/api/v1/customers")]
    paths += [("POST", "/api/v1/drafts"), ("PATCH", f"/api/v1/drafts/{draft_id}")]
    paths += [("POST", f"/api/v1/drafts/{draft_id}/submission"), ("POST", "/api/v1/quotes")]
    paths += [("POST", "/api/v1/rates/fixings"), ("POST", "/api/v1/rates/indices")]
    return await world.bearer("all"), paths


async def test_random_bodies_are_refused_without_an_echo(world: World) -> None:
    headers, paths = await _everybody(world)
    sent: list[bytes] = []

    @settings(examples(150), suppress_health_check=list(HealthCheck))
    @given(st.lists(BODIES, min_size=1, max_size=1))
    def collect(bodies: list[bytes]) -> None:
        sent.extend(bodies)

    collect()
    for number, body in enumerate(sent):
        method, path = paths[number % len(paths)]
        keyed = {**headers, **JSON, "Idempotency-Key": f"fuzz-{number:06d}"}
        answer = await world.client.request(method, path, content=body, headers=keyed)
        assert answer.status_code < 500, (path, body, answer.text)
        assert MARK not in answer.text, (path, body, answer.text)
        if answer.status_code >= 400:
            assert _is_problem(answer), (path, body, answer.text)


GOOD: dict[str, Any] = {"registration_number": USCC, "name": "测试公司"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": NaN}', "request.not_json"),
        (b'{"name": Infinity}', "request.not_json"),
        (b'{"name": 1e999}', "request.not_json"),
        (b'{"name": "a", "name": "b"}', "duplicate_field"),
        (b"[" * 100_000, "request.not_json"),
        (b"1" * 5000, "request.not_json"),
        ("{}".encode("utf-16"), "request.not_json"),
        (b"", "request.not_json"),
        (b'{"name": "\\u0000"}', "text.control"),
        (b'{"\\ud800": 1}', "text.control"),
        (json.dumps({**GOOD, MARK: 1}).encode(), "request.invalid"),
        (json.dumps({**GOOD, "name": 5}).encode(), "request.invalid"),
        (json.dumps({**GOOD, "name": "a\u202e" + MARK}).encode(), "request.invalid"),
        (json.dumps({**GOOD, "name": "  "}).encode(), "request.invalid"),
        (json.dumps({**GOOD, "scheme": MARK}).encode(), "request.invalid"),
        (json.dumps({**GOOD, "registration_number": USCC[:-1] + "!"}).encode(), "findings"),
        (json.dumps({**GOOD, "registration_number": "９" * 18}).encode(), "findings"),
    ],
)
async def test_a_bad_body_opens_no_customer(world: World, body: bytes, code: str) -> None:
    headers = {**await world.manager(), **JSON}
    answer = await world.client.post("/api/v1/customers", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert _is_problem(answer)
    assert MARK not in answer.text
    async with world.services.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Customer))).scalar() == 0


async def test_findings_name_the_field_and_speak_the_callers_language(world: World) -> None:
    headers = await world.manager()
    body = {"registration_number": USCC, "name": "a\u202eb", "more": 1}
    chinese = await world.client.post("/api/v1/customers", json=body, headers=headers)
    english = await world.client.post(
        "/api/v1/customers", json=body, headers={**headers, "Accept-Language": "en-GB"}
    )
    found = [(error["field"], error["code"]) for error in english.json()["errors"]]
    assert sorted(found) == [("", "unknown_field"), ("name", "text.bidi")]
    assert chinese.headers["content-language"] == "zh-CN"
    assert english.headers["content-language"] == "en"
    spoken = [{e["message"] for e in told.json()["errors"]} for told in (chinese, english)]
    assert spoken[0].isdisjoint(spoken[1])


@pytest.mark.parametrize(
    "path",
    [
        "/loans?page=0",
        "/loans?page=99999999999999999999",
        "/loans?stage=Zx9Secret",
        "/loans?q=%00Zx9Secret",
        "/loans?q=%E2%80%AEZx9Secret",
        "/loans?product=Zx9Secret%27--",
        "/loans/Zx9Secret",
        "/drafts/Zx9Secret/check",
        "/customers?q=Zx9Secret%00",
        "/tasks?kind=Zx9Secret",
    ],
)
async def test_bad_questions_are_refused_without_an_echo(world: World, path: str) -> None:
    answer = await world.client.get(f"/api/v1{path}", headers=await world.manager())
    assert answer.status_code == 422
    assert _is_problem(answer)
    assert MARK not in answer.text


async def test_wild_cards_and_odd_texts_are_searched_literally(world: World) -> None:
    headers = await world.manager()
    await world.draft(headers)
    for text, count in (("%", 0), ("_", 0), ("\\", 0), ("华能", 1), ("' OR 1=1", 0)):
        answer = await world.client.get("/api/v1/customers", params={"q": text}, headers=headers)
        assert len(answer.json()["customers"]) == count, text


async def test_other_refusals_are_problem_documents_too(world: World) -> None:
    headers = await world.manager()
    answers = {
        404: await world.client.get("/api/v1/nothing-here", headers=headers),
        405: await world.client.put("/api/v1/customers", headers=headers),
        415: await world.client.post("/api/v1/customers", content=b"a=b", headers=headers),
        413: await world.client.post(
            "/api/v1/customers", content=b" " * 1_100_000, headers={**headers, **JSON}
        ),
        401: await world.client.post(
            "/api/v1/sessions", json={"username": "wang", "password": MARK}
        ),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert _is_problem(answer)
        assert MARK not in answer.text
    assert answers[405].headers["allow"]


async def test_a_fault_of_ours_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object) -> None:
        raise ZeroDivisionError(MARK)

    headers = await world.manager()
    monkeypatch.setattr("api.routes.customers.customer_list", broken)
    answer = await world.client.get("/api/v1/customers", headers=headers)
    assert answer.status_code == 500
    assert _is_problem(answer)
    assert MARK not in answer.text
    assert "nonce-" in answer.headers["content-security-policy"]


async def test_a_draft_keeps_nothing_of_a_refused_save(world: World) -> None:
    headers = await world.manager()
    draft_id = await world.draft(headers)
    body = {"fields": {"amount": "1", "handler_name": "a\u2066" + MARK, MARK: "x"}}
    answer = await world.client.patch(f"/api/v1/drafts/{draft_id}", json=body, headers=headers)
    assert answer.status_code == 422
    assert MARK not in answer.text
    async with world.services.database.reading() as session:
        draft = (await session.execute(select(Draft))).scalar_one()
    assert "amount" not in draft.fields


@pytest.mark.parametrize("path", ["rates/indices/%00/fixings", "rates/indices/a%00b/fixings"])
async def test_a_nul_in_an_address_finds_nothing(world: World, path: str) -> None:
    await world.hire("ops", Role.OPERATIONS)
    answer = await world.client.get(f"/api/v1/{path}", headers=await world.bearer("ops"))
    assert answer.status_code == 404
    assert _is_problem(answer)
