"""The interest notice (利息通知单)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.day_counts import DayCount
from domain.papers import PaperSource
from domain.papers.figures import InterestDue, interest_due
from domain.papers.segments import Segment
from domain.papers.sheet import Block, Column, Table, Text
from language.catalogue import N_
from language.papers.words import Words

_NOMINAL = (DayCount.THIRTY_360, DayCount.EQUAL_PERIODS)


def interest_notice(source: PaperSource, words: Words) -> Iterator[Block]:
    """The next period's interest: from when to when, on what, at which rate, due when."""
    due = interest_due(source)
    yield Text(words.text(N_("To: %(borrower)s"), borrower=source.loan.borrower), "lead")
    yield Text(
        words.text(
            N_("The interest below falls due on %(due_on)s. Please keep enough money ready."),
            due_on=words.letter_day(due.line.due_on),
        )
    )
    yield words.amount(words.text(N_("Interest to pay")), due.open)
    yield words.loan(
        source,
        (words.text(N_("Instalment")), str(due.line.n)),
        (words.text(N_("Due on")), words.day(due.line.due_on)),
        (words.text(N_("Day count")), source.terms.schedule.day_count.value),
        (words.text(N_("Interest of the period")), words.money(due.interest)),
        (words.text(N_("Paid already")), words.money(due.paid)),
        (words.text(N_("Principal outstanding")), words.money(source.account.outstanding)),
    )
    yield _table(source, due, words)
    yield Text(_counting(source, words), "small")


def _counting(source: PaperSource, words: Words) -> str:
    """How days are counted, so that whoever reads the paper can reckon it again."""
    if source.terms.schedule.day_count in _NOMINAL:
        return words.text(
            N_(
                "The first day of a period is counted, the last is not. A whole period bears its "
                "nominal share of the year, a part of it by its share of the period's days."
            )
        )
    return words.text(N_("The first day of a period is counted, the last is not."))


def _table(source: PaperSource, due: InterestDue, words: Words) -> Table:
    return Table(
        title=words.text(N_("Interest by period, %(currency)s"), currency=source.currency),
        columns=(
            Column(words.text(N_("From day")), share=0),
            Column(words.text(N_("To day")), share=0),
            Column(words.text(N_("Number of days")), share=0),
            Column(words.text(N_("Principal"))),
            Column(words.text(N_("Yearly rate"))),
            Column(words.text(N_("Interest"))),
        ),
        rows=tuple(_row(segment, words) for segment in due.segments),
        total=(
            words.text(N_("Total")),
            "",
            str(sum(segment.days for segment in due.segments)),
            "",
            "",
            words.figure(due.interest),
        ),
    )


def _row(segment: Segment, words: Words) -> tuple[str, ...]:
    return (
        words.day(segment.from_on),
        words.day(segment.to_on),
        str(segment.days),
        words.figure(segment.principal),
        words.percent(segment.yearly_rate),
        words.figure(segment.interest),
    )
