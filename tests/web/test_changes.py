"""Asking for a change: what its form says, what it would do, and that exactly that is proposed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from domain.accounts.events import PrepaymentChoice
from domain.changes import ChangeKind
from domain.changes.commands import ProposeChange
from domain.commands import Receipt
from persistence.engine import Database
from persistence.tables import Contract
from tests.web.case_world import open_case_world
from tests.web.change_world import LATE, ChangeWorld, change_world
from tests.web.loans import Wanted

FIGURES = {
    ChangeKind.PREPAYMENT: {"amount": "200,000.00", "choice": "keep_term", "fee": ""},
    ChangeKind.PAYOFF: {"fee": "0"},
    ChangeKind.EXTENSION: {"instalments": "3"},
    ChangeKind.RESTRUCTURE: {"instalments": "20", "yearly_rate": "3.85", "principal_grace": "2"},
    ChangeKind.RATE_CHANGE: {"yearly_rate": "4.85"},
    ChangeKind.PAYMENT_HOLIDAY: {"instalments": "2", "interest_too": "yes"},
    ChangeKind.ACCELERATION: {},
    ChangeKind.MISUSE: {"amount": "100000.00"},
    ChangeKind.WRITE_OFF: {},
    ChangeKind.BACK_DATED_RECEIPT: {"amount": "1000.00"},
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[ChangeWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield await change_world(opened)


def figures(world: ChangeWorld, kind: ChangeKind) -> dict[str, str]:
    """Good figures of a kind."""
    typed = dict(FIGURES[kind])
    if kind is ChangeKind.RESTRUCTURE:
        typed["first_due_on"] = (world.today + timedelta(days=30)).isoformat()
    if kind is ChangeKind.BACK_DATED_RECEIPT:
        typed["effective_on"] = world.yesterday.isoformat()
    return typed


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_loans_page_lists_every_kind(world: ChangeWorld, language: str) -> None:
    page = await world.case.read("wang", world.address(), language)
    assert page.status_code == 200
    for kind in ChangeKind:
        assert f'href="{world.address()}/new?kind={kind}"' in page.text
    assert ("贷款变更" in page.text) == (language == "zh-CN")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("kind", list(ChangeKind))
async def test_each_kind_has_a_form_with_defaults_and_rules(
    world: ChangeWorld, kind: ChangeKind, language: str
) -> None:
    page = await world.case.read("wang", world.address(f"/new?kind={kind}"), language)
    assert page.status_code == 200, page.text
    assert re.search(r'name="effective_on"', page.text)
    assert "style=" not in page.text
    assert world.case.process.asked == []


@pytest.mark.parametrize("kind", list(FIGURES))
async def test_each_kind_shows_before_and_after(world: ChangeWorld, kind: ChangeKind) -> None:
    page = await world.case.read("wang", world.query(kind, **figures(world, kind)))
    assert page.status_code == 200, re.findall(r"flash tone-red.*|field-error.*", page.text)
    assert "Instalment by instalment" in page.text
    assert "<polyline" in page.text
    assert 'name="seen_events"' in page.text
    assert world.case.process.asked == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "sets the margin over the index (3"), ("zh-CN", "加点（整数基点）")],
)
async def test_a_floating_loans_new_rate_is_a_margin_and_the_page_says_so(
    world: ChangeWorld, language: str, said: str
) -> None:
    terms = {"index": "LPR_1Y", "margin_bp": 135, "repricing": "1m", "cap": "0.06"}
    async with world.case.services.database.transaction() as session:
        contract = await session.get_one(Contract, world.loan)
        contract.terms = contract.terms | {"floating": terms}
    address = world.query(ChangeKind.RATE_CHANGE, yearly_rate="5.00")
    page = await world.case.read("wang", address, language)
    assert said in page.text
    assert 'name="seen_events"' in page.text
    for typed, refusal in (("5.001", "whole basis points"), ("6.01", "cap and floor do not")):
        page = await world.case.read("wang", world.query(ChangeKind.RATE_CHANGE, yearly_rate=typed))
        assert refusal in page.text


async def test_the_end_of_misuse_asks_for_what_is_misused(world: ChangeWorld) -> None:
    page = await world.case.read("wang", world.query(ChangeKind.MISUSE_ENDED, amount="1.00"))
    assert "At most what is misused can be ended: 0" in page.text
    assert 'name="seen_events"' not in page.text


PREPAYMENT = {"kind": "prepayment", "amount": "200000.00", "choice": "keep_term", "fee": "0"}


def proposal(world: ChangeWorld, page: str, **entries: str) -> dict[str, str]:
    """What the browser would send of a previewed page's second form."""
    form = page[page.index('<form class="form" method="post"') :]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    hidden.pop("csrf_token")
    hidden.pop("form_token")
    return hidden | {"reason": "The customer has sold a machine."} | entries


