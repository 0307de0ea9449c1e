"""What follows once everything runs: sign-ins to print, a demo book to offer, or the way in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import httpx

from config import Settings
from domain.violations import LoanRuleViolation, ProcessUnavailable
from doorway.passwords import hash_password
from language.catalogue import Language
from language.labels import role_label
from persistence import demo_book
from persistence.engine import Database
from persistence.queries.staff import demo_sign_ins
from persistence.seed.demo_staff import DEMO_PASSWORD
from persistence.staff_accounts import seed_demo_staff
from runner.demo.book import make_book
from runner.demo.desk import DemoStuck
from runner.progress import Progress, ask

_QUESTION = "The book is empty. Make a demo book (232 customers, about two minutes)?"
_FIRST_ACCOUNT = "Nobody has an account yet. Create the first: .venv/bin/corploan create-staff"
_HOW = "For a demo book instead: CORPLOAN_DEMO=yes make run"


async def offer_demo(settings: Settings, progress: Progress) -> None:
    """Offer the demo book to an empty one; tell a demo book's sign-ins; finish one cut short."""
    database = Database(settings.sqlalchemy_url, pool_size=8)
    try:
        async with database.reading() as session:
            empty = await demo_book.is_empty(session)
            unfinished = await demo_book.is_unfinished(session)
        if empty and not await _wanted(settings):
            progress.say(_FIRST_ACCOUNT, "yellow")
            progress.say(_HOW, "dim")
            return
        if empty:
            await _hire(database)
        await _tell_sign_ins(database, progress)
        if empty or unfinished:
            await _make(settings, database, progress)
    finally:
        await database.close()


async def _wanted(settings: Settings) -> bool:
    """Without a terminal there is nobody to ask, and a real book must stay empty."""
    if settings.demo == "ask":
        return sys.stdin.isatty() and await ask(_QUESTION)
    return settings.demo == "yes"


async def _hire(database: Database) -> None:
    password_hash = await hash_password(DEMO_PASSWORD)
    async with database.transaction() as session:
        await seed_demo_staff(session, password_hash, datetime.now(UTC))


async def _make(settings: Settings, database: Database, progress: Progress) -> None:
    progress.say("Making the demo book; the pages work meanwhile, and fill as you watch.")
    progress.say("Until it is done, a business day passes in one second.", "dim")
    try:
        await make_book(settings, database, progress)
    except (
        DemoStuck,
        ProcessUnavailable,
        LoanRuleViolation,
        httpx.HTTPError,
        RuntimeError,  # what the engine's client raises when nobody listens
    ) as cause:
        what = str(cause) or type(cause).__name__
        progress.say(f"The demo book is not complete: {what}", "yellow")
        progress.say("The next start goes on with it.", "dim")
        return
    progress.say("The demo book is complete.", "green")


async def _tell_sign_ins(database: Database, progress: Progress) -> None:
    async with database.reading() as session:
        sign_ins = await demo_sign_ins(session)
    if not sign_ins:
        return
    progress.say(f"Demo sign-ins, all with the password {DEMO_PASSWORD}:", "bold")
    for one in sign_ins:
        roles = ", ".join(role_label(role, Language.EN) for role in one.roles)
        progress.say(f"  {one.username:<10} {one.name_zh} {one.name_en} ({roles})")
    progress.say("")
