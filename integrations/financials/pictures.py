"""A page of a PDF as a picture, for the eye of whoever confirms what was read."""

from __future__ import annotations

from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]  # ships no types

from domain.violations import LoanRuleViolation

SCALE = 1.6
"""115 dots an inch: small print can be read, and a page is some hundred kilobytes."""
PIXELS_MAX = 4_000_000


def picture_of(content: bytes, page: int) -> bytes:
    """One page as PNG, counted from 1. Violation: `pdf.damaged`, also where there is none."""
    try:
        document = pypdfium2.PdfDocument(content)
        shown = document[page - 1]
        width, height = shown.get_size()
        scale = min(SCALE, (PIXELS_MAX / max(width * height, 1)) ** 0.5)
        drawn, out = shown.render(scale=scale).to_pil(), BytesIO()
    except (pypdfium2.PdfiumError, IndexError, ValueError) as broken:
        raise LoanRuleViolation("pdf.damaged") from broken
    drawn.convert("L").save(out, "PNG", optimize=True)
    return out.getvalue()
