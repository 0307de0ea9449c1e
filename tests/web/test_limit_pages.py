"""A customer's credit limit on its pages: derived, drawn, advised, proposed, tried out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from domain.customers import ProposalKind, ProposeForCustomer
from domain.people import Role
from persistence.engine import Database
from tests.persistence.limit_book import LimitBook, open_limit_book
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import ids_of, links_to_entries, text_of

ASK = "product=WC_ONE_OFF&ask_amount=30000000&ask_months=12&growth=10"


@dataclass
class Limits:
    """The pages and the book behind them."""

    world: CaseWorld
    book: LimitBook

    @property
    def path(self) -> str:
        return f"/customers/{self.book.book.customer_id}/limits"

    async def page(self, query: str = "", language: str = "en", who: str = "wang") -> str:
        answer = await self.world.read(
            who, f"{self.path}?{query}" if query else self.path, language
        )
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest_asyncio.fixture
async def limits(database: Database, tmp_path: Path) -> AsyncIterator[Limits]:
    book = await open_limit_book(database)
    async with open_case_world(database, tmp_path) as world:
        await world.hire("wang", Role.CUSTOMER_MANAGER)
        await world.hire("li", Role.RISK_OFFICER)
        await world.hire("ops", Role.OPERATIONS)
        yield Limits(world, book)


@pytest.mark.parametrize(("language", "title"), [("en", "Credit limit"), ("zh-CN", "授信额度")])
async def test_a_customer_without_anything_has_a_page_that_says_so(
    limits: Limits, language: str, title: str
) -> None:
    page = await limits.page(language=language)
    assert title in page
    assert ("No limit is set yet" in page) == (language == "en")
    assert ("尚未评级" in page) == (language == "zh-CN")
    assert "style=" not in page


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_sheet_shows_every_line_its_figures_and_what_binds(
    limits: Limits, language: str
) -> None:
    await limits.book.loan()
    await limits.book.rated("AA")
    told = text_of(await limits.page(ASK, language))
    if language == "en":
        for line in ("Need for working capital", "Multiple of net worth", "Security"):
            assert line in told
        assert "bound by" in told
        assert "Expected loss" in told
        assert "Longest of the grade" in told
        assert "statement 20" in told
        assert "average of two year ends 20" in told
    else:
        for line in (
            "流动资金贷款需求",
            "净资产倍数",
            "偿债能力",
            "约束项",
            "预期损失",
            "两年平均",
        ):
            assert line in told
    assert "Other" not in told.replace("Other sources", ""), "every code has its word"
    assert "28,000,000.00" in told


async def test_a_line_that_cannot_be_computed_goes_to_a_person(limits: Limits) -> None:
    await limits.book.rated("AA")
    told = text_of(await limits.page(ASK))
    assert "For a person" in told
    assert "There is no statement" in told
    assert "a person decides" in told


async def test_a_grade_that_is_not_lent_to_is_told(limits: Limits) -> None:
    await limits.book.loan()
    await limits.book.rated("B")
    assert "At this grade no new credit is given" in await limits.page(ASK)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("product=NOTHING&ask_amount=1&ask_months=12", "product"),
        ("product=WC_ONE_OFF&ask_amount=abc&ask_months=12", "ask_amount"),
        ("product=WC_ONE_OFF&ask_amount=NaN&ask_months=12", "ask_amount"),
        ("product=WC_ONE_OFF&ask_amount=0&ask_months=12", "ask_amount"),
        ("product=WC_ONE_OFF&ask_amount=1&ask_months=0", "ask_months"),
        ("product=WC_ONE_OFF&ask_amount=1&ask_months=12&growth=x", "growth"),
        ("product=WC_ONE_OFF&ask_amount=1&ask_months=12&growth=-101", "growth"),
        ("product=WC_ONE_OFF&ask_amount=1&ask_months=12&own=-5", "own"),
        (
            "product=WC_ONE_OFF&ask_amount=1&ask_months=12&collateral_deposit=x",
            "collateral_deposit",
        ),
    ],
)
async def test_a_bad_entry_is_refused_beside_it(
    limits: Limits, query: str, field: str, language: str
) -> None:
    for address in (limits.path, f"{limits.path}/simulation"):
        answer = await limits.world.read("wang", f"{address}?{query}", language)
        assert answer.status_code == 422, answer.text
        assert f"field-{field}" in links_to_entries(answer.text)
        assert links_to_entries(answer.text) <= ids_of(answer.text)
        assert "does not meet the bank's rules" not in answer.text


async def test_the_tree_is_drawn_with_what_is_owed_in_flight_and_frozen(limits: Limits) -> None:
    book = limits.book
    group = await book.set_limit("group", "20000000.00", group="华能集团")
    customer = await book.set_limit("customer", "10000000.00", parent=str(group))
    await book.set_limit("facility", "8000000.00", parent=str(customer))
    loan = await book.asked("4000000.00")
    await book.paid(loan)
    await book.asked("1000000.00")
    await book.act("change", customer, frozen_amount="2000000.00")
    page = await limits.page()
    assert '<rect class="limit-owed" x="0.0" y="0" width="400.0"' in page.replace(
        'x="0"', 'x="0.0"'
    )
    assert '<rect class="limit-flying" x="400.0" y="0" width="100.0"' in page
    assert '<rect class="limit-frozen" x="500.0" y="0" width="200.0"' in page
    told = text_of(page)
    assert "Approved and not paid out yet" in told
    assert "Available now CNY 3,000,000.00" in " ".join(told.split())
    assert "By exception" in told
    groups = text_of((await limits.world.read("wang", "/limits")).text)
    assert "group limit" in groups
    assert "CNY 5,000,000.00 / CNY 10,000,000.00" in groups


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_advice_names_a_day_and_the_rule_behind_it(limits: Limits, language: str) -> None:
    await limits.book.set_limit("customer", "10000000.00")
    expires = limits.book.today + timedelta(days=365)
    told = text_of(await limits.page(language=language))
    begin = expires - timedelta(days=60)
    assert (begin.isoformat() in told) == (language == "zh-CN")
    rule = "到期前" if language == "zh-CN" else "Renewal begins some days before"
    assert rule in told
    assert ("额度须连续" if language == "zh-CN" else "well used for some months") in told


async def test_the_simulator_shows_before_and_after(limits: Limits) -> None:
    await limits.book.loan()
    await limits.book.rated("AA")
    query = ASK.replace("ask_months=12", "ask_months=60").replace("WC_ONE_OFF", "FIXED_ASSET")
    query += "&own=0&loans_elsewhere=0"
    answer = await limits.world.read("wang", f"{limits.path}/simulation?{query}&grade=AAA")
    told = text_of(answer.text)
    assert answer.status_code == 200
    assert "17,500,000.00" in told
    assert "28,000,000.00" in told
    assert "Changed" in told
    worse = await limits.world.read(
        "wang", f"{limits.path}/simulation?{query}&sales=-20&margin=-3&new_amount=1000000", "zh-CN"
    )
    assert "¥1,000,000.00" in text_of(worse.text)
    assert (await limits.world.read("wang", f"{limits.path}/simulation")).status_code == 200


def entries(**changes: str) -> dict[str, str]:
    return {
        "level": "customer",
        "name": "综合授信",
        "amount": "9000000.00",
        "valid_from_on": "2026-11-28",
        "valid_to_on": "2027-11-27",
        "revolving": "yes",
        "reason": "年度授信",
        **changes,
    }


async def test_a_limit_is_proposed_with_what_it_was_derived_for(limits: Limits) -> None:
    await limits.book.loan()
    await limits.book.rated("AA")
    asked = {"product": "WC_ONE_OFF", "ask_amount": "9000000", "ask_months": "12", "growth": "10"}
    answer = await limits.world.send("wang", limits.path, **entries(**asked))
    assert answer.status_code == 303, answer.text
    [command] = limits.world.process.asked
    assert isinstance(command, ProposeForCustomer)
    assert command.kind is ProposalKind.LIMIT
    assert command.content["derived_amount"] == "9000000.00"
    assert command.content["ask"] == {
        "amount": "9000000.00",
        "tenor_months": 12,
        "growth": "0.1",
        "other": "0",
    }
    proposal = await limits.book.proposed(command.content, kind=command.kind)
    page = text_of((await limits.world.read("li", f"{limits.path[:-7]}/proposals/{proposal}")).text)
    assert "Set a limit" in page
    assert "CNY 9,000,000.00" in page
    assert "Derived limit" in page
    await limits.book.approved_once(proposal)
    assert "综合授信" in text_of(await limits.page())


async def test_an_exception_and_an_act_on_a_limit_are_proposed(limits: Limits) -> None:
    node = await limits.book.set_limit("customer", "5000000.00")
    answer = await limits.world.send(
        "wang",
        f"{limits.path}/{node}",
        act="change",
        amount="6000000",
        exception="yes",
        reason="增",
    )
    assert answer.status_code == 303, answer.text
    frozen = await limits.world.send("li", f"{limits.path}/{node}", act="freeze", reason="预警")
    assert frozen.status_code == 303
    first, second = limits.world.process.asked
    assert first.kind is ProposalKind.LIMIT_EXCEPTION
    assert first.content == {"act": "change", "node": str(node), "amount": "6000000.00"}
    assert second.content == {"act": "freeze", "node": str(node)}
    proposal = await limits.book.proposed(first.content, kind=first.kind)
    page = text_of((await limits.world.read("li", f"{limits.path[:-7]}/proposals/{proposal}")).text)
    assert "Limit before" in page
    assert "CNY 5,000,000.00" in page


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "planet"}, "level"),
        ({"name": " "}, "name"),
        ({"amount": "x"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"valid_from_on": "2026-02-30"}, "valid_from_on"),
        ({"level": "facility"}, "parent"),
        ({"level": "facility", "parent": "x"}, "parent"),
        ({"level": "group"}, "group"),
        ({"level": "portfolio"}, "industry"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_a_bad_limit_is_refused_beside_its_entry(
    limits: Limits, changes: dict[str, str], field: str, language: str
) -> None:
    answer = await limits.world.send("wang", limits.path, language, **entries(**changes))
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert limits.world.process.asked == []


async def test_who_may_not_propose_sees_no_form_and_is_refused(limits: Limits) -> None:
    node = await limits.book.set_limit("customer", "5000000.00")
    page = await limits.page(who="ops")
    assert "Propose the limit" not in page
    for path in (limits.path, f"{limits.path}/{node}"):
        assert (await limits.world.send("ops", path, **entries())).status_code == 403


async def test_what_does_not_exist_is_not_found_and_an_unknown_limit_is_told(
    limits: Limits,
) -> None:
    nobody = f"/customers/{uuid4()}/limits"
    assert (await limits.world.read("wang", nobody)).status_code == 404
    assert (await limits.world.read("wang", f"{nobody}/simulation")).status_code == 404
    path = f"{limits.path}/{uuid4()}"
    answer = await limits.world.send("wang", path, act="freeze", reason="x")
    assert answer.status_code == 422
    assert "does not exist" in answer.text
