"""A customer from opening to lock on the running product: verified, rated, looked at, stopped.

The acts go by the JSON door; the pages they lead to are looked at in a real browser.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from persistence.seed.demo_staff import DEMO_PASSWORD
from tests.domain.financials.firms import three_years
from tests.journeys.desk import Desk
from tests.journeys.product import Product, until

DAY_SECONDS = 86_400
CHROMIUM = Path("/usr/bin/chromium")
FIRM = {
    "scheme": "cn_uscc",
    "registration_number": "91110108551385082Q",
    "name": "江州启明轴承有限公司",
}
TABS = (
    *("", "/dossier", "/ownership", "/papers", "/statements", "/verification", "/rating"),
    *("/limits", "/watch", "/proposals", "/history"),
)
BOOKS = ("/customers", "/portfolio", "/portfolio/stress", "/models", "/watch", "/limits")


@pytest.fixture(scope="module")
def manager(product: Product) -> Desk:
    return Desk(product.base, "wanglei")


@pytest.fixture(scope="module")
def customer(manager: Desk) -> str:
    opened = manager.post("/customers", FIRM)
    assert opened["created"] is True
    return str(opened["id"])


def approved(product: Product, who: str, made: dict[str, Any], customer: str) -> dict[str, Any]:
    path = f"/customers/{customer}/proposals/{made['id']}/decision"
    answer: dict[str, Any] = Desk(product.base, who).post(path, {"approve": True})
    return answer


def test_a_new_customer_is_compared_with_its_sources_by_itself(
    manager: Desk, customer: str
) -> None:
    def answered() -> list[Any] | None:
        answer = manager.http.get(f"/api/v1/customers/{customer}/verification")
        if answer.status_code != 200 or not answer.json().get("shown"):
            return None
        sources = answer.json()["shown"]["sources"]
        told = [one for one in sources if one["status"] == "answered" and one["latency_ms"]]
        return told if len(told) >= 8 else None

    assert until(answered, 60, "the sources did not answer")


def test_statements_two_people_agree_on_are_rated(
    product: Product, manager: Desk, customer: str
) -> None:
    years = [
        {
            "year": one.year,
            "lines": {name: f"{amount:f}" for name, amount in one.lines.items()},
            "audited": True,
            "auditor": "江州信衡会计师事务所",
        }
        for one in three_years()
    ]
    body = {"currency": "CNY", "years": years, "reason": "年审报表"}
    made = manager.post(f"/customers/{customer}/statements", body)
    assert approved(product, "liqiang", made, customer)["status"] == "approved"

    def rated() -> dict[str, Any] | None:
        found: dict[str, Any] | None = manager.get(f"/customers/{customer}/rating")["in_force"]
        return found

    rating = until(rated, 60, "no rating was made")
    assert rating["grade"] in ("AAA", "AA", "A", "BBB", "B", "C")
    assert 0 < float(rating["pd"]) < 1
    assert rating["challenger"]["grade"]
    assert rating["detail"]["parts"]


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")
@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_every_page_of_a_customer_opens_and_is_accessible(
    browser: Browser, product: Product, customer: str, language: str, theme: Any
) -> None:
    page = signed_in(browser, product, language, theme)
    for path in (*(f"/customers/{customer}{tab}" for tab in TABS), *BOOKS):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found = Axe().run(page).response["violations"]
        grave = [(path, one["id"]) for one in found if one["impact"] in ("serious", "critical")]
        assert grave == []


def test_a_locked_customer_gets_no_application(
    product: Product, manager: Desk, customer: str
) -> None:
    reviewer = Desk(product.base, "liqiang")
    body = {"kind": "lock", "content": {"evidence": "发票经税务查验系伪造"}, "reason": "虚假材料"}
    made = reviewer.post(f"/customers/{customer}/proposals", body)
    assert approved(product, "chenjing", made, customer)["status"] == "approved"
    draft = {"customer_id": customer, "product_code": "TAX_MICRO"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = manager.http.post("/api/v1/drafts", json=draft, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["code"] == "customer.locked"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def signed_in(browser: Browser, product: Product, language: str, theme: Any) -> Page:
    """The risk officer, who reads everything of a customer."""
    context = browser.new_context(base_url=product.base, color_scheme=theme)
    context.add_cookies([{"name": "corploan_language", "value": language, "url": product.base}])
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=name]", "chenjing")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page
