"""An officer's way through a real browser, in Chinese, up to the signed contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from persistence.seed.demo_staff import DEMO_PASSWORD
from tests.journeys.desk import FIELDS, Desk
from tests.journeys.product import Product
from tests.journeys.road import FIRM

DAY_SECONDS = 86_400
QUOTE = (
    "/quote?amount=1200000.00&currency=CNY&rate=4.35&method=equal_instalment&instalments=24"
    "&unit=month&every=1&drawn_on=2026-03-02&day_count=30/360&month_end=last_day&holiday=none"
    "&tranches=2026-05-20+400000.00"
)
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def _signed_in(browser: Browser, product: Product, theme: str = "light") -> Page:
    context = browser.new_context(locale="zh-CN", color_scheme=theme, base_url=product.base)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=name]", "wanglei")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")
    return page


def test_a_wrong_check_digit_is_told_at_its_field(browser: Browser, product: Product) -> None:
    page = _signed_in(browser, product)
    page.goto("/customers/new")
    page.fill("#field-registration_number", FIRM[0][:-1] + "0")
    page.fill("#field-name", FIRM[1])
    page.click("main form .button-main")

    expect(page.locator("#field-registration_number-error")).to_be_visible()
    expect(page.locator(".error-summary a[href='#field-registration_number']")).to_be_visible()


def test_a_draft_keeps_what_was_typed_and_lists_its_gaps(
    browser: Browser, product: Product
) -> None:
    desk = Desk(product.base, "wanglei")
    draft_id = desk.complete_draft(*FIRM, purpose="")
    page = _signed_in(browser, product)
    page.goto(f"/drafts/{draft_id}")
    page.fill("#field-repayment_source", "订单回款")
    expect(page.locator("[role=status][data-state=saved]")).to_be_visible()
    page.reload()
    expect(page.locator("#field-repayment_source")).to_have_value("订单回款")

    page.click("button[name=go][value=submit]")
    expect(page.locator(".error-summary a[href='#field-purpose']")).to_be_visible()


def test_the_map_moves_by_itself_when_the_signatory_signs(
    browser: Browser, product: Product
) -> None:
    draft_id = Desk(product.base, "wanglei").complete_draft(*FIRM)
    page = _signed_in(browser, product)
    page.goto(f"/drafts/{draft_id}")
    page.click("button[name=go][value=submit]")
    page.click("main form[action$='/submission'] .button-main")
    page.wait_for_url("**/cases/**")
    link = page.locator("#signing-link")
    expect(link).to_be_visible(timeout=30_000)
    page.evaluate("window.neverReloaded = true")

    signatory = browser.new_context(locale="zh-CN").new_page()
    signatory.goto(link.input_value())
    signatory.check("#field-consent")
    signatory.fill("#field-signer_name", FIELDS["signatory_name"])
    signatory.click("button[name=answer][value=signed]")

    expect(page.locator("[aria-current=step] .process-name")).to_have_text(
        "合同签署", timeout=60_000
    )
    assert page.evaluate("window.neverReloaded") is True


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_pages_are_accessible(browser: Browser, product: Product, theme: str) -> None:
    page = _signed_in(browser, product, theme)
    for path in ("/", "/customers", "/customers/new", "/cases", "/tasks", QUOTE, "/rates"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        grave = [(path, one["id"]) for one in found if one["impact"] in ("serious", "critical")]
        assert grave == []
