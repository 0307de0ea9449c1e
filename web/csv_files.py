"""Tables as files: machine dates, plain figures, and no text a spreadsheet would take for a sum."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

_SUMS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The rows under a heading, offered for saving. An amount and a date are no text here."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(heading)
    table.writerows([_cell(value) for value in row] for row in rows)
    sent = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=sent)


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_SUMS) else value
