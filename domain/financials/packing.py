"""A reading as JSON: between the program that reads a file and the product, and in the books."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.financials.amounts import AmountUnit
from domain.financials.readings import ReadFigure, Reading, StatementSource


def packed(reading: Reading) -> Mapping[str, Any]:
    """The reading as JSON values."""
    return {
        "source": reading.source,
        "unit": reading.unit,
        "currency": reading.currency,
        "audited": {str(year): said for year, said in reading.audited.items()},
        "auditors": {str(year): name for year, name in reading.auditors.items()},
        "figures": [
            {
                "year": figure.year,
                "line": figure.line,
                "stated": f"{figure.stated:f}",
                "place": figure.place,
                "row": figure.row,
                "others": [[place, f"{stated:f}"] for place, stated in figure.others],
            }
            for figure in reading.figures
        ],
    }


def unpacked(sent: Mapping[str, Any]) -> Reading:
    """The reading of JSON values that `packed` made."""
    return Reading(
        source=StatementSource(sent["source"]),
        unit=AmountUnit(sent["unit"]) if sent["unit"] is not None else None,
        currency=sent["currency"],
        audited={int(year): bool(said) for year, said in sent["audited"].items()},
        auditors={int(year): str(name) for year, name in sent["auditors"].items()},
        figures=tuple(
            ReadFigure(
                year=int(figure["year"]),
                line=str(figure["line"]),
                stated=Decimal(figure["stated"]),
                place=str(figure["place"]),
                row=str(figure["row"]),
                others=tuple((place, Decimal(stated)) for place, stated in figure["others"]),
            )
            for figure in sent["figures"]
        ),
    )
