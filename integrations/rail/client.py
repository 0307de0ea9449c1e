"""The bank's side of the payment rail. After a time-out ask by key; never pay under a new one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

import httpx

from integrations.exchange import exchange, read_reply, refusal_of
from integrations.failures import IntegrationUnavailable
from integrations.rail.messages import (
    CollectionInstruction,
    PaymentInstruction,
    PaymentState,
)
from integrations.rail.shapes import CollectionReply, PaymentPage, PaymentReply

_PAGE = "500"


class RailClient:
    """Raises IntegrationUnavailable (outcome unknown) or IntegrationRefused (nothing happened)."""

    def __init__(
        self, base_url: str, http: httpx.AsyncClient, timeout_seconds: float = 5.0
    ) -> None:
        self._base = base_url.rstrip("/")
        self._http = http
        self._seconds = timeout_seconds

    async def pay(self, instruction: PaymentInstruction) -> PaymentState:
        """Repeating the same instruction answers its state and moves no further money."""
        body = {
            "key": instruction.key,
            "amount": f"{instruction.amount:f}",
            "currency": instruction.currency,
            "payee_name": instruction.payee_name,
            "payee_account": instruction.payee_account,
            "payee_bank_code": instruction.payee_bank_code,
            "loan_id": instruction.loan_id,
            "purpose": instruction.purpose,
        }
        response = await self._send("POST", "/payments", body)
        state = _state(read_reply(response, PaymentReply))
        if state.key != instruction.key or state.amount != instruction.amount:
            raise IntegrationUnavailable("nonsense", "another payment answered")
        return state

    async def find_payment(self, key: str) -> PaymentState | None:
        """None only when the rail itself says it never saw the key."""
        response = await self._send("GET", f"/payments/{quote(key, safe='')}")
        # A proxy's or a wrong server's bare 404 must not read as "never paid".
        if response.status_code == 404:
            if refusal_of(response)[0] == "payment_not_found":
                return None
            raise IntegrationUnavailable("nonsense", "status 404")
        state = _state(read_reply(response, PaymentReply))
        if state.key != key:
            raise IntegrationUnavailable("nonsense", "another payment answered")
        return state

    async def collect(self, instruction: CollectionInstruction) -> str:
        """The rail's reference; a receipt that follows carries it as its transaction id."""
        body = {
            "key": instruction.key,
            "loan_id": instruction.loan_id,
            "amount": f"{instruction.amount:f}",
            "currency": instruction.currency,
            "due_on": instruction.due_on.isoformat(),
            "instalment_n": instruction.instalment_n,
        }
        response = await self._send("POST", "/collections", body)
        return read_reply(response, CollectionReply).reference

    async def list_payments(self) -> list[PaymentState]:
        """Every payment the rail ever accepted, oldest first."""
        found: list[PaymentState] = []
        after: int | None = 0
        while after is not None:
            params = {"after": str(after), "limit": _PAGE}
            response = await self._send("GET", "/payments", params=params)
            page = read_reply(response, PaymentPage)
            found += map(_state, page.payments)
            if page.next is not None and page.next <= after:
                raise IntegrationUnavailable("nonsense", "pages do not advance")
            after = page.next
        return found

    async def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        url = self._base + path
        return await exchange(
            self._http, method, url, seconds=self._seconds, json_body=body, params=params
        )


def _state(reply: PaymentReply) -> PaymentState:
    return PaymentState(
        key=reply.key,
        status=reply.status,
        reference=reply.reference,
        reason=reply.reason,
        amount=Decimal(reply.amount),
        currency=reply.currency,
        payee_name=reply.payee_name,
        payee_account=reply.payee_account,
    )
