"""A row of a firm's figures under the names of data vendors or our own, as lines of statements.

What a row leaves out but its other figures settle is worked out (revenue less gross profit is the
cost of sales); nothing else is filled in. A cell that is no finite number counts as not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation

from domain.financials.statement import LINES

VENDOR_COLUMNS: Mapping[str, str] = {
    "total_revenue": "revenue",
    "net_sales": "revenue",
    "cost_of_goods_sold": "cost_of_sales",
    "total_long_term_debt": "long_term_debt",
    "depreciation_and_amortization": "depreciation",
    "total_current_liabilities": "current_liabilities",
    "net_income": "net_profit",
    "total_receivables": "receivables",
}
_OWN = frozenset(line.name for line in LINES)
_AIDS = frozenset({"gross_profit", "ebitda"})
SCORED_COLUMNS = frozenset(VENDOR_COLUMNS) | _OWN | _AIDS

_CELL_SIGNS_MAX = 40
_EXPONENT_MAX = 30
_DIGITS = Context(prec=34)

# A line, and the sums of others it equals: (line, plus, minus).
_IDENTITIES: tuple[tuple[str, str, str, bool], ...] = (
    ("total_liabilities", "total_assets", "equity", False),
    ("equity", "total_assets", "total_liabilities", False),
    ("cost_of_sales", "revenue", "gross_profit", False),
    ("revenue", "cost_of_sales", "gross_profit", True),
    ("depreciation", "ebitda", "ebit", False),
    ("ebit", "ebitda", "depreciation", False),
)


def lines_of_row(row: Mapping[str, object]) -> dict[str, Decimal]:
    """The lines a row states or settles. Our own name for a line goes before a vendor's."""
    lines: dict[str, Decimal] = {}
    for column, cell in row.items():
        name = VENDOR_COLUMNS.get(column, column)
        if name not in _OWN and name not in _AIDS:
            continue
        value = number_of(cell)
        if value is not None and (column == name or name not in lines):
            lines[name] = value
    for name, one, other, added in _IDENTITIES:
        if name not in lines and one in lines and other in lines:
            combine = _DIGITS.add if added else _DIGITS.subtract
            lines[name] = combine(lines[one], lines[other])
    for aid in _AIDS:
        lines.pop(aid, None)
    return lines


def number_of(cell: object) -> Decimal | None:
    """The finite number a cell holds, within thirty digits before and after the point, or None."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float, Decimal)):
        return None
    if isinstance(cell, int) and cell.bit_length() > 200:
        return None
    text = str(cell).strip()
    if not text or len(text) > _CELL_SIGNS_MAX or "_" in text or not text.isascii():
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and abs(value.adjusted()) > _EXPONENT_MAX):
        return None
    return value
