"""The facts a policy may ask about. A rule that names another is refused when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.scoring import GRADES

FactValue = Decimal | str | bool | None


class FactKind(StrEnum):
    """What a fact is made of, and so which comparisons make sense."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class FactType:
    """A fact's kind, and for texts the values it can take."""

    kind: FactKind
    values: tuple[str, ...] = ()


_NUMBER = FactType(FactKind.NUMBER)
_FLAG = FactType(FactKind.FLAG)

TAX_GRADES = ("A", "B", "M", "C", "D")  # 纳税信用级别
LICENCE_STATUSES = ("active", "abnormal", "revoked", "cancelled")

KNOWN_FACTS: dict[str, FactType] = {
    "amount": _NUMBER,
    "tenor_months": _NUMBER,
    "above_auto_cap": _FLAG,  # the amount is above what the product lets the engine approve
    "first_time_borrower": _FLAG,
    "months_established": _NUMBER,  # whole months up to today
    "net_worth": _NUMBER,
    "licence_status": FactType(FactKind.TEXT, LICENCE_STATUSES),
    "sanctions_listed": _FLAG,
    "dishonest_debtor": _FLAG,  # 失信被执行人: the firm, its controller or legal representative
    "days_past_due_here": _NUMBER,
    "days_past_due_elsewhere": _NUMBER,
    "tax_grade": FactType(FactKind.TEXT, TAX_GRADES),
    "tax_arrears": _NUMBER,
    "sources_pending": _NUMBER,  # how many asked sources have not answered
    "verification_mismatches": _NUMBER,  # how many comparisons are beyond their tolerance
    "grade": FactType(FactKind.TEXT, GRADES),
    "score": _NUMBER,
    "pd": _NUMBER,  # fraction of 1, over the horizon of the product's model
}


def well_formed(name: str, value: FactValue) -> FactValue:
    """The value where it is of the fact's kind, else None: what cannot be judged is missing."""
    known = KNOWN_FACTS[name]
    if known.kind is FactKind.FLAG:
        return value if isinstance(value, bool) else None
    if known.kind is FactKind.NUMBER:
        return value if isinstance(value, Decimal) and value.is_finite() else None
    return value if isinstance(value, str) and value in known.values else None
