"""What a product's card says before anybody is rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.decisions.pricing import pricing
from domain.products import ProductRules


@dataclass(frozen=True, slots=True)
class Offer:
    """A product with the yearly rates its best and its worst grade would get."""

    product: ProductRules
    rate_least: Decimal
    rate_most: Decimal


def offers(products: Sequence[ProductRules]) -> tuple[Offer, ...]:
    """The cards, in the order given."""
    return tuple(_offer(product) for product in products)


def _offer(product: ProductRules) -> Offer:
    rates = [pricing(product, grade) for grade in product.margins_by_grade]
    return Offer(product, min(rates), max(rates))
