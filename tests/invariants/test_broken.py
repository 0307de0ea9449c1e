"""Each invariant is broken on purpose, past the database's own guards, and the check names it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from integrations.rail.client import RailClient
from integrations.rail.messages import PaymentState, PaymentStatus
from persistence.anchors import note_head
from persistence.document_store import DocumentStore
from persistence.queries.invariants.payouts import BookedPayout
from runner.rail_check import compared
from runner.verify import CHECKS
from tests.invariants import (
    tampering_drawdowns,
    tampering_limits,
    tampering_money,
    tampering_process,
)
from tests.invariants.conftest import ProvenBook

_AT = datetime(2026, 1, 1, tzinfo=UTC)
TAMPERED = [
    *tampering_money.TAMPERED,
    *tampering_drawdowns.TAMPERED,
    *tampering_limits.TAMPERED,
    *tampering_process.TAMPERED,
]


@pytest.mark.parametrize(
    ("invariant", "code", "statements"),
    TAMPERED,
    ids=[f"{row[0]}-{row[1]}-{number}" for number, row in enumerate(TAMPERED)],
)
async def test_what_is_tampered_with_is_named(
    proven: ProvenBook, invariant: str, code: str, statements: tuple[str, ...]
) -> None:
    loans = {name: getattr(proven, name) for name in ("repaying", "settled", "in_parts")}
    await proven.break_it(*statements, **loans)
    assert code in await proven.codes(invariant)


async def test_a_break_names_its_loan(proven: ProvenBook) -> None:
    statement = "UPDATE loan SET outstanding = 1 WHERE id = :repaying"
    await proven.break_it(statement, repaying=proven.repaying)
    named = await proven.codes("I6")
    assert named["outstanding_differs"] == {await proven.name_of(proven.repaying)}


def test_every_invariant_is_broken_here() -> None:
    elsewhere = {"I10"}
    assert {row[0] for row in TAMPERED} | elsewhere == set(CHECKS)


async def test_a_cut_tail_is_seen_by_its_anchor(proven: ProvenBook) -> None:
    assert await note_head(proven.equipment.database, proven.equipment.anchors, _AT)
    assert not await note_head(proven.equipment.database, proven.equipment.anchors, _AT)
    assert await proven.codes("I9") == {}
    await proven.break_it(
        "DELETE FROM audit_event WHERE sequence = (SELECT max(sequence) FROM audit_event)"
    )
    assert "chain_tail_cut" in await proven.codes("I9")


async def test_a_chain_forged_whole_differs_from_its_anchor(proven: ProvenBook) -> None:
    proven.equipment.anchors.append(5, "0" * 64, _AT)
    assert (await proven.codes("I9"))["chain_anchor_differs"] == {"5"}


async def test_an_anchor_file_that_was_written_over_is_named(proven: ProvenBook) -> None:
    proven.equipment.anchors.path.write_text(json.dumps({"sequence": "x"}) + "\n")
    assert await proven.codes("I9") == {"anchor_unreadable": {"1"}}


async def test_stored_bytes_that_changed_are_named(proven: ProvenBook, tmp_path: Path) -> None:
    found = await proven.hash_of_a_document(proven.repaying)
    folder = tmp_path / "documents"
    (folder / found[:2]).mkdir(parents=True)
    (folder / found[:2] / found).write_bytes(b"other bytes")
    proven.equipment = replace(proven.equipment, documents=DocumentStore(folder))
    named = await proven.codes("I15")
    assert named["document_changed"] == {await proven.name_of(proven.repaying)}


@pytest.mark.parametrize(
    ("rail", "books", "code"),
    [
        (PaymentStatus.SETTLED, "rejected", "rail_differs"),
        (PaymentStatus.REJECTED, "settled", "rail_differs"),
        (PaymentStatus.ACCEPTED, "settled", "rail_differs"),
        (PaymentStatus.REJECTED, "rejected", None),
        (PaymentStatus.SETTLED, "sent", None),
        (PaymentStatus.SETTLED, None, "rail_without_payout"),
        (None, "accepted", "payout_not_on_rail"),
        (None, "intent", None),
    ],
)
def test_the_rail_and_the_books_are_held_together(
    rail: PaymentStatus | None, books: str | None, code: str | None
) -> None:
    ten = Decimal(10)
    paid = [PaymentState("k", rail, "r", None, ten, "CNY", "n", "a")] if rail else []
    booked = {"k": BookedPayout("k", books, ten, "CNY", "n", "a")} if books else {}
    assert [found.code for found in compared(paid, booked).breaks] == ([code] if code else [])


async def test_who_does_not_answer_is_named(proven: ProvenBook) -> None:
    async with httpx.AsyncClient() as http:
        away = RailClient("http://127.0.0.1:1", http)
        proven.equipment = replace(proven.equipment, rail=away, client=None)
        assert (await proven.verdict("I3")).unreachable == "rail"
        assert (await proven.verdict("I7")).unreachable == "temporal"
