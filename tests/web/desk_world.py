"""What an officer's tests type: a customer, a complete application, its documents."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO

import httpx
from pypdf import PdfWriter

from domain.applications import statement_years
from tests.web.case_world import CSRF, CaseWorld

USCC = "91320505142065213A"
NAME = "华能测试有限公司"
FIELDS = {
    "amount": "800000.00",
    "currency": "CNY",
    "tenor_months": "12",
    "repayment_method": "equal_instalment",
    "purpose": "采购钢材",
    "repayment_source": "销售回款",
    "established_on": "2012-05-20",
    "industry": "C",
    "employees": "85",
    "legal_representative": "王建国",
    "handler_name": "李海燕",
    "handler_phone": "13800138000",
    "signatory_name": "王建国",
    "signatory_email": "wang@example.com",
    "payee_name": "苏州钢材有限公司",
    "payee_account": "6222020200112233445",
    "payee_bank_code": "313651027012",
}
LINES = {
    "total_assets": "20000000",
    "current_assets": "12000000",
    "current_liabilities": "4000000",
    "total_liabilities": "6000000",
    "equity": "14000000",
    "retained_earnings": "6000000",
    "revenue": "30000000",
    "ebit": "3000000",
    "net_profit": "2000000",
    "interest_expense": "200000",
}


def one_page() -> bytes:
    """A real PDF of one empty page."""
    written, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(written)
    return written.getvalue()


PDF = one_page()


def entries() -> dict[str, str]:
    """Every entry of a complete application of today."""
    today: date = datetime.now(UTC).date()
    grid = {
        f"statements.{year}.{line}": figure
        for year in statement_years(today, 3)
        for line, figure in LINES.items()
    }
    return FIELDS | grid


async def open_draft(world: CaseWorld, username: str, product: str = "TAX_MICRO") -> str:
    """A customer and a fresh draft, opened through the pages; the draft's path."""
    opened = await world.send(
        username, "/customers", scheme="cn_uscc", registration_number=USCC, name=NAME
    )
    assert opened.status_code == 303
    started = await world.send(
        username, f"{opened.headers['location']}/drafts", product_code=product
    )
    assert started.status_code == 303
    return started.headers["location"]


async def upload(
    world: CaseWorld, username: str, path: str, content: bytes = PDF, name: str = "paper.pdf"
) -> httpx.Response:
    """One file sent to an item of the checklist."""
    cookies = {"Cookie": f"corploan_session=token-{username}; corploan_language=en"}
    return await world.client.post(
        path, data={"csrf_token": CSRF}, files={"file": (name, content)}, headers=cookies
    )


async def fill(world: CaseWorld, username: str, draft: str) -> None:
    """Everything the product asks for."""
    saved = await world.send(username, draft, go="save", **entries())
    assert saved.status_code == 303
    for kind in ("business_licence", "financial_statements"):
        answer = await upload(world, username, f"{draft}/documents/{kind}")
        assert answer.status_code == 303


def links_to_entries(page: str) -> set[str]:
    """The entries the error summary leads to."""
    summary = re.search(r'<section class="error-summary".*?</section>', page, re.DOTALL)
    return set(re.findall(r'href="#([^"]+)"', summary[0])) if summary else set()


def ids_of(page: str) -> set[str]:
    """Every id of a page."""
    return set(re.findall(r'\sid="([^"]+)"', page))


def text_of(page: str) -> str:
    """What a person reads, without the markup."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


async def post(world: CaseWorld, who: str, path: str, form: Mapping[str, str]) -> httpx.Response:
    """A form whose entries may have any name."""
    cookies = {"Cookie": f"corploan_session=token-{who}; corploan_language=en"}
    body = {"csrf_token": CSRF, **form}
    return await world.client.post(path, data=body, headers=cookies)
