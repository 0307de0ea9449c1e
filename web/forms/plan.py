"""The repayment plan in the application's form: which entries show, and what they offer."""

from __future__ import annotations

from domain.applications.repayment import fields_of_method, offered_fields
from domain.products import ProductRules
from language.catalogue import Language
from language.labels import choices
from persistence.queries.drafts import DraftPage

_WORDED = {
    "period_unit": ("period_unit", "units"),
    "month_end": ("month_end", "month_ends"),
    "holiday_rule": ("holiday_rule", "holidays"),
}


def plan_choices(
    name: str, product: ProductRules, language: Language
) -> tuple[tuple[str, str], ...]:
    """What an entry of the plan offers; empty where it is not a matter of choosing."""
    offer = product.repayment
    if name == "day_count":
        return tuple((one.value, one.value) for one in offer.day_counts)
    if name == "settlement_day":
        return tuple((str(day), str(day)) for day in offer.settlement_days)
    if name not in _WORDED:
        return ()
    kind, member = _WORDED[name]
    offered = {one.value for one in getattr(offer, member)}
    return tuple(option for option in choices(kind, language) if option[0] in offered)


def usual_choice(name: str, product: ProductRules, language: Language) -> str:
    """What an empty entry means, in words: the first of what the product offers."""
    offer = product.repayment
    if name == "day_count":
        return offer.day_counts[0].value
    kind, member = _WORDED[name]
    return dict(choices(kind, language))[getattr(offer, member)[0].value]


def entries_shown(page: DraftPage, method: str) -> frozenset[str]:
    """The plan's entries to show: those of the method, and what is filled in all the same."""
    mine = fields_of_method(page.product, method)
    return frozenset(
        name for name in offered_fields(page.product) if name in mine or page.fields.get(name)
    )
