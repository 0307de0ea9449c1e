"""A loan put straight into the tables, at the stage a test needs, without its workflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.agreements import EnvelopePurpose, agreement_text
from domain.applications import ApplicationFacts, Statement
from domain.people import Actor, Role
from domain.process import ROAD, CaseStatus, Stage, TaskKind, WaitReason
from domain.schedules import RepaymentMethod
from domain.signing import link_token, token_sha256
from persistence.audit import record
from persistence.hashing import text_sha256
from persistence.rules import facts_to_row
from persistence.tables import (
    ComparisonRow,
    Customer,
    DecisionRow,
    Document,
    Draft,
    Envelope,
    HistoryExport,
    Loan,
    SourceReportRow,
    StageEntry,
    Task,
)
from tests.web.money import (
    AMOUNT,
    BORROWER,
    PAYEE,
    RATE,
    put_contract,
    put_drawdown,
    put_note,
)

SIGNER = "王建国"
SESSION_SECRET = b"session"


@dataclass(frozen=True)
class Wanted:
    """What the loan looks like; `overdue_days` makes its first instalment late."""

    stage: Stage = Stage.REVIEW
    status: CaseStatus = CaseStatus.ACTIVE
    wait: WaitReason = WaitReason.REVIEWER
    task: TaskKind | None = TaskKind.REVIEW
    product: str = "WC_ONE_OFF"
    number: int = 1
    overdue_days: int = 0
    minutes_left: int = 60 * 24 * 2


def facts() -> ApplicationFacts:
    """The declared data of a middling machine maker."""
    sheets = tuple(
        Statement(
            year,
            Decimal("20000000.00"),
            Decimal("12000000.00"),
            Decimal("4000000.00"),
            Decimal("6000000.00"),
            Decimal("14000000.00"),
            Decimal("6000000.00"),
            Decimal("30000000.00"),
            Decimal("3000000.00"),
            Decimal("2000000.00"),
            Decimal("200000.00"),
        )
        for year in (2025, 2024, 2023)
    )
    return ApplicationFacts(
        product_code="WC_ONE_OFF",
        amount=AMOUNT,
        currency="CNY",
        tenor_months=12,
        repayment_method=RepaymentMethod.EQUAL_INSTALMENT,
        purpose="采购钢材",
        repayment_source="销售回款",
        legal_representative=SIGNER,
        handler_name="李海燕",
        handler_phone="13800138000",
        signatory_name=SIGNER,
        signatory_email="wang@example.com",
        payee_name=PAYEE,
        payee_account="6222020200112233445",
        payee_bank_code="313651027012",
        established_on=date(2012, 5, 20),
        industry="C",
        employees=85,
        statements=sheets,
    )


async def put_loan(session: AsyncSession, officer_id: UUID, wanted: Wanted = Wanted()) -> UUID:
    """A case on its stage with everything that came before it. Returns its id."""
    now = datetime.now(UTC)
    loan_id = uuid4()
    await _put_case(session, loan_id, officer_id, wanted, now)
    _put_stays(session, loan_id, wanted, now)
    _put_task(session, loan_id, wanted, now)
    if ROAD.index(wanted.stage) > ROAD.index(Stage.DATA_COLLECTION):
        _put_findings(session, loan_id, now)
    if ROAD.index(wanted.stage) >= ROAD.index(Stage.CONTRACT):
        put_contract(session, loan_id, now)
    if ROAD.index(wanted.stage) >= ROAD.index(Stage.RELEASE):
        put_drawdown(session, loan_id, now, settled=wanted.stage is Stage.REPAYMENT)
    if wanted.stage is Stage.REPAYMENT:
        await put_note(session, loan_id, wanted.overdue_days, now)
    return loan_id


async def _put_case(
    session: AsyncSession, loan_id: UUID, officer_id: UUID, wanted: Wanted, now: datetime
) -> None:
    customer_id = await _put_customer(session, officer_id, wanted.number, now)
    same: dict[str, Any] = {"customer_id": customer_id, "officer_id": officer_id}
    body = facts_to_row(facts())
    session.add(
        Draft(
            id=loan_id,
            product_code=wanted.product,
            fields={},
            statements={},
            created_at=now,
            updated_at=now,
            submitted_at=now,
            **same,
        )
    )
    session.add(
        Loan(
            id=loan_id,
            case_number=f"CL20260302-{wanted.number:06d}",
            origin="desk",
            product_code=wanted.product,
            product_version=1,
            amount=AMOUNT,
            currency="CNY",
            tenor_months=12,
            method="equal_instalment",
            facts=body,
            statements={},
            stage=wanted.stage,
            status=wanted.status,
            wait_reason=wanted.wait,
            deadline_at=now + timedelta(minutes=wanted.minutes_left) if wanted.task else None,
            entered_at=now - timedelta(days=1),
            submitted_at=now - timedelta(days=3),
            version=ROAD.index(wanted.stage) + 1,
            grade="A",
            yearly_rate=RATE,
            **same,
        )
    )
    await session.flush()
    _put_papers(session, loan_id, officer_id, now)


async def _put_customer(
    session: AsyncSession, officer_id: UUID, number: int, now: datetime
) -> UUID:
    customer_id = uuid4()
    session.add(
        Customer(
            id=customer_id,
            scheme="other",
            registration_number=f"91320500{number:010d}",
            name=BORROWER,
            name_key=BORROWER,
            opened_by=officer_id,
            opened_at=now,
        )
    )
    await session.flush()
    return customer_id


def _put_papers(session: AsyncSession, loan_id: UUID, officer_id: UUID, now: datetime) -> None:
    """The first steps of the trail, and one document."""
    actor = Actor(str(officer_id), (Role.CUSTOMER_MANAGER,))
    money = {"amount": str(AMOUNT), "currency": "CNY"}
    record(
        session,
        "loan.submitted",
        now,
        loan_id=loan_id,
        actor=actor,
        role="customer_manager",
        **money,
    )
    record(session, "envelope.sent", now, loan_id=loan_id, subject="authorisation")
    session.add(
        Document(
            id=uuid4(),
            draft_id=loan_id,
            kind="business_licence",
            version=1,
            filename="营业执照.pdf",
            media_type="application/pdf",
            size=4096,
            pages=1,
            sha256=text_sha256("business licence"),
            uploaded_by=officer_id,
            uploaded_at=now,
        )
    )


def _put_stays(session: AsyncSession, loan_id: UUID, wanted: Wanted, now: datetime) -> None:
    last = ROAD.index(wanted.stage)
    for index, stage in enumerate(ROAD[: last + 1]):
        entered = now - timedelta(days=1) - timedelta(hours=last - index)
        session.add(
            StageEntry(
                loan_id=loan_id,
                stage=stage,
                version=index + 1,
                entered_at=entered,
                deadline_at=now + timedelta(minutes=wanted.minutes_left),
                left_at=entered + timedelta(minutes=30) if index < last else None,
            )
        )


def _put_task(session: AsyncSession, loan_id: UUID, wanted: Wanted, now: datetime) -> None:
    roles = {
        TaskKind.REVIEW: Role.REVIEWER,
        TaskKind.APPROVAL: Role.APPROVER,
        TaskKind.RELEASE_REVIEW: Role.OPERATIONS,
        TaskKind.RELEASE_RECHECK: Role.OPERATIONS,
    }
    if wanted.task is None:
        return
    due = now + timedelta(minutes=wanted.minutes_left)
    session.add(
        Task(
            id=uuid4(),
            loan_id=loan_id,
            kind=wanted.task,
            role=roles.get(wanted.task, Role.CUSTOMER_MANAGER),
            version=ROAD.index(wanted.stage) + 1,
            opened_at=now - timedelta(days=1),
            remind_at=due,
            due_at=due,
            next_level_at=due + timedelta(days=1),
            lapse_at=due + timedelta(days=2),
        )
    )
    record(session, "task.opened", now, loan_id=loan_id, subject=wanted.task)


def _put_findings(session: AsyncSession, loan_id: UUID, now: datetime) -> None:
    _put_sources(session, loan_id, now)
    _put_cells(session, loan_id)
    _put_engine_verdict(session, loan_id, now)


def _put_sources(session: AsyncSession, loan_id: UUID, now: datetime) -> None:
    reports: dict[str, tuple[str, dict[str, str | None]]] = {
        "registry": ("answered", {"name": BORROWER, "status": "active"}),
        "bureau": ("answered", {"days_past_due_elsewhere": "0", "worst_class": "pass"}),
        "tax": ("answered", {"revenue": "24000000.00", "grade": "B"}),
        "courts": ("pending", {}),
    }
    for source, (status, stated) in reports.items():
        session.add(
            SourceReportRow(
                loan_id=loan_id,
                source=source,
                status=status,
                as_of=now.date() if stated else None,
                facts=stated,
                raw_sha256="b" * 64 if stated else None,
                latency_ms=140 if stated else None,
                reported_at=now,
            )
        )


def _put_cells(session: AsyncSession, loan_id: UUID) -> None:
    cells = [
        ("name", "registry", BORROWER, BORROWER, None, None, "match"),
        ("revenue", "tax", "30000000.00", "24000000.00", "0.2", "0.15", "mismatch"),
        ("net_profit", "tax", "2000000.00", None, None, None, "not_comparable"),
    ]
    for field, source, declared, found, difference, tolerance, verdict in cells:
        session.add(
            ComparisonRow(
                loan_id=loan_id,
                field=field,
                source=source,
                declared=declared,
                found=found,
                difference=Decimal(difference) if difference else None,
                tolerance=Decimal(tolerance) if tolerance else None,
                verdict=verdict,
            )
        )


def _put_engine_verdict(session: AsyncSession, loan_id: UUID, now: datetime) -> None:
    session.add(
        DecisionRow(
            loan_id=loan_id,
            command_id="engine",
            maker="engine",
            verdict="refer",
            reasons=["declared_differs_from_source", "fact_missing:dishonest_debtor"],
            decided_at=now,
            policy_code="corporate",
            policy_version=1,
            product_version=1,
            model="altman_em",
            model_version="altman-2005",
            score=Decimal("6.70"),
            grade="A",
            pd=Decimal("0.0009"),
            inputs={},
            matched_rules=["R02", "R01"],
            contributions=[
                {"name": "constant", "value": "1", "points": "3.250000"},
                {"name": "ebit_to_assets", "value": "0.513392857142857", "points": "3.450000"},
            ],
        )
    )
    record(session, "decision.made", now, loan_id=loan_id, verdict="refer", grade="A")


async def put_envelope(
    session: AsyncSession, loan_id: UUID, *, hours_left: int = 48
) -> tuple[UUID, str]:
    """A credit authorisation out for signature. Returns its id and its link's token."""
    envelope_id = uuid4()
    token = link_token(SESSION_SECRET, envelope_id)
    blanks = {"case_number": "CL20260302-000001", "customer": BORROWER, "signatory": SIGNER}
    document = agreement_text(EnvelopePurpose.AUTHORISATION, blanks)
    now = datetime.now(UTC)
    session.add(
        Envelope(
            id=envelope_id,
            loan_id=loan_id,
            purpose=EnvelopePurpose.AUTHORISATION,
            version=2,
            signer_name=SIGNER,
            signer_email="wang@example.com",
            token_sha256=token_sha256(token),
            document_text=document,
            document_sha256=text_sha256(document),
            status="sent",
            sent_at=now,
            expires_at=now + timedelta(hours=hours_left),
        )
    )
    return envelope_id, token


def put_export(session: AsyncSession, loan_id: UUID) -> None:
    """An exported run."""
    session.add(
        HistoryExport(
            loan_id=loan_id,
            run_id="01999f-run",
            path="histories/x.json",
            sha256="c" * 64,
            events=212,
            exported_at=datetime.now(UTC),
        )
    )
