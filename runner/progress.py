"""What the person at the terminal sees: one line per part with the seconds it took."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text


class Progress:
    """Lines on a terminal, or plain lines in a log when there is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say that `name` starts, then how long it took, or that it failed."""
        began = time.monotonic()
        try:
            with self.console.status(f"Starting {name}"):
                yield
        except BaseException:
            self._line("✗", "red", name, time.monotonic() - began)
            raise
        self._line("✓", "green", name, time.monotonic() - began)

    def say(self, text: str, style: str = "") -> None:
        """One line of words; no markup is read from them."""
        self.console.print(Text(text, style), soft_wrap=True)

    def _line(self, mark: str, style: str, name: str, seconds: float) -> None:
        line = Text.assemble((f"  {mark} ", style), f"{name:<26}", (f"{seconds:6.2f} s", "dim"))
        self.console.print(line)


async def ask(question: str) -> bool:
    """Yes or no from the terminal; no when nobody is there. Ctrl-C ends it like any await.

    Not input() in a thread: that thread would keep the program alive until a key is pressed.
    """
    if not sys.stdin.isatty():
        return False
    sys.stdout.write(f"{question} [y/N] ")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not answer.done():
            answer.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin, read)
    try:
        return (await answer).strip().lower() in {"y", "yes"}
    finally:
        loop.remove_reader(sys.stdin)
