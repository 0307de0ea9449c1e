"""A loan file through the real process: each line to a verdict or a named refusal, once."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from sqlalchemy import func, select

from config import Settings
from persistence.engine import Database
from persistence.tables import Draft, Loan, Staff
from runner.import_book import import_book, import_lines
from runner.import_book_file import read_book
from runner.import_book_report import Report
from tests.imports.lines import book, line
from tests.workflows.conftest import World, world

__all__ = ["world"]
# low, grey and high probability of charge-off; no tenor; a guarantee above the loan
LINES = (
    line(LoanNr_ChkDgt="9000000001", RealEstate="1"),
    line(LoanNr_ChkDgt="9000000002"),
    line(LoanNr_ChkDgt="9000000003", SBA_Appv="9000", Recession="1"),
    line(LoanNr_ChkDgt="9000000004", Term="0"),
    line(LoanNr_ChkDgt="9000000005", SBA_Appv="30001"),
    line(LoanNr_ChkDgt="9000000006", GrAppv="NaN"),
)


async def _imported(world: World, tmp_path: Path, *lines: bytes) -> Report:
    path = tmp_path / "book.csv"
    path.write_bytes(book(*lines))
    report = Report(Console(quiet=True), len(lines))
    with report:
        await import_lines(world.book.database, world.process, report, read_book(path))
    return report


async def _count(database: Database, column: object) -> int:
    async with database.reading() as session:
        return int((await session.execute(select(func.count(column)))).scalar_one())  # type: ignore[arg-type]


async def test_each_line_ends_in_a_verdict_or_a_named_refusal(world: World, tmp_path: Path) -> None:
    report = await _imported(world, tmp_path, *LINES)
    assert report.decided == {"approve": 1, "refer": 1, "decline": 1}
    assert [(one.line, one.column, one.code) for one in report.refusals] == [
        (5, "Term", "tenor.out_of_range"),
        (6, "SBA_Appv", "guarantee.exceeds_amount"),
        (7, "GrAppv", "amount.format"),
    ]
    assert await _count(world.book.database, Loan.id) == 3
    assert await _count(world.book.database, Draft.id) == 3  # a refused line leaves nothing


async def test_the_same_file_again_imports_nothing_twice(world: World, tmp_path: Path) -> None:
    await _imported(world, tmp_path, *LINES[:2])
    again = await _imported(world, tmp_path, *LINES[:2], LINES[2])
    assert again.already == 2
    assert again.decided == {"decline": 1}
    changed = await _imported(world, tmp_path, line(LoanNr_ChkDgt="9000000001", GrAppv="31000"))
    assert [one.code for one in changed.refusals] == ["row.differs"]
    assert await _count(world.book.database, Loan.id) == 3


async def test_nobody_can_sign_in_as_the_importing_officer(world: World, tmp_path: Path) -> None:
    await _imported(world, tmp_path, LINES[0])
    async with world.book.database.reading() as session:
        statement = select(Staff).where(Staff.username == "import")  # type: ignore[arg-type]
        officer = (await session.execute(statement)).scalar_one()
    assert not officer.password_hash.startswith("$")


async def test_an_unreadable_file_is_a_status_of_its_own(tmp_path: Path) -> None:
    console = Console(record=True, quiet=True)
    assert await import_book(Settings(), tmp_path / "nowhere.csv", console) == 2
