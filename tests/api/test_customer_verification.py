"""GET and POST of a customer's verification."""

from __future__ import annotations

from uuid import UUID, uuid4

from domain.people import Role
from tests.doorway.world import World
from tests.web.verifications import put_customer, put_verification

KEY = {"Idempotency-Key": "verify-0001"}


async def customer_of(world: World) -> tuple[dict[str, str], UUID]:
    staff = await world.hire("wang", Role.CUSTOMER_MANAGER)
    headers = await world.bearer("wang")
    return headers, await put_customer(world.services.database, staff)


async def test_a_verification_is_started_once_and_read(world: World) -> None:
    headers, customer = await customer_of(world)
    path = f"/api/v1/customers/{customer}/verification"
    empty = (await world.client.get(path, headers=headers)).json()
    assert empty == {"shown": None, "lines": [], "under_way": False}
    for _ in range(2):
        started = await world.client.post(path, headers={**headers, **KEY})
        assert started.status_code == 202
        assert started.json()["under_way"] is True
    assert world.process.looked_at == [customer, customer]


async def test_a_verification_is_told_whole(world: World) -> None:
    headers, customer = await customer_of(world)
    verification = await put_verification(world.services.database, customer)
    path = f"/api/v1/customers/{customer}/verification"
    told = (await world.client.get(f"{path}?of={verification}", headers=headers)).json()["shown"]
    assert told["line"]["id"] == str(verification)
    assert told["line"]["summary"]["took_ms"] == 2345
    cells = {(cell["field"], cell["source"]): cell for cell in told["cells"]}
    assert cells["legal_representative", "registry"]["verdict"] == "mismatch"
    assert cells["open_cases", "courts"]["is_hit"] is True
    sources = {one["source"]: one for one in told["sources"]}
    assert sources["invoices"]["failure"] == "nonsense"
    assert sources["registry"]["latency_ms"] == 1234


async def test_who_may_not_and_what_is_not_there(world: World) -> None:
    headers, customer = await customer_of(world)
    path = f"/api/v1/customers/{customer}/verification"
    assert (await world.client.post(path, headers=headers)).status_code == 400
    for missing in (f"{path}?of={uuid4()}", f"/api/v1/customers/{uuid4()}/verification"):
        answer = await world.client.get(missing, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await world.client.get(f"{path}?of=x", headers=headers)).status_code == 422
    await world.hire("chen", Role.AUDITOR)
    auditor = await world.bearer("chen")
    assert (await world.client.get(path, headers=auditor)).status_code == 200
    assert (await world.client.post(path, headers={**auditor, **KEY})).status_code == 403
    world.process.available = False
    assert (await world.client.post(path, headers={**headers, **KEY})).status_code == 503
