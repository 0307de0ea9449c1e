"""A member of staff at the JSON door: what an officer's own program would send."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from domain.applications import statement_years
from persistence.seed.demo_staff import DEMO_PASSWORD
from runner.bench import applications as bench

FIELDS = {**bench.FIELDS, "tenor_months": "2", "payee_name": "苏州精密机械有限公司"}


@dataclass
class Desk:
    """One signed-in person and their HTTP client."""

    base: str
    username: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.base, timeout=30, trust_env=False)
        body = {"username": self.username, "password": DEMO_PASSWORD}
        answer = self.http.post("/api/v1/sessions", json=body)
        assert answer.status_code == 201, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        """An act, under an idempotency key of its own unless one is given."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        answer = self.http.post(f"/api/v1{path}", json=body or {}, headers=headers)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json()

    def get(self, path: str) -> Any:
        """A reading."""
        answer = self.http.get(f"/api/v1{path}")
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def complete_draft(self, number: str, name: str, **changes: str) -> str:
        """Open the firm and fill in a whole application; the answer is the draft's id."""
        firm = {"scheme": "cn_uscc", "registration_number": number, "name": name}
        customer = self.post("/customers", firm)
        product = changes.get("product_code", FIELDS["product_code"])
        draft = self.post("/drafts", {"customer_id": customer["id"], "product_code": product})
        years = statement_years(date.today(), 3, date(2012, 5, 8))  # noqa: DTZ011 - the bank's year
        body = {
            "fields": {**FIELDS, **changes},
            "statements": {str(year): bench.STATEMENT for year in (*years, years[0] + 1)},
        }
        answer = self.http.patch(f"/api/v1/drafts/{draft['id']}", json=body)
        assert answer.status_code == 200, answer.text
        kinds = {f["field"] for f in self.get(f"/drafts/{draft['id']}/check")["findings"]}
        for kind in sorted(kinds):
            if kind.startswith("documents."):
                self.upload(draft["id"], kind.removeprefix("documents."))
        return str(draft["id"])

    def upload(self, draft_id: str, kind: str) -> None:
        """File a small real PDF."""
        files = {"file": (f"{kind}.pdf", small_pdf(), "application/pdf")}
        answer = self.http.post(
            f"/api/v1/drafts/{draft_id}/documents", data={"kind": kind}, files=files
        )
        assert answer.status_code == 201, answer.text

    def case(self, loan_id: str) -> Any:
        """The case as it stands."""
        return self.get(f"/loans/{loan_id}")

    def until(self, loan_id: str, reached: Callable[[Any], Any], seconds: float = 60) -> Any:
        """Read the case until it has come so far."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            case = self.case(loan_id)
            if reached(case):
                return case
            time.sleep(0.2)
        raise AssertionError(f"the case did not come so far: {case}")


def small_pdf() -> bytes:
    """The smallest PDF a strict reader accepts: one empty page."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )


def sign(base: str, link: str, name: str = FIELDS["signatory_name"]) -> httpx.Response:
    """The signatory opens the one-time link in a browser of their own and signs."""
    with httpx.Client(base_url=base, timeout=30, trust_env=False, follow_redirects=True) as http:
        page = http.get(link)
        assert page.status_code == 200, page.status_code
        hidden = dict(re.findall(r'name="([a-z_]+)"\s+value="([^"]*)"', page.text))
        form = {**hidden, "signer_name": name, "consent": "yes", "answer": "signed"}
        return http.post(link, data=form, headers={"Origin": base})
