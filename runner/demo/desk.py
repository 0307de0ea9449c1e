"""The hands that make the demo book: every act goes through the process or the callback door."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

import httpx

from config import Settings
from domain.agreements import EnvelopePurpose
from domain.changes import Change
from domain.changes.commands import ProposeChange
from domain.commands import Decide, Receipt, Release, Submit, Withdraw
from domain.documents import DocumentFacts
from domain.people import Actor
from domain.process import Stage, Verdict, WaitReason
from doorway.file_content import inspect
from integrations.signature import HEADER, sign
from persistence import demo_book
from persistence.clock import business_date
from persistence.document_store import DocumentStore
from persistence.drafts import add_document
from persistence.engine import Database
from persistence.queries.envelopes import PROVIDER, event_id
from persistence.rules import product_in_force
from persistence.seed.demo_staff import DEMO_STAFF
from runner.demo.firms import DemoCase
from runner.demo.papers import paper
from workflows.commands import LoanProcess

Found = TypeVar("Found")
PATIENCE_SECONDS = 60.0
REVIEWER, APPROVER, FIRST_OFFICER, SECOND_OFFICER = "liqiang", "zhangwei", "liuyang", "sunli"
KEEPER = "wanglei"


class DemoStuck(Exception):
    """A step of the demo book did not come about; the message says which."""


@dataclass(frozen=True)
class Desk:
    """Everything the making of the demo book works with."""

    settings: Settings
    database: Database
    process: LoanProcess
    documents: DocumentStore
    http: httpx.AsyncClient
    esign_key: bytes

    async def file_draft(self, case: DemoCase) -> bool:
        """A draft with its documents; False when it is there already."""
        now, officer = datetime.now(UTC), actor(case.officer)
        async with self.database.transaction() as session:
            today = await business_date(session, now)
            product = await product_in_force(session, case.product, today)
            kept = await demo_book.keep_draft(
                session,
                case.id,
                case.firm.number,
                case.firm.name,
                officer,
                case.product,
                case.fields,
                case.firm.statements(today),
                now,
            )
        if kept:
            for kind in product.required_documents:
                if kind not in case.gaps:
                    await self._file_document(case, kind, officer)
        return kept

    async def submit(self, case: DemoCase) -> None:
        """The officer submits."""
        command = Submit(str(uuid4()), case.id, actor(case.officer))
        _accepted(case, "submit", await self.process.submit(command))

    async def sign(self, case: DemoCase, purpose: EnvelopePurpose) -> None:
        """The signatory signs: an event of the signing provider at the callback door."""
        envelope = await self._until(
            f"{case.name}: {purpose} sent",
            lambda: self._read(demo_book.open_envelope, case.id, purpose.value),
        )
        name = hashlib.sha256(envelope.signer_name.encode()).hexdigest()
        event = {
            "event_id": event_id(envelope.id, "signed"),
            "kind": "envelope.signed",
            "loan_id": str(case.id),
            "occurred_at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "data": {
                "envelope_id": str(envelope.id),
                "document_sha256": envelope.document_sha256,
                "signer_name_sha256": name,
                "consent": True,
            },
        }
        raw = json.dumps(event).encode()
        headers = {
            "Content-Type": "application/json",
            HEADER: sign(self.esign_key, raw, int(time.time())),
        }
        url = f"{self.settings.local_url}/callbacks/{PROVIDER}"
        (await self.http.post(url, content=raw, headers=headers)).raise_for_status()

    async def decide(
        self, case: DemoCase, who: str, stage: Stage, verdict: Verdict, comment: str
    ) -> None:
        """A reviewer or approver gives a verdict on the case as it stands."""
        now = await self.at(case, stage=stage)
        command = Decide(str(uuid4()), case.id, actor(who), stage, verdict, comment, now.version)
        _accepted(case, verdict, await self.process.decide(command))

    async def release(self, case: DemoCase, who: str, wait: WaitReason) -> None:
        """A release officer signs the first drawdown."""
        await self.at(case, wait=wait)
        terms = await self._until(
            f"{case.name}: drawdown", lambda: self._read(demo_book.first_drawdown, case.id)
        )
        command = Release(str(uuid4()), case.id, actor(who), 1, terms)
        _accepted(case, "release", await self.process.release(command))

    async def withdraw(self, case: DemoCase, reason: str) -> None:
        """The customer thinks again."""
        command = Withdraw(str(uuid4()), case.id, actor(case.officer), reason)
        _accepted(case, "withdraw", await self.process.withdraw(command))

    async def at(
        self, case: DemoCase, stage: Stage | None = None, wait: WaitReason | None = None
    ) -> demo_book.CaseNow:
        """The case once it stands at a stage or waits for something."""

        async def reached() -> demo_book.CaseNow | None:
            now = await self._read(demo_book.case_now, case.id)
            if now is None or stage not in {None, now.stage} or wait not in {None, now.wait_reason}:
                return None
            return now

        return await self._until(f"{case.name}: {stage or wait}", reached)

    async def ended(self, case: DemoCase) -> demo_book.CaseNow:
        """The case once it has come to an end."""

        async def closed() -> demo_book.CaseNow | None:
            now = await self._read(demo_book.case_now, case.id)
            return now if now is not None and now.status != "active" else None

        return await self._until(f"{case.name}: end", closed)

    async def ask_change(self, case: DemoCase, change: Change, reason: str) -> None:
        """The officer proposes a change of a running loan, as its preview shows it; once."""
        key = str(uuid5(case.id, change.kind))
        async with self.database.reading() as session:
            seen = await demo_book.events_seen(session, case.id, change, datetime.now(UTC))
        command = ProposeChange(key, case.id, actor(case.officer), change, reason, seen)
        _accepted(case, "propose", await self.process.propose_change(command))

    async def money_arrives(self, number: str, amount: str, payer: str) -> None:
        """A credit transfer that names no loan, at the shipped rail; once under its number."""
        order = {
            "transaction_id": number,
            "amount": amount,
            "currency": "CNY",
            "payer_name": payer,
            "remittance": "货款",
        }
        url = f"{self.settings.rail_base_url}/receipts"
        (await self.http.post(url, json=order)).raise_for_status()

    async def today(self) -> date:
        """The bank's date."""
        async with self.database.reading() as session:
            return await business_date(session, datetime.now(UTC))

    async def look(self) -> None:
        """The clock has changed its pace: every loan in repayment reckons its next day anew."""
        async with self.database.reading() as session:
            loans = await demo_book.repaying(session)
        await asyncio.gather(*(self.process.look(loan_id) for loan_id in loans))

    async def borrower_behaves(self, case: DemoCase, behaviour: str) -> None:
        """How the borrower's account answers a direct debit, at the shipped rail."""
        url = f"{self.settings.rail_base_url}/accounts/{case.id}/behaviour"
        (await self.http.post(url, json={"behaviour": behaviour})).raise_for_status()

    async def source_is_down(self, case: DemoCase, source: str, queries: int) -> None:
        """One source does not answer about one firm for its next queries."""
        await self._fault(source, "down", case.firm.number.value, count=queries)

    async def source_contradicts(self, number: str, source: str) -> None:
        """One source knows other figures of one firm than it declares."""
        await self._fault(source, "contradict", number)

    async def _fault(self, source: str, kind: str, number: str, **more: int) -> None:
        order = {"source": source, "kind": kind, "registration_number": number, **more}
        url = f"{self.settings.sources_base_url}/faults"
        (await self.http.post(url, json=order)).raise_for_status()

    async def _file_document(self, case: DemoCase, kind: str, officer: Actor) -> None:
        lines = (case.firm.name, case.firm.number.value, case.fields.get("purpose", ""))
        content = paper(kind, lines)
        opened = inspect(content)
        sha256 = await self.documents.put(content)
        facts = DocumentFacts(
            kind, f"{kind}.pdf", opened.media_type, len(content), opened.pages, sha256
        )
        async with self.database.transaction() as session:
            await add_document(session, case.id, officer, facts, datetime.now(UTC))

    async def _read(self, query: Callable[..., Awaitable[Found]], *arguments: UUID | str) -> Found:
        async with self.database.reading() as session:
            return await query(session, *arguments)

    async def _until(self, what: str, read: Callable[[], Awaitable[Found | None]]) -> Found:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (found := await read()) is None:  # noqa: ASYNC110 - the books tell nobody
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise DemoStuck(what) from None
        return found


def actor(username: str) -> Actor:
    """A member of the demo staff as an actor."""
    member = next(member for member in DEMO_STAFF if member.username == username)
    return Actor(str(member.staff_id), member.roles)


def _accepted(case: DemoCase, act: str, receipt: Receipt) -> None:
    if not receipt.accepted:
        found = ", ".join(f"{item.field}: {item.code}" for item in receipt.findings)
        raise DemoStuck(f"{case.name}: {act} refused ({receipt.code} {found})".rstrip())
