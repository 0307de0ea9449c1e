"""A verification put straight into the tables, as the activities would have written it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain.customers import Work, WorkKind
from domain.verification import SourceStatus
from persistence.customer_verification import (
    fill_matrix,
    keep_answer,
    keep_failure,
    open_verification,
)
from persistence.engine import Database
from persistence.source_reports import Report
from persistence.tables import Customer, CustomerWork

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLEAN: dict[str, dict[str, Any]] = {
    "registry": {
        "name": "华能测试有限公司",
        "legal_representative": "李志强",
        "established_on": "2012-05-08",
        "registered_capital": "20000000.00",
        "address": "苏州市创新路1号",
        "controller": "王建国",
        "status": "active",
        "penalties": "0",
    },
    "tax": {"revenue": "80000000.00", "net_profit": "1.00", "tax_paid": "1.00", "grade": "A"},
    "courts": {"dishonest_debtor": "false", "open_cases": "2", "claim_amount": "5400000.00"},
    "sanctions": {"hit": "false"},
}


async def put_customer(database: Database, opened_by: UUID) -> UUID:
    """A customer with a declared legal representative."""
    customer_id = uuid4()
    async with database.transaction() as session:
        session.add(
            Customer(
                id=customer_id,
                scheme="cn_uscc",
                registration_number="91350100M000100Y43",
                name="华能测试有限公司",
                name_key="华能测试有限公司",
                legal_representative="王建国",
                opened_by=opened_by,
                opened_at=NOW,
            )
        )
    return customer_id


async def put_verification(database: Database, customer_id: UUID) -> UUID:
    """A closed verification: a difference at the registry, a hit at the courts, one senseless."""
    work = Work(uuid4(), WorkKind.VERIFY, "by_hand")
    async with database.transaction() as session:
        session.add(
            CustomerWork(
                id=work.id,
                customer_id=customer_id,
                kind=work.kind,
                cause=work.cause,
                due_at=NOW,
                opened_at=NOW,
            )
        )
        await session.flush()
        await open_verification(session, customer_id, work, NOW)
        for source, facts in CLEAN.items():
            report = Report(source, SourceStatus.ANSWERED, date(2026, 3, 1), facts, "0" * 64, 1234)
            await keep_answer(session, work.id, report, None, NOW)
        await keep_failure(session, work.id, "invoices", "nonsense", NOW)
        refused = Report("bureau", SourceStatus.REFUSED, None, {}, None, None)
        await keep_answer(session, work.id, refused, "consent_missing", NOW)
        await fill_matrix(session, work.id, 2345, NOW)
    return work.id
