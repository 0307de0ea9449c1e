"""A policy: a versioned table of rules, kept as data and read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.decisions.facts import KNOWN_FACTS, FactKind, FactType
from domain.process import Verdict
from domain.strict_data import StrictReader, read_number

_CODE = "policy.malformed"


class Op(StrEnum):
    """How a condition looks at its fact."""

    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    EQ = "eq"
    NE = "ne"
    IN = "in"
    MISSING = "missing"
    PRESENT = "present"
    IS_TRUE = "is_true"


ConditionValue = Decimal | str | bool | tuple[str, ...] | tuple[Decimal, ...] | None

_WITHOUT_VALUE = frozenset({Op.MISSING, Op.PRESENT, Op.IS_TRUE})
_EVERY_KIND = frozenset({Op.MISSING, Op.PRESENT})
_OPS: dict[FactKind, frozenset[Op]] = {
    FactKind.NUMBER: _EVERY_KIND | {Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.IN},
    FactKind.TEXT: _EVERY_KIND | {Op.EQ, Op.NE, Op.IN},
    FactKind.FLAG: _EVERY_KIND | {Op.IS_TRUE, Op.EQ, Op.NE},
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one fact with the rule's own figure."""

    fact: str
    op: Op
    value: ConditionValue = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires when all its conditions hold; `reason` is a stable code."""

    id: str
    when: tuple[Condition, ...]
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """One version of a policy; `otherwise` is said when no rule fires."""

    code: str
    version: int
    rules: tuple[Rule, ...]
    otherwise: Verdict = Verdict.REFER


def policy_from_data(data: Mapping[str, object]) -> PolicyTable:
    """Read a policy whole or not at all. Violation: `policy.malformed`, with the place.

    Refused: unknown or missing keys, unknown facts, comparisons or verdicts, a value of the wrong
    kind or beyond what the fact can be, repeated ids, a rule without conditions, and a table that
    approves when nothing fires.
    """
    reader = StrictReader(data, _CODE, "")
    reader.only(frozenset({"code", "version", "rules"}), frozenset({"otherwise"}))
    rules = tuple(
        _rule(cell, f"rules.{index}") for index, cell in enumerate(_cells(reader, "rules"))
    )
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise reader.refuse("rules", "repeated_id")
    version = reader.whole("version", 1)
    return PolicyTable(reader.text("code"), version, rules, _otherwise(reader))


def _otherwise(reader: StrictReader) -> Verdict:
    if not reader.has("otherwise"):
        return Verdict.REFER
    verdict = reader.choice("otherwise", Verdict)
    if verdict not in {Verdict.REFER, Verdict.DECLINE}:
        raise reader.refuse("otherwise", "unknown_choice")
    return verdict


def _rule(data: object, where: str) -> Rule:
    reader = StrictReader(data, _CODE, where)
    reader.only(frozenset({"id", "when", "verdict", "reason"}))
    verdict = reader.choice("verdict", Verdict)
    if verdict is Verdict.RETURN:
        raise reader.refuse("verdict", "unknown_choice")
    when = tuple(
        _condition(cell, f"{where}.when.{index}")
        for index, cell in enumerate(_cells(reader, "when"))
    )
    return Rule(reader.text("id"), when, verdict, reader.text("reason"))


def _condition(data: object, where: str) -> Condition:
    reader = StrictReader(data, _CODE, where)
    reader.only(frozenset({"fact", "op"}), frozenset({"value"}))
    fact = reader.text("fact")
    if fact not in KNOWN_FACTS:
        raise reader.refuse("fact", "unknown_fact")
    op = reader.choice("op", Op)
    if op not in _OPS[KNOWN_FACTS[fact].kind]:
        raise reader.refuse("op", "wrong_kind")
    return Condition(fact, op, _value(reader, KNOWN_FACTS[fact], op))


def _value(reader: StrictReader, known: FactType, op: Op) -> ConditionValue:
    if (op in _WITHOUT_VALUE) == reader.has("value"):
        raise reader.refuse("value", "unknown" if reader.has("value") else "missing")
    if op in _WITHOUT_VALUE:
        return None
    if op is Op.IN:
        return _members(reader, known)
    value = _single(reader.raw("value"), known)
    if value is None:
        raise reader.refuse("value", "wrong_kind")
    return value


def _members(reader: StrictReader, known: FactType) -> ConditionValue:
    members = [_single(value, known) for value in reader.texts("value")]
    numbers = tuple(value for value in members if isinstance(value, Decimal))
    texts = tuple(value for value in members if isinstance(value, str))
    if not members or len(members) not in {len(numbers), len(texts)}:
        raise reader.refuse("value", "wrong_kind")
    return numbers or texts


def _single(value: object, known: FactType) -> Decimal | str | bool | None:
    if known.kind is FactKind.FLAG:
        return value if isinstance(value, bool) else None
    if known.kind is FactKind.NUMBER:
        return read_number(value)
    return value if isinstance(value, str) and value in known.values else None


def _cells(reader: StrictReader, key: str) -> list[object]:
    cells = reader.raw(key)
    if not isinstance(cells, list | tuple) or not cells:
        raise reader.refuse(key, "not_a_list")
    return list(cells)
