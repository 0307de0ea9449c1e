"""`corploan create-staff`: the first administrator of a real book, at the terminal."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from sqlalchemy.exc import DBAPIError

from config import Settings
from domain.passwords import refuse_weak_password
from domain.people import Role
from domain.texts import clean_name
from domain.violations import LoanRuleViolation
from doorway.passwords import hash_password
from language.catalogue import Language
from language.messages import message_for
from persistence.engine import Database
from persistence.staff_accounts import create_staff
from runner.refusal import StartRefused

CREATED, REFUSED = 0, 2
USERNAME_LENGTH_MAX = 64


async def create_first_account(settings: Settings) -> int:
    """Ask for name and password, keep the account; the exit status for the shell."""
    username = typer.prompt("User name")
    name_zh = typer.prompt("Name in Chinese")
    name_en = typer.prompt("Name in English")
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        username = clean_name(username, USERNAME_LENGTH_MAX)
        names = clean_name(name_zh), clean_name(name_en)
        refuse_weak_password(password, username)
        await _create(settings, username, names, password)
    except LoanRuleViolation as refused:
        typer.echo(message_for(refused.code, refused.params, Language.EN), err=True)
        return REFUSED
    typer.echo(f"{username} may sign in and open further accounts.")
    return CREATED


async def _create(settings: Settings, username: str, names: tuple[str, str], password: str) -> None:
    password_hash = await hash_password(password)
    database = Database(settings.sqlalchemy_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await create_staff(
                session,
                username=username,
                name_zh=names[0],
                name_en=names[1],
                roles=(Role.ADMINISTRATOR,),
                password_hash=password_hash,
                now=datetime.now(UTC),
            )
    except DBAPIError:
        raise StartRefused("The database does not answer. Start the product first.") from None
    finally:
        await database.close()
