"""Which notes a figure of the portfolio is made of: every figure can be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from domain.portfolio.concentration import UNKNOWN
from domain.portfolio.exposure import UNRATED, Exposure
from domain.portfolio.policy import PortfolioPolicy
from domain.portfolio.staging import stage_of


class Cut(StrEnum):
    """What a figure is cut by."""

    ALL = "all"
    QUALITY = "quality"
    FIVE_CLASS = "five_class"
    STAGE = "stage"
    GRADE = "grade"
    INDUSTRY = "industry"
    REGION = "region"
    GROUP = "group"
    CUSTOMER = "customer"
    VINTAGE = "vintage"


BAD, LATE_30 = "bad", "late_30"
_Reads = Callable[[Exposure, PortfolioPolicy], str | None]


def notes_of(
    book: Iterable[Exposure], cut: Cut, member: str, policy: PortfolioPolicy
) -> tuple[Exposure, ...]:
    """The notes a figure is made of, the largest first; none for a member nobody is."""
    found = (note for note in book if _belongs(note, cut, member, policy))
    return tuple(sorted(found, key=lambda note: (-note.outstanding, str(note.loan_id))))


def _belongs(note: Exposure, cut: Cut, member: str, policy: PortfolioPolicy) -> bool:
    if cut is Cut.ALL:
        return True
    if cut is Cut.QUALITY:
        bad = member == BAD and note.five_class.is_bad
        return bad or (member == LATE_30 and note.days_past_due > 30)
    return _MEMBERS[cut](note, policy) == member


def quarter_of(note: Exposure) -> str | None:
    """The quarter a note was drawn in, as 2026-3."""
    day = note.drawn_on
    return f"{day.year}-{(day.month + 2) // 3}" if day else None


_MEMBERS: Mapping[Cut, _Reads] = {
    Cut.FIVE_CLASS: lambda note, _: note.five_class.value,
    Cut.STAGE: lambda note, policy: str(stage_of(note, policy.stages).value),
    Cut.GRADE: lambda note, _: note.grade or UNRATED,
    Cut.INDUSTRY: lambda note, _: note.industry or UNKNOWN,
    Cut.REGION: lambda note, _: note.region or UNKNOWN,
    Cut.GROUP: lambda note, _: note.group,
    Cut.CUSTOMER: lambda note, _: str(note.customer_id),
    Cut.VINTAGE: lambda note, _: quarter_of(note),
}
