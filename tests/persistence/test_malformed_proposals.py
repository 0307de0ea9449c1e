"""A proposal whose content has not its kind's form is refused in words, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.customers import RULES, ProposalKind, ProposeForCustomer
from domain.people import GRANTS, Act, Actor, Role
from domain.violations import LoanRuleViolation
from persistence.customer_effects import EFFECTS
from persistence.customer_proposals import propose
from persistence.engine import Database
from tests.workflows.book import Book

# A lock needs nothing but a reason: its proof may be any text.
ANY_CONTENT = {ProposalKind.STOP_LENDING, ProposalKind.LOCK}
ODD: tuple[Mapping[str, Any], ...] = (
    {},
    {"grade": 1, "rating": [], "entries": {}, "years": 3, "id": {"a": 1}},
    {"grade": "AA", "rating": "x", "alert": "not-an-id", "measure": None, "covenant": "?"},
    {"entries": [None, 1, {"section": [], "item": {}, "data": "x", "as_of": 5}]},
    {"entries": [{"section": "shareholders", "item": "a", "data": {"share": "NaN"}}]},
    {"years": [{}], "currency": None, "unit": 7, "source": "typed"},
    {"years": [{"year": "2025", "lines": {"cash": "Infinity"}}], "currency": "CNY", "unit": "one"},
    {"action": "set", "level": "customer", "amount": "-1", "currency": "CNY", "valid_from": "x"},
    {"document": "0", "verdict": [], "cell": None, "verification": "0", "field": 1, "source": 2},
    {"kind": "ratio", "ratio": "debt", "limit": "much", "test_on": "2026-13-01", "until": {}},
    {"colour": "pink", "evidence": 3, "alert_id": str(uuid4()), "measure_id": "x"},
)


def actor_for(book: Book, act: Act) -> Actor:
    """Somebody of the small book whose role may propose it."""
    for actor in book.people.values():
        if any(act in GRANTS[Role(role)] for role in actor.roles):
            return actor
    raise AssertionError(act)


@pytest.mark.parametrize("kind", [kind for kind in ProposalKind if kind not in ANY_CONTENT])
async def test_odd_content_is_refused_and_nothing_is_kept(
    database: Database, kind: ProposalKind
) -> None:
    book = Book(database)
    await book.open()
    actor = actor_for(book, RULES[kind].proposer)
    for content in ODD:
        command = ProposeForCustomer(str(uuid4()), book.customer_id, actor, kind, content, "试一试")
        with pytest.raises(LoanRuleViolation):
            async with database.transaction() as session:
                await propose(session, command, datetime.now(UTC), EFFECTS)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        2**60,
        "a\0b",
        "\ud800",
        ["x" * 300_000],
        {"a": [[[[[[[[[[[[[1]]]]]]]]]]]]]},
    ],
    ids=["fraction", "nan", "huge", "nul", "half", "long", "deep"],
)
async def test_what_the_books_cannot_keep_exactly_is_refused_for_every_kind(
    database: Database, value: object
) -> None:
    book = Book(database)
    await book.open()
    actor = actor_for(book, RULES[ProposalKind.LOCK].proposer)
    content = {"evidence": "发票系伪造", "more": value}
    command = ProposeForCustomer(
        str(uuid4()), book.customer_id, actor, ProposalKind.LOCK, content, "虚假材料"
    )
    with pytest.raises(LoanRuleViolation, match=r"proposal\.content"):
        async with database.transaction() as session:
            await propose(session, command, datetime.now(UTC), EFFECTS)
