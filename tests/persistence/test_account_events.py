"""Every event and every term of a contract comes back from its document as it was."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AccountTerms
from domain.accounts.events import Event
from domain.money import Currency
from domain.schedules import CustomRow, RepaymentMethod, ScheduleTerms
from persistence.account_events import body_of, document_of, event_kinds, event_of, of_document

ON = date(2026, 3, 31)
for _plain, _strategy in (
    (Decimal, st.decimals(-(10**12), 10**12, places=8)),
    (date, st.dates(date(1900, 1, 1), date(2100, 12, 31))),
):
    st.register_type_strategy(_plain, _strategy)


@given(st.data())
def test_every_event_comes_back_from_its_row(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(event_kinds())))
    event: Event = data.draw(st.builds(event_kinds()[kind]))
    body = json.loads(json.dumps(body_of(event)))
    assert event_of(kind, event.key, event.value_on, event.recorded_on, body) == event


@pytest.mark.parametrize("method", [RepaymentMethod.EQUAL_INSTALMENT, RepaymentMethod.CUSTOM])
def test_a_whole_contract_comes_back_from_its_document(method: RepaymentMethod) -> None:
    custom = (
        CustomRow(date(2026, 6, 30), Decimal(400)),
        CustomRow(date(2026, 9, 30), Decimal(600)),
    )
    schedule = ScheduleTerms(
        principal=Decimal(1000),
        currency=Currency.CNY,
        yearly_rate=Decimal("0.0435"),
        method=method,
        drawn_on=ON,
        instalments=2,
        custom=custom if method is RepaymentMethod.CUSTOM else (),
    )
    terms = AccountTerms(schedule=schedule)
    assert of_document(AccountTerms, json.loads(json.dumps(document_of(terms)))) == terms


def test_a_document_of_an_unknown_event_is_refused() -> None:
    with pytest.raises(KeyError):
        event_of("windfall", "k", ON, ON, {})
