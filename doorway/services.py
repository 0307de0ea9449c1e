"""What a door works with, made once by the root and kept on `app.state.services`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol, cast
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from domain.bank_statements import StatementReader
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import (
    Decide,
    ExtendDeadline,
    Receipt,
    Release,
    Submit,
    Supplement,
    Withdraw,
)
from domain.customers import DecideProposal, ProposeForCustomer, WithdrawProposal
from domain.drawdowns import RequestDrawdown
from domain.financials.readings import StatementFileReader
from domain.papers.sheet import Sheet
from domain.rates import DecideFixing
from domain.refunds import DecideRefund, MatchReceipt, ProposeRefund, ReverseReceipt
from domain.working_days import DecideCalendar
from doorway.live import LiveEvents
from persistence.document_store import DocumentStore
from persistence.engine import Database


class Process(Protocol):
    """What may be asked of a loan's process. A refusal is a Receipt; raises ProcessUnavailable."""

    async def submit(self, command: Submit) -> Receipt: ...
    async def decide(self, command: Decide) -> Receipt: ...
    async def supplement(self, command: Supplement) -> Receipt: ...
    async def release(self, command: Release) -> Receipt: ...
    async def withdraw(self, command: Withdraw) -> Receipt: ...
    async def extend_deadline(self, command: ExtendDeadline) -> Receipt: ...
    async def propose_change(self, command: ProposeChange) -> Receipt: ...
    async def decide_change(self, command: DecideChange) -> Receipt: ...
    async def withdraw_change(self, command: WithdrawChange) -> Receipt: ...
    async def request_drawdown(self, command: RequestDrawdown) -> Receipt: ...
    async def match_receipt(self, command: MatchReceipt) -> Receipt: ...
    async def reverse_receipt(self, command: ReverseReceipt) -> Receipt: ...
    async def propose_refund(self, command: ProposeRefund) -> Receipt: ...
    async def decide_refund(self, command: DecideRefund) -> Receipt: ...
    async def decide_fixing(self, command: DecideFixing) -> Receipt: ...

    async def decide_calendar(self, command: DecideCalendar) -> Receipt: ...
    async def propose_for_customer(self, command: ProposeForCustomer) -> Receipt: ...
    async def decide_proposal(self, command: DecideProposal) -> Receipt: ...
    async def withdraw_proposal(self, command: WithdrawProposal) -> Receipt: ...
    async def look_at_customer(self, customer_id: UUID) -> None: ...
    async def look(self, loan_id: UUID) -> None: ...
    async def run_day_end(self, business_on: date) -> None: ...


class Printer(Protocol):
    """Whatever sets a paper as PDF. Violations: `paper.*`."""

    async def printed(self, sheet: Sheet) -> bytes: ...


@dataclass(frozen=True)
class DoorSecrets:
    """The keys the doors hold: what derives signing links, and each provider's callback key."""

    session: bytes
    callbacks: Mapping[str, bytes]


@dataclass(frozen=True)
class Services:
    """The database, the process, documents, live notices, the press, the readers of bank
    statements and of yearly statements, and a few plain values."""

    database: Database
    process: Process
    documents: DocumentStore
    live: LiveEvents
    printer: Printer
    statements: StatementReader
    financials: StatementFileReader
    secrets: DoorSecrets
    public_url: str
    bank_name: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach the product over TLS."""
        return self.public_url.startswith("https://")


def services_of(request: Request) -> Services:
    """The services of the running application."""
    return cast(Services, request.app.state.services)


HasServices = Annotated[Services, Depends(services_of)]
