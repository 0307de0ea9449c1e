"""`corploan receipts FILE` takes a bank statement in and says line by line what came of it."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
import pytest_asyncio
from rich.console import Console

from config import Settings
from language.catalogue import Language
from persistence.engine import Database
from runner import receipts
from tests.persistence.money_book import MoneyBook, csv_of, open_money_book


@pytest_asyncio.fixture
async def money(database: Database) -> MoneyBook:
    return await open_money_book(database)


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path) -> Settings:
    # nobody listens where the engine is said to be: the lines are kept for the sweep
    return Settings(
        DATABASE_URL=postgres_url.replace("postgresql+psycopg", "postgresql"),
        CORPLOAN_HOME=tmp_path,
        TEMPORAL_ADDRESS="127.0.0.1:1",
    )


def told() -> tuple[Console, Callable[[], str]]:
    written = StringIO()
    return Console(file=written, width=200, highlight=False), written.getvalue


async def test_a_file_is_taken_in_and_each_refusal_named(
    settings: Settings, money: MoneyBook, tmp_path: Path
) -> None:
    number = await money.case_number(await money.lent())
    file = tmp_path / "银行.csv"
    rows = [
        ("B-1", money.today, "1.00", "CNY", "", number),
        ("B-2", money.today, "x", "CNY", "", ""),
        ("B-3", money.today, "-1.00", "CNY", "", ""),
    ]
    file.write_bytes(csv_of(rows))
    console, text = told()
    assert await receipts.take_receipts(settings, file, Language.ZH, console) == 3
    assert "文件已收录" in text()
    assert "金额无法识别" in text()
    console, text = told()
    assert await receipts.take_receipts(settings, file, Language.EN, console) == 3
    assert "taken in before" in text()
    await money.posted()
    assert (settings.documents_folder).exists()


async def test_a_whole_file_is_taken_in_without_a_word_of_refusal(
    settings: Settings, money: MoneyBook, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of([("B-1", money.today, "1.00", "CNY", "", "")]))
    console, text = told()
    assert await receipts.take_receipts(settings, file, Language.EN, console) == 0
    assert "Bank reference" not in text()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "Please choose a file."), (b"", "The file is empty."), (b"<a>", "damaged")],
)
async def test_what_is_no_statement_is_refused_by_name(
    settings: Settings, tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "a.xml"
    if content is not None:
        file.write_bytes(content)
    console, text = told()
    assert await receipts.take_receipts(settings, file, Language.EN, console) == 2
    assert words in text()


async def test_a_database_that_is_away_is_named(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"reference,date,amount,currency\nB-1,2026-03-02,1.00,CNY\n")
    away = settings.model_copy(update={"database_url": "postgresql://x:y@127.0.0.1:1/none"})
    console, text = told()
    assert await receipts.take_receipts(away, file, Language.EN, console) == 2
    assert "Cannot reach the database." in text()
