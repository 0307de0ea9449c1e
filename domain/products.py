"""What the bank lends: the versioned terms of one product, read from data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts.agreed import (
    allocation_document,
    allocation_from_data,
    lateness_document,
    lateness_from_data,
)
from domain.money import Currency
from domain.process import TaskKind
from domain.rates import floating_from_data
from domain.repayment_offers import HOUSE_OFFER, RepaymentOffer, offer_from_data
from domain.schedules import RepaymentMethod
from domain.scoring import GRADES, MODELS
from domain.strict_data import StrictReader

_CODE = "product.malformed"
MARGIN_BP_MAX = 5000


@dataclass(frozen=True, slots=True)
class ProductRules:
    """The terms of one product in one version.

    Amounts in the product's currency; `base_rate` and `penalty_uplift` are fractions (a yearly
    rate, and a share of the contract rate); margins in basis points by grade; deadlines in
    working days by task. A grade without a margin is not lent to.
    """

    code: str
    version: int
    name_en: str
    name_zh: str
    currencies: tuple[str, ...]
    amount_min: Decimal
    amount_max: Decimal
    tenor_min: int
    tenor_max: int
    methods: tuple[RepaymentMethod, ...]
    required_documents: tuple[str, ...]
    statement_years: int
    sources: tuple[str, ...]
    needs_authorisation: bool
    model: str
    policy: str
    auto_approve_max: Decimal
    base_rate: Decimal
    margins_by_grade: Mapping[str, int]
    penalty_uplift: Decimal
    sla_working_days: Mapping[str, int]
    entrusted_payment_above: Decimal
    promise_working_days: int = 2
    optional_fields: tuple[str, ...] = ()
    floating: Mapping[str, object] | None = None
    """Index, repricing, cap and floor of a floating rate; `base_rate` is the index at approval."""
    repayment: RepaymentOffer = HOUSE_OFFER
    lateness: Mapping[str, object] | None = None
    """Days of grace, compound interest, misuse and non-accrual, in full; None: the house's."""
    allocation: Mapping[str, object] | None = None
    """The order debts are paid in, on accrual and in non-accrual, in full; None: the house's."""


_OPTIONAL = frozenset(
    {
        "promise_working_days",
        "optional_fields",
        "floating",
        "repayment",
        "lateness",
        "allocation",
    }
)
_REQUIRED = frozenset(ProductRules.__slots__) - _OPTIONAL


def product_from_data(data: Mapping[str, object]) -> ProductRules:
    """Read one product. Numbers with decimals are texts. Violation: `product.malformed`."""
    reader = StrictReader(data, _CODE, "")
    reader.only(_REQUIRED, _OPTIONAL)
    product = ProductRules(
        code=reader.text("code"),
        version=reader.whole("version", 1),
        name_en=reader.text("name_en"),
        name_zh=reader.text("name_zh"),
        currencies=reader.texts("currencies"),
        amount_min=reader.number("amount_min"),
        amount_max=reader.number("amount_max"),
        tenor_min=reader.whole("tenor_min", 1),
        tenor_max=reader.whole("tenor_max", 1),
        methods=_methods(reader),
        required_documents=reader.texts("required_documents"),
        statement_years=reader.whole("statement_years"),
        sources=reader.texts("sources"),
        needs_authorisation=reader.flag("needs_authorisation"),
        model=reader.text("model"),
        policy=reader.text("policy"),
        auto_approve_max=reader.number("auto_approve_max"),
        base_rate=reader.number("base_rate"),
        margins_by_grade=_margins(reader),
        penalty_uplift=reader.number("penalty_uplift"),
        sla_working_days=_deadlines(reader),
        entrusted_payment_above=reader.number("entrusted_payment_above"),
        promise_working_days=_promise(reader),
        optional_fields=reader.texts("optional_fields") if reader.has("optional_fields") else (),
        floating=_floating(reader),
        repayment=_repayment(reader),
        lateness=_lateness(reader),
        allocation=_allocation(reader),
    )
    _refuse_contradictions(product, reader)
    return product


def _methods(reader: StrictReader) -> tuple[RepaymentMethod, ...]:
    try:
        return tuple(RepaymentMethod(method) for method in reader.texts("methods"))
    except ValueError as error:
        raise reader.refuse("methods", "unknown_choice") from error


def _margins(reader: StrictReader) -> Mapping[str, int]:
    cells = StrictReader(reader.raw("margins_by_grade"), _CODE, "margins_by_grade")
    cells.only(frozenset(), frozenset(GRADES))
    return {grade: cells.whole(grade, -MARGIN_BP_MAX) for grade in GRADES if cells.has(grade)}


def _deadlines(reader: StrictReader) -> Mapping[str, int]:
    cells = StrictReader(reader.raw("sla_working_days"), _CODE, "sla_working_days")
    kinds = frozenset(kind.value for kind in TaskKind)
    cells.only(kinds)
    return {kind: cells.whole(kind, 1) for kind in sorted(kinds)}


def _promise(reader: StrictReader) -> int:
    key = "promise_working_days"
    return reader.whole(key, 1) if reader.has(key) else 2


def _floating(reader: StrictReader) -> Mapping[str, object] | None:
    if not reader.has("floating"):
        return None
    said = StrictReader(reader.raw("floating"), _CODE, "floating")
    said.only(frozenset({"index", "repricing"}), frozenset({"cap", "floor"}))
    names = ("index", "repricing", "cap", "floor")
    terms: dict[str, object] = {name: said.raw(name) for name in names if said.has(name)}
    floating_from_data({**terms, "margin_bp": 0})
    return terms


def _repayment(reader: StrictReader) -> RepaymentOffer:
    return offer_from_data(reader.raw("repayment")) if reader.has("repayment") else HOUSE_OFFER


def _lateness(reader: StrictReader) -> Mapping[str, object] | None:
    if not reader.has("lateness"):
        return None
    uplift = reader.number("penalty_uplift")
    return lateness_document(lateness_from_data(reader.raw("lateness"), uplift))


def _allocation(reader: StrictReader) -> Mapping[str, object] | None:
    if not reader.has("allocation"):
        return None
    return allocation_document(*allocation_from_data(reader.raw("allocation")))


def _refuse_contradictions(product: ProductRules, reader: StrictReader) -> None:
    rules: tuple[tuple[str, bool], ...] = (
        ("currencies", bool(product.currencies) and set(product.currencies) <= set(Currency)),
        ("model", product.model in MODELS),
        ("methods", bool(product.methods)),
        ("margins_by_grade", bool(product.margins_by_grade)),
        ("margins_by_grade", max(product.margins_by_grade.values(), default=0) <= MARGIN_BP_MAX),
        ("amount_min", product.amount_min > 0),
        ("amount_max", product.amount_min <= product.amount_max),
        ("tenor_max", product.tenor_min <= product.tenor_max),
        ("auto_approve_max", 0 <= product.auto_approve_max <= product.amount_max),
        ("base_rate", 0 <= product.base_rate < 1),
        ("penalty_uplift", 0 <= product.penalty_uplift <= 1),
        ("entrusted_payment_above", product.entrusted_payment_above >= 0),
        ("sources", product.needs_authorisation or "bureau" not in product.sources),
    )
    for key, holds in rules:
        if not holds:
            raise reader.refuse(key, "contradiction")
