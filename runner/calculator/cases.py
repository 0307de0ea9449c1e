"""What all calculator commands share: strict reading of cases, one answer each, the exit status.

A command is a function from one case to its answer. A case it refuses gets an `error`, the rule's
code and its sentence, and the others go on. Values that were read are never repeated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.violations import LoanRuleViolation
from language.catalogue import Language
from language.messages import message_for
from runner.calculator.fields import Doubled, Fields

ALL_ANSWERED, UNREADABLE, SOME_REFUSED = 0, 2, 3
INPUT_BYTES_MAX = 64_000_000
_INTEGER_DIGITS_MAX = 40
_NO_VALUE = ()
"""What stands for a number that is none; no entry takes it."""
DESCRIPTION = frozenset(
    {
        "accrual_rows_omitted",
        "category",
        "source",
        "license",
        "expected",
        "expected_total",
        "expected_costs",
        "expected_year_sums",
        "expected_total_cost",
        "expected_total_payable",
        "checkpoints",
        "reproduced",
    }
)
"""What a published case says about itself; it is no input and is left alone."""

Answer = Mapping[str, object]
Calculation = Callable[["Case"], Answer]


@dataclass(frozen=True)
class Case:
    """One question: its inputs, and what happened to the loan since."""

    id: str
    inputs: Fields
    events: tuple[Fields, ...]


class Unreadable(Exception):
    """The input is no array of cases; nothing of it is answered."""


def calculate(raw: bytes, calculation: Calculation, language: Language) -> tuple[str, int]:
    """The answers as JSON text, and the exit status. Raises Unreadable."""
    answers = [_answer(case, calculation, language) for case in _read(raw)]
    refused = any("error" in answer for answer in answers)
    text = json.dumps(answers, ensure_ascii=False, indent=1)
    return text, SOME_REFUSED if refused else ALL_ANSWERED


def unreadable_text(language: Language) -> str:
    """What to say where nothing could be answered."""
    return f"input.unreadable: {message_for('input.unreadable', {}, language)}"


def refusal_text(refusal: LoanRuleViolation, language: Language) -> str:
    """The rule's code, the place it was found in where there is one, and its sentence."""
    field = refusal.params.get("field")
    place = f" ({field})" if field else ""
    return f"{refusal.code}{place}: {message_for(refusal.code, refusal.params, language)}"


def _answer(raw: object, calculation: Calculation, language: Language) -> Answer:
    answer: dict[str, object] = {"id": _name(raw)}
    try:
        return {**answer, **calculation(_case(raw))}
    except LoanRuleViolation as refusal:
        return {**answer, "error": refusal_text(refusal, language)}
    except ArithmeticError:
        beyond = LoanRuleViolation("input.arithmetic")
        return {**answer, "error": refusal_text(beyond, language)}


def _name(raw: object) -> str | None:
    """The id to answer under; null where there is none that can be written."""
    try:
        return Fields(raw, "").text("id")
    except LoanRuleViolation:
        return None


def _case(raw: object) -> Case:
    fields = Fields(raw, "")
    fields.ignore(DESCRIPTION)
    case = Case(fields.text("id"), fields.part("inputs"), fields.parts("events"))
    fields.nothing_else()
    return case


def _read(raw: bytes) -> Sequence[object]:
    """The cases, each as it came: what is wrong inside one is refused with that one alone."""
    if len(raw) > INPUT_BYTES_MAX:
        raise Unreadable
    try:
        data = json.loads(
            raw.decode("utf-8"),
            parse_int=_integer,
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError, ArithmeticError) as broken:
        raise Unreadable from broken
    if not isinstance(data, list):
        raise Unreadable
    return data


def _integer(digits: str) -> object:
    """A whole number; one of more digits than any entry takes is none."""
    return int(digits) if len(digits) <= _INTEGER_DIGITS_MAX else _NO_VALUE


def _no_number(_name: str) -> object:
    """NaN and Infinity are no numbers of JSON."""
    return _NO_VALUE


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    known = dict(pairs)
    return known if len(known) == len(pairs) else Doubled(known)
