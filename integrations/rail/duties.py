"""What the rail does by itself: end payments when due, deliver notices until they are taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import groupby

import httpx

from integrations.rail import outbox, payments
from integrations.rail.outbox import Notice
from integrations.rail.pace import RailPace
from integrations.signature import HEADER, sign
from integrations.store import Store

_BATCH = 32
_LONGEST_NAP = 60.0  # a clock set back must not leave a duty asleep for long


class Duty:
    """Works through what is due, then sleeps until the next due instant or until woken."""

    def __init__(
        self, work: Callable[[], Awaitable[int]], next_at: Callable[[], Awaitable[float | None]]
    ) -> None:
        self._work = work
        self._next_at = next_at
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        while True:
            self._woken.clear()
            if await self._work() == 0:
                await self._nap()

    async def _nap(self) -> None:
        at = await self._next_at()
        wait = _LONGEST_NAP if at is None else min(max(at - time.time(), 0.001), _LONGEST_NAP)
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            return


class Deliverer:
    """Posts due notices: in order for one loan, side by side for different ones."""

    def __init__(
        self, store: Store, http: httpx.AsyncClient, url: str, secret: bytes, pace: RailPace
    ) -> None:
        self._store = store
        self._http = http
        self._url = url
        self._secret = secret
        self._pace = pace

    async def work(self) -> int:
        notices = await self._store.run(outbox.due, time.time(), _BATCH)
        by_loan = sorted(notices, key=lambda notice: (notice.loan_id or "", notice.seq))
        groups = [list(group) for _, group in groupby(by_loan, lambda notice: notice.loan_id)]
        await asyncio.gather(*(self._deliver_in_order(group) for group in groups))
        return len(notices)

    async def _deliver_in_order(self, notices: list[Notice]) -> None:
        for notice in notices:
            if await self._post(notice):
                await self._store.run(outbox.delivered, [notice.seq], time.time())
            else:
                await self._store.run(outbox.postpone, notice, time.time(), self._pace)

    async def _post(self, notice: Notice) -> bool:
        headers = {
            HEADER: sign(self._secret, notice.body, int(time.time())),
            "Content-Type": "application/json",
        }
        try:
            answer = await self._http.post(self._url, content=notice.body, headers=headers)
        except httpx.HTTPError:
            return False  # postponed by the caller, never given up
        return answer.is_success


def settling(store: Store, pace: RailPace, told: Callable[[], None]) -> Duty:
    """The duty that ends payments; `told` is called when that wrote notices."""

    async def work() -> int:
        ended = await store.run(payments.finish_due, time.time(), pace)
        if ended:
            told()
        return ended

    return Duty(work, lambda: store.run(payments.next_end_at))


def delivering(store: Store, deliverer: Deliverer) -> Duty:
    return Duty(deliverer.work, lambda: store.run(outbox.next_due_at))
