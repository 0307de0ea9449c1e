"""The account page: key figures, every part, its files, another day, and what a bad day is told."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.accounts.events import Misuse, MisuseEnded, Receipt, Reversal, Waiver, WriteOff
from domain.people import Role
from domain.process import Stage, WaitReason
from domain.repayments import Bucket
from persistence.accounts import account_on, append_events
from persistence.clock import business_date
from persistence.engine import Database
from persistence.tables import Contract, Loan
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import text_of
from tests.web.loans import Wanted

REPAID = Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None)
LATE = Wanted(Stage.REPAYMENT, wait=WaitReason.ARREARS, task=None, overdue_days=12)
PARTS = ("schedule", "interest", "entries", "journal")


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        await opened.hire("audit", Role.AUDITOR)
        yield opened


async def loan_of(world: CaseWorld, wanted: Wanted = REPAID) -> UUID:
    return await world.loan(await world.hire("li", Role.CUSTOMER_MANAGER), wanted)


async def today_of(world: CaseWorld) -> date:
    async with world.services.database.reading() as session:
        return await business_date(session, datetime.now(UTC))


async def happen(world: CaseWorld, loan_id: UUID, *events: object) -> None:
    async with world.services.database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        await append_events(session, loan, events, datetime.now(UTC), back_dated=True)  # type: ignore[arg-type]  # events of many kinds


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(("language", "title"), [("en", "Loan account"), ("zh-CN", "贷款账户")])
@pytest.mark.parametrize("part", PARTS)
async def test_every_part_stands_in_both_languages(
    world: CaseWorld, part: str, language: str, title: str
) -> None:
    loan = await loan_of(world)
    page = await world.read("li", f"/loans/{loan}/account?part={part}", language)
    assert page.status_code == 200, page.text
    assert title in page.text
    assert "style=" not in page.text
    assert f"/loans/{loan}/changes" in page.text
    assert f"/loans/{loan}/papers/repayment-plan.pdf" in page.text
    assert f'href="/loans/{loan}/account/{part}.csv"' in page.text


async def test_the_key_figures_are_the_engines(world: CaseWorld) -> None:
    loan = await loan_of(world, LATE)
    async with world.services.database.reading() as session:
        account = await account_on(session, loan, await today_of(world))
    told = text_of((await world.read("audit", f"/loans/{loan}/account")).text)
    assert f"{account.outstanding:,.2f}" in told
    assert f"{account.accrued_interest:,.2f}" in told
    assert account.days_past_due > 0
    overdue = [line for line in account.lines if line.due_on < account.as_of]
    assert f"{sum(line.open_total for line in overdue):,.2f}" in told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Misused: CNY 50,000.00. It bears", "Days of grace 4", "bears no interest")),
        ("zh-CN", ("挪用金额：", "宽限天数 4", "不计复利", "费用 → 本金 → 利息 → 复利 → 罚息")),
    ],
)
async def test_the_head_says_what_is_misused_and_what_the_contract_says(
    world: CaseWorld, language: str, said: tuple[str, ...]
) -> None:
    loan, today = await loan_of(world), await today_of(world)
    async with world.services.database.transaction() as session:
        contract = await session.get_one(Contract, loan)
        contract.terms = contract.terms | {"lateness": {"grace_days": 4, "compound": False}}
    found: dict[str, Any] = {"value_on": today, "recorded_on": today}
    await happen(world, loan, Misuse(key="m", **found, amount=Decimal("50000.00")))
    page = await world.read("li", f"/loans/{loan}/account", language)
    told = " ".join(text_of(page.text).split())
    for each in said:
        assert each in told
    await happen(world, loan, MisuseEnded(key="e", **found, amount=Decimal("50000.00")))
    told = text_of((await world.read("li", f"/loans/{loan}/account", language)).text)
    assert said[0] not in told


async def test_the_case_page_leads_to_the_account(world: CaseWorld) -> None:
    loan = await loan_of(world)
    page = (await world.read("li", f"/cases/{loan}?tab=repayment")).text
    assert f'href="/loans/{loan}/account"' in page


async def test_the_interest_statement_sums_to_what_was_earned(world: CaseWorld) -> None:
    loan = await loan_of(world)
    sent = await world.read("li", f"/loans/{loan}/account/interest.csv")
    rows = rows_of(sent.text)
    assert rows[0] == ["from_on", "to_on", "days", "balance", "yearly_rate", "interest"]
    async with world.services.database.reading() as session:
        account = await account_on(session, loan, await today_of(world))
    due = [line for line in account.lines if line.due_on <= account.as_of]
    earned = account.accrued_interest + sum(line.owed[Bucket.INTEREST] for line in due)
    assert sum(Decimal(row[5]) for row in rows[1:]) == earned


async def test_another_day_shows_the_account_of_that_day(world: CaseWorld) -> None:
    loan = await loan_of(world)
    async with world.services.database.reading() as session:
        drawn_on = (await session.get_one(Loan, loan)).drawn_on
    assert drawn_on is not None
    early = (await world.read("li", f"/loans/{loan}/account/entries.csv?on={drawn_on}")).text
    assert [row[1] for row in rows_of(early)[1:]] == ["drawdown"]
    later = (await world.read("li", f"/loans/{loan}/account/entries.csv")).text
    assert "receipt" in [row[1] for row in rows_of(later)[1:]]
    ahead = await world.read("li", f"/loans/{loan}/account?on={drawn_on + timedelta(days=900)}")
    assert ahead.status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("on", ["2026-02-30", "yesterday", "1999-01-01", "2101-01-01", "%00"])
async def test_a_bad_day_is_told_beside_its_entry(world: CaseWorld, on: str, language: str) -> None:
    loan = await loan_of(world)
    page = await world.read("li", f"/loans/{loan}/account?on={on}", language)
    assert page.status_code == 422
    assert 'id="field-on-error"' in page.text
    assert "rules. Please check" not in page.text
    sent = await world.read("li", f"/loans/{loan}/account/schedule.csv?on={on}", language)
    assert sent.status_code == 422


async def test_badges_tell_what_sets_the_account_apart(world: CaseWorld) -> None:
    loan, day = await loan_of(world, LATE), await today_of(world)
    named: dict[str, Any] = {"value_on": day, "recorded_on": day}
    await happen(
        world,
        loan,
        Receipt(key="receipt:wrong", amount=Decimal("10.00"), **named),
        Reversal(key="back", reversed_key="receipt:wrong", **named),
        Waiver(key="waiver", bucket=Bucket.PENALTY, amount=Decimal("1.00"), **named),
        WriteOff(key="off", **named),
    )
    page = text_of((await world.read("li", f"/loans/{loan}/account")).text)
    for badge in ("Written off, claim kept", "Partly waived", "With a reversal", "Waived 1.00"):
        assert badge in page
    entries = text_of((await world.read("li", f"/loans/{loan}/account?part=entries")).text)
    assert "Reversed" in entries
    journal = text_of((await world.read("li", f"/loans/{loan}/account?part=journal")).text)
    assert "Every journal balances" in journal
    assert "Debits equal credits" in journal


async def test_the_journal_file_balances_event_by_event(world: CaseWorld) -> None:
    loan = await loan_of(world)
    rows = rows_of((await world.read("li", f"/loans/{loan}/account/journal.csv")).text)[1:]
    for key in {row[2] for row in rows}:
        mine = [row for row in rows if row[2] == key]
        assert sum(Decimal(row[4] or 0) for row in mine) == sum(
            Decimal(row[5] or 0) for row in mine
        )


async def test_a_floating_loan_names_its_index_cap_and_floor(world: CaseWorld) -> None:
    loan = await loan_of(world)
    async with world.services.database.transaction() as session:
        contract = await session.get_one(Contract, loan)
        rules = {"index": "LPR_5Y", "margin_bp": -20, "repricing": "12m", "cap": "0.06"}
        contract.terms = {"floating": rules}
    page = text_of((await world.read("li", f"/loans/{loan}/account")).text)
    assert "Loan prime rate, over 5 years less 20 basis points" in page
    assert "cap" in page
    assert "6.00%" in page


async def test_before_the_drawdown_there_is_no_account(world: CaseWorld) -> None:
    loan = await loan_of(world, Wanted())
    page = await world.read("li", f"/loans/{loan}/account")
    assert page.status_code == 200
    assert "Nothing has been drawn yet" in page.text
    assert (await world.read("li", f"/loans/{loan}/account/schedule.csv")).status_code == 422


async def test_anothers_account_answers_404(world: CaseWorld) -> None:
    loan = await loan_of(world)
    for path in (f"/loans/{loan}/account", f"/loans/{loan}/account/journal.csv"):
        assert (await world.read("wang", path)).status_code == 404
    assert (await world.read("li", f"/loans/{uuid4()}/account")).status_code == 404
    assert (await world.read("li", f"/loans/{loan}/account/secrets.csv")).status_code == 404
