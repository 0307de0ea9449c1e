"""The outside world of process tests: a rail and sources that do as they are told."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from integrations.failures import IntegrationRefused, IntegrationUnavailable
from integrations.rail.messages import (
    CollectionInstruction,
    PaymentInstruction,
    PaymentState,
    PaymentStatus,
)
from integrations.sources.catalogue import REQUIRES_CONSENT, SourceName
from integrations.sources.messages import ReportStatus, SourceQuery, SourceReport


@dataclass
class StubRail:
    """A rail in memory: idempotent by key, counts what it is asked, fails on demand."""

    settles_at_once: bool = True
    rejects: int = 0
    lost_replies: int = 0
    silent_queries: int = 0
    payments: dict[str, PaymentState] = field(default_factory=dict)
    pay_calls: list[str] = field(default_factory=list)
    collections: list[CollectionInstruction] = field(default_factory=list)
    debited: Callable[[CollectionInstruction], Awaitable[None]] | None = None

    async def pay(self, instruction: PaymentInstruction) -> PaymentState:
        self.pay_calls.append(instruction.key)
        state = self.payments.get(instruction.key) or self._booked(instruction)
        if self.lost_replies:
            self.lost_replies -= 1
            raise IntegrationUnavailable("timeout")
        return state

    async def find_payment(self, key: str) -> PaymentState | None:
        if self.silent_queries:
            self.silent_queries -= 1
            raise IntegrationUnavailable("unreachable")
        return self.payments.get(key)

    async def list_payments(self) -> list[PaymentState]:
        return list(self.payments.values())

    async def collect(self, instruction: CollectionInstruction) -> str:
        self.collections.append(instruction)
        if self.debited is not None:
            await self.debited(instruction)
        return f"ref-{instruction.key}"

    def settled(self, key: str) -> None:
        """The payment comes to its good end."""
        self.payments[key] = replace(self.payments[key], status=PaymentStatus.SETTLED)

    def _booked(self, instruction: PaymentInstruction) -> PaymentState:
        status = PaymentStatus.SETTLED if self.settles_at_once else PaymentStatus.ACCEPTED
        reason = None
        if self.rejects:
            self.rejects -= 1
            status, reason = PaymentStatus.REJECTED, "AC04"
        state = PaymentState(
            key=instruction.key,
            status=status,
            reference=f"ref-{instruction.key}",
            reason=reason,
            amount=instruction.amount,
            currency=instruction.currency,
            payee_name=instruction.payee_name,
            payee_account=instruction.payee_account,
        )
        self.payments[instruction.key] = state
        return state


_ANSWERS: dict[SourceName, dict[str, str | None]] = {
    SourceName.REGISTRY: {"status": "active"},
    SourceName.BUREAU: {"days_past_due_elsewhere": "0", "open_loans": "1", "worst_class": "pass"},
    SourceName.BUREAU_CONTROLLER: {"days_past_due_elsewhere": "0", "worst_class": "pass"},
    SourceName.TAX: {"grade": "A", "arrears": "0.00"},
    SourceName.COURTS: {"dishonest_debtor": "false", "open_cases": "0", "claim_amount": "0.00"},
    SourceName.SANCTIONS: {"hit": "false"},
    SourceName.BANK_FLOW: {},
    SourceName.INVOICES: {"largest_customer_share": "0.1"},
    SourceName.RELATED_PARTIES: {"circular_ownership": "false", "related_in_default": "0"},
    SourceName.COLLATERAL_REGISTRY: {"registrations": "0", "seized": "false"},
}


@dataclass
class StubSources:
    """Sources that agree with what was declared, but for those that are down or adverse."""

    down: set[str] = field(default_factory=set)
    nonsense: set[str] = field(default_factory=set)
    delays: dict[str, float] = field(default_factory=dict)
    adverse: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    together: asyncio.Barrier | None = None

    async def query(self, source: SourceName, query: SourceQuery) -> SourceReport:
        self.asked.append((source.value, query.consent_id))
        if self.together is not None:
            await self.together.wait()
        seconds = self.delays.get(source.value, 0)
        await asyncio.sleep(seconds)
        if source.value in self.down:
            raise IntegrationUnavailable("unreachable")
        if source.value in self.nonsense:
            raise IntegrationUnavailable("nonsense")
        if source in REQUIRES_CONSENT and query.consent_id is None:
            raise IntegrationRefused("consent_missing")
        facts: dict[str, Any] = {**_ANSWERS[source], **_echo(source, query)}
        facts.update(self.adverse.get(source.value, {}))
        return SourceReport(
            source=source,
            status=ReportStatus.ANSWERED,
            as_of=date(2026, 1, 5),
            facts=facts,
            raw_sha256=hashlib.sha256(source.encode()).hexdigest(),
            latency_ms=round(seconds * 1000) + 3,
        )


def _echo(source: SourceName, query: SourceQuery) -> dict[str, str]:
    """What was declared, under the source's own names."""
    named = {
        fact: query.declared[field]
        for fact, field in _ECHOED.get(source, {}).items()
        if field in query.declared
    }
    return {**named, "name": query.name} if source is SourceName.REGISTRY else named


_ECHOED: dict[SourceName, dict[str, str]] = {
    SourceName.REGISTRY: {
        "legal_representative": "legal_representative",
        "established_on": "established_on",
        "registered_capital": "registered_capital",
    },
    SourceName.TAX: {"revenue": "revenue", "net_profit": "net_profit"},
    SourceName.BANK_FLOW: {"inflow_12m": "revenue"},
    SourceName.INVOICES: {"invoiced_12m": "revenue"},
    SourceName.RELATED_PARTIES: {"controller": "controller"},
}
