"""Rating a firm by several algorithms side by side, and one grade of them all.

The scorecard gives the grade; rules cap it; published models are a second opinion that caps it
where enough of them speak of distress. The final grade is the worst of all. Which rules there are
and where they cap is data: a rating method under a version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from domain.scoring.grades import GRADES
from domain.scoring.lift import Lift, lifts
from domain.scoring.published import OPINIONS, Opinion, Zone
from domain.scoring.ratios import Gap, ratio_of
from domain.scoring.scorecard import Scorecard, ScorecardResult
from domain.strict_data import StrictReader
from domain.violations import Finding, LoanRuleViolation

MALFORMED = "rating_method.malformed"


@dataclass(frozen=True, slots=True)
class Cap:
    """A rule that fired: no better grade than `grade`."""

    rule: str
    grade: str


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """What is known of a firm beside its statements. None is not known: the rule cannot fire."""

    insolvent: bool | None = None
    stopped_months: int | None = None
    evades_debts: bool | None = None


@dataclass(frozen=True, slots=True)
class CapRule:
    """A rule of a method: its name, the grade it caps at, and the figure it compares with."""

    rule: str
    grade: str
    limit: Decimal


@dataclass(frozen=True, slots=True)
class RatingMethod:
    """A version of the combining method (综合方法)."""

    version: str
    caps: tuple[CapRule, ...]
    distress_opinions: int
    distress_grade: str
    statements_min: int


@dataclass(frozen=True, slots=True)
class Rating:
    """The final grade and everything it is made of; without a grade, `findings` say why.

    `pd` is the scorecard's own where nothing capped the grade, else the final grade's.
    """

    method: str
    grade: str | None
    pd: Decimal | None
    scorecard: ScorecardResult
    opinions: tuple[Opinion, ...]
    caps: tuple[Cap, ...]
    lifts: tuple[Lift, ...]
    findings: tuple[Finding, ...]


def rate_firm(
    method: RatingMethod,
    card: Scorecard,
    statements: Sequence[FinancialStatement],
    facts: RatingFacts,
) -> Rating:
    """Rate a firm on its yearly statements, newest first.

    Too few statements, or years that do not follow each other, give findings and no grade.
    """
    result = card.score(statements)
    findings = (*result.findings, *_history(method, statements))
    if findings or result.grade is None or result.pd is None:
        return Rating(method.version, None, None, result, (), (), (), findings)
    lines = statements[0].lines
    opinions = tuple(opine(lines) for opine in OPINIONS.values())
    caps = (*_fired(method, statements, facts), *_distress(method, opinions))
    grade = worst((result.grade, *(cap.grade for cap in caps)))
    pd = result.pd if grade == result.grade else card.pd_by_grade[grade]
    found = lifts(card, result)
    return Rating(method.version, grade, pd, result, opinions, caps, found, ())


def worst(grades: Sequence[str]) -> str:
    """The worst of some grades."""
    return max(grades, key=GRADES.index)


def _history(method: RatingMethod, statements: Sequence[FinancialStatement]) -> tuple[Finding, ...]:
    """Years that are missing between the newest and the last the method asks for."""
    if not statements:
        return ()
    newest = statements[0].year
    held = {statement.year for statement in statements}
    asked = range(newest, newest - method.statements_min, -1)
    return tuple(
        Finding("year", "scoring.missing_year", {"year": str(year)})
        for year in asked
        if year not in held
    )


def _distress(method: RatingMethod, opinions: Sequence[Opinion]) -> tuple[Cap, ...]:
    """Altman's models are one family and count once."""
    names = {o.model.partition("_")[0] for o in opinions if o.zone is Zone.DISTRESS}
    fired = len(names) >= method.distress_opinions
    return (Cap("published_models", method.distress_grade),) if fired else ()


