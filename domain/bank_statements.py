"""What a bank statement says (银行对账单): its lines as read, and whose loan a line speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

FILE_BYTES_MAX = 8 * 1024 * 1024
LINES_MAX = 20_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_DEBIT_KEY = re.compile(rf"coll:({_UUID}):([1-9][0-9]{{0,5}})(?![0-9])")
_LOAN_ID = re.compile(rf"(?<![0-9a-fA-F-]){_UUID}(?![0-9a-fA-F-])")
_CASE_NUMBER = re.compile(r"(?<![0-9A-Za-z])CL[0-9]{8}-[0-9]{6}(?![0-9])")


class StatementFormat(StrEnum):
    """How a file of bank lines is written."""

    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    CSV = "csv"


class LineKind(StrEnum):
    """What a line tells: money came, money that came was taken back, our own payment came back."""

    CREDIT = "credit"
    RETURN = "return"
    PAYMENT_BACK = "payment_back"


class LineState(StrEnum):
    """What became of a line when its file was taken in."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    PASSED_OVER = "passed_over"


class MatchedBy(StrEnum):
    """What a line was known by as one loan's money."""

    DEBIT_KEY = "debit_key"
    LOAN_ID = "loan_id"
    CASE_NUMBER = "case_number"
    PAYER_ACCOUNT = "payer_account"


@dataclass(frozen=True, kw_only=True)
class BankLine:
    """One transaction as the bank tells it.

    Unit: `currency`. Range: amount above zero, at most two places; the direction is in `kind`.
    `reference` is the bank's own number of the transaction, `others` its further numbers of it.
    `original` names the transaction a return takes back.
    """

    kind: LineKind
    reference: str
    amount: Decimal
    currency: str
    value_on: date
    payer_name: str | None = None
    payer_account: str | None = None
    remittance: str | None = None
    end_to_end: str | None = None
    others: tuple[str, ...] = ()
    original: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ReadLine:
    """One place in a file: a line, or why there is none.

    `number` is the line of a CSV file or the position of an entry. A line that is `passed_over`
    is readable and tells of no money that came (a payment out, one not booked yet).
    """

    number: int
    line: BankLine | None = None
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    passed_over: bool = False


@dataclass(frozen=True)
class ReadStatement:
    """A file as read: every place in it parsed or refused by name, in the file's order."""

    format: StatementFormat
    account: str | None
    name: str | None
    lines: tuple[ReadLine, ...]


class StatementReader(Protocol):
    """Whatever reads statement files. Violations: `file.*`, for a file that is none at all."""

    def read(self, content: bytes) -> ReadStatement: ...


@dataclass(frozen=True)
class Claims:
    """What a line's own words say it is for."""

    debit_keys: tuple[tuple[UUID, str], ...]
    loan_ids: tuple[UUID, ...]
    case_numbers: tuple[str, ...]


def claims_of(line: BankLine) -> Claims:
    """The debit keys, loan ids and case numbers a line names, each once, in their order."""
    text = " ".join(part for part in (line.end_to_end, line.remittance) if part)
    debits = tuple(dict.fromkeys(_debit_keys(text)))
    rest = _DEBIT_KEY.sub(" ", text)
    loans = dict.fromkeys(UUID(found) for found in _LOAN_ID.findall(rest))
    return Claims(debits, tuple(loans), tuple(dict.fromkeys(_CASE_NUMBER.findall(rest))))


def _debit_keys(text: str) -> Iterator[tuple[UUID, str]]:
    for found in _DEBIT_KEY.finditer(text):
        loan_id = UUID(found[1])
        yield loan_id, f"coll:{loan_id}:{found[2]}"
