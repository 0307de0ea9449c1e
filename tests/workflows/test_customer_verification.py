"""A customer compared with all sources at once: as slow as the slowest, no dead one in the way."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio.worker import Replayer

import worker as product
from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.customers.verification import OUTSIDE
from domain.process import Stage
from persistence.customer_verification import ask_for_verification
from persistence.queries.registered_identity import registered_identity
from persistence.rules import facts_of
from persistence.tables import (
    AuditEvent,
    Customer,
    CustomerComparison,
    CustomerSourceReport,
    CustomerVerification,
    CustomerWork,
    FinancialStatementRow,
)
from tests.workflows.conftest import World
from workflows.commands import customer_workflow_id


async def asked(world: World, cause: str = "by_hand") -> None:
    customer = world.book.customer_id
    async with world.book.database.transaction() as session:
        await ask_for_verification(session, customer, cause, await world.now())
    await world.process.look_at_customer(customer)


async def closed(world: World, count: int = 1) -> CustomerVerification:
    """The newest verification, once so many are closed."""

    async def found() -> CustomerVerification | None:
        rows = await world.book.all_of(CustomerVerification)
        ended = [row for row in rows if row.closed_at is not None]
        return max(ended, key=lambda row: row.opened_at) if len(ended) == count else None

    row: CustomerVerification = await world.until(found)
    return row


async def verified(world: World, cause: str = "by_hand") -> CustomerVerification:
    await asked(world, cause)
    return await closed(world)


async def sources(world: World, verification: UUID) -> dict[str, CustomerSourceReport]:
    rows = await world.book.all_of(CustomerSourceReport)
    return {row.source: row for row in rows if row.verification_id == verification}


async def cells(world: World, verification: UUID) -> dict[tuple[str, str], Any]:
    rows = await world.book.all_of(CustomerComparison)
    return {(row.field, row.source): row for row in rows if row.verification_id == verification}


async def known(world: World, **values: Any) -> None:
    async with world.book.database.transaction() as session:
        customer = await session.get_one(Customer, world.book.customer_id)
        for name, value in values.items():
            setattr(customer, name, value)


async def proposed(
    world: World, kind: ProposalKind, content: dict[str, Any], who: str = "manager"
) -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        kind,
        content,
        "已向客户核实",
    )
    return await world.process.propose_for_customer(command)


async def decided(world: World, made: Receipt, who: str) -> Receipt:
    command = DecideProposal(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        UUID(made.params["proposal"]),
        approve=True,
    )
    return await world.process.decide_proposal(command)


def disposition(verification: UUID, field: str, source: str, outcome: str) -> dict[str, Any]:
    return {
        "verification": str(verification),
        "field": field,
        "source": source,
        "outcome": outcome,
    }


async def test_all_sources_are_asked_at_once_and_the_whole_takes_as_long_as_the_slowest(
    world: World,
) -> None:
    world.sources.together = asyncio.Barrier(len(OUTSIDE))  # none answers before all are asked
    world.sources.delays = dict.fromkeys(OUTSIDE, 0.4)
    row = await verified(world)
    reports = await sources(world, row.id)
    assert set(reports) == {*OUTSIDE, "internal"}
    latencies = [report.latency_ms for report in reports.values() if report.latency_ms]
    assert max(latencies) <= row.summary["took_ms"]
    works = await world.book.all_of(CustomerWork)
    [work] = [row for row in works if row.kind == "verify"]
    assert (work.id, work.done_at) == (row.id, row.closed_at)


async def test_without_a_consent_the_bureaus_are_refused_and_everything_else_is_compared(
    world: World,
) -> None:
    row = await verified(world)
    reports = await sources(world, row.id)
    for bureau in ("bureau", "bureau_controller"):
        assert (reports[bureau].status, reports[bureau].failure) == ("refused", "consent_missing")
    answered = {name for name, report in reports.items() if report.status == "answered"}
    assert answered == {*OUTSIDE, "internal"} - {"bureau", "bureau_controller"}
    assert row.summary["pending"] == 2


async def test_the_consent_of_a_running_case_lets_the_bureaus_answer(world: World) -> None:
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.CONTRACT)
    row = await verified(world)
    reports = await sources(world, row.id)
    assert row.consent_id is not None
    assert reports["bureau"].status == "answered"
    assert reports["bureau"].consent_id == row.consent_id
    found = await cells(world, row.id)
    assert found["revenue", "tax"].verdict == "match"
    assert found["legal_representative", "registry"].verdict == "match"
    assert (row.summary["mismatches"], row.summary["hits"]) == (0, 0)


async def test_a_silent_and_a_senseless_source_are_pending_with_their_reasons_and_come_late(
    world: World,
) -> None:
    await known(world, legal_representative="王建国")
    world.sources.down.add("courts")
    world.sources.nonsense.add("registry")
    await asked(world)
    await world.until(lambda: failure(world, "registry", "nonsense"))
    await world.skip(timedelta(seconds=25))
    row = await closed(world)
    reports = await sources(world, row.id)
    assert (reports["courts"].status, reports["courts"].failure) == ("pending", "unreachable")
    assert (reports["registry"].status, reports["registry"].failure) == ("pending", "nonsense")
    assert reports["registry"].facts == {}
    assert (await cells(world, row.id))["name", "registry"].verdict == "pending"
    assert reports["tax"].status == "answered"

    world.sources.down.clear()
    world.sources.nonsense.clear()
    world.sources.adverse["courts"] = {"dishonest_debtor": "true"}
    await world.skip(timedelta(minutes=30))

    async def filled_again() -> bool:
        found = await cells(world, row.id)
        named = found["name", "registry"].verdict == "match"
        return named and ("dishonest_debtor", "courts") in found

    await world.until(filled_again)
    assert (await sources(world, row.id))["registry"].failure is None


async def failure(world: World, source: str, code: str) -> bool:
    rows = await world.book.all_of(CustomerSourceReport)
    return any(row.source == source and row.failure == code for row in rows)


async def test_a_source_that_never_answers_becomes_an_incident_and_stays_pending(
    world: World,
) -> None:
    world.sources.down.add("invoices")
    await asked(world)
    await world.until(lambda: failure(world, "invoices", "unreachable"))
    await world.skip(timedelta(seconds=25))
    row = await closed(world)
    await world.skip(timedelta(hours=25))
    await world.until(world.book.incidents)
    assert await world.book.incidents() == ["failing_step"]
    assert (await sources(world, row.id))["invoices"].status == "pending"


async def test_the_process_takes_other_work_while_a_source_is_silent_and_replays(
    world: World,
) -> None:
    world.sources.down.add("tax")
    await asked(world)
    await world.until(lambda: failure(world, "tax", "unreachable"))
    await world.skip(timedelta(seconds=25))
    await closed(world)
    world.sources.down.clear()
    await asked(world, "again")
    row = await closed(world, 2)
    assert row.cause == "again"
    assert (await sources(world, row.id))["tax"].status == "answered"
    handle = world.client.get_workflow_handle(customer_workflow_id(world.book.customer_id))
    replayer = Replayer(
        workflows=product.WORKFLOWS,
        data_converter=product.data_converter(),
        workflow_runner=product.workflow_runner(),
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def test_a_difference_is_disposed_of_by_one_person_and_another(world: World) -> None:
    await known(world, legal_representative="王建国")
    world.sources.adverse["registry"] = {"legal_representative": "李志强"}
    row = await verified(world)
    field = "legal_representative"
    assert (await cells(world, row.id))[field, "registry"].verdict == "mismatch"
    said = disposition(row.id, field, "registry", "explained")
    made = await proposed(world, ProposalKind.DISPOSITION, said)
    assert made.accepted
    assert (await decided(world, made, "manager")).code == "duty.role"
    assert (await cells(world, row.id))[field, "registry"].verdict == "mismatch"
    assert (await decided(world, made, "risk")).accepted
    cell = (await cells(world, row.id))[field, "registry"]
    assert (cell.verdict, str(cell.disposition_id)) == ("explained", made.params["proposal"])
    assert (await proposed(world, ProposalKind.DISPOSITION, said)).code == "stale.cell"
    events = await world.book.all_of(AuditEvent)
    assert "verification.disposed" in {event.action for event in events}

    await asked(world, "again")
    again = await closed(world, 2)
    assert (await cells(world, again.id))[field, "registry"].verdict == "explained"
    world.sources.adverse["registry"] = {"legal_representative": "赵海燕"}
    await asked(world, "third")
    third = await closed(world, 3)
    assert (await cells(world, third.id))[field, "registry"].verdict == "mismatch"


async def test_nobody_disposes_of_what_they_proposed_themselves(world: World) -> None:
    world.sources.adverse["sanctions"] = {"hit": "true"}
    row = await verified(world)
    said = disposition(row.id, "hit", "sanctions", "false_material")
    made = await proposed(world, ProposalKind.DISPOSITION, said, "reviewer")
    assert made.accepted
    assert (await decided(world, made, "reviewer")).code == "proposal.own"
    assert (await decided(world, made, "risk")).accepted
    assert (await cells(world, row.id))["hit", "sanctions"].verdict == "false_material"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"verification": str(uuid.uuid4())}, "verification.unknown"),
        ({"field": "name"}, "stale.cell"),
        ({"field": "no_such_field"}, "stale.cell"),
        ({"outcome": "forgotten"}, "findings"),
        ({"more": "x"}, "findings"),
    ],
)
async def test_a_disposition_of_nothing_is_refused(
    world: World, changes: dict[str, Any], code: str
) -> None:
    world.sources.adverse["registry"] = {"penalties": "1"}
    row = await verified(world)
    said = disposition(row.id, "penalties", "registry", "explained")
    assert (await proposed(world, ProposalKind.DISPOSITION, {**said, **changes})).code == code


async def test_an_opinion_under_four_eyes_is_a_column_of_the_next_matrix(world: World) -> None:
    loan_id = await world.opened()
    await world.at_stage(loan_id, Stage.AUTHORISATION)
    content = {
        "kind": "auditor",
        "issuer": "立信会计师事务所",
        "issued_on": "2025-04-30",
        "values": {"revenue": "1.00", "equity": "2.00"},
    }
    made = await proposed(world, ProposalKind.OPINION, content)
    assert (await decided(world, made, "risk")).accepted
    row = await closed(world)
    assert row.cause == "opinion"
    found = await cells(world, row.id)
    assert found["revenue", "auditor"].verdict == "mismatch"
    assert found["equity", "auditor"].found == "2.00"
    assert (await proposed(world, ProposalKind.OPINION, {"kind": "auditor"})).code == "findings"


async def test_audited_statements_are_held_against_what_an_application_declares(
    world: World,
) -> None:
    loan_id = await world.opened()
    await world.at_stage(loan_id, Stage.AUTHORISATION)
    declared = facts_of(await world.book.loan(loan_id)).latest_statement
    assert declared is not None
    made = await proposed(world, ProposalKind.LOCK, {"evidence": "x"}, "reviewer")
    async with world.book.database.transaction() as session:
        session.add(
            FinancialStatementRow(
                id=uuid.uuid4(),
                customer_id=world.book.customer_id,
                year=declared.year,
                currency="CNY",
                unit="one",
                audited=True,
                auditor="立信会计师事务所",
                lines={"revenue": f"{declared.revenue * 2}", "equity": f"{declared.equity}"},
                source="typed",
                proposal_id=UUID(made.params["proposal"]),
                proposed_by=UUID(world.book.people["manager"].staff_id),
                approved_by=UUID(world.book.people["risk"].staff_id),
                filed_at=await world.now(),
                known_from=await world.now(),
            )
        )
    row = await verified(world)
    found = await cells(world, row.id)
    assert (found["revenue", "auditor"].verdict, found["equity", "auditor"].verdict) == (
        "mismatch",
        "match",
    )
    assert found["net_profit", "auditor"].verdict == "not_comparable"


async def test_what_the_registry_states_becomes_facts_of_the_dossier_under_four_eyes(
    world: World,
) -> None:
    await known(world, legal_representative="王建国")
    world.sources.adverse["registry"] = {
        "legal_representative": "李志强",
        "established_on": "2012-05-08",
        "registered_capital": "20000000.00",
    }
    first = await verified(world)
    assert (await cells(world, first.id))["legal_representative", "registry"].verdict == "mismatch"
    async with world.book.database.reading() as session:
        entries = await registered_identity(session, world.book.customer_id)
    assert {entry["item"] for entry in entries} == {
        "name",
        "legal_representative",
        "established_on",
        "registered_capital",
    }
    made = await proposed(world, ProposalKind.FACTS, {"entries": entries})
    assert made.accepted, (made.code, made.findings)
    assert (await decided(world, made, "risk")).accepted
    again = await closed(world, 2)
    assert again.cause == "dossier.changed"
    found = await cells(world, again.id)
    assert found["legal_representative", "registry"].verdict == "match"
    assert found["registered_capital", "registry"].verdict == "match"
    async with world.book.database.reading() as session:
        assert await registered_identity(session, world.book.customer_id) == []
