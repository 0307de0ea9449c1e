"""Changes of a running loan: what is proposed, what is refused, what it does to the account."""

from domain.changes.change import Change, ChangeKind, ChangeStatus, events_of
from domain.changes.checks import ChangeFacts, refuse_unlawful
from domain.changes.difference import Difference, PayoffQuote, compare, payoff_quote
from domain.changes.whatif import Preview, preview

__all__ = [
    "Change",
    "ChangeFacts",
    "ChangeKind",
    "ChangeStatus",
    "Difference",
    "PayoffQuote",
    "Preview",
    "compare",
    "events_of",
    "payoff_quote",
    "preview",
    "refuse_unlawful",
]
