"""Asking for a change: what its form says, what it would do, and that exactly that is proposed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from domain.changes import ChangeKind
from persistence.engine import Database
from tests.web.case_world import open_case_world
from tests.web.change_world import ChangeWorld, change_world

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
