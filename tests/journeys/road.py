"""The road of one loan, walked at the JSON door by the people it needs."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from tests.journeys.desk import Desk, sign
from tests.journeys.product import Product

FIRM = ("91350100M000100Y43", "苏州精密机械有限公司")
BEFORE_REVIEW = ("authorisation", "data_collection", "rating", "decision")


def submitted(product: Product, officer: Desk, **changes: str) -> str:
    """A case whose authorisation has been signed on the link's page."""
    loan_id = officer.complete_draft(*FIRM, **changes)
    officer.post(f"/drafts/{loan_id}/submission")
    assert sign(product.base, product.link(loan_id, "authorisation")).status_code == 200
    return loan_id


def to_release(product: Product, officer: Desk, **changes: str) -> str:
    """A case approved by rule and under a signed contract."""
    loan_id = submitted(product, officer, **changes)
    assert sign(product.base, product.link(loan_id, "contract")).status_code == 200
    officer.until(loan_id, lambda case: case["stage"] == "release")
    return loan_id


def release(product: Product, officer: Desk, loan_id: str) -> None:
    """Two operations officers sign; a lapsed task opens again, so each may have to try twice."""
    for name, reason in (("liuyang", "release_review"), ("sunli", "release_recheck")):
        officer.until(loan_id, partial(_waits_for, reason))
        order = {"drawdown": 1, "terms_sha256": product.terms(loan_id), "approve": True}
        Desk(product.base, name).post(f"/loans/{loan_id}/release", order)


def _waits_for(reason: str, case: Any) -> bool:
    return bool(case["wait_reason"] == reason)


def payments(product: Product, loan_id: str) -> list[Any]:
    """What the rail says it has paid for this loan."""
    found = httpx.get(f"{product.rail}/payments", params={"limit": 200}, trust_env=False).json()
    return [one for one in found["payments"] if loan_id in one["key"]]


def behave(product: Product, loan_id: str, behaviour: str) -> None:
    """Tell the rail how the borrower's account answers collections."""
    address = f"{product.rail}/accounts/{loan_id}/behaviour"
    answer = httpx.post(address, json={"behaviour": behaviour}, trust_env=False)
    assert answer.status_code == 200, answer.text


def receive(product: Product, loan_id: str, amount: str) -> None:
    """The borrower pays in by hand, naming the loan."""
    order = {"amount": amount, "currency": "CNY", "payer_name": FIRM[1], "loan_id": loan_id}
    answer = httpx.post(f"{product.rail}/receipts", json=order, trust_env=False)
    assert answer.status_code == 200, answer.text
