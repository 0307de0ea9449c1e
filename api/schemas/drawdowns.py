"""A later drawdown as it is asked for, and what is told of a loan drawn in parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from api.schemas.changes import Events, Figure
from api.schemas.strict import Asked, Told


class AskedAmount(Asked):
    """The amount a preview is for."""

    amount: Figure


class AskDrawdown(AskedAmount):
    """A request on the preview that was read."""

    seen_events: Events


class CommitmentTold(Told):
    """How far a loan is drawn. `available_to_on` is the last day to ask for more."""

    currency: str
    principal: Decimal
    drawn: Decimal
    under_way: Decimal
    undrawn: Decimal
    lapsed: Decimal
    lapsed_on: date | None
    drawdowns: int
    drawdowns_max: int
    available_to_on: date


class LaterDrawdownTold(Told):
    """One request for money and what came of it."""

    number: int
    amount: Decimal
    currency: str
    status: str
    requested_at: datetime
    settled_at: datetime | None
    reference: str | None
    reason: str | None
    stopped_for: str | None


class DrawdownsTold(Told):
    """A loan's drawdowns, the newest first; no commitment where it was to be drawn at once."""

    commitment: CommitmentTold | None
    drawdowns: list[LaterDrawdownTold]
