"""Signatures: nothing is asked before them, and every odd callback has its end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.process import CaseStatus, Stage
from persistence.tables import Envelope, InboxEvent, Incident, SourceReportRow
from tests.workflows.world import World


async def _outcomes(world: World, loan_id: UUID) -> list[str]:
    events = await world.book.all_of(InboxEvent, loan_id)
    return [event.outcome for event in sorted(events, key=lambda event: event.id)]


async def test_no_source_is_asked_before_the_authorisation_is_signed(world: World) -> None:
    loan_id = await world.opened()
    envelope = await world.sent(loan_id, "authorisation")
    await world.skip(timedelta(hours=12))
    assert world.sources.asked == []
    assert await world.book.all_of(SourceReportRow, loan_id) == []

    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)
    assert ("bureau", str(envelope.id)) in world.sources.asked


async def test_declining_to_sign_withdraws_the_case(world: World) -> None:
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation", "declined")
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.WITHDRAWN, "authorisation_declined")
    assert await world.book.open_tasks(loan_id) == []
    assert world.sources.asked == []


async def test_an_authorisation_never_signed_is_chased_and_then_expires(world: World) -> None:
    loan_id = await world.opened()
    await world.sent(loan_id, "authorisation")
    end = await world.end_of(loan_id)
    assert (end.status, end.reason) == (CaseStatus.EXPIRED, "authorisation_not_signed")
    for rung in ("task.reminded", "task.escalated", "task.next_level", "task.timed_out"):
        assert await world.book.audited(loan_id, rung) == 1, rung
    [envelope] = await world.book.all_of(Envelope, loan_id)
    assert envelope.status == "expired"
    assert await world.book.open_tasks(loan_id) == []


async def test_a_signature_after_expiry_has_no_effect_but_one_incident(world: World) -> None:
    loan_id = await world.opened()
    envelope = await world.sent(loan_id, "authorisation")
    await world.end_of(loan_id)
    await world.book.sign(envelope)
    await world.process.look(loan_id)
    await world.swept()
    await world.swept()
    assert await _outcomes(world, loan_id) == ["refused_envelope_not_open"]
    assert await world.book.incidents() == ["odd_callback"]
    assert (await world.book.loan(loan_id)).status == CaseStatus.EXPIRED


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "another document": ({"document_sha256": "f" * 64}, "refused_other_document"),
    "no such envelope": ({"envelope_id": "00000000-0000-0000-0000-000000000000"}, "foreign"),
    "no uuid": ({"envelope_id": "x"}, "unreadable"),
    "a number for an id": ({"envelope_id": 7}, "unreadable"),
    "a list for an id": ({"envelope_id": []}, "unreadable"),
}


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_signature_ends_in_one_incident_and_the_case_waits_on(
    world: World, odd: str
) -> None:
    changes, outcome = ODD[odd]
    loan_id = await world.opened()
    envelope = await world.sent(loan_id, "authorisation")
    await world.book.sign(envelope, again="-" + "x" * 70, **changes)
    await world.process.look(loan_id)
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["odd_callback"]
    assert await _outcomes(world, loan_id) == [outcome]
    assert (await world.book.loan(loan_id)).stage == Stage.AUTHORISATION

    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)


async def test_another_loans_envelope_and_an_unknown_kind_change_nothing(world: World) -> None:
    first, second = await world.opened(), await world.opened()
    theirs = await world.sent(second, "authorisation")
    await world.sent(first, "authorisation")
    data = {"envelope_id": str(theirs.id), "document_sha256": theirs.document_sha256}
    await world.book.deliver("esign", "envelope.signed", first, data, "crossed")
    await world.book.deliver("esign", "envelope.exploded", first, data, "odd-kind")
    await world.process.look(first)

    async def both() -> bool:
        return len(await world.book.all_of(Incident)) == 2

    await world.until(both)
    assert await _outcomes(world, first) == ["foreign", "unknown_kind"]
    for loan_id in (first, second):
        assert (await world.book.loan(loan_id)).stage == Stage.AUTHORISATION


async def test_a_second_signature_of_the_same_envelope_signs_nothing_twice(world: World) -> None:
    loan_id = await world.opened()
    envelope = await world.sent(loan_id, "authorisation")
    await world.book.sign(envelope)
    await world.book.sign(envelope, again="-again")
    await world.process.look(loan_id)
    await world.at_stage(loan_id, Stage.CONTRACT)
    assert await _outcomes(world, loan_id) == ["signed", "ignored_already_signed"]
    assert await world.book.audited(loan_id, "authorisation.signed") == 1


async def test_a_call_that_comes_before_the_wait_is_not_lost(world: World) -> None:
    draft = await world.book.draft()
    submission = asyncio.create_task(world.submitted(draft))
    envelope = await world.until(lambda: world.book.envelope(draft, "authorisation"))
    await world.book.sign(envelope)
    await world.process.look(draft)
    assert (await submission).accepted
    await world.at_stage(draft, Stage.CONTRACT)


async def test_a_lost_call_is_healed_by_the_sweep(world: World) -> None:
    loan_id = await world.opened()
    await world.book.sign(await world.sent(loan_id, "authorisation"))
    assert await world.swept() == 1
    await world.at_stage(loan_id, Stage.CONTRACT)


async def test_a_signature_in_time_counts_even_if_nobody_called_until_the_lapse(
    world: World,
) -> None:
    loan_id = await world.opened()
    await world.book.sign(await world.sent(loan_id, "authorisation"))
    await world.skip(timedelta(days=60))
    await world.at_stage(loan_id, Stage.CONTRACT)
    assert await world.book.audited(loan_id, "authorisation.signed") == 1
