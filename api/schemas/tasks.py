"""Open tasks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from api.schemas.lists import PageTold
from api.schemas.strict import Told


class TaskTold(Told):
    """One open task of the caller's roles."""

    id: UUID
    loan_id: UUID
    kind: str
    case_number: str
    customer_name: str
    amount: Decimal
    currency: str
    opened_at: datetime
    due_at: datetime
    days_left: int | None
    overdue: bool
    is_mine: bool
    claimable: bool


class TasksTold(Told):
    """One page of tasks, the most urgent first."""

    tasks: tuple[TaskTold, ...]
    page: PageTold
    overdue: int
