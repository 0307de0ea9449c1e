"""What drawdowns use of limits: reserved, consumed, repaid, given back, and never past any node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.limits.tree import Load
from domain.violations import LoanRuleViolation
from persistence.engine import Database
from persistence.tables import AuditEvent
from tests.persistence.limit_book import LimitBook, open_limit_book

D = Decimal


@pytest_asyncio.fixture
async def limits(database: Database) -> AsyncIterator[LimitBook]:
    book = await open_limit_book(database)
    yield book
    assert await book.breaks() == set(), "whatever a test did, the books hold"


async def test_without_any_limit_there_is_nothing_to_reserve(limits: LimitBook) -> None:
    await limits.asked("5000000.00")
    assert await limits.uses() == []


async def test_a_drawdown_is_reserved_on_every_node_of_its_path(limits: LimitBook) -> None:
    group = await limits.set_limit("group", "20000000.00", group="华能集团")
    customer = await limits.set_limit("customer", "10000000.00", parent=str(group))
    facility = await limits.set_limit("facility", "8000000.00", parent=str(customer))
    product = await limits.set_limit(
        "product", "6000000.00", parent=str(facility), product_code="WC_ONE_OFF"
    )
    loan = await limits.asked("5000000.00")
    assert (await limits.use(loan)).path == [group, customer, facility, product]
    for node in (group, customer, facility, product):
        assert await limits.load(node) == Load(in_flight=D("5000000.00"))


@pytest.mark.parametrize("short", ["group", "customer", "facility"])
async def test_the_node_that_is_short_refuses_by_name_and_amount(
    limits: LimitBook, short: str
) -> None:
    amounts = {"group": "9000000.00", "customer": "9000000.00", "facility": "9000000.00"}
    group = await limits.set_limit("group", amounts["group"], group="集团")
    customer = await limits.set_limit("customer", amounts["customer"], parent=str(group))
    facility = await limits.set_limit("facility", amounts["facility"], parent=str(customer))
    nodes = {"group": group, "customer": customer, "facility": facility}
    await limits.act("change", nodes[short], amount="3000000.00")
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.asked("3000000.01")
    assert refused.value.code == "limit.short"
    assert refused.value.params["limit_level"] == short
    assert refused.value.params["short_amount"] == "0.01"
    assert await limits.uses() == []


async def test_the_limit_less_one_cent_is_the_last_that_fits(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    await limits.asked("4999999.99")
    await limits.asked("0.01")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")
    assert (await limits.load(customer)).in_flight == D("5000000.00")


async def test_what_is_paid_is_consumed_and_what_is_repaid_is_free_where_it_revolves(
    limits: LimitBook,
) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("5000000.00")
    await limits.paid(loan)
    assert await limits.load(customer) == Load(D("5000000.00"), D("5000000.00"))
    await limits.owed(loan, "3000000.00")
    assert await limits.load(customer) == Load(D("5000000.00"), D("3000000.00"))
    await limits.asked("2000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")


async def test_a_limit_that_does_not_revolve_is_used_once(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00", revolving=False)
    loan = await limits.asked("4000000.00")
    await limits.paid(loan)
    await limits.owed(loan, "0.00")
    await limits.asked("1000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")


async def test_a_rejected_payout_gives_its_share_back(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("5000000.00")
    await limits.given_back(loan)
    use = await limits.use(loan)
    assert (use.state, use.release_reason) == ("released", "payout_rejected")
    assert await limits.load(customer) == Load()
    await limits.asked("5000000.00")


async def test_reserving_twice_takes_once(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("3000000.00")
    await limits.reserved(loan)
    assert (await limits.load(customer)).in_flight == D("3000000.00")


async def test_repayment_counts_against_the_oldest_drawdown_first(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("2000000.00")
    await limits.paid(loan)
    await limits.drawdown(loan, "1000000.00", 2)
    await limits.reserved(loan, 2)
    await limits.paid(loan, 2)
    await limits.owed(loan, "1500000.00")
    assert (await limits.use(loan, 1)).outstanding == D("500000.00")
    assert (await limits.use(loan, 2)).outstanding == D("1000000.00")
    assert (await limits.use(loan, 1)).raised_at is None


async def test_a_reversed_receipt_may_pass_a_limit_and_says_so(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("5000000.00")
    await limits.paid(loan)
    await limits.owed(loan, "1000000.00")
    other = await limits.asked("4000000.00")
    await limits.paid(other)
    await limits.owed(loan, "2500000.00")
    assert (await limits.use(loan)).raised_at is not None
    assert (await limits.load(customer)).outstanding == D("6500000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")


async def test_a_product_without_a_place_in_the_tree_is_not_lent(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    await limits.set_limit("product", "4000000.00", parent=str(customer), product_code="WC_ONE_OFF")
    await limits.asked("1000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.no_product"):
        await limits.asked("1000000.00", product="FIXED_ASSET")
    await limits.set_limit("facility", "2000000.00", parent=str(customer))
    await limits.asked("2000000.00", product="FIXED_ASSET")


async def test_of_two_facilities_the_one_with_room_is_taken(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    for name, amount in (("first", "1000000.00"), ("second", "4000000.00")):
        await limits.set_limit("facility", amount, parent=str(customer), name=name)
    await limits.asked("3000000.00")
    await limits.asked("1000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("1000001.00")


async def test_another_currency_is_refused_by_name(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00")
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.asked("1000.00", currency="USD")
    assert refused.value.code == "limit.currency"


async def test_a_frozen_part_and_a_frozen_limit_give_nothing(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    await limits.act("change", customer, frozen_amount="2000000.00")
    await limits.asked("3000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")
    await limits.act("change", customer, frozen_amount="0.00")
    await limits.act("freeze", customer)
    with pytest.raises(LoanRuleViolation, match=r"limit\.frozen"):
        await limits.asked("0.01")
    await limits.act("unfreeze", customer)
    await limits.asked("2000000.00")


async def test_a_limit_that_has_expired_gives_nothing(limits: LimitBook) -> None:
    await limits.set_limit(
        "customer",
        "5000000.00",
        valid_from_on=(limits.today - timedelta(days=400)).isoformat(),
        valid_to_on=(limits.today - timedelta(days=1)).isoformat(),
    )
    with pytest.raises(LoanRuleViolation, match=r"limit\.expired"):
        await limits.asked("1.00")


async def test_a_closed_limit_still_binds_its_customer(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    await limits.act("close", customer)
    with pytest.raises(LoanRuleViolation, match=r"limit\.closed"):
        await limits.asked("1.00")
    await limits.set_limit("customer", "1000000.00", name="renewed")
    await limits.asked("1000000.00")


async def test_every_change_of_a_use_is_in_the_audit_chain(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("5000000.00")
    await limits.paid(loan)
    await limits.owed(loan, "1.00")
    rows = await limits.book.all_of(AuditEvent, loan)
    assert [row.action for row in rows] == ["limit.reserved", "limit.consumed", "limit.repaid"]
    assert rows[2].data["amount"] == "4999999.00"


async def test_the_database_itself_refuses_to_turn_a_use_back(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("5000000.00")
    await limits.paid(loan)
    for statement in (
        "UPDATE limit_use SET state = 'released'",
        "UPDATE limit_use SET amount = 1",
        "DELETE FROM limit_use",
        "DELETE FROM limit_node",
        "UPDATE limit_node SET depth = 0",
    ):
        with pytest.raises(DBAPIError):
            async with limits.database.transaction() as session:
                await session.execute(text(statement))
