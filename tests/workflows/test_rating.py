"""Statements that are approved are rated by themselves; a weaker year lowers the grade."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.financials import FinancialStatement
from domain.financials.amounts import AmountUnit
from domain.financials.filing import FiledYear, Filing, content_of
from domain.financials.readings import StatementSource
from domain.ratings.detail import detail_of
from domain.scoring import GRADES
from persistence.queries.customer_ratings import (
    CustomerRatingView,
    rating_history,
    rating_in_force,
)
from persistence.tables import Alert, CustomerWork
from tests.domain.financials.firms import three_years
from tests.workflows.conftest import World
from tests.workflows.test_customer_verification import verified


async def filed(world: World, *statements: FinancialStatement) -> None:
    """A filing of years, proposed by the manager and approved by the reviewer."""
    years = tuple(FiledYear(each, "江南会计师事务所") for each in statements)
    content: dict[str, Any] = content_of(
        Filing("CNY", AmountUnit.ONE, years, StatementSource.TYPED, None)
    )
    people, customer = world.book.people, world.book.customer_id
    made = await world.process.propose_for_customer(
        ProposeForCustomer(
            str(uuid.uuid4()),
            customer,
            people["manager"],
            ProposalKind.STATEMENTS,
            content,
            "年审报表",
        )
    )
    assert made.accepted, made
    decided = await world.process.decide_proposal(
        DecideProposal(
            str(uuid.uuid4()),
            customer,
            people["reviewer"],
            UUID(made.params["proposal"]),
            approve=True,
        )
    )
    assert decided.accepted, decided


async def rated(world: World, times: int) -> CustomerRatingView:
    """The rating in force once so many have been made."""

    async def made() -> CustomerRatingView | None:
        async with world.book.database.reading() as session:
            history = await rating_history(session, world.book.customer_id)
            if len(history) < times:
                return None
            return await rating_in_force(session, world.book.customer_id)

    found: CustomerRatingView = await world.until(made)
    return found


def weaker(statement: FinancialStatement) -> FinancialStatement:
    """The same year with a heavy loss that debt has paid for."""
    lines = dict(statement.lines)
    loss = lines["total_assets"] * Decimal("0.5")
    lines["net_profit"] = lines["ebit"] = -loss
    lines["total_liabilities"] = lines["total_assets"] * Decimal("0.95")
    lines["equity"] = lines["total_assets"] - lines["total_liabilities"]
    lines["retained_earnings"] = min(lines["retained_earnings"], lines["equity"])
    return replace(statement, lines={name: round(x, 2) for name, x in lines.items()})


async def test_approved_statements_are_rated_and_a_weaker_year_lowers_the_grade(
    world: World,
) -> None:
    *earlier, newest = three_years()
    await filed(world, *earlier, newest)
    first = await rated(world, 1)
    assert first.grade in GRADES
    assert first.pd is not None
    assert 0 < first.pd < 1
    assert first.statement_year == newest.year
    assert first.challenger["grade"] in GRADES
    told = detail_of(first.detail)
    assert {one.model for one in told.opinions} >= {"altman_z_double_prime", "zmijewski"}
    assert sum(part.lost for part in told.parts) > 0

    await filed(world, *earlier, weaker(newest))
    second = await rated(world, 2)
    assert second.grade is not None
    assert first.grade is not None
    assert GRADES.index(second.grade) > GRADES.index(first.grade)
    assert second.pd is not None
    assert second.pd > first.pd
    moved = detail_of(second.detail).moved
    assert moved
    assert moved[0].points < 0


async def test_a_rating_is_made_anew_when_it_lapses(world: World) -> None:
    await filed(world, *three_years())
    rating = await rated(world, 1)

    async def waiting() -> list[CustomerWork]:
        rows = await world.book.all_of(CustomerWork)
        return [row for row in rows if row.cause == f"expiry:{rating.valid_to_on}"]

    [row] = await world.until(waiting)
    assert row.done_at is None
    assert (row.due_at - rating.rated_at).days in range(364, 367)


async def test_what_a_verification_finds_out_caps_the_grade_and_raises_its_signals(
    world: World,
) -> None:
    await filed(world, *three_years())
    first = await rated(world, 1)
    assert first.grade not in (None, "C")
    world.sources.adverse["courts"] = {"dishonest_debtor": "true"}
    world.sources.adverse["tax"] = {"arrears": "860000.00"}
    world.sources.adverse["invoices"] = {"largest_customer_share": "0.8"}
    await verified(world)

    second = await rated(world, 2)
    assert (second.grade, second.cause.partition(":")[0]) == ("C", "verification")
    assert ("evades_debts", "C") in {(cap.id, cap.grade) for cap in detail_of(second.detail).caps}

    async def raised() -> bool:
        signals = {row.signal_id for row in await world.book.all_of(Alert)}
        return {"tax_arrears", "one_large_buyer"} <= signals

    await world.until(raised)
