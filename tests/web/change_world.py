"""A loan in repayment whose changes people ask for, and proposals put straight into the book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.changes import Change, ChangeKind
from domain.changes.commands import DecideChange, ProposeChange
from domain.people import Actor, Role
from domain.process import Stage, WaitReason
from persistence.changes import decide_change, preview_change, propose_change
from persistence.clock import business_date
from persistence.queries.changes import changes_of
from persistence.stages import locked_loan
from tests.web.case_world import CaseWorld
from tests.web.loans import Wanted

REPAID = Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None)
LATE = Wanted(Stage.REPAYMENT, wait=WaitReason.ARREARS, task=None, overdue_days=12)


@dataclass
class ChangeWorld:
    """The application, a loan of the manager wang, and people of every role that has a say."""

    case: CaseWorld
    loan: UUID
    people: dict[str, Actor]
    today: date

    def address(self, rest: str = "") -> str:
        """An address under the loan's changes."""
        return f"/loans/{self.loan}/changes{rest}"

    def query(self, kind: ChangeKind, **figures: str) -> str:
        """The address that tries a change as of today."""
        entries = {"kind": kind.value, "effective_on": self.today.isoformat()} | figures
        return self.address("/new?" + "&".join(f"{n}={v}" for n, v in entries.items()))

    async def seen(self, change: Change) -> int:
        """How many events a preview is made from now."""
        async with self.case.services.database.reading() as session:
            loan = await locked_loan(session, self.loan)
            return (await preview_change(session, loan, change, datetime.now(UTC))).seen_events

    async def proposed(self, kind: ChangeKind, who: str = "wang", **figures: Any) -> UUID:
        """A proposal in the book. Returns its id."""
        change = replace(Change(kind=kind, effective_on=self.today), **figures)
        events = await self.seen(change)
        now = datetime.now(UTC)
        command = ProposeChange(
            str(uuid4()), self.loan, self.people[who], change, "Asked by the customer.", events
        )
        async with self.case.services.database.transaction() as session:
            await propose_change(session, command, now)
        async with self.case.services.database.reading() as session:
            found = await changes_of(session, self.people["ops"], now, self.loan)
        return found[0].id

    async def approved(self, change_id: UUID, change: Change, who: str) -> None:
        """An approval in the book."""
        command = DecideChange(
            str(uuid4()), self.loan, self.people[who], change_id, True, "", await self.seen(change)
        )
        async with self.case.services.database.transaction() as session:
            await decide_change(session, command, datetime.now(UTC))

    @property
    def yesterday(self) -> date:
        """The day before."""
        return self.today - timedelta(days=1)


async def change_world(case: CaseWorld, wanted: Wanted = REPAID) -> ChangeWorld:
    """Hire everybody and put the loan."""
    roles = {
        "wang": Role.CUSTOMER_MANAGER,
        "zhou": Role.CUSTOMER_MANAGER,
        "ops": Role.OPERATIONS,
        "risk": Role.RISK_OFFICER,
        "boss": Role.APPROVER,
        "qian": Role.REVIEWER,
    }
    staff = {name: await case.hire(name, role) for name, role in roles.items()}
    loan = await case.loan(staff["wang"], wanted)
    async with case.services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    people = {name: Actor(str(staff[name]), (roles[name],)) for name in roles}
    return ChangeWorld(case, loan, people, today)
