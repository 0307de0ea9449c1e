"""The repayment plan (还款计划表)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.accounts import AccountLine
from domain.papers import PaperSource
from domain.papers.figures import NOTHING, PlanTotals, drawn, plan_totals
from domain.papers.sheet import Block, Column, Table, Text
from domain.repayments import Bucket
from language.catalogue import N_
from language.papers.words import Words


def repayment_plan(source: PaperSource, words: Words) -> Iterator[Block]:
    """Every instalment as the account has it on the paper's day, and what they come to."""
    totals = plan_totals(source.account)
    schedule, account = source.terms.schedule, source.account
    yield words.loan(
        source,
        (words.text(N_("Amount lent")), words.money(drawn(account))),
        (words.text(N_("Yearly rate")), words.percent(account.yearly_rate)),
        (words.text(N_("Repayment method")), words.word("schedule_method", schedule.method)),
        (words.text(N_("Day count")), schedule.day_count.value),
        (words.text(N_("Instalments")), str(len(account.lines))),
        (words.text(N_("Last due on")), words.day(max(line.due_on for line in account.lines))),
    )
    yield words.amount(words.text(N_("Principal and interest together")), totals.total)
    yield _table(source, totals, words)
    yield Text(
        words.text(
            N_("The plan is as of %(on)s; later receipts, rates and agreed changes alter it.")
        )
        % {"on": words.letter_day(source.on)},
        "small",
    )


def _table(source: PaperSource, totals: PlanTotals, words: Words) -> Table:
    fees = totals.fees > 0
    lines = source.account.lines
    names = [N_("Principal"), N_("Interest"), *([N_("Fees")] if fees else []), N_("Total")]
    return Table(
        title=words.text(N_("Instalments, %(currency)s"), currency=source.currency),
        columns=(
            Column(words.text(N_("No.")), share=0),
            Column(words.text(N_("Due on")), share=0),
            *(Column(words.text(name)) for name in names),
            Column(words.text(N_("Balance left"))),
        ),
        rows=tuple(_row(line, words, fees=fees) for line in lines),
        total=(
            words.text(N_("Total")),
            "",
            words.figure(totals.principal),
            words.figure(totals.interest),
            *([words.figure(totals.fees)] if fees else []),
            words.figure(totals.total),
            "",
        ),
    )


def _row(line: AccountLine, words: Words, *, fees: bool) -> tuple[str, ...]:
    buckets = (Bucket.PRINCIPAL, Bucket.INTEREST, *((Bucket.FEE,) if fees else ()))
    owed = [line.owed.get(bucket, NOTHING) for bucket in buckets]
    return (
        str(line.n),
        words.day(line.due_on),
        *(words.figure(amount) for amount in owed),
        words.figure(sum(owed, NOTHING)),
        words.figure(line.balance_after),
    )