async def previewed(world: ChangeWorld, who: str = "wang", **figures: str) -> str:
    """The page of a previewed prepayment."""
    typed = {name: text for name, text in PREPAYMENT.items() if name != "kind"} | figures
    page = await world.case.read(who, world.query(ChangeKind.PREPAYMENT, **typed))
    assert page.status_code == 200, page.text
    return page.text


@pytest.mark.parametrize("who", ["wang", "ops"])
async def test_what_was_previewed_is_proposed(world: ChangeWorld, who: str) -> None:
    form = proposal(world, await previewed(world, who, amount="200,000.00"))
    answer = await world.case.send(who, world.address(), **form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == world.address()
    [command] = world.case.process.asked
    assert isinstance(command, ProposeChange)
    assert (command.loan_id, command.actor.staff_id) == (world.loan, world.people[who].staff_id)
    assert command.command_id == "token-of-the-form-1"
    assert command.change.amount == Decimal("200000.00")
    assert command.change.choice is PrepaymentChoice.KEEP_TERM
    assert command.change.effective_on == world.today
    assert command.seen_events == await world.seen(command.change)
    assert command.seen_on == world.today
    assert command.reason == "The customer has sold a machine."


@pytest.mark.parametrize("kind", list(FIGURES))
async def test_every_kind_is_proposed_as_it_was_previewed(
    world: ChangeWorld, kind: ChangeKind
) -> None:
    typed = figures(world, kind)
    page = await world.case.read("wang", world.query(kind, **typed))
    answer = await world.case.send("wang", world.address(), **proposal(world, page.text))
    assert answer.status_code == 303, answer.text
    [command] = world.case.process.asked
    assert command.change.kind is kind
    assert command.seen_events == await world.seen(command.change)


async def test_a_changed_cell_shows_what_was_and_what_will_be(world: ChangeWorld) -> None:
    page = await previewed(world)
    assert re.search(r'cell-changed"><del>.*?</del><br><ins>', page)
    assert "rows change" in page
    assert 'class="badge tone-amber"' in page


async def test_an_account_that_moved_shows_the_new_difference_and_keeps_the_reason(
    world: ChangeWorld,
) -> None:
    form = proposal(world, await previewed(world))
    world.case.process.answer = Receipt(False, code="stale.account")
    answer = await world.case.send("wang", world.address(), **form)
    assert answer.status_code == 409
    assert "The account has moved on." in answer.text
    assert "Below is the difference as it shows now." in answer.text
    assert "Instalment by instalment" in answer.text
    assert "The customer has sold a machine." in answer.text


async def test_an_engine_out_of_reach_loses_nothing(world: ChangeWorld) -> None:
    form = proposal(world, await previewed(world))
    world.case.process.available = False
    answer = await world.case.send("wang", world.address(), **form)
    assert answer.status_code == 503
    assert "The customer has sold a machine." in answer.text
    assert 'name="form_token" value="token-of-the-form-1"' in answer.text


@pytest.mark.parametrize("reason", ["", "  ", "hidden\u202e", "nul\x00", "x" * 2001])
async def test_without_a_readable_reason_nothing_is_asked(world: ChangeWorld, reason: str) -> None:
    form = proposal(world, await previewed(world), reason=reason)
    answer = await world.case.send("wang", world.address(), **form)
    assert answer.status_code == 422
    assert 'href="#field-reason"' in answer.text
    assert world.case.process.asked == []


@pytest.mark.parametrize(
    ("kind", "figures", "field"),
    [
        ("prepayment", {"amount": "0", "choice": "keep_term"}, "amount"),
        ("prepayment", {"amount": "99999999.00", "choice": "keep_term"}, "amount"),
        ("prepayment", {"amount": "1.001", "choice": "keep_term"}, "amount"),
        ("prepayment", {"amount": "１００", "choice": "keep_term"}, "amount"),
        ("prepayment", {"amount": "1" * 14, "choice": "keep_term"}, "amount"),
        ("prepayment", {"amount": "100"}, "choice"),
        ("prepayment", {"amount": "100", "choice": "keep_both"}, "choice"),
        ("prepayment", {"amount": "100", "choice": "keep_term", "fee": "3.01"}, "fee"),
        ("payoff", {"effective_on": "2026-02-30"}, "effective_on"),
        ("payoff", {"effective_on": ""}, "effective_on"),
        ("payoff", {"effective_on": "2199-01-01"}, "effective_on"),
        ("payoff", {"effective_on": "1999-01-01"}, "effective_on"),
        ("payoff", {"effective_on": "9999-12-31"}, "effective_on"),
        ("extension", {"instalments": "13"}, "instalments"),
        ("extension", {"instalments": "0"}, "instalments"),
        ("extension", {"instalments": "1201"}, "instalments"),
        ("extension", {"instalments": "1.5"}, "instalments"),
        ("extension", {"instalments": "3", "effective_on": "2100-12-31"}, "effective_on"),
        ("restructure", {"instalments": "6", "yearly_rate": "1000", "first_due_on": "+"}, "*"),
        ("rate_change", {"yearly_rate": "36.01"}, "yearly_rate"),
        ("rate_change", {"yearly_rate": "NaN"}, "yearly_rate"),
        ("rate_change", {"yearly_rate": "-1"}, "yearly_rate"),
        ("payment_holiday", {"instalments": "12"}, "instalments"),
        ("waiver", {"bucket": "principal", "amount": "1"}, "bucket"),
        ("waiver", {"bucket": "penalty", "amount": "1"}, "amount"),
        ("misuse", {"amount": "99999999.00"}, "amount"),
        ("back_dated_receipt", {"amount": "10"}, "effective_on"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_bad_figures_are_refused_at_their_field_and_stay(
    world: ChangeWorld, kind: str, figures: dict[str, str], field: str, language: str
) -> None:
    address = world.query(ChangeKind(kind), **figures)
    page = await world.case.read("wang", address, language)
    assert page.status_code == 422, page.text
    assert f'href="#field-{field}"' in page.text or field == "*"
    assert 'name="seen_events"' not in page.text
    for text in figures.values():
        assert text in page.text
    general = "does not meet the bank" if language == "en" else "不符合本行规定"
    assert general not in page.text


async def test_a_micro_or_small_borrower_prepays_free(world: ChangeWorld) -> None:
    page = await world.case.read("wang", world.query(ChangeKind.PAYOFF, fee="0.01"))
    assert page.status_code == 422
    assert "Micro and small enterprises prepay free of charge." in page.text
    assert "By its figures this borrower is a micro or small enterprise" in page.text


async def test_the_summary_names_the_entries(world: ChangeWorld) -> None:
    page = await world.case.read("wang", world.query(ChangeKind.PREPAYMENT, amount="x"))
    assert "Amount</span>: Please enter a number" in page.text
    assert "What the prepayment shortens</span>: Please choose" in page.text


async def test_a_change_that_moves_no_row_says_so_and_shows_what_it_books(
    world: ChangeWorld,
) -> None:
    page = await world.case.read("wang", world.query(ChangeKind.WRITE_OFF))
    assert "No row of the schedule changes; what is booked stands below." in page.text
    assert '<details class="card act-more" open>' in page.text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_bad_figures_sent_past_the_preview_are_refused_with_the_reason_kept(
    world: ChangeWorld, language: str
) -> None:
    form = proposal(world, await previewed(world), amount="abc")
    answer = await world.case.send("wang", world.address(), language, **form)
    assert answer.status_code == 422
    assert 'href="#field-amount"' in answer.text
    assert "The customer has sold a machine." in answer.text
    assert world.case.process.asked == []


@pytest.mark.parametrize("kind", ["", "gift", "PREPAYMENT", "\u202e"])
async def test_an_unknown_kind_is_refused_by_name(world: ChangeWorld, kind: str) -> None:
    page = await world.case.read("wang", world.address(f"/new?kind={kind}"))
    assert page.status_code == 422
    assert "There is no such kind of change." in page.text
    answer = await world.case.send("wang", world.address(), kind=kind)
    assert answer.status_code == 422
    assert world.case.process.asked == []


async def test_anothers_loan_is_unknown_and_a_reader_cannot_propose(world: ChangeWorld) -> None:
    address = world.query(ChangeKind.PAYOFF)
    assert (await world.case.read("zhou", address)).status_code == 404
    assert (await world.case.read("zhou", world.address())).status_code == 404
    assert (await world.case.send("zhou", world.address(), **PREPAYMENT)).status_code == 404
    shown = await world.case.read("qian", address)
    assert shown.status_code == 200
    assert "Propose the change" not in shown.text
    assert (await world.case.send("qian", world.address(), **PREPAYMENT)).status_code == 403
    assert world.case.process.asked == []


async def test_a_loan_before_its_drawdown_says_so(world: ChangeWorld) -> None:
    officer = UUID(world.people["wang"].staff_id)
    early = await world.case.loan(officer, Wanted(number=2))
    page = await world.case.read("wang", f"/loans/{early}/changes")
    assert page.status_code == 200
    assert "Nothing has been drawn yet" in page.text
    form = await world.case.read("wang", f"/loans/{early}/changes/new?kind=payoff")
    assert form.status_code == 422
    quote = await world.case.read("wang", f"/loans/{early}/payoff")
    assert quote.status_code == 422


async def test_a_waiver_starts_with_the_open_penalty(database: Database, tmp_path: Path) -> None:
    async with open_case_world(database, tmp_path) as opened:
        world = await change_world(opened, LATE)
        page = await opened.read("wang", world.address("/new?kind=waiver"))
        [amount] = re.findall(r'value="([^"]*)" id="field-amount"', page.text)
        assert Decimal(amount) > 0
        shown = await opened.read(
            "wang", world.query(ChangeKind.WAIVER, bucket="penalty", amount=amount)
        )
        assert shown.status_code == 200
        assert "Instalment by instalment" in shown.text
