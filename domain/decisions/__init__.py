"""Decisions: the policy as a versioned table, judging by it, and the price of a grade."""

from domain.decisions.case import case_facts, months_between
from domain.decisions.decide import FACT_MISSING, NO_RULE_MATCHED, Decision, decide
from domain.decisions.facts import KNOWN_FACTS, FactKind, FactType, FactValue
from domain.decisions.policy import Condition, Op, PolicyTable, Rule, policy_from_data
from domain.decisions.pricing import pricing

__all__ = [
    "FACT_MISSING",
    "KNOWN_FACTS",
    "NO_RULE_MATCHED",
    "Condition",
    "Decision",
    "FactKind",
    "FactType",
    "FactValue",
    "Op",
    "PolicyTable",
    "Rule",
    "case_facts",
    "decide",
    "months_between",
    "policy_from_data",
    "pricing",
]