def _fired(
    method: RatingMethod, statements: Sequence[FinancialStatement], facts: RatingFacts
) -> list[Cap]:
    return [
        Cap(rule.rule, rule.grade)
        for rule in method.caps
        if RULES[rule.rule](statements, facts, rule.limit)
    ]


Rule = Callable[[Sequence[FinancialStatement], RatingFacts, Decimal], bool]


def _negative_net_worth(of: Sequence[FinancialStatement], _: RatingFacts, limit: Decimal) -> bool:
    """Assets do not cover liabilities."""
    lines = of[0].lines
    equity = lines.get("equity")
    if equity is None:
        equity = lines["total_assets"] - lines["total_liabilities"]
    return equity < limit


def _years_of_losses(of: Sequence[FinancialStatement], _: RatingFacts, limit: Decimal) -> bool:
    """A loss in each of the last `limit` years."""
    years = of[: int(limit)]
    profits = [statement.line("net_profit") for statement in years]
    return len(years) == int(limit) and all(p is not None and p < 0 for p in profits)


def _above(name: str) -> Rule:
    """The ratio is above the limit, or not known: full marks are for what was shown."""

    def fired(of: Sequence[FinancialStatement], _: RatingFacts, limit: Decimal) -> bool:
        value = ratio_of(of[0], name)
        return isinstance(value, Gap) or value > limit

    return fired


def _below(name: str) -> Rule:
    """The ratio is below the limit, or its lines are not stated. No divisor is no burden."""

    def fired(of: Sequence[FinancialStatement], _: RatingFacts, limit: Decimal) -> bool:
        value = ratio_of(of[0], name)
        return value is Gap.NOT_STATED or (not isinstance(value, Gap) and value < limit)

    return fired


def _insolvent(_: Sequence[FinancialStatement], facts: RatingFacts, __: Decimal) -> bool:
    return facts.insolvent is True


def _stopped(_: Sequence[FinancialStatement], facts: RatingFacts, limit: Decimal) -> bool:
    return facts.stopped_months is not None and facts.stopped_months >= limit


def _evades(_: Sequence[FinancialStatement], facts: RatingFacts, __: Decimal) -> bool:
    return facts.evades_debts is True


RULES: Mapping[str, Rule] = {
    "insolvent": _insolvent,
    "stopped": _stopped,
    "evades_debts": _evades,
    "negative_net_worth": _negative_net_worth,
    "years_of_losses": _years_of_losses,
    "best_needs_leverage": _above("liabilities_to_assets"),
    "best_needs_interest_cover": _below("interest_cover"),
    "best_needs_liquidity": _below("current_ratio"),
    "best_needs_cash_flow": _below("cash_flow_to_liabilities"),
}


def method_from_data(data: object) -> RatingMethod:
    """A version of the method, strictly. Violations: `rating_method.malformed` with the place."""
    cells = StrictReader(data, MALFORMED, "")
    keys = ("version", "caps", "distress_opinions", "distress_grade", "statements_min")
    cells.only(frozenset(keys))
    rows = cells.raw("caps")
    if not isinstance(rows, list):
        raise LoanRuleViolation(MALFORMED, where="caps", problem="not_a_list")
    return RatingMethod(
        version=cells.text("version"),
        caps=tuple(_cap(row, f"caps[{n}]") for n, row in enumerate(rows)),
        distress_opinions=cells.whole("distress_opinions", 1),
        distress_grade=_grade(cells, "distress_grade"),
        statements_min=cells.whole("statements_min", 1),
    )


def _cap(row: object, where: str) -> CapRule:
    cells = StrictReader(row, MALFORMED, where)
    cells.only(frozenset({"rule", "grade", "limit"}))
    if cells.text("rule") not in RULES:
        raise cells.refuse("rule", "unknown_choice")
    return CapRule(cells.text("rule"), _grade(cells, "grade"), cells.number("limit"))


def _grade(cells: StrictReader, key: str) -> str:
    if cells.text(key) not in GRADES:
        raise cells.refuse(key, "unknown_choice")
    return cells.text(key)
