"""Day end on the engine: missed days are closed in order, a run again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from tests.persistence.note_book import START, opened
from tests.workflows.world import QUEUE, World
from workflows.day_end import DayEndWorkflow


async def closed_days(world: World) -> list[str]:
    async with world.book.database.reading() as session:
        found = await session.execute(text("SELECT business_on FROM closed_period ORDER BY 1"))
        return [str(day) for day in found.scalars()]


async def test_missed_days_are_closed_in_order_and_a_day_is_run_again(world: World) -> None:
    await opened(world.book.database)
    run = await world.client.execute_workflow(
        DayEndWorkflow.run, args=[None], id="day-end-1", task_queue=QUEUE
    )
    today = datetime.now(UTC).date()
    assert run == min((today - START).days, 40)
    days = await closed_days(world)
    assert days[0] == START.isoformat()
    assert len(days) == run
    assert await world.client.execute_workflow(
        DayEndWorkflow.run, args=[START], id="day-end-2", task_queue=QUEUE
    )
    assert await closed_days(world) == days
