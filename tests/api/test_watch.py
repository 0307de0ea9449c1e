"""Programs read the watch, note what is being done, and report events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from domain.people import Role
from persistence.alerts import raise_alert
from persistence.inbox import take_effect
from persistence.tables import Alert, CustomerEvent, CustomerWork, InboxEvent
from tests.doorway.world import USCC, World


async def firm(world: World) -> tuple[UUID, dict[str, str]]:
    headers = await world.manager()
    opened = await world.client.post(
        "/api/v1/customers",
        json={"registration_number": USCC, "name": "华能测试有限公司"},
        headers=headers,
    )
    return UUID(opened.json()["id"]), headers


async def alerted(world: World, customer: UUID) -> UUID:
    async with world.services.database.transaction() as session:
        return await raise_alert(session, customer, "lawsuit", datetime.now(UTC))


def event(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "kind": "owner_change",
        "source": "registry",
        "reference": "r-1",
        "happened_on": "2026-01-05",
        "before": {"owner": "张三"},
        "after": {"owner": "李四"},
    }
    return body | changes


async def test_the_board_and_a_customers_alerts(world: World) -> None:
    customer, headers = await firm(world)
    alert = await alerted(world, customer)
    board = (await world.client.get("/api/v1/alerts?colour=orange", headers=headers)).json()
    assert [one["id"] for one in board["possible"]] == [str(alert)]
    assert board["actual"] == []
    assert board["counts"]["orange"] == 1
    path = f"/api/v1/customers/{customer}/alerts"
    [told] = (await world.client.get(path, headers=headers)).json()["alerts"]
    assert (told["signal_id"], told["colour"], told["overdue"]) == ("lawsuit", "orange", False)
    done = await world.client.post(
        f"{path}/{alert}/action", json={"action": "已约谈"}, headers=headers
    )
    assert done.status_code == 204
    async with world.services.database.reading() as session:
        assert (await session.get_one(Alert, alert)).action == "已约谈"
    unknown = await world.client.post(
        f"{path}/{uuid4()}/action", json={"action": "x"}, headers=headers
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "alert.unknown")


async def test_signals_name_what_is_missing(world: World) -> None:
    customer, headers = await firm(world)
    for part in ("signals", "covenants", "measures"):
        answer = await world.client.get(f"/api/v1/customers/{customer}/{part}", headers=headers)
        assert answer.status_code == 200, part
        missing = await world.client.get(f"/api/v1/customers/{uuid4()}/{part}", headers=headers)
        assert missing.status_code == 404, part
    answer = await world.client.get(f"/api/v1/customers/{customer}/signals", headers=headers)
    by_id = {one["id"]: one for one in answer.json()["signals"]}
    assert by_id["one_large_buyer"]["result"] == "not_assessable"
    assert by_id["one_large_buyer"]["missing"] == ["largest_buyer_share"]
    assert by_id["overdue_1_to_7"]["result"] == "clear", "the bank's own books know"


async def test_an_event_is_recorded_once_and_wakes_the_customer(world: World) -> None:
    customer, headers = await firm(world)
    path = f"/api/v1/customers/{customer}/events"
    first = await world.client.post(path, json=event(), headers=headers)
    again = await world.client.post(path, json=event(), headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    assert world.process.looked_at[-2:] == [customer, customer]
    async with world.services.database.reading() as session:
        [row] = (await session.execute(select(CustomerEvent))).scalars()
        kinds = (await session.execute(select(col(CustomerWork.kind)))).scalars().all()
    assert (row.before, row.after) == ({"owner": "张三"}, {"owner": "李四"})
    assert {"verify", "rate", "watch"} <= set(kinds)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "moon_landing"}, 422),
        ({"happened_on": "2026-02-30"}, 422),
        ({"happened_on": "2099-01-01"}, 422),
        ({"after": {"owner": "a\u202eb"}}, 422),
        ({"after": {str(n): "x" for n in range(21)}}, 422),
        ({"reference": "has a space"}, 422),
        ({"surprise": 1}, 422),
    ],
)
async def test_a_malformed_event_is_refused_without_its_values(
    world: World, changes: dict[str, Any], status: int
) -> None:
    customer, headers = await firm(world)
    answer = await world.client.post(
        f"/api/v1/customers/{customer}/events", json=event(**changes), headers=headers
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "moon_landing" not in answer.text


async def test_who_may_not_watch_is_refused(world: World) -> None:
    customer, _ = await firm(world)
    await world.hire("admin", Role.ADMINISTRATOR)
    headers = await world.bearer("admin")
    assert (await world.client.get("/api/v1/alerts", headers=headers)).status_code == 403
    path = f"/api/v1/customers/{customer}/events"
    assert (await world.client.post(path, json=event(), headers=headers)).status_code == 403


async def test_a_registers_callback_becomes_the_customers_event(world: World) -> None:
    customer, _ = await firm(world)
    data = {
        "registration_scheme": "cn_uscc",
        "registration_number": USCC,
        "event": "legal_representative_change",
        "after": {"legal_representative": "李四"},
        "happened_on": "2026-01-05",
    }
    outcomes = [await delivered(world, "e-1", data)]
    outcomes.append(await delivered(world, "e-2", data | {"registration_number": "nobody"}))
    outcomes.append(await delivered(world, "e-3", data | {"event": "moon"}))
    assert outcomes == ["recorded", "no_customer_of_ours", "unreadable"]
    async with world.services.database.reading() as session:
        [row] = (await session.execute(select(CustomerEvent))).scalars()
    assert (row.customer_id, row.source, row.reference) == (customer, "registry", "e-1")


async def delivered(world: World, event_id: str, data: dict[str, Any]) -> str | None:
    """What the sweep does with an event that names no loan."""
    body = {"event_id": event_id, "kind": "customer.changed", "loan_id": None, "data": data}
    now = datetime.now(UTC)
    async with world.services.database.transaction() as session:
        row = InboxEvent(
            provider="registry",
            event_id=event_id,
            kind="customer.changed",
            raw=json.dumps(body).encode(),
            body=body,
            received_at=now,
        )
        session.add(row)
        await session.flush()
        fact = await take_effect(session, row.id or 0, now)
    return fact.outcome if fact else None
