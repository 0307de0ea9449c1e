"""A day end that stands still within a step, for the test that kills its process."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from typing import Any
from unittest.mock import patch

from persistence.day_end import closing
from persistence.engine import Database


async def main(url: str, day: str, step: str) -> None:
    """Close a day up to the end of a step's work, say its name and wait to be killed."""
    database = Database(url, pool_size=2)
    ended: Any = vars(closing)["_ended"]

    async def stuck(*said: object) -> None:
        if step in said:
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            await asyncio.sleep(600)
        await ended(*said)

    with patch.object(closing, "_ended", stuck):
        await closing.close_day(database, date.fromisoformat(day))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
