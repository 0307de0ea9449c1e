"""Which cases a person may see. Every read of cases starts here; the rest answers as unknown."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from domain.people import Act, Actor
from persistence.tables import Loan


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on `loan`: all cases, one's own, or none."""
    if actor.may(Act.READ_ALL_CASES):
        return true()
    if actor.may(Act.READ_OWN_CASES):
        return col(Loan.officer_id) == UUID(actor.staff_id)
    return false()
