"""What every start sees to before anything runs on the book: reference data, the asked pace."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.client import Client

from config import Settings
from persistence.clock import business_clock, set_pace
from persistence.demo_book import is_unfinished, repaying
from persistence.engine import Database
from persistence.notes import follow_pace
from persistence.products import seed_reference_data
from worker import connect
from workflows.commands import LoanProcess


async def prepare_book(settings: Settings) -> bool:
    """Load what is missing of the reference data; True when days now pass at another pace.

    A demo book that was cut short goes on at its own pace until it is finished.
    """
    database = Database(settings.sqlalchemy_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await seed_reference_data(session)
            if await is_unfinished(session):
                return True
            before = await business_clock(session)
            after = await set_pace(session, datetime.now(UTC), settings.day_seconds)
            if after != before:
                await follow_pace(session)
            return after != before
    finally:
        await database.close()


async def tell_loans(settings: Settings) -> None:
    """The pace has changed: loans in repayment reckon their next day anew."""
    client = await connect(settings)

    async def connected() -> Client:
        return client

    process = LoanProcess(connected, settings.task_queue)
    database = Database(settings.sqlalchemy_url, pool_size=1)
    try:
        async with database.reading() as session:
            loans = await repaying(session)
        for loan_id in loans:
            await process.look(loan_id)
    finally:
        await database.close()
