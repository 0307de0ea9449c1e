"""A draft in which nothing is wrong, for tests to spoil one thing at a time."""

from __future__ import annotations

from datetime import date

from domain.applications import DraftCheck, check_draft
from domain.documents import DocumentFacts
from tests.domain.seeds import product

TODAY = date(2026, 3, 2)
FIELDS: dict[str, str] = {
    "product_code": "WC_ONE_OFF",
    "amount": "800000.00",
    "currency": "CNY",
    "tenor_months": "12",
    "repayment_method": "equal_instalment",
    "purpose": "Buy steel for the spring orders",
    "repayment_source": "Sales to two long-standing customers",
    "established_on": "2012-05-20",
    "industry": "C",
    "employees": "85",
    "legal_representative": "王建国",
    "handler_name": "李海燕",
    "handler_phone": "+86 138 0000 0000",
    "signatory_name": "王建国",
    "signatory_email": "wang.jianguo@example.com",
    "payee_name": "河北钢材有限公司",
    "payee_account": "6222 0000 1111 2222",
    "payee_bank_code": "313651027012",
}
LINES: dict[str, str] = {
    "total_assets": "10000000.00",
    "current_assets": "6000000",
    "current_liabilities": "2500000.5",
    "total_liabilities": "4000000",
    "equity": "6000000",
    "retained_earnings": "3000000",
    "revenue": "20000000",
    "ebit": "1500000",
    "net_profit": "1000000",
    "interest_expense": "0",
}
STATEMENTS: dict[str, dict[str, str]] = {year: dict(LINES) for year in ("2025", "2024", "2023")}
DOCUMENTS: tuple[DocumentFacts, ...] = tuple(
    DocumentFacts(kind, f"{kind}.pdf", "application/pdf", 1000, 1, "0" * 64)
    for kind in product("WC_ONE_OFF").required_documents
)


def checked(
    fields: dict[str, str] = FIELDS,
    statements: dict[str, dict[str, str]] = STATEMENTS,
    documents: tuple[DocumentFacts, ...] = DOCUMENTS,
    product_code: str = "WC_ONE_OFF",
) -> DraftCheck:
    return check_draft(fields, statements, documents, product(product_code), TODAY)


def found(check: DraftCheck) -> list[tuple[str, str]]:
    return [(finding.field, finding.code) for finding in check.findings]
