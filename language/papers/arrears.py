"""The dunning letter (逾期催收函)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.papers import PaperSource
from domain.papers.figures import Arrears, LateRow, arrears
from domain.papers.sheet import Block, Column, Table, Text
from domain.repayments import Bucket
from language.catalogue import N_
from language.papers.words import Words

_BUCKETS = (Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.PENALTY, Bucket.COMPOUND, Bucket.FEE)
_DEBTS = {
    Bucket.PRINCIPAL: N_("Principal"),
    Bucket.INTEREST: N_("Interest"),
    Bucket.PENALTY: N_("Penalty interest"),
    Bucket.COMPOUND: N_("Compound interest"),
    Bucket.FEE: N_("Fees"),
}


def dunning_letter(source: PaperSource, words: Words) -> Iterator[Block]:
    """What is overdue, for how long, what lateness costs, what is to be paid by when."""
    late = arrears(source)
    on, pay_by = words.letter_day(source.on), words.letter_day(late.pay_by)
    yield Text(words.text(N_("To: %(borrower)s"), borrower=source.loan.borrower), "lead")
    yield Text(
        words.text(
            N_(
                "By our books of %(on)s, payments under the loan contract below are overdue. "
                "We ask you to pay the whole overdue amount by %(pay_by)s."
            ),
            on=on,
            pay_by=pay_by,
        )
    )
    yield words.amount(words.text(N_("Total owed as of %(on)s"), on=on), late.total)
    yield words.loan(
        source,
        (words.text(N_("Principal outstanding")), words.money(source.account.outstanding)),
        (words.text(N_("Days past due")), str(source.account.days_past_due)),
        (words.text(N_("Yearly rate")), words.percent(source.account.yearly_rate)),
        *_late_rate(late, words),
        *_declared(source, words),
        (words.text(N_("Pay by")), words.day(late.pay_by)),
    )
    yield _table(source, late, words)
    yield Text(_warning(late, words))


def _late_rate(late: Arrears, words: Words) -> Iterator[tuple[str, str]]:
    if late.late_rate is not None:
        yield words.text(N_("Rate on overdue amounts")), words.percent(late.late_rate)


def _declared(source: PaperSource, words: Words) -> Iterator[tuple[str, str]]:
    if source.account.accelerated_on is not None:
        yield words.text(N_("Declared due early on")), words.day(source.account.accelerated_on)


def _warning(late: Arrears, words: Words) -> str:
    """What goes on happening; a loan without a price of lateness is told of no such price."""
    if late.late_rate is None:
        return words.text(
            N_(
                "If the amount is not paid in time, the bank will use its rights under the "
                "contract and the law."
            )
        )
    return words.text(
        N_(
            "Interest at the rate on overdue amounts goes on accruing each day until payment, so "
            "the amount to pay on a later day is higher. If the amount is not paid in time, the "
            "bank will use its rights under the contract and the law."
        )
    )


def _table(source: PaperSource, late: Arrears, words: Words) -> Table:
    shown = [
        bucket for bucket in _BUCKETS if bucket is not Bucket.FEE or late.open_amount(bucket) > 0
    ]
    return Table(
        title=words.text(N_("Overdue instalments, %(currency)s"), currency=source.currency),
        columns=(
            Column(words.text(N_("No.")), share=0),
            Column(words.text(N_("Due on")), share=0),
            Column(words.text(N_("Days past due")), share=0),
            *(Column(words.text(_DEBTS[bucket])) for bucket in shown),
            Column(words.text(N_("Total"))),
        ),
        rows=tuple(_row(row, shown, words) for row in late.rows),
        total=(
            words.text(N_("Total")),
            "",
            "",
            *(words.figure(late.open_amount(bucket)) for bucket in shown),
            words.figure(late.total),
        ),
    )


def _row(row: LateRow, shown: list[Bucket], words: Words) -> tuple[str, ...]:
    return (
        str(row.n),
        words.day(row.due_on),
        str(row.days_past_due),
        *(words.figure(row.open[bucket]) for bucket in shown),
        words.figure(row.total),
    )
