"""A loan from application to payoff, with nobody pushing it, at a day a second."""

from __future__ import annotations

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
