"""A loan's account for programs: the engine's figures, on any day, and refusals by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.people import Role
from domain.process import Stage, WaitReason
from persistence.accounts import account_on
from persistence.clock import business_date
from persistence.engine import Database
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import Wanted

LATE = Wanted(Stage.REPAYMENT, wait=WaitReason.ARREARS, task=None, overdue_days=12)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def loan_of(world: CaseWorld, wanted: Wanted = LATE) -> UUID:
    return await world.loan(await world.hire("li", Role.CUSTOMER_MANAGER), wanted)


async def test_the_account_is_told_as_the_engine_has_it(world: CaseWorld) -> None:
    loan = await loan_of(world)
    answer = await world.read("li", f"/api/v1/loans/{loan}/account")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    async with world.services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        account = await account_on(session, loan, today)
    assert told["on"] == today.isoformat()
    assert Decimal(told["outstanding"]) == account.outstanding
    assert Decimal(told["accrued_interest"]) == account.accrued_interest
    assert told["days_past_due"] == account.days_past_due
    assert [Decimal(row["open"]) for row in told["rows"]] == [
        line.open_total for line in account.lines
    ]
    assert told["statement"]
    for journal in told["journals"]:
        debits = sum(Decimal(line["debit"] or 0) for line in journal["lines"])
        assert debits == sum(Decimal(line["credit"] or 0) for line in journal["lines"])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-13-01", "date.impossible"),
        ("Zx9Secret", "date.impossible"),
        ("1999-01-01", "account.before_drawdown"),
        ("2101-01-01", "account.beyond_2100"),
    ],
)
async def test_a_bad_day_is_a_problem_by_name_without_an_echo(
    world: CaseWorld, on: str, code: str, language: str
) -> None:
    loan = await loan_of(world)
    answer = await world.read("li", f"/api/v1/loans/{loan}/account?on={on}", language)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert code in {problem["code"], *(found["code"] for found in problem.get("errors", ()))}
    assert "Zx9Secret" not in answer.text


async def test_before_the_drawdown_it_is_refused_by_name(world: CaseWorld) -> None:
    loan = await loan_of(world, Wanted())
    answer = await world.read("li", f"/api/v1/loans/{loan}/account")
    assert (answer.status_code, answer.json()["code"]) == (422, "account.not_drawn")


async def test_anothers_account_answers_404(world: CaseWorld) -> None:
    loan = await loan_of(world)
    assert (await world.read("wang", f"/api/v1/loans/{loan}/account")).status_code == 404
    assert (await world.read("li", f"/api/v1/loans/{uuid4()}/account")).status_code == 404
