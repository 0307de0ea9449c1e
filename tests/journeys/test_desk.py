"""What the JSON door refuses, what comes twice, and what survives a killed process."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid

import httpx
import pytest

from config import load_secrets
from tests.journeys.desk import Desk, sign
from tests.journeys.product import Product
from tests.journeys.road import (
    BEFORE_REVIEW,
    FIRM,
    payments,
    release,
    submitted,
    to_release,
)

DAY_SECONDS = 86_400


@pytest.fixture(scope="module")
def officer(product: Product) -> Desk:
    return Desk(product.base, "wanglei")


def _post(desk: Desk, path: str, key: str, body: object) -> httpx.Response:
    return desk.http.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": key})


def test_a_draft_with_gaps_is_refused_with_every_field(officer: Desk) -> None:
    draft_id = officer.complete_draft(*FIRM, signatory_email="", handler_name="")

    answer = _post(officer, f"/drafts/{draft_id}/submission", str(uuid.uuid4()), {})

    assert answer.status_code == 422
    assert {"signatory_email", "handler_name"} <= set(_fields(answer))


def _fields(answer: httpx.Response) -> list[str]:
    found = answer.json()
    listed = found.get("findings") or found.get("errors") or []
    return [one["field"] for one in listed]


def test_a_repeated_key_answers_the_same_and_never_for_another_body(
    product: Product, officer: Desk
) -> None:
    loan_id = submitted(product, officer, product_code="WC_ONE_OFF", amount="5000000.00")
    officer.until(loan_id, lambda case: case["stage"] == "review")
    key, path = str(uuid.uuid4()), f"/loans/{loan_id}/withdrawal"

    first = _post(officer, path, key, {"reason": "客户要求"})
    again = _post(officer, path, key, {"reason": "客户要求"})
    other = _post(officer, path, key, {"reason": "另一理由"})

    assert first.status_code == 200, first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert other.status_code in (409, 422)


def test_a_referred_case_takes_two_people_and_no_stranger_sees_it(
    product: Product, officer: Desk
) -> None:
    loan_id = submitted(product, officer, product_code="WC_ONE_OFF", amount="5000000.00")
    stranger = Desk(product.base, "zhaomin").http.get(f"/api/v1/loans/{loan_id}")
    assert stranger.status_code == 404
    case = officer.until(loan_id, lambda case: case["stage"] not in BEFORE_REVIEW)
    assert case["stage"] == "review"
    decision = {"stage": "review", "verdict": "approve", "comment": "同意"}
    reviewer = Desk(product.base, "liqiang")
    reviewer.post(f"/loans/{loan_id}/decision", {**decision, "seen_version": case["version"]})
    case = officer.until(loan_id, lambda case: case["stage"] == "approval")
    decision |= {"stage": "approval", "seen_version": case["version"]}

    refused = _post(reviewer, f"/loans/{loan_id}/decision", str(uuid.uuid4()), decision)
    Desk(product.base, "zhangwei").post(f"/loans/{loan_id}/decision", decision)

    assert refused.status_code == 403
    officer.until(loan_id, lambda case: case["stage"] == "contract")


def _callback(product: Product, event_id: str, at: int, key: bytes | None = None) -> int:
    event = {
        "event_id": event_id,
        "kind": "payment.settled",
        "loan_id": str(uuid.uuid5(uuid.NAMESPACE_URL, event_id)),
        "occurred_at": "2026-01-05T08:00:00Z",
        "data": {},
    }
    raw = json.dumps(event).encode()
    key = key or load_secrets(product.settings).rail.get_secret_value().encode()
    made = hmac.new(key, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"X-Corploan-Signature": f"t={at},v1={made}"}
    address = f"{product.base}/callbacks/rail"
    return httpx.post(address, content=raw, headers=headers, trust_env=False).status_code


def test_only_a_fresh_and_true_callback_is_kept_and_once(product: Product) -> None:
    now = int(time.time())

    assert _callback(product, "forged", now, b"not the key") == 401
    assert _callback(product, "replayed", now - 3600) == 401
    assert _callback(product, "foreign", now) == 202
    assert _callback(product, "foreign", now) == 200


def test_a_rail_killed_during_the_payout_pays_exactly_once(product: Product, officer: Desk) -> None:
    loan_id = to_release(product, officer)

    release(product, officer, loan_id)
    old = product.kill("rail")
    product.wait_restarted("rail", old)

    officer.until(loan_id, lambda case: case["stage"] == "repayment", seconds=90)
    assert len(payments(product, loan_id)) == 1


def test_a_worker_killed_in_mid_case_loses_nothing(product: Product, officer: Desk) -> None:
    loan_id = officer.complete_draft(*FIRM)
    officer.post(f"/drafts/{loan_id}/submission")
    assert sign(product.base, product.link(loan_id, "authorisation")).status_code == 200

    product.wait_restarted("worker", product.kill("worker"))

    assert sign(product.base, product.link(loan_id, "contract", 90)).status_code == 200
    officer.until(loan_id, lambda case: case["stage"] == "release", seconds=90)
