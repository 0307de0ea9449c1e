"""The papers' addresses: who gets which, what is noted, what a bad address is told."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Payoff
from domain.people import Role
from domain.process import CaseStatus, Stage, WaitReason
from persistence.accounts import append_events
from persistence.clock import business_date
from persistence.engine import Database
from persistence.tables import AuditEvent, Customer, Loan, Receipt
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.loans import Wanted
from tests.web.money import BORROWER

REPAID = Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None)
LATE = Wanted(Stage.REPAYMENT, wait=WaitReason.ARREARS, task=None, overdue_days=12)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def _officer(world: CaseWorld) -> UUID:
    return await world.hire("li", Role.CUSTOMER_MANAGER)


async def _prints(world: CaseWorld) -> list[AuditEvent]:
    async with world.services.database.reading() as session:
        mine = select(AuditEvent).where(col(AuditEvent.action) == "paper.printed")
        return list((await session.execute(mine)).scalars())


def _text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(("language", "title"), [("zh", "还款计划表"), ("en", "Repayment plan")])
@pytest.mark.parametrize("address", ["/loans/{}/papers/{}.pdf", "/api/v1/loans/{}/papers/{}"])
async def test_a_plan_is_printed_and_its_printing_noted(
    world: CaseWorld, address: str, language: str, title: str
) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    path = address.format(loan, "repayment-plan")
    answer = await world.read("li", f"{path}?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    text = _text(answer.content)
    assert title in text
    assert BORROWER in text
    [noted] = await _prints(world)
    assert noted.loan_id == loan
    assert noted.data == {
        "paper": "repayment-plan",
        "language": "zh-CN" if language == "zh" else "en",
        "sha256": hashlib.sha256(answer.content).hexdigest(),
    }
    again = await world.read("li", f"{path}?language={language}")
    assert again.content == answer.content


async def test_a_paper_speaks_the_readers_language_where_none_is_asked_for(
    world: CaseWorld,
) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    path = f"/loans/{loan}/papers/interest-notice.pdf"
    assert "利息通知单" in _text((await world.read("li", path, "zh-CN")).content)
    assert "Interest notice" in _text((await world.read("li", path, "en")).content)


@pytest.mark.parametrize("address", ["/loans/{}/papers/{}.pdf", "/api/v1/loans/{}/papers/{}"])
async def test_anothers_case_an_unknown_paper_and_no_case_answer_404(
    world: CaseWorld, address: str
) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    for reader, path in (
        ("wang", address.format(loan, "repayment-plan")),
        ("li", address.format(uuid4(), "repayment-plan")),
        ("li", address.format(loan, "secret-plan")),
    ):
        assert (await world.read(reader, path)).status_code == 404, path
    assert await _prints(world) == []


async def test_an_administrator_prints_nothing(world: CaseWorld) -> None:
    await world.hire("admin", Role.ADMINISTRATOR)
    loan = await world.loan(await _officer(world), REPAID)
    answer = await world.read("admin", f"/loans/{loan}/papers/repayment-plan.pdf")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("on=2026-02-30", "date.impossible"),
        ("on=20260301", "date.impossible"),
        ("on=tomorrow", "date.impossible"),
        ("on=2026-W10-1", "date.impossible"),
        ("on=%00", "date.impossible"),
        ("language=fr", "choice.unknown"),
        ("receipt=1", "choice.unknown"),
        ("on=1999-01-01", "paper.before_drawdown"),
        ("on=2101-01-01", "change.beyond_2100"),
        ("on=9999-12-31", "change.beyond_2100"),
    ],
)
async def test_a_bad_address_is_told_in_words(world: CaseWorld, query: str, code: str) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    told = await world.read("li", f"/api/v1/loans/{loan}/papers/payoff-letter?{query}")
    assert told.status_code == 422
    problem = told.json()
    assert code in {problem["code"], *(found["code"] for found in problem.get("errors", ()))}
    for language in ("en", "zh-CN"):
        page = await world.read("li", f"/loans/{loan}/papers/payoff-letter.pdf?{query}", language)
        assert page.status_code == 422
        assert "rules. Please check" not in page.text
    assert await _prints(world) == []


@pytest.mark.parametrize(
    ("kind", "ahead", "code"),
    [
        ("dunning-letter", 0, "paper.nothing_overdue"),
        ("dunning-letter", 1, "paper.future"),
        ("settlement-certificate", 0, "paper.not_settled"),
        ("receipt-slip", 0, "paper.receipt"),
        ("interest-notice", 10_000, "paper.no_interest"),
    ],
)
async def test_a_paper_that_has_nothing_to_state_is_refused(
    world: CaseWorld, kind: str, ahead: int, code: str
) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    async with world.services.database.reading() as session:
        on = await business_date(session, datetime.now(UTC)) + timedelta(days=ahead)
    told = await world.read("li", f"/api/v1/loans/{loan}/papers/{kind}?on={on}")
    assert told.status_code == 422
    assert told.json()["code"] == code
    assert await _prints(world) == []


async def test_before_the_drawdown_there_are_no_papers(world: CaseWorld) -> None:
    loan = await world.loan(await _officer(world))
    told = await world.read("li", f"/api/v1/loans/{loan}/papers/repayment-plan")
    assert told.json()["code"] == "paper.not_drawn"


async def test_a_late_loan_gets_its_letter(world: CaseWorld) -> None:
    loan = await world.loan(await _officer(world), LATE)
    answer = await world.read("li", f"/loans/{loan}/papers/dunning-letter.pdf?language=en")
    assert "Letter of demand" in _text(answer.content)


async def test_a_receipt_has_its_slip_on_its_own_loan_only(world: CaseWorld) -> None:
    officer = await _officer(world)
    loan = await world.loan(officer, REPAID)
    other = await world.loan(officer, Wanted(Stage.REPAYMENT, task=None, number=2))
    async with world.services.database.reading() as session:
        mine = select(Receipt).where(col(Receipt.loan_id) == loan)
        receipt = (await session.execute(mine)).scalar_one()
    path = "/loans/{}/papers/receipt-slip.pdf?language=en&receipt={}"
    answer = await world.read("li", path.format(loan, receipt.id))
    text = _text(answer.content)
    assert receipt.transaction_id in text
    assert f"{receipt.amount:,.2f}" in text
    refused = await world.read("li", path.format(other, receipt.id))
    assert refused.status_code == 422


async def test_a_slip_is_offered_for_held_money_but_not_for_money_on_no_account(
    world: CaseWorld,
) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    for reason, offered in (("surplus", True), ("wrong_currency", False)):
        async with world.services.database.transaction() as session:
            mine = select(Receipt).where(col(Receipt.loan_id) == loan)
            receipt = (await session.execute(mine)).scalar_one()
            receipt.posted, receipt.suspense = Decimal(0), receipt.amount
            receipt.suspense_reason = reason
        page = (await world.read("li", f"/cases/{loan}?tab=repayment")).text
        assert ("/papers/receipt-slip.pdf?receipt=" in page) is offered


async def test_a_closed_loan_gets_its_certificate(world: CaseWorld) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    async with world.services.database.transaction() as session:
        await _pay_everything(session, loan)
    page = await world.read("li", f"/cases/{loan}?tab=repayment")
    assert f"/loans/{loan}/papers/settlement-certificate.pdf" in page.text
    answer = await world.read("li", f"/loans/{loan}/papers/settlement-certificate.pdf")
    assert "Certificate of settlement" in _text(answer.content), answer.text


async def test_the_case_page_offers_the_papers_that_can_be_printed(world: CaseWorld) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    page = (await world.read("li", f"/cases/{loan}?tab=repayment", "zh-CN")).text
    for kind in ("repayment-plan", "interest-notice", "dunning-letter", "payoff-letter"):
        assert f'formaction="/loans/{loan}/papers/{kind}.pdf"' in page
    assert "settlement-certificate" not in page
    assert f"/loans/{loan}/papers/receipt-slip.pdf?receipt=" in page
    assert '<option value="zh" selected>' in page


async def test_a_name_no_font_can_print_is_refused_in_words(world: CaseWorld) -> None:
    loan = await world.loan(await _officer(world), REPAID)
    async with world.services.database.transaction() as session:
        row = await session.get_one(Loan, loan)
        (await session.get_one(Customer, row.customer_id)).name = "Smile 😀 Ltd"
    told = await world.read("li", f"/api/v1/loans/{loan}/papers/repayment-plan")
    assert (told.status_code, told.json()["code"]) == (422, "paper.characters")
    assert "😀" not in told.text


async def _pay_everything(session: AsyncSession, loan_id: UUID) -> None:
    """Pay the loan off today, and close its case."""
    now = datetime.now(UTC)
    today = await business_date(session, now)
    loan = await session.get_one(Loan, loan_id)
    ending = Payoff(key="payoff:test", value_on=today, recorded_on=today)
    account = await append_events(session, loan, [ending], now)
    assert account.settled
    loan.status, loan.closed_at = CaseStatus.SETTLED, now
