"""Dossiers are opened once; drafts are kept as typed, by their officer, until submitted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from domain.identifiers import RegistrationScheme, parse_registration_number
from domain.people import Actor, Role
from domain.violations import FindingsViolation, LoanRuleViolation
from persistence import drafts
from persistence.customers import open_customer
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.rules import product_rules
from persistence.tables import CalendarVersion, Customer, Draft, ProductVersion
from tests.doorway.world import USCC, World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = parse_registration_number(RegistrationScheme.CN_USCC, USCC)


async def _officer(world: World, username: str = "wang") -> Actor:
    staff_id = await world.hire(username, Role.CUSTOMER_MANAGER)
    return Actor(str(staff_id), (Role.CUSTOMER_MANAGER,))


async def _draft(world: World, officer: Actor, product: str = "WC_ONE_OFF") -> UUID:
    async with world.services.database.transaction() as session:
        customer_id, _ = await open_customer(session, NUMBER, "测试公司", officer, NOW)
        return await drafts.create_draft(session, customer_id, officer, product, NOW)


async def _save(
    world: World,
    draft_id: UUID,
    officer: Actor,
    fields: dict[str, str],
    statements: dict[str, dict[str, str]] | None = None,
) -> int:
    async with world.services.database.transaction() as session:
        return await drafts.save_fields(session, draft_id, officer, fields, statements or {}, NOW)


async def _view(world: World, draft_id: UUID, actor: Actor) -> drafts.DraftView | None:
    async with world.services.database.reading() as session:
        return await drafts.read_draft(session, draft_id, actor)


async def test_ten_officers_at_once_open_one_dossier(world: World) -> None:
    officer = await _officer(world)

    async def opening() -> tuple[UUID, bool]:
        async with world.services.database.transaction() as session:
            return await open_customer(session, NUMBER, "测试公司", officer, NOW)

    opened = await asyncio.gather(*(opening() for _ in range(10)))
    assert len({customer_id for customer_id, _ in opened}) == 1
    assert [created for _, created in opened].count(True) == 1


async def test_a_name_whose_compatibility_form_is_long_still_fits(world: World) -> None:
    officer = await _officer(world)
    async with world.services.database.transaction() as session:
        await open_customer(session, NUMBER, "\ufdfa" * 120, officer, NOW)
    async with world.services.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Customer))).scalar() == 1


async def test_entries_are_kept_as_typed_and_the_others_stay(world: World) -> None:
    officer = await _officer(world)
    draft_id = await _draft(world, officer)
    assert await _save(world, draft_id, officer, {"amount": " 1,5 Mio "}) == 2
    lines = {"2025": {"revenue": "12"}}
    assert await _save(world, draft_id, officer, {"purpose": "买原料\n两批"}, lines) == 3
    more = {"2025": {"ebit": "3"}, "2024": {"revenue": ""}}
    await _save(world, draft_id, officer, {"amount": ""}, more)
    view = await _view(world, draft_id, officer)
    assert view is not None
    assert view.fields == {
        "product_code": "WC_ONE_OFF",
        "currency": "CNY",
        "amount": "",
        "purpose": "买原料\n两批",
    }
    assert view.statements == {"2025": {"revenue": "12", "ebit": "3"}, "2024": {"revenue": ""}}


@pytest.mark.parametrize(
    ("fields", "statements", "field", "code"),
    [
        ({"no_such": "x"}, {}, "fields", "field.unknown"),
        ({"handler_name": "a\0b"}, {}, "handler_name", "text.control"),
        ({"payee_name": "a\u202eb"}, {}, "payee_name", "text.bidi"),
        ({"handler_name": "x" * 201}, {}, "handler_name", "text.too_long"),
        ({"purpose": "x" * 2001}, {}, "purpose", "text.too_long"),
        ({"product_code": "NOT_SOLD"}, {}, "product_code", "product.not_offered"),
        ({}, {"2025": {"no_such": "1"}}, "statements", "field.unknown"),
        ({}, {"20x5": {"revenue": "1"}}, "statements", "field.unknown"),
        ({}, {"2025": {"revenue": "\u2066"}}, "statements.2025.revenue", "text.bidi"),
        ({}, {str(year): {} for year in range(2000, 2013)}, "statements", "field.unknown"),
    ],
)
async def test_what_cannot_be_kept_is_refused_whole(
    world: World,
    fields: dict[str, str],
    statements: dict[str, dict[str, str]],
    field: str,
    code: str,
) -> None:
    officer = await _officer(world)
    draft_id = await _draft(world, officer)
    with pytest.raises(FindingsViolation) as caught:
        await _save(world, draft_id, officer, {"amount": "1", **fields}, statements)
    assert [(found.field, found.code) for found in caught.value.findings] == [(field, code)]
    view = await _view(world, draft_id, officer)
    assert view is not None
    assert "amount" not in view.fields


async def test_anothers_draft_is_unknown_and_a_submitted_one_read_only(world: World) -> None:
    officer, other = await _officer(world), await _officer(world, "zhou")
    auditor = Actor(other.staff_id, (Role.AUDITOR,))
    draft_id = await _draft(world, officer)
    assert await _view(world, draft_id, other) is None
    assert await _view(world, draft_id, auditor) is None
    with pytest.raises(LoanRuleViolation, match=r"draft\.unknown"):
        await _save(world, draft_id, other, {"amount": "1"})
    async with world.services.database.transaction() as session:
        await session.execute(update(Draft).values(submitted_at=NOW))
    with pytest.raises(LoanRuleViolation, match=r"draft\.submitted"):
        await _save(world, draft_id, officer, {"amount": "1"})
    assert await _view(world, draft_id, auditor) is not None
    assert await _view(world, draft_id, other) is None


async def test_a_product_given_up_for_another_brings_its_rules(world: World) -> None:
    officer = await _officer(world)
    draft_id = await _draft(world, officer)
    await _save(world, draft_id, officer, {"product_code": "US_SBA"})
    async with world.services.database.reading() as session:
        judged = await drafts.check(session, draft_id, NOW.date())
    fields = {finding.field for finding in judged.findings}
    assert "guaranteed_amount" in fields
    assert "signatory_email" not in fields


async def test_a_product_that_is_not_sold_opens_no_draft(world: World) -> None:
    officer = await _officer(world)
    with pytest.raises(LoanRuleViolation, match=r"product\.not_offered"):
        await _draft(world, officer, "NOT_SOLD")


async def test_reference_data_is_loaded_once(database: Database) -> None:
    async with database.transaction() as session:
        before = [await _count(session, table) for table in (ProductVersion, CalendarVersion)]
        await seed_reference_data(session)
        assert [
            await _count(session, table) for table in (ProductVersion, CalendarVersion)
        ] == before
        assert (await product_rules(session, "WC_ONE_OFF", 1)).name_zh == "流动资金贷款"
        with pytest.raises(LoanRuleViolation):
            await product_rules(session, "WC_ONE_OFF", 99)


async def _count(session: object, table: type[object]) -> int:
    counted = await session.execute(select(func.count()).select_from(table))  # type: ignore[attr-defined]
    return int(counted.scalar_one())
