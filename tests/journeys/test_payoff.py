"""A loan from application to payoff, with nobody pushing it, at a day a second."""

from __future__ import annotations

from decimal import Decimal

from tests.journeys.desk import Desk
from tests.journeys.product import Product
from tests.journeys.road import payments, release, to_release

DAY_SECONDS = 1


def test_a_loan_comes_due_by_itself_and_is_settled(product: Product) -> None:
    officer = Desk(product.base, "wanglei")
    loan_id = to_release(product, officer, amount="600000.00")

    release(product, officer, loan_id)
    case = officer.until(loan_id, lambda case: case["status"] != "active", seconds=150)

    assert case["status"] == "settled"
    assert [one["amount"] for one in payments(product, loan_id)] == ["600000.00"]
    balances = product.ledger_sum(loan_id)
    assert sum(balances.values()) == 0
    assert balances["loans"] == 0
    _its_account_tells_the_same(officer, loan_id)


def _its_account_tells_the_same(officer: Desk, loan_id: str) -> None:
    account = officer.get(f"/loans/{loan_id}/account")
    assert "settled" in account["marks"]
    assert Decimal(account["outstanding"]) == Decimal(account["accrued_interest"]) == 0
    asked = sum(Decimal(row["interest"]) for row in account["rows"])
    assert sum(Decimal(each["interest"]) for each in account["statement"]) == asked
    for journal in account["journals"]:
        debits = sum(Decimal(line["debit"] or 0) for line in journal["lines"])
        assert debits == sum(Decimal(line["credit"] or 0) for line in journal["lines"])
