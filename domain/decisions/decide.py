"""Judging one case by one policy. What is not known never approves and never declines."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.decisions.facts import FactValue, well_formed
from domain.decisions.policy import Condition, Op, PolicyTable, Rule
from domain.process import Verdict

NO_RULE_MATCHED = "no_rule_matched"
FACT_MISSING = "fact_missing"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the reasons that led to it, and the exact table that was used.

    `reasons` are codes; a fact that kept a rule from being judged is `fact_missing:<fact>`.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    matched_rule_ids: tuple[str, ...]
    policy_code: str
    policy_version: int


_ORDERINGS: dict[Op, Callable[[Decimal, Decimal], bool]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def decide(table: PolicyTable, facts: Mapping[str, FactValue]) -> Decision:
    """Any decline wins, then any refer; approval needs an approve rule that fires.

    A decline or refer rule that cannot be judged, as a fact is missing and no other condition
    rules it out, refers the case: it must not be switched off by a gap.
    """
    matched = tuple(rule for rule in table.rules if _holds(rule, facts))
    gaps = _gaps(table, facts)
    verdict = _verdict(table, matched, gaps)
    return Decision(
        verdict=verdict,
        reasons=_reasons(verdict, matched, gaps),
        matched_rule_ids=tuple(rule.id for rule in matched),
        policy_code=table.code,
        policy_version=table.version,
    )


def _verdict(table: PolicyTable, matched: tuple[Rule, ...], gaps: tuple[str, ...]) -> Verdict:
    said = {rule.verdict for rule in matched}
    if Verdict.DECLINE in said:
        return Verdict.DECLINE
    if Verdict.REFER in said or gaps:
        return Verdict.REFER
    if Verdict.APPROVE in said:
        return Verdict.APPROVE
    return table.otherwise


def _reasons(verdict: Verdict, matched: tuple[Rule, ...], gaps: tuple[str, ...]) -> tuple[str, ...]:
    reasons = [rule.reason for rule in matched if rule.verdict is verdict]
    if verdict is Verdict.REFER:
        reasons += [f"{FACT_MISSING}:{fact}" for fact in gaps]
    return tuple(dict.fromkeys(reasons)) or (NO_RULE_MATCHED,)


def _gaps(table: PolicyTable, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    """The missing facts that keep a decline or refer rule from being judged, each once."""
    guarding = (rule for rule in table.rules if rule.verdict is not Verdict.APPROVE)
    open_ended = (rule for rule in guarding if None in _answers(rule, facts).values())
    undecided = (rule for rule in open_ended if False not in _answers(rule, facts).values())
    found = (
        condition.fact
        for rule in undecided
        for condition, answer in _answers(rule, facts).items()
        if answer is None
    )
    return tuple(dict.fromkeys(found))


def _holds(rule: Rule, facts: Mapping[str, FactValue]) -> bool:
    return bool(rule.when) and all(_answers(rule, facts).values())


def _answers(rule: Rule, facts: Mapping[str, FactValue]) -> dict[Condition, bool | None]:
    return {condition: _answer(condition, facts) for condition in rule.when}


def _answer(condition: Condition, facts: Mapping[str, FactValue]) -> bool | None:
    """True, False, or None where the fact is missing and the condition needs it."""
    value = well_formed(condition.fact, facts.get(condition.fact))
    if condition.op is Op.MISSING:
        return value is None
    if condition.op is Op.PRESENT:
        return value is not None
    return None if value is None else _compare(condition, value)


def _compare(condition: Condition, value: Decimal | str | bool) -> bool:
    if condition.op is Op.IS_TRUE:
        return value is True
    if condition.op is Op.EQ:
        return value == condition.value
    if condition.op is Op.NE:
        return value != condition.value
    if condition.op is Op.IN:
        return isinstance(condition.value, tuple) and value in condition.value
    return _ordered(condition, value)


def _ordered(condition: Condition, value: Decimal | str | bool) -> bool:
    limit = condition.value
    if not isinstance(value, Decimal) or not isinstance(limit, Decimal):
        raise TypeError(condition.fact)  # policy_from_data lets no such condition through
    return _ORDERINGS[condition.op](value, limit)
