"""The slip of one receipt (还款回单): whose money it was, and which debt it paid."""

from __future__ import annotations

from collections.abc import Iterator

from domain.accounts import Movement
from domain.papers import PaperSource, ReceiptFacts
from domain.papers.figures import receipt_movement
from domain.papers.sheet import Align, Block, Column, Table
from language.catalogue import N_
from language.papers.words import Words


def receipt_slip(source: PaperSource, words: Words) -> Iterator[Block]:
    """One receipt with its split; what nothing asked for is told as held."""
    movement = receipt_movement(source)
    yield words.amount(words.text(N_("Amount received")), movement.amount)
    yield words.loan(
        source,
        (words.text(N_("Value date")), words.day(movement.value_on)),
        (words.text(N_("Balance left")), words.money(movement.balance_after)),
        wide=_sender(source.receipt, words),
    )
    yield _split(source, movement, words)


def _sender(receipt: ReceiptFacts | None, words: Words) -> tuple[tuple[str, str], ...]:
    """The sender's own words take a line each: nobody knows how long they are."""
    if receipt is None:
        return ()
    return (
        (words.text(N_("Payer")), receipt.payer or "–"),
        (words.text(N_("Transaction")), receipt.transaction_id),
    )


def _split(source: PaperSource, movement: Movement, words: Words) -> Table:
    dues = {line.n: words.day(line.due_on) for line in source.account.lines}
    rows = [
        (
            str(portion.n),
            dues.get(portion.n, "–"),
            words.word("bucket", portion.bucket),
            words.figure(portion.amount),
        )
        for portion in movement.portions
    ]
    if movement.held > 0:
        held = words.text(N_("Held for what falls due later"))
        rows.append(("–", "–", held, words.figure(movement.held)))
    return Table(
        title=words.text(N_("Set off against, %(currency)s"), currency=source.currency),
        columns=(
            Column(words.text(N_("Instalment")), share=0),
            Column(words.text(N_("Due on")), share=0),
            Column(words.text(N_("Debt")), Align.START),
            Column(words.text(N_("Amount"))),
        ),
        rows=tuple(rows),
        total=(words.text(N_("Total")), "", "", words.figure(movement.amount)),
    )
