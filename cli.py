"""The command line. Thin: each command reads the settings and calls its module in runner/.

A new command is one module in runner/ and one function here.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from config import Settings
from runner import processes
from runner.bench.parts import Part as BenchPart
from runner.refusal import StartRefused
from runner.scoring.choices import ScoreForm, ScoringModel

if TYPE_CHECKING:
    from language.catalogue import Language
    from runner.calculator.cases import Calculation

app = typer.Typer(
    help="corploan: corporate credit as one durable process. Settings are environment variables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def read_settings() -> Settings:
    """The settings, or a message that names what is wrong without repeating its value."""
    try:
        return Settings.from_environment()
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False):
            typer.echo(f"{'.'.join(map(str, error['loc']))}: {error['msg']}", err=True)
        raise typer.Exit(2) from None


@app.command()
def run(
    *,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="Stop when the process that started this dies.")
    ] = False,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    from runner.demo.offer import offer_demo
    from runner.run import run as run_everything

    life = run_everything(read_settings(), offer_demo, with_parent=with_parent)
    raise typer.Exit(asyncio.run(life))


@app.command()
def web() -> None:
    """Run one web server: pages and JSON API."""
    processes.serve_web(read_settings())


@app.command()
def worker() -> None:
    """Run one worker: workflows and activities."""
    processes.work(read_settings())


@app.command()
def rail(
    callback_url: Annotated[
        str | None, typer.Option(help="Where it reports payments; this machine's web server.")
    ] = None,
) -> None:
    """Run the shipped payment rail."""
    processes.serve_rail(read_settings(), callback_url)


@app.command()
def sources() -> None:
    """Run the shipped simulator of information sources."""
    processes.serve_sources(read_settings())


@app.command()
def migrate() -> None:
    """Bring the database's tables to today's shape."""
    processes.migrate(read_settings())


Speaking = Annotated[
    str | None, typer.Option("--language", help="zh-CN or en; else what LANG says.")
]


@app.command()
def verify(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For another program.")] = False,
    no_replay: Annotated[
        bool, typer.Option("--no-replay", help="Leave out the replay of all histories.")
    ] = False,
    language: Speaking = None,
) -> None:
    """Check that the books hold: 0 they do, 1 something is broken, 2 something is away."""
    from runner.proof_report import verify as verify_books

    work = verify_books(read_settings(), _spoken(language), as_json=as_json, replay=not no_replay)
    raise typer.Exit(asyncio.run(work))


@app.command()
def replay(
    loan: Annotated[str, typer.Argument(help="A case number or a loan's id.")],
    language: Speaking = None,
) -> None:
    """Tell a loan's recorded history and replay it on today's code."""
    from runner.replay import replay as replay_loan

    raise typer.Exit(asyncio.run(replay_loan(read_settings(), loan, _spoken(language))))


def _spoken(language: str | None) -> Language:
    from language.catalogue import choose_language

    return choose_language(language, os.environ.get("LANG", "").partition(".")[0].replace("_", "-"))


@app.command("import-book")
def import_book(file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8.")]) -> None:
    """Import a loan file of the US Small Business Administration into the running product."""
    from runner.import_book import import_book as import_file

    raise typer.Exit(asyncio.run(import_file(read_settings(), file)))


@app.command()
def receipts(
    file: Annotated[Path, typer.Argument(help="camt.053, camt.054 or CSV.")],
    language: Speaking = None,
) -> None:
    """Take a bank statement in: 0 every line is known, 3 some were refused, 2 no statement."""
    from runner.receipts import take_receipts

    raise typer.Exit(asyncio.run(take_receipts(read_settings(), file, _spoken(language))))


@app.command()
def bench(
    loans: Annotated[int, typer.Option(min=1, help="How many loans are driven to payout.")] = 60,
    months: Annotated[int, typer.Option(min=1, help="The term of the loan that is repaid.")] = 2,
    notes: Annotated[
        list[int] | None,
        typer.Option(min=1, help="The sizes of book whose day end is measured; repeat it."),
    ] = None,
    firms: Annotated[
        list[int] | None,
        typer.Option(min=1, help="How many firms are rated again; repeat it."),
    ] = None,
    only: Annotated[BenchPart | None, typer.Option(help="Measure this part alone.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Keep the figures in this file too.")
    ] = None,
) -> None:
    """Measure the product on this machine, in a temporary folder, beside the bare engine."""
    from rich.console import Console

    from runner.bench.day_end import NOTE_COUNTS
    from runner.bench.re_rating import FIRM_COUNTS
    from runner.bench.run import Sizes, bench_part
    from runner.bench.run import bench as measure

    console, sizes = Console(highlight=False), Sizes(notes or NOTE_COUNTS, firms or FIRM_COUNTS)
    if only is not None:
        asyncio.run(bench_part(only, sizes, json_file, console))
        return
    asyncio.run(measure(loans, months, sizes, json_file, console))


@app.command()
def schedule(language: Speaking = None) -> None:
    """Answer loan schedules: a JSON array of cases in, one of answers out."""
    from runner.calculator.schedule import answer_schedule

    _calculate(answer_schedule, language)


@app.command()
def apr(language: Speaking = None) -> None:
    """Answer what loans cost a year: a JSON array of cases in, one of answers out."""
    from runner.calculator.apr import answer_apr

    _calculate(answer_apr, language)


@app.command("day-count")
def day_count(language: Speaking = None) -> None:
    """Answer day counts: a JSON array of cases in, one of answers out."""
    from runner.calculator.day_count import answer_day_count

    _calculate(answer_day_count, language)


@app.command("figures")
def figures(language: Speaking = None) -> None:
    """Answer credit figures (need, cover, loss, duty): a JSON array of cases in, answers out."""
    from runner.calculator.figures import answer_figures

    _calculate(answer_figures, language)


def _calculate(calculation: Calculation, language: str | None) -> None:
    """0 every case was answered, 3 some were refused, 2 the input could not be read."""
    from runner.calculator.cases import UNREADABLE, Unreadable, calculate, unreadable_text

    spoken = _spoken(language)
    try:
        text, status = calculate(sys.stdin.buffer.read(), calculation, spoken)
    except Unreadable:
        typer.echo(unreadable_text(spoken), err=True)
        raise typer.Exit(UNREADABLE) from None
    typer.echo(text)
    raise typer.Exit(status)


@app.command()
def score(
    model: Annotated[ScoringModel, typer.Option(help="Which card.")] = ScoringModel.CHAMPION,
    out: Annotated[
        ScoreForm | None, typer.Option(help="How to answer; else as the input came.")
    ] = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Every ratio with its points, in JSON.")
    ] = False,
    language: Speaking = None,
) -> None:
    """Grade firms: rows of yearly figures in (CSV or JSON), a grade with reasons for each out."""
    from domain.violations import LoanRuleViolation
    from runner.calculator.cases import UNREADABLE, refusal_text
    from runner.scoring.score import score_rows

    spoken = _spoken(language)
    try:
        text, note = score_rows(sys.stdin.buffer.read(), model, out, spoken, explain=explain)
    except LoanRuleViolation as refused:
        typer.echo(refusal_text(refused, spoken), err=True)
        raise typer.Exit(UNREADABLE) from None
    typer.echo(text)
    typer.echo(note, err=True)


@app.command("create-staff")
def create_staff() -> None:
    """Create the first administrator; further accounts are made on the staff page."""
    from runner.first_account import create_first_account

    raise typer.Exit(asyncio.run(create_first_account(read_settings())))


def main() -> None:
    """The installed command: a refusal is a message, never a traceback."""
    try:
        app()
    except StartRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
