"""The demo book's data: numbers that check, statements that balance, papers that open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from domain.applications import check_draft
from domain.documents import DocumentFacts
from domain.products import ProductRules
from doorway.file_content import inspect
from persistence.seed.demo_staff import DEMO_STAFF
from runner.demo.firms import DemoCase, demo_cases
from runner.demo.papers import paper
from runner.demo.roads import ROADS
from tests.domain.seeds import product as seeded_product

TODAY = date(2026, 11, 23)


def _papers(case: DemoCase, product: ProductRules) -> list[DocumentFacts]:
    return [
        DocumentFacts(kind, f"{kind}.pdf", "application/pdf", 1000, 1, "0" * 64)
        for kind in product.required_documents
        if kind not in case.gaps
    ]


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case.name)
def test_a_case_is_complete_but_for_its_named_gaps(case: DemoCase) -> None:
    product = seeded_product(case.product)
    statements = case.firm.statements(TODAY)
    check = check_draft(case.fields, statements, _papers(case, product), product, TODAY)
    found = {finding.field.removeprefix("documents.") for finding in check.findings}
    assert found == set(case.gaps)


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case.name)
def test_every_year_balances_to_the_cent(case: DemoCase) -> None:
    for lines in case.firm.statements(TODAY).values():
        owed = Decimal(lines["total_liabilities"]) + Decimal(lines["equity"])
        assert Decimal(lines["total_assets"]) == owed


def test_a_dozen_customers_and_only_roads_and_officers_that_exist() -> None:
    assert len({case.firm.number for case in demo_cases()}) == 12
    assert {case.road for case in demo_cases()} == set(ROADS)
    assert {case.officer for case in demo_cases()} <= {one.username for one in DEMO_STAFF}
    assert {case.when for case in demo_cases()} == {"past", "running", "today"}


def test_a_paper_is_a_real_pdf_with_its_text() -> None:
    content = paper("business_licence", ("江州云帆精密机械有限公司",))
    assert inspect(content).pages == 1
    assert "江州云帆" in PdfReader(BytesIO(content)).pages[0].extract_text()
