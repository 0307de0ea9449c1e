"""Drawdowns that race for one limit: the late one is refused, and nobody waits in a circle."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio

from domain.violations import LoanRuleViolation
from persistence.engine import Database
from tests.persistence.limit_book import LimitBook, open_limit_book

D = Decimal


@pytest_asyncio.fixture
async def limits(database: Database) -> AsyncIterator[LimitBook]:
    book = await open_limit_book(database)
    yield book
    assert await book.breaks() == set()


async def waiting(limits: LimitBook, amount: str, customer_id: UUID | None = None) -> UUID:
    """A loan whose drawdown nobody has signed twice yet."""
    loan = await limits.loan(customer_id)
    await limits.drawdown(loan, amount)
    return loan


async def tried(limits: LimitBook, loan: UUID, database: Database) -> bool:
    try:
        await limits.reserved(loan, 1, database)
    except LoanRuleViolation as refused:
        if refused.code != "limit.short":
            raise
        return False
    return True


async def test_of_two_that_race_for_the_last_of_a_limit_one_wins(
    limits: LimitBook, postgres_url: str
) -> None:
    customer = await limits.set_limit("customer", "5000000.00")
    first, second = Database(postgres_url, pool_size=1), Database(postgres_url, pool_size=1)
    for _ in range(10):
        loans = [await waiting(limits, "5000000.00") for _ in range(2)]
        results = await asyncio.gather(
            tried(limits, loans[0], first), tried(limits, loans[1], second)
        )
        assert sorted(results) == [False, True]
        assert (await limits.load(customer)).in_flight == D("5000000.00")
        await limits.given_back(loans[results.index(True)])
    await first.close()
    await second.close()


def in_a_thread(
    limits: LimitBook, url: str, loans: list[UUID], won: list[UUID], failed: list[BaseException]
) -> threading.Thread:
    """A thread with a connection and an event loop of its own."""

    async def run() -> None:
        database = Database(url, pool_size=1)
        try:
            won.extend([loan for loan in loans if await tried(limits, loan, database)])
        finally:
            await database.close()

    def body() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - the test's end raises it
            failed.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    return thread


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_many_threads_on_a_random_tree_never_pass_any_node_and_never_wait_in_a_circle(
    limits: LimitBook, postgres_url: str, seed: int
) -> None:
    """8 threads, 64 drawdowns of two members of one group, each with two facilities."""
    dice = random.Random(seed)
    sister = await limits.customer("sister")
    group = await limits.set_limit("group", f"{dice.randint(20, 40)}00000.00", group="集团")
    nodes = {group: (await limits.node(group)).amount}
    for customer_id in (limits.book.customer_id, sister):
        most = min(nodes[group], D(dice.randint(10, 30) * 100_000))
        customer = await limits.set_limit("customer", f"{most:.2f}", customer_id, parent=str(group))
        nodes[customer] = most
        for name in ("one", "two"):
            part = min(most, D(dice.randint(3, 20) * 100_000))
            made = await limits.set_limit(
                "facility", f"{part:.2f}", customer_id, parent=str(customer), name=name
            )
            nodes[made] = part
    loans = []
    amounts = {}
    for _ in range(64):
        amount = D(dice.randint(1, 50_000_000)) / 100
        loan = await waiting(limits, f"{amount:.2f}", dice.choice((None, sister)))
        loans.append(loan)
        amounts[loan] = amount
    won: list[UUID] = []
    failed: list[BaseException] = []
    threads = [in_a_thread(limits, postgres_url, loans[n::8], won, failed) for n in range(8)]
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert failed == []
    assert 0 < len(won) < len(loans), "some fit and some did not"
    for node, most in nodes.items():
        assert (await limits.load(node)).in_flight <= most
    assert (await limits.load(group)).in_flight == sum((amounts[loan] for loan in won), D(0))


async def test_a_limit_set_while_drawdowns_reserve_counts_every_one_of_them(
    limits: LimitBook, postgres_url: str
) -> None:
    loans = [await waiting(limits, "1000000.00") for _ in range(12)]
    proposal = await limits.proposed(limits.content("customer", "6000000.00"))
    await limits.approved_once(proposal)
    database = Database(postgres_url, pool_size=8)

    async def signed_and_reserved(loan: UUID) -> bool:
        await limits.signed_twice(loan)
        return await tried(limits, loan, database)

    async def set_it() -> None:
        await asyncio.sleep(0.05)
        await limits.approved(proposal, voices=("approver",))

    results = await asyncio.gather(*(signed_and_reserved(loan) for loan in loans), set_it())
    await database.close()
    node = await limits.node(proposal)
    load = await limits.load(node.id)
    if node.excess_reason is None:
        assert load.in_flight <= node.amount
    reserved = {use.loan_id for use in await limits.uses() if use.state == "reserved"}
    assert load.in_flight == D("1000000.00") * len(reserved)
    won = {loan for loan, result in zip(loans, results[:-1], strict=True) if result}
    assert won >= reserved or node.excess_reason == "taken_over"
    assert won <= reserved, "whoever was let through is counted"
