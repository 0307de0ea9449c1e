"""Programs read a dossier of any day, its owners and papers, and are refused plainly."""

from __future__ import annotations

from uuid import uuid4

import pytest
import pytest_asyncio

from domain.customers import ProposalKind
from domain.people import Role
from tests.doorway.world import World
from tests.persistence.dossier_book import NAME, OWN, DossierBook, fact, firm, person, uscc
from tests.web.desk_world import PDF


@pytest_asyncio.fixture
async def book(world: World) -> DossierBook:
    opened = DossierBook(world.services.database)
    await opened.open()
    return opened


def at(book: DossierBook, rest: str) -> str:
    return f"/api/v1/customers/{book.customer_id}{rest}"


async def test_a_dossier_is_read_as_of_any_day(world: World, book: DossierBook) -> None:
    manager = await world.manager()
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    now = (await world.client.get(at(book, "/dossier"), headers=manager)).json()
    (told,) = now["facts"]
    assert (told["data"]["share_percent"], told["source"]) == ("60", "registry")
    assert (told["proposer"]["en"], told["verifier"]["en"]) == ("Manager", "Risk")
    assert 0 <= now["completeness_percent"] < 100
    assert now["missing"]
    then = await world.client.get(at(book, "/dossier?as_of=2026-03-01"), headers=manager)
    assert (then.json()["facts"], then.json()["is_past"]) == ([], True)
    changed = await world.client.get(
        at(book, "/dossier/history?from=2026-03-01&to=2026-03-03"), headers=manager
    )
    (difference,) = changed.json()["differences"]
    assert difference["before"] is None
    assert difference["after"]["id"] == told["id"]


async def test_owners_and_circles_are_told(world: World, book: DossierBook) -> None:
    manager = await world.manager()
    held = {"held_kind": "firm", "held_name": "母公司有限公司", "held_number": uscc(2)}
    await book.put(
        fact("shareholders", "a", firm("母公司有限公司", uscc(2), "80")),
        fact("shareholders", "b", person("李海燕", "20", "5678")),
        fact("holdings", "a", person("王建国", "50") | held),
        fact("holdings", "b", firm(NAME, OWN, "30") | held),
    )
    told = (await world.client.get(at(book, "/ownership"), headers=manager)).json()
    assert [(one["party"]["name"], one["share"]) for one in told["beneficial_owners"]] == [
        ("王建国", "0.40000000")
    ]
    (circle,) = told["circles"]
    assert {party["name"] for party in circle["path"]} == {NAME, "母公司有限公司"}
    assert not circle["explained"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dossier?as_of=2026-02-30", 422),
        ("/ownership?as_of=nonsense", 422),
        ("/dossier/history", 422),
        ("/dossier/history?from=x", 422),
        ("/documents/not-an-id", 422),
        ("/documents/6a720d38-940b-49e0-b884-d4f6bbc9aa1f", 404),
    ],
)
async def test_what_is_asked_wrongly_is_a_problem(
    world: World, book: DossierBook, path: str, status: int
) -> None:
    manager = await world.manager()
    answer = await world.client.get(at(book, path), headers=manager)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "nonsense" not in answer.text
    other = await world.client.get(f"/api/v1/customers/{uuid4()}/dossier", headers=manager)
    assert other.status_code == 404


async def test_papers_are_filed_listed_and_read_by_who_may(world: World, book: DossierBook) -> None:
    manager = await world.manager()
    sent = await world.client.post(
        at(book, "/documents"),
        data={"kind": "articles", "issuer": "苏州市行政审批局", "issued_on": "2020-01-02"},
        files={"file": ("articles.pdf", PDF)},
        headers=manager,
    )
    assert sent.status_code == 201, sent.text
    listed = (await world.client.get(at(book, "/documents"), headers=manager)).json()["items"]
    articles = next(item for item in listed if item["kind"] == "articles")
    assert articles["state"] == "received"
    assert articles["papers"][0]["issuer"] == "苏州市行政审批局"
    taken = await world.client.get(at(book, f"/documents/{sent.json()['id']}"), headers=manager)
    assert taken.content == PDF
    await world.hire("auditor", Role.AUDITOR)
    auditor = await world.bearer("auditor")
    refused = await world.client.post(
        at(book, "/documents"),
        data={"kind": "articles"},
        files={"file": ("articles.pdf", PDF)},
        headers=auditor,
    )
    assert refused.status_code == 403
    for data in ({"kind": "nonsense"}, {"kind": "articles", "issued_on": "2099-01-01"}):
        wrong = await world.client.post(
            at(book, "/documents"), data=data, files={"file": ("a.pdf", PDF)}, headers=manager
        )
        assert wrong.status_code == 422


async def test_a_proposal_of_facts_goes_to_the_process_as_it_came(
    world: World, book: DossierBook
) -> None:
    manager = await world.manager()
    proposal_id = await book.propose({"entries": [fact("shareholders", "a", person("王", "1"))]})
    world.process.answer = type(world.process.answer)(
        accepted=True, params={"proposal": str(proposal_id)}
    )
    content = {"entries": [fact("shareholders", "b", person("王建国", "60"))]}
    sent = await world.client.post(
        at(book, "/proposals"),
        json={"kind": "facts", "content": content, "reason": "核实"},
        headers=manager | {"Idempotency-Key": "facts-0001"},
    )
    assert sent.status_code == 201, sent.text
    assert world.process.asked[0].kind is ProposalKind.FACTS
    assert world.process.asked[0].content == content


async def test_a_lookalike_is_opened_only_after_it_was_compared(
    world: World, book: DossierBook
) -> None:
    manager = await world.manager()
    body = {"registration_number": uscc(7), "name": "苏州精密机械有限责任公司"}
    refused = await world.client.post("/api/v1/customers", json=body, headers=manager)
    assert refused.status_code == 409
    assert refused.json()["code"] == "customer.compare"
    assert str(book.customer_id) in refused.json()["title"]
    compared = body | {"different_from": [str(book.customer_id)]}
    opened = await world.client.post("/api/v1/customers", json=compared, headers=manager)
    assert opened.status_code == 201, opened.text
