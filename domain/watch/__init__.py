"""Watching a customer: signals, covenants, reviews, events, and what a lower grade proposes."""

from domain.watch.covenants import CovenantKind, CovenantState, CovenantTerms
from domain.watch.events import EventKind
from domain.watch.facts import WatchFacts
from domain.watch.ladder import Ladder, Measure, MeasureKind
from domain.watch.reviews import ReviewPlan, ReviewStatus
from domain.watch.signals import Assessment, Colour, Reading, Signal, SignalCatalogue, assess

__all__ = [
    "Assessment",
    "Colour",
    "CovenantKind",
    "CovenantState",
    "CovenantTerms",
    "EventKind",
    "Ladder",
    "Measure",
    "MeasureKind",
    "Reading",
    "ReviewPlan",
    "ReviewStatus",
    "Signal",
    "SignalCatalogue",
    "WatchFacts",
    "assess",
]
