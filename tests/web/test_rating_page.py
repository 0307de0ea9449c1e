"""The rating page: the grade with its grounds, what is missing, rating anew, an override."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.customers import ProposalKind, ProposeForCustomer
from domain.people import Role
from domain.ratings.detail import Cap, Lift, Opinion, RatedPart, RatingDetail, document_of
from persistence.engine import Database
from persistence.tables import Customer, CustomerRating, CustomerWork
from tests.web.case_world import CaseWorld, open_case_world

DETAIL = RatingDetail(
    opinions=(Opinion("altman_z_double_prime", Decimal("4.012"), "safe"),),
    caps=(Cap("best_needs_leverage", "AA"),),
    parts=(
        RatedPart("net_margin", Decimal("0.031"), None, 3, Decimal(20), Decimal(14)),
        RatedPart("inventory_to_assets", None, "not_stated", None, Decimal(5), Decimal(9)),
    ),
    lifts=(Lift("net_margin", Decimal("0.031"), Decimal("0.05"), "AAA"),),
)
UNRATED = RatingDetail(missing=(("total_assets", "scoring.no_statement"),))


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        await opened.hire("audit", Role.AUDITOR)
        await opened.hire("admin", Role.ADMINISTRATOR)
        yield opened


async def opened(world: CaseWorld) -> UUID:
    staff = await world.hire("opener", Role.CUSTOMER_MANAGER)
    customer = Customer(
        id=uuid.uuid4(),
        scheme="cn_uscc",
        registration_number="91350100M000100Y43",
        name="江州精密有限公司",
        name_key="江州精密有限公司",
        opened_by=staff,
        opened_at=datetime.now(UTC),
    )
    async with world.services.database.transaction() as session:
        session.add(customer)
    return customer.id


async def rated(world: CaseWorld, customer: UUID, grade: str | None, detail: RatingDetail) -> UUID:
    row = CustomerRating(
        id=uuid.uuid4(),
        customer_id=customer,
        cause="statements:x",
        rated_at=datetime.now(UTC),
        rated_on=date(2026, 3, 2),
        valid_to_on=date(2027, 3, 2),
        method="method/1",
        model="card/1",
        statement_year=2025,
        score=Decimal("612.25") if grade else None,
        pd=Decimal("0.0012") if grade else None,
        model_grade=grade,
        grade=grade,
        detail=document_of(detail),
        challenger={"grade": "A", "pd": "0.002"} if grade else {},
    )
    async with world.services.database.transaction() as session:
        session.add(row)
    return row.id


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ("Altman Z&#39;&#39; (1995)", "at best AA", "Net profit / revenue", "not stated")),
        ("zh-CN", ("阿特曼 Z", "最高为 AA", "净利润÷营业收入", "未列示", "挑战者模型")),
    ],
)
async def test_a_rating_stands_with_its_grounds(
    world: CaseWorld, language: str, wanted: tuple[str, ...]
) -> None:
    customer = await opened(world)
    await rated(world, customer, "AA", DETAIL)
    page = (await world.read("wang", f"/customers/{customer}/rating", language)).text
    for text in (*wanted, "612.25", "0.12%", "2025", "AAA"):
        assert text in page, text


async def test_a_firm_that_cannot_be_rated_gets_no_neutral_grade(world: CaseWorld) -> None:
    customer = await opened(world)
    await rated(world, customer, None, UNRATED)
    page = (await world.read("wang", f"/customers/{customer}/rating", "en")).text
    assert "No grade" in page
    assert "/rating/override" not in page


async def test_rating_anew_goes_on_the_agenda_and_the_process_is_told(world: CaseWorld) -> None:
    customer = await opened(world)
    assert "Not rated yet" in (await world.read("wang", f"/customers/{customer}/rating", "en")).text
    answer = await world.send("wang", f"/customers/{customer}/rating")
    assert answer.status_code == 303
    assert world.process.looked_at == [customer]
    async with world.services.database.reading() as session:
        [row] = (await session.execute(select(CustomerWork))).scalars()
    assert (row.kind, row.customer_id) == ("rate", customer)
    assert (
        "A rating is being made"
        in (await world.read("wang", f"/customers/{customer}/rating", "en")).text
    )


async def test_an_override_is_proposed_from_the_page(world: CaseWorld) -> None:
    customer = await opened(world)
    rating = await rated(world, customer, "A", DETAIL)
    path = f"/customers/{customer}/rating/override"
    refused = await world.send("wang", path, rating=str(rating), grade="AAA", reason="好")
    assert refused.status_code == 422, "two steps up are not offered"
    done = await world.send("wang", path, rating=str(rating), grade="AA", reason="长期订单")
    assert done.status_code == 303
    [command] = world.process.asked
    assert isinstance(command, ProposeForCustomer)
    assert command.kind is ProposalKind.RATING_OVERRIDE
    assert command.content == {"grade": "AA", "rating": str(rating)}


async def test_only_readers_read_and_only_proposers_propose(world: CaseWorld) -> None:
    customer = await opened(world)
    assert (await world.read("admin", f"/customers/{customer}/rating")).status_code == 403
    page = await world.read("audit", f"/customers/{customer}/rating", "en")
    assert "Rate anew" not in page.text
    assert (await world.send("audit", f"/customers/{customer}/rating")).status_code == 403
