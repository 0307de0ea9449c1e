"""The application draft: saved as it is typed, refused with a link to each gap, submitted once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.commands import Receipt, Submit
from domain.people import Role
from domain.violations import Finding
from persistence.engine import Database
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import (
    NAME,
    entries,
    fill,
    ids_of,
    links_to_entries,
    open_draft,
    post,
    text_of,
    upload,
)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def test_every_gap_is_told_with_a_link_to_its_entry(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang", "WC_ONE_OFF")
    going = await world.send("wang", draft, go="submit", purpose="采购钢材")
    assert going.headers["location"] == f"{draft}/submission"
    page = await world.read("wang", f"{draft}/submission")
    assert page.status_code == 422
    links = links_to_entries(page.text)
    assert {"field-amount", "field-documents.articles"} <= links
    assert links <= ids_of(page.text)
    assert "采购钢材" in page.text
    assert world.process.asked == []


async def test_a_complete_draft_is_named_once_more_and_submitted(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await fill(world, "wang", draft)
    confirm = await world.read("wang", f"{draft}/submission")
    assert confirm.status_code == 200, text_of(confirm.text)
    assert NAME in confirm.text
    assert "CNY 800,000.00" in confirm.text
    sent = await world.send("wang", f"{draft}/submission")
    assert (sent.status_code, sent.headers["location"]) == (303, draft.replace("drafts", "cases"))
    [command] = world.process.asked
    assert isinstance(command, Submit)
    assert str(command.loan_id) in draft


async def test_a_double_click_asks_with_the_same_key(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await fill(world, "wang", draft)
    for _ in range(2):
        assert (await world.send("wang", f"{draft}/submission")).status_code == 303
    assert len({command.command_id for command in world.process.asked}) == 1


async def test_without_the_engine_nothing_is_lost_and_the_key_stays(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await fill(world, "wang", draft)
    world.process.available = False
    page = await world.send("wang", f"{draft}/submission", form_token="the-key-of-this-form")
    assert page.status_code == 503
    assert "process engine cannot be reached" in page.text
    assert 'value="the-key-of-this-form"' in page.text
    assert "采购钢材" in (await world.read("wang", draft)).text


async def test_what_the_process_finds_comes_back_on_the_form(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await fill(world, "wang", draft)
    gap = Finding("documents.business_licence", "document.required")
    world.process.answer = Receipt(accepted=False, code="findings", findings=(gap,))
    page = await world.send("wang", f"{draft}/submission")
    assert page.status_code == 422
    assert links_to_entries(page.text) == {"field-documents.business_licence"}


async def test_autosave_keeps_what_it_can_and_warns_of_the_rest(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    typed = {"purpose": "钢材", "payee_name": "a\u202eb", "amount": "12.345"}
    answer = await world.send("wang", f"{draft}/fields", **typed)
    assert answer.status_code == 200
    told = answer.json()
    assert {warning["field"] for warning in told["warnings"]} == {"payee_name", "amount"}
    assert told["saved_at"].endswith("Z")
    page = (await world.read("wang", draft)).text
    assert "钢材" in page
    assert "\u202e" not in page


async def test_a_refused_save_gives_everything_back(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    page = await world.send("wang", draft, purpose="钢材", handler_name="a\u200fb")
    assert page.status_code == 422
    assert "钢材" in page.text
    assert links_to_entries(page.text) == {"field-handler_name"}


@pytest.mark.parametrize(
    "entry",
    [
        {"amount": "NaN"},
        {"amount": "1.001"},
        {"established_on": "2023-02-30"},
        {"tenor_months": "９"},
        {"payee_bank_code": "12"},
        {"statements.2025.total_assets": "1e9"},
        {"currency": "XXX"},
    ],
)
async def test_a_bad_entry_is_told_at_its_place(world: CaseWorld, entry: dict[str, str]) -> None:
    draft = await open_draft(world, "wang")
    await fill(world, "wang", draft)
    assert (await world.send("wang", draft, **(entries() | entry))).status_code == 303
    page = await world.read("wang", f"{draft}/submission")
    assert page.status_code == 422
    [name] = entry
    assert f"field-{name}" in links_to_entries(page.text) & ids_of(page.text)


@pytest.mark.parametrize("name", ["statements.20x5.revenue", "statements.2025.secret"])
async def test_an_entry_the_form_does_not_have_is_refused(world: CaseWorld, name: str) -> None:
    draft = await open_draft(world, "wang")
    assert (await world.send("wang", draft, **{name: "1"})).status_code == 422


async def test_a_replaced_document_keeps_its_versions(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    path = f"{draft}/documents/business_licence"
    for name in ("first.pdf", "second.pdf"):
        assert (await upload(world, "wang", path, name=name)).status_code == 303
    page = text_of((await world.read("wang", draft)).text)
    assert "second.pdf" in page
    assert "version 2" in page


@pytest.mark.parametrize(
    ("name", "content"), [("a.png", b"%PDF-1.4 no picture"), ("a.pdf", b""), ("a.exe", b"MZ\x90")]
)
async def test_a_mislabelled_upload_is_told_at_its_item(
    world: CaseWorld, name: str, content: bytes
) -> None:
    draft = await open_draft(world, "wang")
    page = await upload(world, "wang", f"{draft}/documents/business_licence", content, name)
    assert page.status_code == 422
    assert links_to_entries(page.text) == {"field-documents.business_licence"}


async def test_a_document_is_read_back_as_it_was_sent(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await upload(world, "wang", f"{draft}/documents/business_licence", name="执照.pdf")
    page = (await world.read("wang", draft)).text
    link = next(
        part
        for part in page.split('"')
        if part.startswith(f"{draft}/documents/") and len(part) > 90
    )
    answer = await world.read("wang", link)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_anothers_draft_does_not_exist(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    for path in (draft, f"{draft}/submission"):
        assert (await world.read("zhao", path)).status_code == 404
    assert (await world.send("zhao", f"{draft}/fields", amount="1")).status_code == 404
    assert (await upload(world, "zhao", f"{draft}/documents/other")).status_code == 404
    assert (await world.send("zhao", f"{draft}/submission")).status_code == 404


async def test_a_form_without_its_token_is_refused(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang")
    assert (await world.send("wang", draft, csrf_token="foreign")).status_code == 403


PLAN = {
    "amount": "1200000.00",
    "currency": "CNY",
    "tenor_months": "36",
    "repayment_method": "equal_principal",
    "period_unit": "quarter",
    "settlement_day": "20",
    "principal_grace": "4",
    "day_count": "ACT/360",
}


async def test_the_plan_shows_its_schedule_by_the_engine_as_it_is_typed(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang", "FIXED_ASSET")
    before = await world.read("wang", f"{draft}/plan")
    assert "appears here" in text_of(before.text)
    saved = await post(world, "wang", f"{draft}/fields", PLAN)
    assert saved.json()["warnings"] == []
    plan = await world.read("wang", f"{draft}/plan")
    assert plan.text.count('class="date"') in (12, 13)
    assert "1,200,000.00" in text_of(plan.text)
    form = await world.read("wang", draft)
    assert text_of(plan.text).strip() in text_of(form.text)


async def test_only_entries_of_the_method_show_and_nothing_typed_is_lost(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang", "FIXED_ASSET")
    saved = await post(world, "wang", f"{draft}/fields", PLAN)
    shown = set(saved.json()["shown"])
    assert {"settlement_day", "principal_grace", "first_drawdown"} <= shown
    assert not {"balloon", "step_shares", "custom_rows"} & shown
    other = {**PLAN, "repayment_method": "balloon", "balloon": "400000.00"}
    assert "balloon" in (await post(world, "wang", f"{draft}/fields", other)).json()["shown"]
    back = await post(world, "wang", f"{draft}/fields", PLAN)
    [warning] = back.json()["warnings"]
    assert warning["field"] == "balloon", "a figure of another method is told, not dropped"
    page = await world.read("wang", draft)
    assert 'value="400000.00"' in page.text
    assert "belongs to another repayment method" in text_of(page.text)


async def test_a_plan_that_does_not_add_up_is_named_in_both_languages(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang", "FIXED_ASSET")
    wrong = {**PLAN, "tenor_months": "35", "settlement_day": ""}
    saved = await world.send("wang", draft, go="save", **wrong)
    assert saved.status_code == 303
    page = await world.read("wang", draft)
    assert "whole number of periods of 3 months" in text_of(page.text)
    assert 'value="35"' in page.text
    cookies = {"Cookie": "corploan_session=token-wang; corploan_language=zh"}
    chinese = await world.client.get(draft, headers=cookies)
    assert "期限必须是 3 个月的整数倍" in chinese.text


async def test_a_product_of_one_way_shows_a_plan_without_entries(world: CaseWorld) -> None:
    draft = await open_draft(world, "wang", "TAX_MICRO")
    page = await world.read("wang", draft)
    assert "field-period_unit" not in ids_of(page.text)
    saved = await post(world, "wang", f"{draft}/fields", {"period_unit": "quarter"})
    assert [one["field"] for one in saved.json()["warnings"]] == ["period_unit"]
    again = await world.read("wang", draft)
    assert "field-period_unit" in ids_of(again.text), "what was typed can be taken back"


async def test_anothers_plan_does_not_exist(world: CaseWorld) -> None:
    await world.hire("zhao", Role.CUSTOMER_MANAGER)
    draft = await open_draft(world, "wang", "FIXED_ASSET")
    assert (await world.read("zhao", f"{draft}/plan")).status_code == 404
