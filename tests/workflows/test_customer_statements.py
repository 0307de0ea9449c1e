"""Yearly statements come in force with a second person's approval; a restated year supersedes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer, Work, WorkKind
from domain.financials import FinancialStatement
from domain.financials.amounts import AmountUnit
from domain.financials.filing import FiledYear, Filing, content_of
from domain.financials.readings import ReadFigure, Reading, StatementSource
from persistence import customer_effects
from persistence.queries.customer_statements import (
    held_statements,
    kept_reading,
    statements_of,
    superseded_statements,
)
from persistence.statement_readings import ReadFile, keep_reading
from persistence.tables import AuditEvent, Customer, CustomerWork
from tests.domain.financials.firms import sound, three_years
from tests.workflows.conftest import World

READING = Reading(StatementSource.PDF, (ReadFigure(2023, "cash", Decimal(5), "1", "货币资金"),))


@pytest.fixture(autouse=True)
def rating(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Rating by nobody in particular: that it is asked for is this slice's part."""
    asked: list[Work] = []

    async def rated(_session: object, _customer: UUID, work: Work, _at: datetime) -> str:
        asked.append(work)
        return "rated"

    monkeypatch.setitem(customer_effects.WORKERS, WorkKind.RATE, rated)
    return asked


def content(
    *statements: FinancialStatement,
    source: StatementSource = StatementSource.TYPED,
    reading_id: UUID | None = None,
) -> dict[str, Any]:
    years = tuple(FiledYear(each, "江南会计师事务所") for each in statements or three_years())
    return content_of(Filing("CNY", AmountUnit.ONE, years, source, reading_id))


async def proposed(world: World, given: dict[str, Any], customer: UUID | None = None) -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        customer or world.book.customer_id,
        world.book.people["manager"],
        ProposalKind.STATEMENTS,
        given,
        "年审报表",
    )
    return await world.process.propose_for_customer(command)


async def approved(world: World, made: Receipt) -> Receipt:
    assert made.accepted, made
    command = DecideProposal(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people["reviewer"],
        UUID(made.params["proposal"]),
        True,
    )
    return await world.process.decide_proposal(command)


async def in_force(world: World, as_of: datetime | None = None) -> tuple[FinancialStatement, ...]:
    async with world.book.database.reading() as session:
        return await statements_of(session, world.book.customer_id, as_of)


async def test_nothing_is_in_force_before_another_person_approves(
    world: World, rating: list[Work]
) -> None:
    made = await proposed(world, content())
    assert await in_force(world) == ()
    assert (await approved(world, made)).accepted
    found = await in_force(world)
    assert [each.year for each in found] == [2025, 2024, 2023]
    assert found[0].lines == {name: Decimal(f"{x:.2f}") for name, x in sound().lines.items()}

    async def asked() -> bool:
        rows = await world.book.all_of(CustomerWork)
        return any(row.kind == WorkKind.RATE and row.outcome == "rated" for row in rows)

    await world.until(asked)
    assert [work.cause for work in rating] == [f"statements:{made.params['proposal']}"]
    events = await world.book.all_of(AuditEvent)
    assert [each.data["years"] for each in events if each.action == "statements.in_force"] == [
        [2023, 2024, 2025]
    ]


