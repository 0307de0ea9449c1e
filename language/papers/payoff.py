"""What ends a loan (提前结清通知书), and the proof that it has ended (结清证明)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.changes import PayoffQuote
from domain.papers import PaperSource
from domain.papers.figures import NOTHING, drawn, payoff, settled
from domain.papers.sheet import Align, Block, Column, Table, Text
from domain.repayments import Bucket
from language.catalogue import N_
from language.papers.words import Words


def payoff_letter(source: PaperSource, words: Words) -> Iterator[Block]:
    """What is to be paid on one day so that nothing is owed any more, part by part."""
    quote, on = payoff(source), words.letter_day(source.on)
    yield Text(words.text(N_("To: %(borrower)s"), borrower=source.loan.borrower), "lead")
    yield Text(
        words.text(
            N_(
                "To repay the loan below in full on %(on)s, please pay the amount stated here. It "
                "holds for that day only."
            ),
            on=on,
        )
    )
    yield words.amount(words.text(N_("To pay on %(on)s"), on=on), quote.total)
    yield words.loan(
        source,
        (words.text(N_("Amount lent")), words.money(drawn(source.account))),
        (words.text(N_("Yearly rate")), words.percent(source.account.yearly_rate)),
    )
    yield _parts(quote, words, source)
    yield Text(
        words.text(
            N_(
                "It is made from what our books know now; money received and changes agreed until "
                "that day alter it."
            )
        ),
        "small",
    )


def settlement_certificate(source: PaperSource, words: Words) -> Iterator[Block]:
    """That a loan was repaid, what was paid on it, and since when nothing is owed."""
    proof, loan = settled(source), source.loan
    last, lent = proof.last_paid_on, drawn(source.account)
    yield Text(words.text(N_("To: %(borrower)s"), borrower=loan.borrower), "lead")
    yield Text(
        words.text(
            N_(
                "We certify that the loan below was repaid in full: the last payment counted on "
                "%(last)s, and no principal, interest or other debt under the contract is owed."
            ),
            last=words.letter_day(last),
        )
    )
    yield words.amount(words.text(N_("Loan repaid in full")), lent)
    yield words.loan(
        source,
        (words.text(N_("Principal outstanding")), words.money(source.account.outstanding)),
        (words.text(N_("Last payment on")), words.day(last)),
    )
    rows = [
        (N_("Principal"), proof.paid[Bucket.PRINCIPAL]),
        (N_("Interest"), proof.paid[Bucket.INTEREST]),
        (N_("Penalty interest"), proof.paid[Bucket.PENALTY]),
        (N_("Compound interest"), proof.paid[Bucket.COMPOUND]),
        (N_("Fees"), proof.paid[Bucket.FEE]),
    ]
    title = words.text(N_("What was paid, %(currency)s"), currency=source.currency)
    yield _amounts(title, rows, proof.total, words)


def _parts(quote: PayoffQuote, words: Words, source: PaperSource) -> Table:
    rows = [
        (N_("Principal"), quote.principal),
        (N_("Interest to the day"), quote.interest),
        (N_("Penalty interest"), quote.penalty),
        (N_("Compound interest"), quote.compound),
        (N_("Fees"), quote.fees),
        (N_("Less money held for the loan"), NOTHING - quote.held),
    ]
    title = words.text(N_("What ends the loan, %(currency)s"), currency=source.currency)
    return _amounts(title, rows, quote.total, words)


def _amounts(title: str, rows: list[tuple[str, Decimal]], total: Decimal, words: Words) -> Table:
    """A short table of names and amounts."""
    return Table(
        title=title,
        columns=(
            Column(words.text(N_("Item")), Align.START),
            Column(words.text(N_("Amount"))),
        ),
        rows=tuple((words.text(name), words.figure(amount)) for name, amount in rows),
        total=(words.text(N_("Total")), words.figure(total)),
    )
