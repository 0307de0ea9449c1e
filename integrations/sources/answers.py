"""What the simulated sources say: the same for the same firm, and close to what it declared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Set
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from integrations.sources.catalogue import FACT_SHAPES, SourceName
from integrations.sources.shapes import QueryOrder

Facts = dict[str, str | None]
CENT = Decimal("0.01")
_BOUND = Decimal(10) ** 13
_DECLARED_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_SURNAMES = "王李张刘陈杨赵黄周吴"
_CITIES = ("苏州市", "杭州市", "东莞市", "青岛市", "成都市", "武汉市", "西安市", "合肥市")
_GIVEN = ("建国", "秀英", "志强", "海燕", "文博", "晓东", "丽华", "俊杰", "雪梅", "明远")

# What a fault changes in the answer. A pair that is not here has no meaning.
ADVERSE: Mapping[SourceName, Facts] = {
    SourceName.REGISTRY: {"status": "revoked", "penalties": "2"},
    SourceName.BUREAU: {
        "days_past_due_elsewhere": "60",
        "open_loans": "9",
        "worst_class": "substandard",
    },
    SourceName.BUREAU_CONTROLLER: {
        "days_past_due_elsewhere": "90",
        "worst_class": "substandard",
    },
    SourceName.TAX: {"grade": "D", "arrears": "860000.00"},
    SourceName.COURTS: {
        "dishonest_debtor": "true",
        "open_cases": "3",
        "claim_amount": "5400000.00",
    },
    SourceName.SANCTIONS: {"hit": "true"},
    SourceName.INVOICES: {"largest_customer_share": "0.8200"},
    SourceName.RELATED_PARTIES: {"circular_ownership": "true", "related_in_default": "1"},
    SourceName.COLLATERAL_REGISTRY: {"seized": "true"},
}
CONTRADICTED: Mapping[SourceName, str] = {
    SourceName.REGISTRY: "legal_representative",
    SourceName.TAX: "revenue",
    SourceName.BANK_FLOW: "inflow_12m",
    SourceName.INVOICES: "invoiced_12m",
    SourceName.RELATED_PARTIES: "controller",
}
"""Which fact a source that contradicts states otherwise than it was declared."""


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
    return _BENIGN[source](order)


def _bureau(order: QueryOrder) -> Facts:
    open_loans = str(draw(order, "open_loans", 5))
    return {"days_past_due_elsewhere": "0", "open_loans": open_loans, "worst_class": "pass"}


def _bureau_controller(order: QueryOrder) -> Facts:
    return {
        "controller": _controller(order),
        "days_past_due_elsewhere": "0",
        "worst_class": "pass",
    }


def _courts(_order: QueryOrder) -> Facts:
    return {"dishonest_debtor": "false", "open_cases": "0", "claim_amount": "0.00"}


def _sanctions(_order: QueryOrder) -> Facts:
    return {"hit": "false"}


def _bank_flow(order: QueryOrder) -> Facts:
    turnover = "inflow_12m" if "inflow_12m" in order.declared else "revenue"
    return {"inflow_12m": f"{_near(order, turnover, 'bank_flow', _size(order)):.2f}"}


def _invoices(order: QueryOrder) -> Facts:
    share = Decimal(500 + draw(order, "largest_customer", 3000)) / 10_000
    invoiced = _near(order, "revenue", "invoices", _size(order))
    return {"invoiced_12m": f"{invoiced:.2f}", "largest_customer_share": f"{share:.4f}"}


def _related_parties(order: QueryOrder) -> Facts:
    return {
        "controller": _controller(order),
        "related_firms": str(draw(order, "related_firms", 6)),
        "circular_ownership": "false",
        "related_in_default": "0",
    }


def _collateral_registry(order: QueryOrder) -> Facts:
    registrations = draw(order, "registrations", 3)
    secured = Decimal(1_000_000 * registrations)
    return {
        "registrations": str(registrations),
        "secured_amount": f"{secured:.2f}",
        "seized": "false",
    }


def _controller(order: QueryOrder) -> str:
    """Who controls the firm: as declared, else its legal representative."""
    declared = order.declared.get("controller") or order.declared.get("legal_representative")
    return declared or _person(order, 0)


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
        "registered_capital": f"{_registered_capital(order):.2f}",
        "address": order.declared.get("address") or _address(order),
        "controller": _controller(order),
        "penalties": "0",
    }


def _registered_capital(order: QueryOrder) -> Decimal:
    """As declared: what is registered is one figure, not an estimate."""
    declared = _declared(order, "registered_capital")
    return Decimal(1_000_000 * (1 + draw(order, "capital", 50))) if declared is None else declared


def _address(order: QueryOrder) -> str:
    city = _CITIES[draw(order, "city", len(_CITIES))]
    return f"{city}开发区创新路{1 + draw(order, 'house', 900)}号"


def _tax(order: QueryOrder) -> Facts:
    revenue = _near(order, "revenue", "tax_revenue", _size(order))
    profit = _near(order, "net_profit", "tax_profit", (revenue / 20).quantize(CENT))
    due = max(profit / 4, Decimal(0)).quantize(CENT)
    return {
        "revenue": f"{revenue:.2f}",
        "net_profit": f"{profit:.2f}",
        "tax_paid": f"{_near(order, 'tax', 'tax_paid', due):.2f}",
        "grade": "AB"[draw(order, "grade", 2)],
        "arrears": "0.00",
    }


def _contradiction(source: SourceName, order: QueryOrder, stated: Facts) -> Facts:
    name = CONTRADICTED.get(source, "")
    figure = stated.get(name)
    if figure is None:
        return {}
    if source in (SourceName.REGISTRY, SourceName.RELATED_PARTIES):
        other = _person(order, 0)
        return {name: other if other != figure else _person(order, 1)}
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


_BENIGN: Mapping[SourceName, Callable[[QueryOrder], Facts]] = {
    SourceName.REGISTRY: _registry,
    SourceName.BUREAU: _bureau,
    SourceName.BUREAU_CONTROLLER: _bureau_controller,
    SourceName.TAX: _tax,
    SourceName.COURTS: _courts,
    SourceName.SANCTIONS: _sanctions,
    SourceName.BANK_FLOW: _bank_flow,
    SourceName.INVOICES: _invoices,
    SourceName.RELATED_PARTIES: _related_parties,
    SourceName.COLLATERAL_REGISTRY: _collateral_registry,
}
