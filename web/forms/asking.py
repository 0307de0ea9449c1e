"""Asking the process from a form: it is done, or the form comes back with why it was refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from domain.commands import Receipt
from domain.violations import FindingsViolation, LoanRuleViolation, ProcessUnavailable
from doorway.refusals import refusal_in, refusal_of
from web.forms.acts import ActForm
from web.forms.entries import EntryReader


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form that came back, and the status of the page it stands on."""

    form: ActForm
    status: int


async def ask_from_form(
    act: str, entries: EntryReader, ask: Callable[[], Awaitable[Receipt]]
) -> RefusedForm | None:
    """None when it was done; else the form with everything that was typed."""
    form = ActForm(act=act, values=entries.typed)
    try:
        receipt = await ask()
    except FindingsViolation as refused:
        return RefusedForm(replace(form, code=refused.code, findings=refused.findings), 422)
    except ProcessUnavailable as unreachable:
        # Whether it arrived is not known: the same key asked again has its effect once.
        refusal = refusal_of(unreachable)
        return RefusedForm(replace(form, token=entries.token, code=refusal.code), refusal.status)
    except LoanRuleViolation as refused:
        refusal = refusal_of(refused)
    else:
        if receipt.accepted:
            return None
        refusal = refusal_in(receipt)
    told = replace(form, code=refusal.code, params=refusal.params, findings=refusal.findings)
    return RefusedForm(told, refusal.status)
