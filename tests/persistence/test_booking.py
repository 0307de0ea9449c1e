"""Every schedule the bank quotes can be booked: what is agreed is what the account shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.commands import Submission
from domain.money import Currency
from domain.quotes import quote
from domain.schedules.document import drawn_from_document
from domain.schedules.plan import RepaymentPlan
from domain.violations import Finding, LoanRuleViolation
from persistence.clock import business_date, working_calendar
from persistence.engine import Database
from persistence.hashing import canonical_sha256, text_sha256
from persistence.queries.invariants.amounts import amounts_are_sound
from persistence.queries.invariants.notes import notes_stand
from persistence.rules import facts_of
from persistence.tables import Contract, Envelope, Loan
from tests.persistence.booking import Booking
from tests.workflows.book import Book

AMOUNT = Decimal("1200000.00")
RATE = Decimal("0.0435")


@pytest_asyncio.fixture
async def bank(database: Database) -> AsyncIterator[Booking]:
    book = Book(database)
    await book.open()
    yield Booking(book, datetime.now(UTC))


async def today_of(bank: Booking) -> date:
    async with bank.book.database.reading() as session:
        return await business_date(session, bank.at)


def rows_text(today: date, *parts: str) -> str:
    """Agreed rows, forty days apart."""
    days = (today + timedelta(days=40 * n) for n in range(1, len(parts) + 1))
    return "\n".join(f"{day} {part}" for day, part in zip(days, parts, strict=True))


KINDS: dict[str, dict[str, str]] = {
    "equal instalments": {"repayment_method": "equal_instalment"},
    "equal principal": {"repayment_method": "equal_principal"},
    "interest first": {"repayment_method": "interest_first_bullet"},
    "all at maturity": {"repayment_method": "maturity"},
    "balloon": {"repayment_method": "balloon", "balloon": "500000.00"},
    "step-up": {
        "repayment_method": "step_up",
        "period_unit": "quarter",
        "step_shares": "10 20 30 40",
    },
    "flat": {"repayment_method": "flat"},
    "agreed rows": {"repayment_method": "custom"},
    "quarterly with grace, settled on the 20th": {
        "repayment_method": "equal_principal",
        "period_unit": "quarter",
        "settlement_day": "20",
        "principal_grace": "2",
        "day_count": "ACT/360",
        "tenor_months": "36",
    },
    "monthly settled on the 20th, next working day": {
        "repayment_method": "interest_first_bullet",
        "settlement_day": "20",
        "holiday_rule": "following",
        "day_count": "ACT/365F",
    },
    "interest put off and free": {
        "repayment_method": "equal_instalment",
        "interest_payment_grace": "2",
        "interest_free": "1",
    },
    "yearly": {
        "repayment_method": "equal_principal",
        "period_unit": "year",
        "tenor_months": "60",
        "day_count": "ACT/ACT-JAN1",
    },
    "weekly": {
        "repayment_method": "equal_instalment",
        "period_unit": "week",
        "instalment_count": "26",
        "day_count": "ACT/ACT-DEC31",
    },
    "daily": {
        "repayment_method": "equal_principal",
        "period_unit": "day",
        "instalment_count": "30",
        "tenor_months": "1",
    },
    "every second month, in round hundreds": {
        "repayment_method": "equal_instalment",
        "period_every": "2",
        "instalment_multiple": "100.00",
    },
    "with a down payment": {
        "repayment_method": "equal_instalment",
        "down_payment_percent": "20",
    },
}


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_what_is_quoted_is_what_is_booked(bank: Booking, kind: str) -> None:
    fields = {"amount": str(AMOUNT), "tenor_months": "12"} | KINDS[kind]
    today = await today_of(bank)
    if kind == "agreed rows":
        fields["custom_rows"] = rows_text(today, "200000.00", "0.00", "1000000.00")
    loan_id = await bank.contracted("FIXED_ASSET", **fields)
    async with bank.book.database.reading() as session:
        loan = await session.get_one(Loan, loan_id)
        contract = await session.get_one(Contract, loan_id)
        calendar = await working_calendar(session)
    plan = facts_of(loan).plan
    assert isinstance(plan, RepaymentPlan)
    quoted = quote(plan.terms(AMOUNT, Currency.CNY, RATE, today), Decimal(0), calendar.is_working)

    await bank.paid_out(loan_id)

    assert await bank.rows(loan_id) == quoted.lines
    assert sum(line.principal for line in quoted.lines) == AMOUNT
    assert contract.terms_sha256 == canonical_sha256(contract.terms), "the hash binds the schedule"
    assert drawn_from_document(contract.terms["schedule"], today) == quoted.terms
    async with bank.book.database.reading() as session:
        assert (await notes_stand(session)).breaks == ()


async def test_the_schedule_is_laid_from_the_day_the_money_goes_out(bank: Booking) -> None:
    loan_id = await bank.contracted(
        "FIXED_ASSET",
        amount=str(AMOUNT),
        repayment_method="equal_principal",
        settlement_day="20",
        period_unit="quarter",
    )
    bank.at += timedelta(days=11)
    await bank.paid_out(loan_id)
    rows, today = await bank.rows(loan_id), await today_of(bank)
    assert rows[0].period_start_on == today
    assert rows[-1].due_on == date(today.year + 1, today.month, today.day)
    assert {row.due_on.day for row in rows[:-1]} == {21}


async def test_a_loan_that_repays_another_says_so_to_the_end(bank: Booking) -> None:
    """The application names it, the contract binds it, and day end classes by it."""
    first = await bank.contracted("TAX_MICRO", amount="600000.00", tenor_months="6")
    async with bank.book.database.reading() as session:
        number = (await session.get_one(Loan, first)).case_number
    undrawn = Finding("refinances", "refinances.unknown")
    _, refused = await bank.submitted("TAX_MICRO", refinances=number)
    assert refused.receipt.findings == (undrawn,)
    await bank.paid_out(first)
    _, unknown = await bank.submitted("TAX_MICRO", refinances="CL20200101-000001")
    assert unknown.receipt.findings == (undrawn,)
    second = await bank.contracted("TAX_MICRO", refinances=number.lower())
    async with bank.book.database.reading() as session:
        contract = await session.get_one(Contract, second)
        signed = await session.execute(
            select(col(Envelope.document_text)).where(
                col(Envelope.loan_id) == second, col(Envelope.purpose) == "contract"
            )
        )
        assert f"借新还旧 Repays the loan: {number}" in signed.scalar_one()
    assert contract.terms["refinances"] == number
    assert contract.terms_sha256 == canonical_sha256(contract.terms)


async def test_the_signed_text_says_what_was_agreed_and_the_terms_bind_it(bank: Booking) -> None:
    loan_id = await bank.contracted(
        "WC_FLOATING",
        tenor_months="12",
        repayment_method="interest_first_bullet",
        period_unit="quarter",
        settlement_day="20",
        day_count="ACT/360",
    )
    async with bank.book.database.reading() as session:
        contract = await session.get_one(Contract, loan_id)
        envelope = (
            await session.execute(
                select(Envelope).where(
                    col(Envelope.loan_id) == loan_id, col(Envelope.purpose) == "contract"
                )
            )
        ).scalar_one()
    said = envelope.document_text
    for line in (
        "年利率 Yearly rate: 4.3500 % (浮动,见附件 floating, see the annex)",
        "结息日 Settlement day: 每期末月 20 日结息,21 日付息",
        "Day count: ACT/360",
        "加点 Margin: 135 基点 basis points",
        "一年期贷款市场报价利率 Loan prime rate, 1 year",
        "利率上限 Cap: 12 %",
        "非应计 In non-accrual: 费用→本金→利息→复利→罚息",
    ):
        assert line in said
    assert contract.terms["lateness"]["grace_days"] == 0
    assert contract.terms["allocation"]["accrual"][0] == "fee"
    assert contract.document_hashes["contract"] == text_sha256(said)


async def test_a_contract_of_before_schedules_were_kept_still_reads(bank: Booking) -> None:
    loan_id = await bank.contracted("TAX_MICRO", amount="600000.00", tenor_months="6")
    async with bank.book.database.transaction() as session:
        contract = await session.get_one(Contract, loan_id)
        kept = contract.terms["schedule"]
        contract.terms = {name: said for name, said in contract.terms.items() if name != "schedule"}
    await bank.paid_out(loan_id)
    rows, today = await bank.rows(loan_id), await today_of(bank)
    again = drawn_from_document(kept, today)
    assert rows == quote(again, Decimal(0)).lines


async def test_the_schedule_of_a_loan_drawn_in_part_is_sound(bank: Booking) -> None:
    loan_id = await bank.contracted(
        "FIXED_ASSET", amount=str(AMOUNT), tenor_months="12", first_drawdown="500000.00"
    )
    await bank.paid_out(loan_id)
    assert sum(row.principal for row in await bank.rows(loan_id)) == Decimal("500000.00")
    async with bank.book.database.reading() as session:
        found = await amounts_are_sound(session)
    assert [one for one in found.breaks if one.code == "schedule_sum_differs"] == []


async def test_a_loan_does_not_begin_on_days_that_have_gone_by(bank: Booking) -> None:
    today = await today_of(bank)
    loan_id = await bank.contracted(
        "FIXED_ASSET",
        amount=str(AMOUNT),
        repayment_method="custom",
        custom_rows=rows_text(today, "200000.00", "1000000.00"),
    )
    bank.at += timedelta(days=37)  # money on its way would come after the first row
    with pytest.raises(LoanRuleViolation, match=r"release\.schedule_lapsed"):
        await bank.signed(loan_id)


BAD: dict[str, tuple[dict[str, str], Finding]] = {
    "not whole quarters": (
        {"period_unit": "quarter", "tenor_months": "13"},
        Finding("tenor_months", "plan.tenor", {"months": "3"}),
    ),
    "no count": ({"period_unit": "week"}, Finding("instalment_count", "plan.instalments")),
    "too long": (
        {"period_unit": "week", "instalment_count": "60"},
        Finding("instalment_count", "plan.beyond_tenor"),
    ),
    "no instalments": (
        {"period_unit": "day", "instalment_count": "0"},
        Finding("instalment_count", "terms.instalments"),
    ),
    "settled on another day": (
        {"settlement_day": "5"},
        Finding("settlement_day", "plan.not_offered"),
    ),
    "too much grace": (
        {"principal_grace": "40"},
        Finding("principal_grace", "plan.count_range", {"max": "36"}),
    ),
    "grace to the end": ({"principal_grace": "12"}, Finding("principal_grace", "terms.grace")),
    "a convention not on offer": (
        {"day_count": "30E/360"},
        Finding("day_count", "plan.not_offered"),
    ),
    "balloon missing": ({"repayment_method": "balloon"}, Finding("balloon", "field.required")),
    "balloon above the loan": (
        {"repayment_method": "balloon", "balloon": "1200000.01"},
        Finding("balloon", "terms.balloon"),
    ),
    "another method's entry": ({"balloon": "5.00"}, Finding("balloon", "plan.not_of_method")),
    "shares that miss": (
        {"repayment_method": "step_up", "period_unit": "quarter", "step_shares": "10 20 30 41"},
        Finding("step_shares", "terms.step_shares"),
    ),
    "shares unreadable": (
        {"repayment_method": "step_up", "step_shares": "a third"},
        Finding("step_shares", "plan.shares"),
    ),
    "rows unreadable": (
        {"repayment_method": "custom", "custom_rows": "tomorrow 100.00"},
        Finding("custom_rows", "plan.rows", {"max": "60"}),
    ),
    "rows that miss the principal": (
        {"repayment_method": "custom", "custom_rows": "2099-01-01 100.00"},
        Finding("custom_rows", "terms.custom_sum"),
    ),
    "rows out of order": (
        {
            "repayment_method": "custom",
            "custom_rows": "2099-02-01 1000000.00\n2099-01-01 200000.00",
        },
        Finding("custom_rows", "terms.dates"),
    ),
    "rows beyond the tenor": (
        {"repayment_method": "custom", "custom_rows": "2099-01-01 1200000.00"},
        Finding("custom_rows", "plan.beyond_tenor"),
    ),
    "first due in the past": (
        {"first_due_on": "2020-01-01"},
        Finding("first_due_on", "terms.first_due"),
    ),
    "half down and more": (
        {"down_payment_percent": "51"},
        Finding("down_payment_percent", "plan.share_range", {"max": "50"}),
    ),
    "all of it first": (
        {"first_drawdown": "1200000.00"},
        Finding("first_drawdown", "plan.first_drawdown"),
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
async def test_a_plan_that_does_not_add_up_is_refused_by_name(bank: Booking, name: str) -> None:
    changes, expected = BAD[name]
    fields = {"amount": str(AMOUNT), "tenor_months": "12"} | changes
    _, submission = await bank.submitted("FIXED_ASSET", **fields)
    assert refused(submission) == [expected]


async def test_a_product_offers_only_what_it_names(bank: Booking) -> None:
    _, submission = await bank.submitted(
        "TAX_MICRO", amount="600000.00", period_unit="quarter", first_drawdown="1.00"
    )
    assert refused(submission) == [
        Finding("period_unit", "plan.not_offered"),
        Finding("first_drawdown", "plan.not_offered"),
    ]


def refused(submission: Submission) -> list[Finding]:
    """What a submission was answered with."""
    assert not submission.receipt.accepted
    return [replace(found) for found in submission.receipt.findings]
