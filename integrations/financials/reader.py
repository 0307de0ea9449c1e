"""Files of statements read by a program of their own, at most two at a time, never for long."""

from __future__ import annotations

import asyncio
import json
import sys

import structlog

from domain.financials.packing import unpacked
from domain.financials.readings import Reading
from domain.violations import LoanRuleViolation
from integrations.financials import program
from integrations.financials.refusals import at_file
from integrations.financials.template import template_of
from integrations.financials.wire import unpacked_refusal

_AT_ONCE = 2
_SECONDS = 60.0
_log = structlog.get_logger(__name__)


class StatementFiles:
    """Reads workbooks and PDF files of yearly statements, and offers the template."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._seconds = seconds

    def template(self, years: tuple[int, ...]) -> bytes:
        """An empty workbook of these years, oldest first."""
        return template_of(years)

    async def read(self, content: bytes) -> Reading:
        """The file as read.

        Violations: findings on the field `file`: those of `read_file`, and `file.too_costly`
        where reading takes more time or memory than a file of statements can need.
        """
        async with self._free:
            code, made = await self._run(content)
        if code != 0:
            _log.warning("statement_file_not_read", code=code)
            raise at_file(LoanRuleViolation("file.too_costly"))
        answer = json.loads(made)
        if "refused" in answer:
            raise unpacked_refusal(answer["refused"])
        return unpacked(answer["reading"])

    async def picture(self, content: bytes, page: int) -> bytes:
        """One page of a PDF as PNG, counted from 1. Violation: findings `file.too_costly`."""
        async with self._free:
            code, made = await self._run(content, str(page))
        if code != 0:
            _log.warning("statement_page_not_drawn", code=code)
            raise at_file(LoanRuleViolation("file.too_costly"))
        return made

    async def _run(self, content: bytes, *asked_for: str) -> tuple[int | None, bytes]:
        """Exit code and output; None where the program took too long. It never outlives this."""
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", program.__file__, *asked_for),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # it may quote the file, which no log may
        )
        try:
            async with asyncio.timeout(self._seconds):
                made, _ = await asked.communicate(content)
        except TimeoutError:
            return None, b""
        finally:
            if asked.returncode is None:
                asked.kill()
                await asked.wait()
        return asked.returncode, made
