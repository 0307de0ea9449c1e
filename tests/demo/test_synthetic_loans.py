"""The loans of synthetic firms are complete applications the engine decides by itself."""

from __future__ import annotations

from datetime import date

import pytest

from domain.applications import check_draft
from domain.documents import DocumentFacts
from persistence.seed.demo_staff import DEMO_STAFF
from runner.demo.firms import DemoCase, demo_cases
from runner.demo.roads import ROADS
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.borrowing import BORROWERS, borrowing_cases
from tests.domain.seeds import product as seeded_product

TODAY = date(2026, 9, 19)
CASES = borrowing_cases(synthetic_firms(220, date(2026, 11, 28)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_application_has_no_gap(case: DemoCase) -> None:
    product = seeded_product(case.product)
    papers = [
        DocumentFacts(kind, f"{kind}.pdf", "application/pdf", 1000, 1, "0" * 64)
        for kind in product.required_documents
    ]
    statements = case.firm.statements(TODAY)
    assert check_draft(case.fields, statements, papers, product, TODAY).findings == ()


def test_each_borrower_is_another_and_no_other_cases_firm() -> None:
    assert len(CASES) == BORROWERS == len({case.firm.number for case in CASES})
    assert not {case.firm.number for case in CASES} & {c.firm.number for c in demo_cases()}
    assert len({case.id for case in (*CASES, *demo_cases())}) == len(CASES) + len(demo_cases())


def test_they_are_decided_by_the_engine_and_some_accounts_refuse() -> None:
    limit = seeded_product("TAX_MICRO").auto_approve_max
    assert all(float(case.fields["amount"]) <= float(limit or 0) for case in CASES)
    assert sum(case.account == "refuses" for case in CASES) == 4
    assert {case.road for case in CASES} <= set(ROADS)
    assert {case.officer for case in CASES} <= {one.username for one in DEMO_STAFF}
