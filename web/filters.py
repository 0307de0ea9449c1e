"""The filters and functions of the templates, bound to one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from domain.process import NodeColour
from language import formats, labels
from language.catalogue import Language
from language.messages import message_for
from language.notices import notice_text
from language.reasons import reason_text
from language.sentences import sentence_for
from language.words import WORDS

COLOUR_ICONS: Mapping[str, str] = {
    NodeColour.GREY: "circle",
    NodeColour.BLUE: "working",
    NodeColour.GREEN: "check",
    NodeColour.AMBER: "attention",
    NodeColour.RED: "stop",
    NodeColour.PURPLE: "pen",
}
_BY_LANGUAGE: Mapping[str, Callable[..., str]] = {
    "money": formats.amount_text,
    "figure": formats.plain_amount_text,
    "percent": formats.percent_text,
    "number": formats.number_text,
    "day": formats.date_text,
    "long_day": formats.long_date_text,
    "instant": formats.instant_text,
    "days_left": formats.working_days_left_text,
    "duration": formats.duration_text,
    "stage_label": labels.stage_label,
    "status_label": labels.status_label,
    "wait_label": labels.wait_label,
    "task_label": labels.task_label,
    "outcome_label": labels.outcome_label,
    "verdict_label": labels.verdict_label,
    "role_label": labels.role_label,
    "hand_label": labels.hand_label,
    "colour_label": labels.colour_label,
    "act_label": labels.act_label,
}


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """Every filter by its name in the templates."""
    bound = {name: _bound(write, language) for name, write in _BY_LANGUAGE.items()}
    bound["money"] = partial(_money, language=language)
    bound["word"] = lambda code, kind: labels.word(kind, code, language)
    bound["message"] = lambda finding: message_for(finding.code, finding.params, language)
    bound["message_of"] = lambda code: message_for(code, {}, language)
    bound["sentence"] = lambda action, facts: sentence_for(action, facts, language)
    bound["field_name"] = lambda code: _field_name(code, language)
    bound["notice"] = lambda notice: notice_text(notice.template, notice.params, language)
    bound["reason"] = lambda code: reason_text(code, language)
    bound["machine_instant"] = formats.machine_instant
    bound["machine_day"] = date.isoformat
    bound["colour_icon"] = lambda colour: COLOUR_ICONS[colour]
    return bound


def _field_name(code: str, language: Language) -> str:
    """A field of a dossier in words; one a feed names its own way reads as it is."""
    known = code in WORDS["refresh_field"]
    return labels.word("refresh_field", code, language) if known else code


def _bound(write: Callable[..., str], language: Language) -> Callable[..., str]:
    def written(value: Decimal | int | date | datetime | str | None, *rest: object) -> str:
        return "–" if value is None else write(value, *rest, language)

    return written


def _money(value: object, currency: str | None = None, *, language: Language) -> str:
    """An amount with its currency, given as one value or as two."""
    if value is None:
        return "–"
    amount = getattr(value, "amount", value)
    unit = getattr(value, "currency", currency)
    if not isinstance(amount, Decimal) or unit is None:
        raise TypeError("money needs a Decimal amount and its currency")
    return formats.amount_text(amount, str(unit), language)
