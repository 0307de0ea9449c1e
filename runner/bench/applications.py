"""Complete applications that the engine approves by itself, one firm each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.applications import statement_years
from domain.documents import DocumentFacts
from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    organisation_check_character,
    uscc_check_character,
)
from domain.people import Actor
from doorway.passwords import hash_password
from persistence import drafts
from persistence.clock import business_date, set_pace
from persistence.customers import open_customer
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.rules import product_in_force
from persistence.seed.demo_staff import DEMO_STAFF
from persistence.staff_accounts import seed_demo_staff

PRODUCT = "TAX_MICRO"
OFFICER_USERNAME = "wanglei"
SIGNATORY = "王伟"
_FOUNDED_ON = date(2012, 5, 8)
_PAPER = b"%PDF-1.7\n% one page of a measured application\n%%EOF\n"
STATEMENT = {
    "total_assets": "20000000.00",
    "current_assets": "12000000.00",
    "current_liabilities": "4000000.00",
    "total_liabilities": "6000000.00",
    "equity": "14000000.00",
    "retained_earnings": "6000000.00",
    "revenue": "30000000.00",
    "ebit": "3000000.00",
    "net_profit": "2000000.00",
    "interest_expense": "200000.00",
}
FIELDS = {
    "product_code": PRODUCT,
    "amount": "600000.00",
    "currency": "CNY",
    "repayment_method": "equal_instalment",
    "purpose": "采购原材料",
    "repayment_source": "销售回款",
    "established_on": _FOUNDED_ON.isoformat(),
    "industry": "C",
    "employees": "120",
    "legal_representative": SIGNATORY,
    "handler_name": "李娜",
    "handler_phone": "13800138000",
    "signatory_name": SIGNATORY,
    "signatory_email": "signatory@example.com",
    "payee_account": "6222020200112233445",
    "payee_bank_code": "313651027012",
}


def member(username: str) -> Actor:
    """A seeded member of staff as an actor."""
    found = next(item for item in DEMO_STAFF if item.username == username)
    return Actor(str(found.staff_id), found.roles)


async def prepare_book(database: Database, day_seconds: int) -> str:
    """Rules, pace and staff; the answer is the staff's password, made up for this run."""
    password = secrets.token_urlsafe(24)
    hashed = await hash_password(password)
    now = datetime.now(UTC)
    async with database.transaction() as session:
        await seed_reference_data(session)
        await set_pace(session, now, day_seconds)
        await seed_demo_staff(session, hashed, now)
    return password


async def complete_drafts(
    database: Database, store: DocumentStore, firms: Sequence[int], tenor_months: int
) -> list[UUID]:
    """One complete draft for each firm, named by its number."""
    sha256 = await store.put(_PAPER)
    made = []
    for firm in firms:
        async with database.transaction() as session:
            made.append(await _draft(session, firm, tenor_months, sha256))
    return made


async def _draft(session: AsyncSession, firm: int, tenor_months: int, sha256: str) -> UUID:
    now, officer = datetime.now(UTC), member(OFFICER_USERNAME)
    name = f"测量机械有限公司{firm}"
    customer, _ = await open_customer(session, firm_number(firm), name, officer, now)
    draft = await drafts.create_draft(session, customer, officer, PRODUCT, now)
    today = await business_date(session, now)
    years = statement_years(today, 4, _FOUNDED_ON)
    fields = FIELDS | {"tenor_months": str(tenor_months), "payee_name": name}
    statements = {str(year): STATEMENT for year in years}
    await drafts.save_fields(session, draft, officer, fields, statements, now)
    product = await product_in_force(session, PRODUCT, today)
    for kind in product.required_documents:
        paper = DocumentFacts(kind, f"{kind}.pdf", "application/pdf", len(_PAPER), 1, sha256)
        await drafts.add_document(session, draft, officer, paper, now)
    return draft


def firm_number(firm: int) -> RegistrationNumber:
    """The registration number of a measured firm."""
    organisation = f"{firm:08d}"
    body = f"91350100{organisation}{organisation_check_character(organisation)}"
    return RegistrationNumber(RegistrationScheme.CN_USCC, body + uscc_check_character(body))


def content_sha256(text: str) -> str:
    """The hash the signing provider gives of a signer's name."""
    return hashlib.sha256(text.encode()).hexdigest()
