"""`corploan receipts FILE`: a bank statement from the command line, as the money-in desk takes it.

0 every line was taken in, known or passed over, 2 the file or the product could not be read,
3 some lines were refused. The same file again changes nothing and tells the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import InterfaceError, OperationalError

import worker
from config import Settings
from domain.bank_statements import FILE_BYTES_MAX, LineState, ReadStatement
from domain.violations import LoanRuleViolation, ProcessUnavailable
from integrations.statements import FileReader
from language.catalogue import Language
from language.formats import amount_text
from language.labels import word
from language.messages import message_for
from language.proofs import party_text, saying
from language.words import WORDS
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.queries.money_in import LineView, statement_lines
from persistence.statement_intake import Intake, StatementFile, take_in
from workflows.commands import LoanProcess

ALL_TAKEN, UNREADABLE, SOME_REFUSED = 0, 2, 3


async def take_receipts(
    settings: Settings, path: Path, language: Language, console: Console | None = None
) -> int:
    """Take a file in and tell what came of each line; the exit status for the shell."""
    console = console or Console(highlight=False)
    try:
        content = _content(path)
        read = FileReader().read(content)
    except LoanRuleViolation as refused:
        text = message_for(refused.code, refused.params, language)
        console.print(text, style="red", markup=False)
        return UNREADABLE
    database = Database(settings.sqlalchemy_url, pool_size=2)
    try:
        intake = await _taken(settings, database, path.name, content, read)
        async with database.reading() as session:
            lines = await statement_lines(session, intake.statement_id)
    except (OperationalError, InterfaceError):
        text = saying("no_party", language, party=party_text("database", language))
        console.print(text, style="red", markup=False)
        return UNREADABLE
    finally:
        await database.close()
    _tell(console, intake, lines, language)
    return SOME_REFUSED if intake.counts[LineState.REFUSED] else ALL_TAKEN


def _content(path: Path) -> bytes:
    """The file's bytes, no more than are read. Violations: `file.missing`, `file.too_large`."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as unread:
        raise LoanRuleViolation("file.missing") from unread
    return content


async def _taken(
    settings: Settings, database: Database, name: str, content: bytes, read: ReadStatement
) -> Intake:
    digest = await DocumentStore(settings.documents_folder).put(content)
    file = StatementFile(digest, name[:200], len(content), "cli")
    async with database.transaction() as session:
        intake = await take_in(session, file, read, None, datetime.now(UTC))
    process = LoanProcess(partial(worker.connect, settings), settings.task_queue)
    for loan_id in intake.loans:
        try:
            await process.look(loan_id)
        except ProcessUnavailable:
            break  # the lines are kept; the worker's sweep looks again
    return intake


def _tell(
    console: Console, intake: Intake, lines: tuple[LineView, ...], language: Language
) -> None:
    known = "statement_taken" if intake.new else "statement_known"
    console.print(word("flash", known, language), markup=False)
    for state, count in intake.counts.items():
        console.print(f"  {word('line_state', state, language)}: {count}", markup=False)
    told = [line for line in lines if line.reason and line.state != LineState.PASSED_OVER]
    if not told:
        return
    table = Table(box=None, pad_edge=False)
    for head in WORDS["line_head"]:
        table.add_column(word("line_head", head, language))
    for line in told:
        table.add_row(*_cells(line, language))
    console.print(table)


def _cells(line: LineView, language: Language) -> tuple[str, ...]:
    amount = amount_text(line.amount, line.currency or "", language) if line.amount else "–"
    reason = line.reason or ""
    why = (
        message_for(reason, line.params, language)
        if "." in reason
        else word("suspense_reason", reason, language)
    )
    state = word("line_state", line.state, language)
    return (str(line.number), state, line.reference or "–", amount, why)
