"""GET and POST of a customer's rating."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from domain.people import Role
from persistence.tables import CustomerWork
from tests.doorway.world import World
from tests.web.verifications import put_customer

KEY = {"Idempotency-Key": "rating-0001"}


async def customer_of(world: World) -> tuple[dict[str, str], UUID]:
    staff = await world.hire("wang", Role.CUSTOMER_MANAGER)
    headers = await world.bearer("wang")
    return headers, await put_customer(world.services.database, staff)


async def test_a_rating_is_asked_for_once_and_its_process_is_told(world: World) -> None:
    headers, customer = await customer_of(world)
    path = f"/api/v1/customers/{customer}/rating"
    assert (await world.client.get(path, headers=headers)).json() == {
        "in_force": None,
        "ratings": [],
    }
    for _ in range(2):
        asked = await world.client.post(path, headers={**headers, **KEY})
        assert (asked.status_code, asked.json()) == (202, {"asked": True})
    async with world.services.database.reading() as session:
        [work] = (await session.execute(select(CustomerWork))).scalars()
    assert (work.customer_id, work.kind) == (customer, "rate")
    assert world.process.looked_at == [customer, customer]


async def test_who_may_not_and_what_is_not_there(world: World) -> None:
    headers, customer = await customer_of(world)
    path = f"/api/v1/customers/{customer}/rating"
    assert (await world.client.post(path, headers=headers)).status_code == 400
    missing = f"/api/v1/customers/{uuid4()}/rating"
    assert (await world.client.get(missing, headers=headers)).status_code == 404
    assert (await world.client.post(missing, headers={**headers, **KEY})).status_code == 404
    await world.hire("chen", Role.AUDITOR)
    auditor = await world.bearer("chen")
    assert (await world.client.get(path, headers=auditor)).status_code == 200
    assert (await world.client.post(path, headers={**auditor, **KEY})).status_code == 403
