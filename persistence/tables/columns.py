"""Column shapes that every table shares."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB

EXACT_PLACES = 20
_LAST_PLACE = Decimal(1).scaleb(-EXACT_PLACES)
_WIDE = Context(prec=60)


def money(nullable: bool = False, server_default: str | None = None) -> Column[Any]:
    """An amount with two places. Range and finiteness are named checks of the table."""
    return Column(Numeric(20, 2), nullable=nullable, server_default=server_default)


def rate(nullable: bool = False) -> Column[Any]:
    """A yearly rate as a fraction."""
    return Column(Numeric(12, 8), nullable=nullable)


def exact() -> Column[Any]:
    """A figure that is rounded only when it is used."""
    return Column(Numeric(38, EXACT_PLACES), nullable=False)


def as_kept(figure: Decimal) -> Decimal:
    """An exact figure as its column keeps it."""
    return figure.quantize(_LAST_PLACE, ROUND_HALF_UP, _WIDE)


def instant(nullable: bool = False, index: bool = False) -> Column[Any]:
    """A UTC instant."""
    return Column(DateTime(timezone=True), nullable=nullable, index=index)


def document(nullable: bool = False) -> Column[Any]:
    """A JSON document; decimals inside are strings."""
    return Column(JSONB, nullable=nullable)


def code(length: int = 40, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A code of ours (stage, kind, currency)."""
    return Column(String(length), nullable=nullable, index=index)


def prose(nullable: bool = False) -> Column[Any]:
    """Text a person wrote."""
    return Column(Text, nullable=nullable)


def in_range(table: str, column: str, zero_allowed: bool = False) -> CheckConstraint:
    """Finite, positive and below 10^13: numeric accepts NaN, and NaN > 0 is true."""
    sign = ">=" if zero_allowed else ">"
    return CheckConstraint(
        f"{column} {sign} 0 AND {column} < 1e13", name=f"ck_{table}_{column}_range"
    )
