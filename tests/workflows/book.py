"""A small book for process tests: staff, a firm, complete drafts, events as providers send them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from domain.applications import statement_years
from domain.people import Actor, Role
from persistence.engine import Database
from persistence.tables import (
    AuditEvent,
    Customer,
    Document,
    Draft,
    Envelope,
    InboxEvent,
    Incident,
    Loan,
    Staff,
    Task,
)
from runner.bench.applications import FIELDS, STATEMENT

_FIELDS = {**FIELDS, "tenor_months": "12", "payee_name": "苏州精密机械有限公司"}
_CORPORATE = (
    "business_licence",
    "articles",
    "board_resolution",
    "financial_statements",
    "purpose_evidence",
)
_CHECKLIST = {
    "TAX_MICRO": ("business_licence", "financial_statements"),
    "WC_ONE_OFF": _CORPORATE,
    "WC_FLOATING": _CORPORATE,
    "FIXED_ASSET": _CORPORATE,
}


async def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Book:
    """Everyone and everything a process test needs to know."""

    database: Database
    clock: Callable[[], Awaitable[datetime]] = _now
    people: dict[str, Actor] = field(default_factory=dict)
    customer_id: UUID = field(default_factory=uuid.uuid4)

    async def open(self) -> None:
        """Hire the staff and open the firm."""
        async with self.database.transaction() as session:
            for name, role in _STAFF:
                staff = _staff(name, role, uuid.uuid4())
                session.add(staff)
                self.people[name] = Actor(str(staff.id), (role,))
            await session.flush()
            session.add(
                Customer(
                    id=self.customer_id,
                    scheme="cn_uscc",
                    registration_number="91350100M000100Y43",
                    name="苏州精密机械有限公司",
                    name_key="苏州精密机械有限公司",
                    opened_by=UUID(self.people["manager"].staff_id),
                    opened_at=datetime.now(UTC),
                )
            )

    async def draft(
        self, product: str = "TAX_MICRO", amount: str = "600000.00", **changes: str
    ) -> UUID:
        """A complete draft, with changes; an empty text takes a field away."""
        draft_id = uuid.uuid4()
        now = datetime.now(UTC)
        officer = UUID(self.people["manager"].staff_id)
        fields = {**_FIELDS, "product_code": product, "amount": amount, **changes}
        years = statement_years(date.today(), 3, date(2012, 5, 8))  # noqa: DTZ011 - as an officer's
        async with self.database.transaction() as session:
            session.add(
                Draft(
                    id=draft_id,
                    customer_id=self.customer_id,
                    officer_id=officer,
                    product_code=product,
                    fields={name: text for name, text in fields.items() if text},
                    statements={str(year): dict(STATEMENT) for year in years},
                    created_at=now,
                    updated_at=now,
                )
            )
            await session.flush()
            for kind in _CHECKLIST[product]:
                session.add(_document(draft_id, kind, officer, now))
        return draft_id

    async def corrected(self, draft_id: UUID, **changes: str) -> None:
        """The manager fills in what was missing."""
        async with self.database.transaction() as session:
            draft = await session.get_one(Draft, draft_id)
            draft.fields = {**draft.fields, **changes}

    async def second_account(self, of: str, role: Role) -> Actor:
        """Another sign-in of the same human being, with another role."""
        async with self.database.transaction() as session:
            first = await session.get_one(Staff, UUID(self.people[of].staff_id))
            staff = _staff(f"{of}-again", role, first.person_id)
            session.add(staff)
        return Actor(str(staff.id), (role,))

    async def hired(self, name: str, role: Role) -> Actor:
        """One more member of staff."""
        staff = _staff(name, role, uuid.uuid4())
        async with self.database.transaction() as session:
            session.add(staff)
        self.people[name] = Actor(str(staff.id), (role,))
        return self.people[name]

    async def stripped(self, name: str) -> None:
        """Take a person's roles away; their open page still shows the old ones."""
        async with self.database.transaction() as session:
            staff = await session.get_one(Staff, UUID(self.people[name].staff_id))
            staff.roles = []

    async def all_of(self, table: type[Any], loan_id: UUID | None = None) -> list[Any]:
        """All rows of a table, or those of one loan."""
        statement = select(table)
        if loan_id is not None:
            statement = statement.where(table.loan_id == loan_id)
        async with self.database.reading() as session:
            return list((await session.execute(statement)).scalars())

    async def audited(self, loan_id: UUID, action: str) -> int:
        """How often an action stands in the chain for a loan."""
        events = await self.all_of(AuditEvent, loan_id)
        return sum(event.action == action for event in events)

    async def incidents(self) -> list[str]:
        """The kinds of the open incidents."""
        return sorted(row.kind for row in await self.all_of(Incident) if row.closed_at is None)

    async def open_tasks(self, loan_id: UUID) -> list[str]:
        """The kinds of a case's open tasks."""
        return [task.kind for task in await self.tasks(loan_id) if task.closed_at is None]

    async def envelope(self, loan_id: UUID, purpose: str) -> Envelope | None:
        """The open envelope of a purpose, or None."""
        async with self.database.reading() as session:
            statement = select(Envelope).where(
                col(Envelope.loan_id) == loan_id,
                col(Envelope.purpose) == purpose,
                col(Envelope.status) == "sent",
            )
            return (await session.execute(statement)).scalars().first()

    async def loan(self, loan_id: UUID) -> Loan:
        """The case's row."""
        async with self.database.reading() as session:
            return await session.get_one(Loan, loan_id)

    async def maybe_loan(self, loan_id: UUID) -> Loan | None:
        """The case's row, if there is one."""
        async with self.database.reading() as session:
            return await session.get(Loan, loan_id)

    async def tasks(self, loan_id: UUID) -> list[Task]:
        """All tasks of a case, oldest first."""
        async with self.database.reading() as session:
            mine = select(Task).where(col(Task.loan_id) == loan_id)
            statement = mine.order_by(col(Task.opened_at))
            return list((await session.execute(statement)).scalars())

    async def deliver(
        self, provider: str, kind: str, loan_id: UUID | None, data: dict[str, Any], event_id: str
    ) -> None:
        """Put a provider's event into the inbox, as the callback door does after verifying it."""
        body = {"event_id": event_id, "kind": kind, "loan_id": str(loan_id), "data": data}
        async with self.database.transaction() as session:
            session.add(
                InboxEvent(
                    provider=provider,
                    event_id=event_id,
                    kind=kind,
                    loan_id=loan_id,
                    raw=json.dumps(body).encode(),
                    body=body,
                    received_at=await self.clock(),
                )
            )

    async def sign(
        self, envelope: Envelope, outcome: str = "signed", again: str = "", **changes: Any
    ) -> None:
        """The signatory signs (or declines) an envelope; changes make the event odd."""
        data = {
            "envelope_id": str(envelope.id),
            "document_sha256": envelope.document_sha256,
            "signer_name_sha256": "0" * 64,
            "consent": True,
            **changes,
        }
        event_id = f"{envelope.id}:{outcome}{again}"
        await self.deliver("esign", f"envelope.{outcome}", envelope.loan_id, data, event_id)

    async def pay_in(
        self,
        loan_id: UUID | None,
        amount: Decimal | str,
        at: datetime,
        transaction: str,
        remittance: str | None = None,
        currency: str = "CNY",
    ) -> None:
        """Money arrives for a loan."""
        data = {
            "transaction_id": transaction,
            "loan_id": str(loan_id),
            "amount": str(amount),
            "currency": currency,
            "value_at": at.isoformat(),
            "payer_name": "苏州精密机械有限公司",
            "remittance": remittance,
        }
        await self.deliver("rail", "receipt.posted", loan_id, data, transaction)


_STAFF = (
    ("manager", Role.CUSTOMER_MANAGER),
    ("reviewer", Role.REVIEWER),
    ("approver", Role.APPROVER),
    ("risk", Role.RISK_OFFICER),
    ("ops1", Role.OPERATIONS),
    ("ops2", Role.OPERATIONS),
)


def _staff(name: str, role: Role, person_id: UUID) -> Staff:
    return Staff(
        id=uuid.uuid4(),
        person_id=person_id,
        username=name,
        name_zh=name,
        name_en=name,
        roles=[role],
        password_hash="-",
    )


def _document(draft_id: UUID, kind: str, officer: UUID, now: datetime) -> Document:
    return Document(
        id=uuid.uuid4(),
        draft_id=draft_id,
        kind=kind,
        version=1,
        filename=f"{kind}.pdf",
        media_type="application/pdf",
        size=1000,
        pages=1,
        sha256=uuid.uuid5(draft_id, kind).hex * 2,
        uploaded_by=officer,
        uploaded_at=now,
    )
