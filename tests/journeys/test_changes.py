"""A prepayment in a real browser: proposed by one, approved by another; the schedule moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from persistence.seed.demo_staff import DEMO_PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.product import Product, until
from tests.journeys.road import receive, release, to_release

DAY_SECONDS = 86_400
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def loan_id(product: Product) -> str:
    """A loan paid out today, with a prepayment's money held for it."""
    officer = Desk(product.base, "wanglei")
    found = to_release(product, officer, amount="600000.00")
    release(product, officer, found)
    officer.until(found, lambda case: case["stage"] == "repayment", seconds=90)
    receive(product, found, "200000.00")
    today = officer.case(found)["figures"]["drawn_on"]
    tried = f"/loans/{found}/changes/preview?kind=acceleration&effective_on={today}"
    until(
        lambda: officer.get(tried)["before"]["held"] == "200000.00",
        60,
        "the money was not held for the loan",
    )
    return found


def _signed_in(browser: Browser, product: Product, name: str, theme: str = "light") -> Page:
    context = browser.new_context(locale="zh-CN", color_scheme=theme, base_url=product.base)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")
    return page


def _refuse_grave(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert grave == [], page.url


def test_a_prepayment_is_proposed_by_one_and_approved_by_another(
    browser: Browser, product: Product, loan_id: str
) -> None:
    officer = _signed_in(browser, product, "wanglei")
    officer.goto(f"/cases/{loan_id}")
    officer.click(f"a[href='/loans/{loan_id}/changes']")
    officer.click("a[href$='kind=prepayment']")
    expect(officer.locator("#field-amount")).to_have_value("200000.00")
    officer.fill("#field-amount", "700000")
    officer.click("main form[method=get] .button-main")
    expect(officer.locator(".error-summary a[href='#field-amount']")).to_be_visible()
    expect(officer.locator("#field-amount")).to_have_value("700000")
    officer.fill("#field-amount", "200,000.00")
    officer.click("main form[method=get] .button-main")
    expect(officer.locator(".cell-changed").first).to_be_visible()
    _refuse_grave(officer)
    officer.fill("#field-reason", "客户出售设备，提前归还部分本金")
    officer.click("main form[method=post] .button-main")
    officer.wait_for_url(f"**/loans/{loan_id}/changes")
    expect(officer.locator(".flash.tone-green")).to_be_visible()
    assert _principal(product, loan_id) == "600000.00"

    approver = _signed_in(browser, product, "zhangwei")
    approver.click("#desk-changes .line-item a")
    expect(approver.locator("text=客户出售设备，提前归还部分本金")).to_be_visible()
    _refuse_grave(approver)
    approver.click("button[value=approve]")
    expect(approver.locator("main .badge.tone-green").first).to_have_text("已生效")

    assert _principal(product, loan_id) == "400000.00"
    officer.goto(f"/cases/{loan_id}?tab=repayment")
    prepaid = officer.locator("table.table").first.locator("tbody tr").first
    expect(prepaid).to_contain_text("200,000.00")
    expect(prepaid.locator(".badge")).to_have_text("已还")
    officer.goto(f"/cases/{loan_id}")
    expect(officer.locator("text=已批准的变更在账户上生效")).to_be_visible()


def _principal(product: Product, loan_id: str) -> str:
    case = Desk(product.base, "zhangwei").case(loan_id)
    return str(case["figures"]["outstanding"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_changes_are_accessible(
    browser: Browser, product: Product, loan_id: str, theme: str
) -> None:
    page = _signed_in(browser, product, "liuyang", theme)
    kinds = ("payoff", "extension", "restructure", "waiver", "back_dated_receipt")
    places = [f"/loans/{loan_id}/changes/new?kind={kind}" for kind in kinds]
    for path in ("/changes", f"/loans/{loan_id}/changes", f"/loans/{loan_id}/payoff", *places):
        page.goto(path)
        _refuse_grave(page)
