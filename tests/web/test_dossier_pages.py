"""The pages of a dossier: facts with both names, proposals from forms, owners drawn, papers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.people import Role
from domain.violations import Finding
from persistence.engine import Database
from persistence.queries.dossier import dossier_of
from persistence.queries.ownership import ownership_of
from persistence.tables import AuditEvent
from tests.persistence.dossier_book import NAME, OWN, DossierBook, fact, firm, person, uscc
from tests.web.case_world import CSRF, CaseWorld, open_case_world
from tests.web.desk_world import PDF, ids_of, links_to_entries, text_of

SHARE = {
    "holder_kind": "person",
    "holder_name": "王建国",
    "holder_last_four": "1234",
    "share_percent": "60",
    "source": "registry",
    "as_of": "2026-03-01",
    "reason": "与登记机关公示信息核对",
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        await opened.hire("li", Role.AUDITOR)
        yield opened


@pytest_asyncio.fixture
async def book(database: Database) -> DossierBook:
    opened = DossierBook(database)
    await opened.open()
    return opened


def at(book: DossierBook, rest: str = "") -> str:
    return f"/customers/{book.customer_id}{rest}"


async def uploaded(
    world: CaseWorld, book: DossierBook, content: bytes = PDF, **entries: str
) -> httpx.Response:
    body = {"csrf_token": CSRF, "form_token": "token-of-the-form-1", "kind": "articles"} | entries
    return await world.client.post(
        at(book, "/papers"),
        data=body,
        files={"file": ("章程.pdf", content)},
        headers={"Cookie": "corploan_session=token-wang; corploan_language=en"},
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("tab", ["/dossier", "/ownership", "/papers", "/history"])
async def test_an_empty_dossier_has_every_page(
    world: CaseWorld, book: DossierBook, tab: str, language: str
) -> None:
    page = await world.read("wang", at(book, tab), language)
    assert page.status_code == 200
    assert f'href="{at(book, tab)}" aria-current="page"' in page.text
    assert (await world.read("wang", f"/customers/{uuid4()}{tab}")).status_code == 404


async def test_a_fact_shows_its_source_and_both_names(world: CaseWorld, book: DossierBook) -> None:
    await book.put(
        fact("shareholders", "a", person("王建国", "60")),
        fact("identity", "region", {"region": "jiangsu"}),
    )
    page = text_of((await world.read("li", at(book, "/dossier"))).text)
    assert "proposed by Manager, verified by Risk" in page
    assert "Company registry" in page
    assert "Jiangsu" in page
    assert "王建国" in page
    assert "things are missing" in page


async def test_an_earlier_day_is_shown_as_it_was_and_not_to_be_changed(
    world: CaseWorld, book: DossierBook
) -> None:
    book.at += timedelta(days=10)
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    before = (await world.read("wang", at(book, "/dossier?as_of=2026-03-05"))).text
    after = (await world.read("wang", at(book, "/dossier?as_of=2026-03-12"))).text
    assert "as it was known at the end of 5 Mar 2026" in text_of(before)
    assert "王建国" not in before
    assert "王建国" in after
    assert "/dossier/shareholders/new" not in after
    assert "/dossier/shareholders/new" in (await world.read("wang", at(book, "/dossier"))).text


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "%00", "9" * 400])
async def test_a_day_that_is_none_is_said_so(world: CaseWorld, book: DossierBook, day: str) -> None:
    for tab in ("dossier", "ownership"):
        page = await world.read("wang", at(book, f"/{tab}?as_of={day}"))
        assert page.status_code == 422
        assert "as year-month-day" in text_of(page.text)
    page = await world.read("wang", at(book, f"/history?from={day}"))
    assert page.status_code == 422


async def test_a_form_makes_one_proposal_of_facts(world: CaseWorld, book: DossierBook) -> None:
    sent = await world.send("wang", at(book, "/dossier/shareholders/new"), **SHARE)
    assert (sent.status_code, sent.headers["location"]) == (303, at(book, "/dossier"))
    (command,) = world.process.asked
    assert command.kind is ProposalKind.FACTS
    (entry,) = command.content["entries"]
    assert entry["data"] == {name: SHARE[name] for name in list(SHARE)[:4]}
    assert (entry["section"], entry["source"], entry["replaces"]) == (
        "shareholders",
        "registry",
        None,
    )
    await book.put(entry)
    async with world.services.database.reading() as session:
        assert (await ownership_of(session, book.customer_id)).owners_known


async def test_a_form_comes_back_with_everything_typed_and_each_fault_at_its_entry(
    world: CaseWorld, book: DossierBook
) -> None:
    wrong = SHARE | {
        "share_percent": "-5",
        "holder_last_four": "110101199003071234",
        "reason": " ",
        "source": "rumour",
        "as_of": "2099-01-01",
    }
    page = await world.send("wang", at(book, "/dossier/shareholders/new"), **wrong)
    assert page.status_code == 422
    assert world.process.asked == []
    assert links_to_entries(page.text) == {
        "field-share_percent",
        "field-holder_last_four",
        "field-reason",
        "field-source",
        "field-as_of",
    }
    assert links_to_entries(page.text) <= ids_of(page.text)
    assert 'value="-5"' in page.text
    assert 'value="王建国"' in page.text


async def test_what_the_process_refuses_is_told_at_the_entry(
    world: CaseWorld, book: DossierBook
) -> None:
    found = Finding("shareholders", "share.sum")
    world.process.answer = Receipt(accepted=False, code="findings", findings=(found,))
    page = await world.send("wang", at(book, "/dossier/shareholders/new"), **SHARE)
    assert page.status_code == 422
    assert links_to_entries(page.text) == {"field-share_percent"}
    assert "more than 100 %" in text_of(page.text)
    world.process.answer = Receipt(accepted=False, code="dossier.changed")
    page = await world.send("wang", at(book, "/dossier/shareholders/new"), **SHARE)
    assert page.status_code == 409
    assert "changed meanwhile" in text_of(page.text)


async def test_a_change_and_a_removal_name_the_fact_they_replace(
    world: CaseWorld, book: DossierBook
) -> None:
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    form = (await world.read("wang", at(book, "/dossier/shareholders/a"))).text
    replaced = re.search(r'name="replaces" value="([^"]+)"', form)
    assert replaced is not None
    assert 'value="王建国"' in form
    entries = SHARE | {"replaces": replaced[1], "go": "remove"}
    assert (await world.send("wang", at(book, "/dossier/shareholders/a"), **entries)).is_redirect
    (entry,) = world.process.asked[0].content["entries"]
    assert (entry["item"], entry["data"], entry["replaces"]) == ("a", None, replaced[1])
    await book.put(entry)
    page = await world.read("wang", at(book, "/dossier/shareholders/a"))
    assert page.status_code == 404


@pytest.mark.parametrize(
    "path", ["nowhere/new", "former_names/new", "identity/colour", "licences/x"]
)
async def test_what_cannot_be_kept_by_hand_has_no_form(
    world: CaseWorld, book: DossierBook, path: str
) -> None:
    assert (await world.read("wang", at(book, f"/dossier/{path}"))).status_code == 404


async def test_who_keeps_no_dossier_reads_and_changes_nothing(
    world: CaseWorld, book: DossierBook
) -> None:
    page = await world.read("li", at(book, "/dossier"))
    assert page.status_code == 200
    assert "/new" not in page.text
    assert (await world.read("li", at(book, "/dossier/shareholders/new"))).status_code == 403
    assert (
        await world.send("li", at(book, "/dossier/shareholders/new"), **SHARE)
    ).status_code == 403


async def test_a_proposal_shows_before_and_after(world: CaseWorld, book: DossierBook) -> None:
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    async with world.services.database.reading() as session:
        (held,) = (await dossier_of(session, book.customer_id)).facts("shareholders")
    changed = fact("shareholders", "a", person("王建国", "45"), replaces=held.id)
    proposal = await book.propose({"entries": [changed]})
    for language in ("en", "zh-CN"):
        page = await world.read("li", at(book, f"/proposals/{proposal}"), language)
        assert page.status_code == 200
        assert "60%" in page.text
        assert "<ins><span" in page.text
        assert "45%" in page.text


async def test_owners_are_drawn_and_told_in_words(world: CaseWorld, book: DossierBook) -> None:
    await book.put(
        fact("shareholders", "a", firm("母公司有限公司", uscc(2), "80")),
        fact("shareholders", "b", person("李<海>燕", "20", "5678")),
        fact(
            "holdings",
            "a",
            person("王建国", "50")
            | {"held_kind": "firm", "held_name": "母公司有限公司", "held_number": uscc(2)},
        ),
    )
    page = (await world.read("li", at(book, "/ownership"))).text
    assert page.count("<rect") == 4
    assert "style=" not in page
    assert "李&lt;海&gt;燕" in page
    assert "李<海>" not in page
    told = text_of(page)
    assert "40.00%" in told
    assert "25 % or more of the shares" in told
    assert 'aria-labelledby="ownership-title ownership-text"' in page


async def test_a_circle_warns_until_a_person_explains_it(
    world: CaseWorld, book: DossierBook
) -> None:
    held = {"held_kind": "firm", "held_name": "母公司有限公司", "held_number": uscc(2)}
    await book.put(
        fact("shareholders", "a", firm("母公司有限公司", uscc(2), "80")),
        fact("holdings", "a", firm(NAME, OWN, "30") | held),
    )
    page = (await world.read("wang", at(book, "/ownership"))).text
    assert "Circular ownership:" in text_of(page)
    link = re.search(r'href="([^"]+/dossier/circles/new\?circle=([0-9a-f]+))"', page)
    assert link is not None
    assert "nobody has explained yet" in text_of(
        (await world.read("wang", at(book, "/dossier"))).text
    )
    form = await world.read("wang", link[1])
    assert f'value="{link[2]}"' in form.text
    note = {"circle": link[2], "note": "历史形成", "source": "customer"}
    sent = await world.send(
        "wang", at(book, "/dossier/circles/new"), as_of="2026-03-01", reason="已核实", **note
    )
    assert sent.status_code == 303
    await book.put(*world.process.asked[0].content["entries"])
    assert "explained in the dossier" in text_of(
        (await world.read("wang", at(book, "/ownership"))).text
    )


async def test_a_name_that_looks_like_anothers_needs_a_tick_and_marks_both(
    world: CaseWorld, book: DossierBook
) -> None:
    entries = {
        "scheme": "cn_uscc",
        "registration_number": uscc(5),
        "name": "苏州精密机械有限责任公司",
    }
    warned = await world.send("wang", "/customers", **entries)
    assert warned.status_code == 409
    box = f"different_from.{book.customer_id}"
    assert f'name="{box}"' in warned.text
    assert OWN in warned.text
    opened = await world.send("wang", "/customers", **entries, **{box: "yes"})
    assert opened.status_code == 303
    other = UUID(opened.headers["location"].rpartition("/")[2])
    for one in (book.customer_id, other):
        page = text_of((await world.read("wang", f"/customers/{one}/dossier")).text)
        assert "looks like that of another customer" in page
    again = await world.send("wang", "/customers", **entries)
    assert again.headers["location"] == f"/customers/{other}"


async def test_a_paper_is_filed_read_and_checked(world: CaseWorld, book: DossierBook) -> None:
    assert (await uploaded(world, book, issued_on="2024-05-01")).status_code == 303
    page = (await world.read("wang", at(book, "/papers"))).text
    assert "Received, not yet checked" in text_of(page)
    link = re.search(r'href="(/customers/[^"]+/papers/[0-9a-f-]{36})"', page)
    assert link is not None
    taken = await world.read("li", link[1])
    assert taken.content == PDF
    assert "attachment" in taken.headers["content-disposition"]
    assert await audited(world) == 1
    check = {"seen_how": "copy_only", "seen_on": "2026-03-01", "verdict": "accepted"}
    refused = await world.send("wang", f"{link[1]}/check", reason="见原件", **check)
    assert refused.status_code == 422
    assert "mere copy" in text_of(refused.text)
    sent = await world.send(
        "wang", f"{link[1]}/check", reason="见原件", **(check | {"seen_how": "original_in_person"})
    )
    assert sent.status_code == 303
    (command,) = world.process.asked
    proposal = await book.propose(command.content, kind=ProposalKind.DOCUMENT_CHECK)
    shown = text_of((await world.read("li", at(book, f"/proposals/{proposal}"))).text)
    assert "Original seen in person" in shown
    await book.approve(proposal)
    page = text_of((await world.read("li", at(book, "/papers"))).text)
    assert "checked by Manager, confirmed by Risk" in page


@pytest.mark.parametrize(
    ("entries", "content", "field"),
    [
        ({"kind": "nonsense"}, PDF, "field-kind"),
        ({}, b"not a file of ours", "field-file"),
        ({"issued_on": "2099-01-01"}, PDF, "field-issued_on"),
        ({"issued_on": "2026-01-02", "valid_to_on": "2026-01-01"}, PDF, "field-valid_to_on"),
    ],
)
async def test_a_paper_that_is_refused_says_where(
    world: CaseWorld, book: DossierBook, entries: dict[str, Any], content: bytes, field: str
) -> None:
    page = await uploaded(world, book, content, **entries)
    assert page.status_code == 422
    assert links_to_entries(page.text) == {field}
    assert field in ids_of(page.text)


async def test_the_history_compares_two_days(world: CaseWorld, book: DossierBook) -> None:
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    page = (await world.read("li", at(book, "/history?from=2026-03-01&to=2026-03-03"))).text
    assert page.count("王建国") == 2
    same = text_of((await world.read("li", at(book, "/history?from=2026-03-03"))).text)
    assert "Nothing changed between these days." in same


async def audited(world: CaseWorld) -> int:
    async with world.services.database.reading() as session:
        found = select(col(AuditEvent.sequence)).where(
            col(AuditEvent.action) == "customer.document_read"
        )
        return len((await session.execute(found)).all())
