"""Limits under four eyes: within what was derived, or as an exception by two; old loans count."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from domain.customers import ProposalKind
from domain.limits.tree import Load
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.engine import Database
from persistence.tables import LimitNode
from tests.persistence.limit_book import ASK, LimitBook, open_limit_book

D = Decimal
KIND = ProposalKind.LIMIT


@pytest_asyncio.fixture
async def limits(database: Database) -> AsyncIterator[LimitBook]:
    book = await open_limit_book(database)
    yield book
    assert await book.breaks() == set()


def derived(limits: LimitBook, amount: str, **ask: Any) -> dict[str, Any]:
    asked = {**ASK, **ask}
    return {**limits.content("customer", amount), "ask": asked, "product": "WC_ONE_OFF"}


async def test_a_limit_within_its_derivation_needs_one_other_person(limits: LimitBook) -> None:
    await limits.loan()
    await limits.rated("AA")
    proposal = await limits.proposed(derived(limits, "9000000.00"), kind=KIND)
    await limits.approved_once(proposal)
    node = await limits.node(proposal)
    assert (node.amount, node.derived_amount, node.exception) == (
        D("9000000.00"),
        D("9000000.00"),
        False,
    )
    assert node.proposal_id == proposal


async def test_a_limit_above_its_derivation_is_an_exception_for_two(limits: LimitBook) -> None:
    await limits.loan()
    await limits.rated("AA")
    content = derived(limits, "9000000.01")
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.proposed(content, kind=KIND)
    assert refused.value.code == "limit.above_derivation"
    assert refused.value.params["derived_amount"] == "9000000.00"
    proposal = await limits.proposed(content)
    await limits.approved_once(proposal)
    with pytest.raises(Exception, match="No row was found"):
        await limits.node(proposal)
    await limits.approved(proposal, voices=("approver",))
    node = await limits.node(proposal)
    assert (node.exception, node.derived_amount) == (True, D("9000000.00"))


async def test_what_was_derived_is_derived_again_when_it_is_approved(limits: LimitBook) -> None:
    await limits.loan()
    await limits.rated("AA")
    proposal = await limits.proposed(derived(limits, "9000000.00"), kind=KIND)
    await limits.rated("BBB")
    with pytest.raises(LoanRuleViolation, match=r"limit\.above_derivation"):
        await limits.approved_once(proposal)


@pytest.mark.parametrize("grade", [None, "B"])
async def test_without_a_grade_that_is_lent_to_there_is_no_limit(
    limits: LimitBook, grade: str | None
) -> None:
    await limits.loan()
    if grade is not None:
        await limits.rated(grade)
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.proposed(derived(limits, "1.00"), kind=KIND)
    assert refused.value.code in ("limit.not_derived", "limit.above_derivation")


async def test_what_cannot_be_derived_is_no_ordinary_limit(limits: LimitBook) -> None:
    await limits.rated("AAA")
    with pytest.raises(LoanRuleViolation, match=r"limit\.not_derived"):
        await limits.proposed(derived(limits, "1.00"), kind=KIND)
    await limits.loan()
    without_ask = limits.content("customer", "1.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.not_derived"):
        await limits.proposed(without_ask, kind=KIND)


async def test_a_cut_needs_no_derivation_and_a_rise_does(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    cut = {"act": "change", "node": str(customer), "amount": "4000000.00"}
    await limits.approved_once(await limits.proposed(cut, kind=KIND))
    assert (await limits.node(customer)).amount == D("4000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.not_derived"):
        await limits.proposed({**cut, "amount": "4000000.01"}, kind=KIND)


async def test_a_limit_is_not_renewed_without_deriving_it_again(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    later = {
        "act": "change",
        "node": str(customer),
        "valid_to_on": (limits.today + timedelta(days=700)).isoformat(),
    }
    with pytest.raises(LoanRuleViolation, match=r"limit\.not_derived"):
        await limits.proposed(later, kind=KIND)
    await limits.loan()
    await limits.rated("AA")
    renewed = {**later, "ask": ASK, "product": "WC_ONE_OFF"}
    await limits.approved_once(await limits.proposed(renewed, kind=KIND))
    node = await limits.node(customer)
    assert (node.valid_to_on, node.derived_amount) == (
        limits.today + timedelta(days=700),
        D("9000000.00"),
    )
    sooner = {**later, "valid_to_on": (limits.today + timedelta(days=30)).isoformat()}
    await limits.approved_once(await limits.proposed(sooner, kind=KIND))


async def test_a_cut_below_what_is_used_stops_new_money_and_says_why(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    loan = await limits.asked("4000000.00")
    await limits.paid(loan)
    await limits.act("change", customer, amount="3000000.00")
    assert (await limits.node(customer)).excess_reason == "set_below_use"
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")
    await limits.owed(loan, "1000000.00")
    await limits.act("change", customer, amount="3500000.00")
    assert (await limits.node(customer)).excess_reason is None


async def test_a_new_limit_counts_what_was_lent_before_it(limits: LimitBook) -> None:
    loan = await limits.asked("4000000.00")
    await limits.paid(loan)
    imported = await limits.loan(outstanding="500000.00")
    customer = await limits.set_limit("customer", "5000000.00")
    assert (await limits.load(customer)).outstanding == D("4500000.00")
    assert (await limits.use(imported, 0)).outstanding == D("500000.00")
    await limits.asked("500000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.short"):
        await limits.asked("0.01")


async def test_a_new_limit_below_what_is_owed_takes_it_over(limits: LimitBook) -> None:
    loan = await limits.asked("4000000.00")
    await limits.paid(loan)
    customer = await limits.set_limit("customer", "1000000.00")
    assert (await limits.node(customer)).excess_reason == "taken_over"


async def test_a_groups_cap_binds_its_members_together(limits: LimitBook) -> None:
    sister = await limits.customer("sister")
    group = await limits.set_limit("group", "6000000.00", group="集团")
    for customer in (None, sister):
        await limits.set_limit("customer", "5000000.00", customer, parent=str(group))
    await limits.asked("4000000.00")
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.asked("2000000.01", sister)
    assert refused.value.params["limit_level"] == "group"
    await limits.asked("2000000.00", sister)


async def test_a_portfolio_limit_blocks_at_its_breach_whoever_asks(limits: LimitBook) -> None:
    steel = await limits.customer("steel", "C")
    mill = await limits.customer("mill", "C")
    farm = await limits.customer("farm", "A")
    old = await limits.asked("1000000.00", mill)
    await limits.paid(old)
    portfolio = await limits.set_limit("portfolio", "3000000.00", steel, industry="C")
    assert await limits.load(portfolio) == Load(D("1000000.00"), D("1000000.00"))
    await limits.asked("2000000.00", steel)
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.asked("0.01", mill)
    assert refused.value.params["limit_level"] == "portfolio"
    await limits.asked("9000000.00", farm)
    customer = await limits.set_limit("customer", "5000000.00", mill)
    assert (await limits.use(old)).path == [portfolio, customer]


async def test_a_limit_in_use_is_not_closed(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    facility = await limits.set_limit("facility", "5000000.00", parent=str(customer))
    loan = await limits.asked("4000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.in_use"):
        await limits.act("close", customer)
    await limits.given_back(loan)
    await limits.act("close", customer)
    assert (await limits.node(facility)).state == "closed"


async def test_a_second_limit_of_the_same_place_is_refused(limits: LimitBook) -> None:
    await limits.set_limit("customer", "5000000.00")
    with pytest.raises(LoanRuleViolation, match=r"limit\.known"):
        await limits.proposed(limits.content("customer", "1.00"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0"}, "proposal.content"),
        ({"amount": "-1"}, "proposal.content"),
        ({"amount": 5}, "proposal.content"),
        ({"amount": "NaN"}, "proposal.content"),
        ({"amount": "1.005"}, "amount.scale"),
        ({"level": "planet"}, "proposal.content"),
        ({"level": "facility"}, "proposal.content"),
        ({"level": "group"}, "proposal.content"),
        ({"level": "portfolio"}, "proposal.content"),
        ({"currency": "XXX"}, "proposal.content"),
        ({"revolving": "yes"}, "proposal.content"),
        ({"valid_to_on": "2020-01-01"}, "limit.dates"),
        ({"valid_from_on": "2026-02-30"}, "proposal.content"),
        ({"parent": "x"}, "proposal.content"),
        ({"parent": "00000000-0000-0000-0000-000000000001"}, "limit.parent_unknown"),
        ({"act": "burn"}, "proposal.content"),
        ({"surprise": 1}, "proposal.content"),
        ({"ask": {"amount": "1"}}, "proposal.content"),
        ({"ask": {"amount": "1", "tenor_months": 12, "growth": "-3"}}, "proposal.content"),
        ({"ask": {"amount": "1", "tenor_months": 12, "collateral": 3}}, "proposal.content"),
    ],
)
async def test_a_malformed_proposal_is_refused_by_name(
    limits: LimitBook, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        await limits.proposed({**limits.content("customer", "1000.00"), **changes})
    assert refused.value.code == code
    assert await limits.book.all_of(LimitNode) == []


async def test_another_customers_limit_is_not_to_be_changed_here(limits: LimitBook) -> None:
    sister = await limits.customer("sister")
    theirs = await limits.set_limit("customer", "5000000.00", sister)
    with pytest.raises(LoanRuleViolation, match=r"limit\.unknown"):
        await limits.proposed({"act": "freeze", "node": str(theirs)})
    content = {**limits.content("facility", "1.00"), "parent": str(theirs)}
    with pytest.raises(LoanRuleViolation, match=r"limit\.parent_unknown"):
        await limits.proposed(content)


async def test_a_part_is_never_larger_than_the_limit_it_hangs_on(limits: LimitBook) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    content = {**limits.content("facility", "5000000.01"), "parent": str(customer)}
    with pytest.raises(LoanRuleViolation, match=r"limit\.above_parent"):
        await limits.proposed(content)


async def test_who_may_not_set_limits_does_not_propose_one(limits: LimitBook) -> None:
    limits.book.people["manager"] = limits.book.people["ops1"]
    with pytest.raises(DutyViolation):
        await limits.proposed(limits.content("customer", "1.00"))