async def test_a_restated_year_supersedes_and_the_old_one_stays(world: World) -> None:
    await approved(world, await proposed(world, content()))
    before = await world.now()
    await world.skip(timedelta(days=1))
    restated = sound(changed={"net_profit": "60000"})
    assert (await approved(world, await proposed(world, content(restated)))).accepted
    assert (await in_force(world))[0].line("net_profit") == 60000
    assert (await in_force(world, before))[0].line("net_profit") == 75000
    assert await in_force(world, before - timedelta(days=9)) == ()
    async with world.book.database.reading() as session:
        held = await held_statements(session, world.book.customer_id)
        old = await superseded_statements(session, world.book.customer_id)
    assert [each.statement.year for each in held] == [2025, 2024, 2023]
    assert [(each.statement.year, each.known_to) for each in old] == [(2025, held[0].known_from)]
    assert held[0].proposer != held[0].approver
    assert held[0].auditor == "江南会计师事务所"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "proposal.content", ""),
        (
            content(sound(changed={"total_assets": "2000000"})),
            "statement.unbalanced",
            "statements.2025.total_assets",
        ),
        (content(sound(2022), sound(2025)), "statement.year_missing", "statements.2023.year"),
        (content(sound(without=("revenue",))), "statement.line_missing", "statements.2025.revenue"),
        (content(sound(2100)), "statement.year_not_over", "statements.2100.year"),
        (
            content(source=StatementSource.PDF, reading_id=uuid.uuid4()),
            "statement.reading_unknown",
            "",
        ),
    ],
)
async def test_what_does_not_hold_is_never_proposed(
    world: World, given: dict[str, Any], code: str, field: str
) -> None:
    receipt = await proposed(world, given)
    assert not receipt.accepted
    told = {found.field: found.code for found in receipt.findings} or {"": receipt.code}
    assert told[field] == code


async def test_a_gap_to_the_years_in_force_is_named(world: World) -> None:
    await approved(world, await proposed(world, content(sound(2022))))
    receipt = await proposed(world, content(sound(2025)))
    assert [dict(found.params)["year"] for found in receipt.findings] == ["2023", "2024"]


async def test_figures_of_a_file_name_the_reading_of_this_customer(world: World) -> None:
    manager, now = world.book.people["manager"], await world.now()
    file = ReadFile("0" * 64, "审计报告.pdf", "application/pdf", 5)
    other = uuid.uuid4()
    async with world.book.database.transaction() as session:
        known = await session.get_one(Customer, world.book.customer_id)
        session.add(
            Customer(
                id=other,
                scheme=known.scheme,
                registration_number="9",
                name="别家",
                name_key="别家",
                opened_by=known.opened_by,
                opened_at=now,
            )
        )
        await session.flush()
        reading = await keep_reading(session, world.book.customer_id, file, READING, manager, now)
        others = await keep_reading(session, other, file, READING, manager, now)
    of_other = content(source=StatementSource.PDF, reading_id=others)
    assert (await proposed(world, of_other)).code == "statement.reading_unknown"
    as_excel = content(source=StatementSource.EXCEL, reading_id=reading)
    assert (await proposed(world, as_excel)).code == "statement.reading_unknown"
    own = content(source=StatementSource.PDF, reading_id=reading)
    assert (await approved(world, await proposed(world, own))).accepted
    async with world.book.database.reading() as session:
        held = await held_statements(session, world.book.customer_id)
        shown = await kept_reading(session, manager, world.book.customer_id, reading)
        assert await kept_reading(session, manager, world.book.customer_id, others) is None
    assert (held[0].source, held[0].filename) == (StatementSource.PDF, "审计报告.pdf")
    assert shown is not None
    assert shown.reading == READING


async def test_the_books_refuse_to_change_or_lose_a_statement(world: World) -> None:
    await approved(world, await proposed(world, content()))
    for change in (
        "UPDATE financial_statement SET audited = false",
        "UPDATE financial_statement SET known_to = now(), year = 1999",
        "DELETE FROM financial_statement",
    ):
        with pytest.raises(DBAPIError):
            async with world.book.database.transaction() as session:
                await session.execute(text(change))


async def test_an_approval_judges_again_by_what_is_in_force_then(world: World) -> None:
    early = await proposed(world, content(sound(2021)))
    assert (await approved(world, await proposed(world, content()))).accepted
    late = await approved(world, early)
    assert [found.code for found in late.findings] == ["statement.year_missing"]
    assert 2021 not in [each.year for each in await in_force(world)]


async def test_whoever_does_not_keep_dossiers_proposes_nothing(world: World) -> None:
    world.book.people["manager"] = world.book.people["ops1"]
    assert (await proposed(world, content())).code == "duty.role"
