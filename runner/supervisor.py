"""Keeps the started parts running, and stops them in reverse order."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from runner import children
from runner.children import Child, ChildFailed, Part
from runner.progress import Progress
from runner.refusal import StartRefused

RESTARTS_MAX = 5
WITHIN_SECONDS = 60.0
FIRST_DELAY_SECONDS = 0.5


class Restarts:
    """How long to wait before the next start of a part that keeps ending."""

    def __init__(self) -> None:
        self._at: deque[float] = deque()

    def next_delay(self, now: float) -> float | None:
        """Seconds to wait, doubling within a minute; None when the part is past saving."""
        while self._at and now - self._at[0] > WITHIN_SECONDS:
            self._at.popleft()
        if len(self._at) >= RESTARTS_MAX:
            return None
        self._at.append(now)
        return float(FIRST_DELAY_SECONDS * 2 ** (len(self._at) - 1))


@dataclass
class _Slot:
    part: Part
    child: Child
    restarts: Restarts = field(default_factory=Restarts)
    watch: asyncio.Task[None] | None = None


class Supervisor:
    """The parts that run, in the order they were started."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._slots: list[_Slot] = []
        self.gave_up: asyncio.Future[ChildFailed] = asyncio.get_running_loop().create_future()

    async def start(self, part: Part) -> None:
        """Start a part, wait for its gate, and watch over it from then on."""
        with self._progress.step(part.name):
            child = await children.start_ready(part)
        slot = _Slot(part, child)
        slot.watch = asyncio.create_task(self._watch(slot))
        self._slots.append(slot)

    async def stop_all(self) -> None:
        """Stop the parts, the last started first."""
        while self._slots:
            slot = self._slots.pop()
            if slot.watch is not None:
                slot.watch.cancel()
                await asyncio.wait([slot.watch])
            await children.stop(slot.child)

    async def _watch(self, slot: _Slot) -> None:
        while True:
            failure = ChildFailed(
                slot.part.name,
                children.how_it_ended(await slot.child.process.wait()),
                children.log_end(slot.part.log),
            )
            if not await self._revive(slot, failure):
                return

    async def _revive(self, slot: _Slot, failure: ChildFailed) -> bool:
        """Start the part again, more patiently each time; False when it is given up."""
        while (delay := slot.restarts.next_delay(time.monotonic())) is not None:
            self._progress.say(f"{failure}; starting it again in {delay:g} s", "yellow")
            await asyncio.sleep(delay)
            try:
                slot.child = await children.start_ready(slot.part)
            except (ChildFailed, StartRefused) as cause:
                failure = _as_failure(slot.part, cause)
                continue
            self._progress.say(f"{slot.part.name} runs again", "green")
            return True
        if not self.gave_up.done():
            self.gave_up.set_result(failure)
        return False


def _as_failure(part: Part, cause: ChildFailed | StartRefused) -> ChildFailed:
    if isinstance(cause, ChildFailed):
        return cause
    return ChildFailed(part.name, f"could not start: {cause}", "")
