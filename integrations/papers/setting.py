"""Sets one sheet as PDF: JSON in, bytes out. Run as a program it reads stdin and writes stdout.

The typesetter keeps what it worked on in memory, tens of megabytes a paper, so the product runs
it as a program that ends with its paper. This file imports nothing of the product: it starts fast.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

ARCHIVE_STANDARD: Final = "a-2a"
"""PDF/A-2a: fonts within, tagged for screen readers. It refuses what no font has or may have."""
NO_SUCH_CHARACTER = 3
"""The program's exit code where a text holds a character that cannot be printed."""
_TEMPLATE = Path(__file__).with_name("sheet.typ")
_NO_GLYPH = ("could not be displayed with font", "the PDF contains the codepoint")


class UnprintableCharacter(Exception):
    """A text holds a character that no font has."""


def pdf_of(document: Mapping[str, Any], timestamp: int) -> bytes:
    """The PDF; the same document and time give the same bytes on every machine."""
    try:
        made = _compiler(document).compile(
            format="pdf", pdf_standards=ARCHIVE_STANDARD, timestamp=timestamp
        )
    except typst.TypstError as error:
        if any(reason in error.message for reason in _NO_GLYPH):
            raise UnprintableCharacter from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no single file")
    return made


def pictures_of(document: Mapping[str, Any], ppi: float) -> list[bytes]:
    """The pages as PNG."""
    made = _compiler(document).compile(format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made or ())


def main() -> int:
    """Set the sheet on stdin."""
    asked = json.load(sys.stdin.buffer)
    try:
        made = pdf_of(asked["document"], asked["timestamp"])
    except UnprintableCharacter:
        return NO_SUCH_CHARACTER
    sys.stdout.buffer.write(made)
    return 0


def _compiler(document: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        _TEMPLATE.read_bytes(),
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(document, ensure_ascii=False)},
    )


@cache
def _fonts() -> typst.Fonts:
    """The product's own fonts; the machine's are never looked at."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


if __name__ == "__main__":
    raise SystemExit(main())
