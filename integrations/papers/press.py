"""The press: a sheet in, a PDF out. The same sheet gives the same bytes on every machine.

Fonts come with the product, the machine's own are never looked at; the file's date is the paper's
day. What people wrote reaches the typesetter as JSON, as texts and never as marks.
"""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

from domain.papers.sheet import Sheet
from domain.violations import LoanRuleViolation

ARCHIVE_STANDARD: Final = "a-2a"
"""PDF/A-2a: fonts within, tagged for screen readers. It refuses a character no font has, or none may have."""
_TEMPLATE = Path(__file__).with_name("sheet.typ")
_NO_GLYPH = ("could not be displayed with font", "the PDF contains the codepoint")
_AT_ONCE = 2


class Press:
    """Sets sheets, at most two at a time, away from the event loop."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def printed(self, sheet: Sheet) -> bytes:
        """The PDF. Violation: `paper.characters` where no font has what somebody wrote."""
        async with self._free:
            return await asyncio.to_thread(set_sheet, sheet)


def set_sheet(sheet: Sheet) -> bytes:
    """The PDF, set in the calling thread."""
    at = datetime.combine(sheet.on, time(), UTC)
    try:
        made = _compiler(sheet).compile(
            format="pdf", pdf_standards=ARCHIVE_STANDARD, timestamp=int(at.timestamp())
        )
    except typst.TypstError as error:
        if any(reason in error.message for reason in _NO_GLYPH):
            raise LoanRuleViolation("paper.characters") from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no single file")
    return made


def pictures(sheet: Sheet, ppi: float = 110) -> list[bytes]:
    """The pages as PNG: how the paper will look."""
    made = _compiler(sheet).compile(format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made or ())


def _compiler(sheet: Sheet) -> typst.Compiler:
    return typst.Compiler(
        _TEMPLATE.read_bytes(),
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(_plain(sheet), ensure_ascii=False)},
    )


@cache
def _fonts() -> typst.Fonts:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _plain(sheet: Sheet) -> Mapping[str, Any]:
    """The sheet as JSON holds it, each block with its kind."""
    blocks = [{"kind": block.kind, **asdict(block)} for block in sheet.blocks]
    document = {**asdict(sheet), "on": sheet.on.isoformat(), "blocks": blocks}
    cleaned: Mapping[str, Any] = _visible(document)
    return cleaned


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


_JOINERS = "\u200c\u200d"
