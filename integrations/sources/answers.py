"""What the simulated sources say: the same for the same firm, and close to what it declared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Set
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from integrations.sources.catalogue import FACT_SHAPES, SourceName
from integrations.sources.shapes import QueryOrder

Facts = dict[str, str | None]
CENT = Decimal("0.01")
_BOUND = Decimal(10) ** 13
_DECLARED_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = ("建国", "秀英", "志强", "海燕", "文博", "晓东", "丽华", "俊杰", "雪梅", "明远")

# What a fault changes in the answer. A pair that is not here has no meaning.
ADVERSE: Mapping[SourceName, Facts] = {
    SourceName.REGISTRY: {"status": "revoked"},
    SourceName.BUREAU: {
        "days_past_due_elsewhere": "60",
        "open_loans": "9",
        "worst_class": "substandard",
    },
    SourceName.TAX: {"grade": "D", "arrears": "860000.00"},
    SourceName.COURTS: {
        "dishonest_debtor": "true",
        "open_cases": "3",
        "claim_amount": "5400000.00",
    },
    SourceName.SANCTIONS: {"hit": "true"},
}
CONTRADICTABLE = frozenset({SourceName.REGISTRY, SourceName.TAX, SourceName.BANK_FLOW})


def draw(order: QueryOrder, label: str, below: int) -> int:
    """A number in [0, below) that depends on the firm and the label only."""
    seed = f"{order.registration_scheme}|{order.registration_number}|{label}"
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) % below


def facts(source: SourceName, order: QueryOrder, faults: Set[str]) -> Facts:
    stated = _benign(source, order)
    if "contradict" in faults:
        stated.update(_contradiction(source, order, stated))
    if "adverse" in faults:
        stated.update(ADVERSE.get(source, {}))
    return stated


def _benign(source: SourceName, order: QueryOrder) -> Facts:
    if source is SourceName.REGISTRY:
        return _registry(order)
    if source is SourceName.BUREAU:
        open_loans = str(draw(order, "open_loans", 5))
        return {
            "days_past_due_elsewhere": "0",
            "open_loans": open_loans,
            "worst_class": "pass",
        }
    if source is SourceName.TAX:
        return _tax(order)
    if source is SourceName.COURTS:
        return {"dishonest_debtor": "false", "open_cases": "0", "claim_amount": "0.00"}
    if source is SourceName.SANCTIONS:
        return {"hit": "false"}
    turnover = "inflow_12m" if "inflow_12m" in order.declared else "revenue"
    return {"inflow_12m": f"{_near(order, turnover, 'bank_flow', _size(order)):.2f}"}


def _registry(order: QueryOrder) -> Facts:
    days = draw(order, "established_on", 7300)
    founded = (date(2000, 1, 1) + timedelta(days=days)).isoformat()
    declared = order.declared.get("established_on", "")
    shape = FACT_SHAPES[SourceName.REGISTRY]["established_on"]
    return {
        "name": order.name,
        "legal_representative": order.declared.get("legal_representative") or _person(order, 0),
        "established_on": declared if shape.fullmatch(declared) else founded,
        "status": "active",
    }


def _tax(order: QueryOrder) -> Facts:
    revenue = _near(order, "revenue", "tax_revenue", _size(order))
    profit = _near(order, "net_profit", "tax_profit", (revenue / 20).quantize(CENT))
    return {
        "revenue": f"{revenue:.2f}",
        "net_profit": f"{profit:.2f}",
        "grade": "AB"[draw(order, "grade", 2)],
        "arrears": "0.00",
    }


def _contradiction(source: SourceName, order: QueryOrder, stated: Facts) -> Facts:
    if source is SourceName.REGISTRY:
        other = _person(order, 0)
        return {
            "legal_representative": (
                other if other != stated["legal_representative"] else _person(order, 1)
            )
        }
    name = "revenue" if source is SourceName.TAX else "inflow_12m"
    figure = stated.get(name)
    if source not in CONTRADICTABLE or figure is None:
        return {}
    declared = _declared(order, name) or _declared(order, "revenue") or Decimal(figure)
    return {name: f"{declared * Decimal('0.6'):.2f}"}


def _near(order: QueryOrder, field: str, label: str, otherwise: Decimal) -> Decimal:
    """The declared figure, off by at most 2 % either way."""
    figure = _declared(order, field)
    if figure is None:
        return otherwise
    basis_points = draw(order, label, 401) - 200
    # Rounding the difference down keeps small figures within the 2 % too.
    off = (figure * basis_points / 10_000).quantize(CENT, ROUND_DOWN)
    # The largest figures have no room above them: an amount has thirteen digits.
    return figure + off if abs(figure + off) < _BOUND else figure - off


def _declared(order: QueryOrder, field: str) -> Decimal | None:
    text = order.declared.get(field, "")
    return Decimal(text) if _DECLARED_AMOUNT.fullmatch(text) else None


def _size(order: QueryOrder) -> Decimal:
    return Decimal(5_000_000 + 10_000 * draw(order, "size", 7_500))


def _person(order: QueryOrder, nth: int) -> str:
    at = draw(order, "person", len(_SURNAMES)) + nth
    given = draw(order, "given", len(_GIVEN)) + nth
    return _SURNAMES[at % len(_SURNAMES)] + _GIVEN[given % len(_GIVEN)]
