"""The shipped products and policies, read the way the product reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from domain.decisions import PolicyTable, policy_from_data
from domain.products import ProductRules, product_from_data

SEED = Path(__file__).parents[2] / "persistence" / "seed"
PRODUCT_CODES = ("WC_ONE_OFF", "TAX_MICRO", "US_SBA", "WC_FLOATING", "FIXED_ASSET")
POLICY_CODES = ("corporate", "sba")


def product_data(code: str) -> dict[str, Any]:
    return read("products", code)


def policy_data(code: str) -> dict[str, Any]:
    return read("policies", code)


def product(code: str) -> ProductRules:
    return product_from_data(product_data(code))


def policy(code: str) -> PolicyTable:
    return policy_from_data(policy_data(code))


def read(folder: str, code: str) -> dict[str, Any]:
    path = SEED / folder / f"{code.lower()}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
