"""What day end keeps: how interest runs, how each note stands, steps, closed days, the book."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, exact, instant, money, rate


class AccrualSegment(SQLModel, table=True):
    """Days over which an instalment's interest grows by the same part each day.

    Earned on a day d in [from_on, to_on]: earned_before + per_day x (d - from_on), HALF_UP.
    """

    __tablename__ = "accrual_segment"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    from_on: date = Field(primary_key=True)
    n: int = Field(primary_key=True)
    to_on: date
    earned_before: Decimal = Field(sa_column=exact())
    per_day: Decimal = Field(sa_column=exact())


class MisuseSegment(SQLModel, table=True):
    """Days over which misuse adds the same part each day to an instalment's penalty.

    From `from_on`, to `to_on` where there is an end, once the day `counts_after` is past.
    """

    __tablename__ = "misuse_segment"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    n: int = Field(primary_key=True)
    from_on: date = Field(primary_key=True)
    to_on: date | None = None
    counts_after: date
    per_day: Decimal = Field(sa_column=exact())


class LatenessRule(SQLModel, table=True):
    """What lateness costs a note now, as the engine has it after the note's last event.

    `anew_on`: the day from which what was agreed or held for later changes how the note runs.
    """

    __tablename__ = "lateness_rule"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    late_rate: Decimal = Field(sa_column=rate())
    year_days: int
    compound: bool
    grace_days: int
    non_accrual_after_days: int
    misused: bool = False
    written_off: bool = False
    non_accrual: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    anew_on: date | None = Field(default=None, index=True)
    restructured_on: date | None = None


class NoteStatus(SQLModel, table=True):
    """How a note stands after its last closed day: dimensions side by side, none from another.

    `opens_on` is the day the figures open: interest of the closed day is inside. `own_class` is
    the class before the debtor's other notes count. `booked_*` is what day end's own journals
    hold for the note.
    """

    __tablename__ = "note_status"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    customer_id: UUID = Field(index=True)
    currency: str = Field(max_length=3)
    opens_on: date
    outstanding: Decimal = Field(sa_column=money())
    days_past_due: int
    accrual_status: str = Field(sa_column=code())
    accrued_interest: Decimal = Field(sa_column=money())
    interest_due: Decimal = Field(sa_column=money())
    penalty: Decimal = Field(sa_column=money())
    compound: Decimal = Field(sa_column=money())
    own_class: str = Field(sa_column=code())
    five_class: str = Field(sa_column=code())
    normal_since_on: date | None = None
    observed_from_on: date | None = None
    booked_receivable: Decimal = Field(default=Decimal(0), sa_column=money())
    booked_memo: Decimal = Field(default=Decimal(0), sa_column=money())


class DayEndStep(SQLModel, table=True):
    """One step of one day end: what it touched and how long it took."""

    __tablename__ = "day_end_step"
    business_on: date = Field(primary_key=True)
    step: str = Field(sa_column=Column(code().type, primary_key=True))
    rows: int = 0
    started_at: datetime = Field(sa_column=instant())
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    runs: int = 1


class ClosedPeriod(SQLModel, table=True):
    """A business day that is over: nothing is booked with a value date in it any more.

    `difference` is the general ledger less the notes, over all accounts tied out; 0.00 or the day
    does not close.
    """

    __tablename__ = "closed_period"
    business_on: date = Field(primary_key=True)
    closed_at: datetime = Field(sa_column=instant())
    difference: Decimal = Field(sa_column=money())
    notes: int


class PortfolioDay(SQLModel, table=True):
    """The book on one closed day by currency, class, accrual status and ageing bucket."""

    __tablename__ = "portfolio_day"
    business_on: date = Field(primary_key=True)
    currency: str = Field(primary_key=True, max_length=3)
    five_class: str = Field(sa_column=Column(code().type, primary_key=True))
    accrual_status: str = Field(sa_column=Column(code().type, primary_key=True))
    ageing: str = Field(sa_column=Column(code().type, primary_key=True))
    notes: int
    outstanding: Decimal = Field(sa_column=money())
    accrued_interest: Decimal = Field(sa_column=money())
    penalty: Decimal = Field(sa_column=money())
