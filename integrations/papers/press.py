"""The press: a sheet in, a PDF out, away from the process that serves pages.

What people wrote reaches the typesetter as JSON, as texts and never as marks of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

import structlog

from domain.papers.sheet import Sheet
from domain.violations import LoanRuleViolation
from integrations.papers import setting

_AT_ONCE = 2
_SECONDS = 60.0
_JOINERS = "\u200c\u200d"
_log = structlog.get_logger(__name__)


class Press:
    """Sets sheets, at most two at a time, each in a program of its own that ends with it."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._seconds = seconds

    async def printed(self, sheet: Sheet) -> bytes:
        """The PDF.

        Violations: `paper.characters` where no font has what somebody wrote, `paper.unavailable`
        where the typesetter does not come to an end.
        """
        asked = {"document": document_of(sheet), "timestamp": _timestamp(sheet)}
        async with self._free:
            code, made = await self._run(json.dumps(asked).encode())
        if code == setting.NO_SUCH_CHARACTER:
            raise LoanRuleViolation("paper.characters")
        if code != 0:
            raise LoanRuleViolation("paper.unavailable")
        return made

    async def _run(self, asked: bytes) -> tuple[int | None, bytes]:
        """Exit code and output; None where the program took too long. It never outlives this."""
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", setting.__file__),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # it may quote the paper, which no log may
        )
        try:
            async with asyncio.timeout(self._seconds):
                made, _ = await program.communicate(asked)
        except TimeoutError:
            _log.warning("paper_took_too_long", seconds=self._seconds)
            return None, b""
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
        if program.returncode not in (0, setting.NO_SUCH_CHARACTER):
            _log.error("paper_not_set", code=program.returncode)
        return program.returncode, made


def set_sheet(sheet: Sheet) -> bytes:
    """The PDF, set in this very process. Violation: `paper.characters`."""
    try:
        return setting.pdf_of(document_of(sheet), _timestamp(sheet))
    except setting.UnprintableCharacter as error:
        raise LoanRuleViolation("paper.characters") from error


def pictures(sheet: Sheet, ppi: float = 110) -> list[bytes]:
    """The pages as PNG: how the paper will look."""
    return setting.pictures_of(document_of(sheet), ppi)


def document_of(sheet: Sheet) -> Mapping[str, Any]:
    """The sheet as JSON holds it, each block with its kind."""
    blocks = [{"kind": block.kind, **asdict(block)} for block in sheet.blocks]
    document = {**asdict(sheet), "on": sheet.on.isoformat(), "blocks": blocks}
    cleaned: Mapping[str, Any] = _visible(document)
    return cleaned


def _timestamp(sheet: Sheet) -> int:
    """The file's date is the paper's day, not the moment of printing."""
    return int(datetime.combine(sheet.on, time(), UTC).timestamp())


def _visible(value: Any) -> Any:
    """Texts without what has no shape: control characters, and marks that turn lines around."""
    if isinstance(value, str):
        return "".join(_seen(mark) for mark in value)
    if isinstance(value, dict):
        return {name: _visible(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(inner) for inner in value]
    return value


def _seen(mark: str) -> str:
    """A character as the paper shows it; a joiner belongs to the letters beside it."""
    category = unicodedata.category(mark)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category == "Cf" and mark not in _JOINERS else mark
