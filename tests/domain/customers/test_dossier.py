"""Items as they come: clean values, or every finding with the path of its field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customers.dossier import (
    CHECKLIST,
    SECTIONS,
    Expiry,
    Holdings,
    Items,
    PaperState,
    check_whole,
    completeness_of,
    expiry_of,
    paper_state,
    party_of,
    read_entries,
    read_item,
    valid_to,
    work_after,
)
from domain.customers.work import WorkKind
from domain.violations import FindingsViolation

TODAY = date(2026, 3, 2)
OWN = "91350100M000100Y43"
FIRM = {
    "holder_kind": "firm",
    "holder_name": "母公司有限公司",
    "holder_number": "91110108551385082Q",
    "share_percent": "60",
}
PERSON = {
    "holder_kind": "person",
    "holder_name": "王建国",
    "holder_last_four": "123x",
    "share_percent": "40.5",
}


def entry(**changes: Any) -> dict[str, Any]:
    row = {
        "section": "shareholders",
        "item": "a",
        "data": PERSON,
        "source": "registry",
        "as_of": "2026-03-01",
        "replaces": None,
    }
    return row | changes


def refused(content: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(FindingsViolation) as caught:
        read_entries(content, TODAY)
    return {finding.field: finding.code for finding in caught.value.findings}


def test_a_clean_entry_is_read_and_written_alike() -> None:
    (read,) = read_entries({"entries": [entry()]}, TODAY)
    assert read.data == PERSON | {"holder_last_four": "123X"}
    assert read_entries({"entries": [read.as_content()]}, TODAY) == (read,)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"section": "nowhere"}, "entries.0.section", "choice.unknown"),
        ({"section": "former_names"}, "entries.0.section", "choice.unknown"),
        ({"section": ["x"]}, "entries.0.section", "choice.unknown"),
        ({"item": "../x"}, "entries.0.item", "dossier.item"),
        ({"item": 7}, "entries.0.item", "dossier.item"),
        ({"section": "identity", "item": "colour"}, "entries.0.item", "dossier.item"),
        ({"data": "text"}, "entries.0.data", "dossier.data"),
        ({"data": {"holder_kind": 1}}, "entries.0.data", "dossier.data"),
        ({"data": PERSON | {"extra": "x"}}, "entries.0.data", "field.unknown"),
        ({"source": "rumour"}, "entries.0.source", "choice.unknown"),
        ({"as_of": "2026-03-03"}, "entries.0.as_of", "date.future"),
        ({"as_of": 20260303}, "entries.0.as_of", "date.malformed"),
        ({"replaces": "not-an-id"}, "entries.0.replaces", "dossier.key"),
        ({"surprise": 1}, "entries.0", "dossier.entry"),
        (
            {"data": PERSON | {"share_percent": "-5"}},
            "entries.0.data.share_percent",
            "share.format",
        ),
        ({"data": PERSON | {"share_percent": "0"}}, "entries.0.data.share_percent", "share.range"),
        (
            {"data": PERSON | {"share_percent": "100.01"}},
            "entries.0.data.share_percent",
            "share.range",
        ),
        (
            {"data": PERSON | {"share_percent": "NaN"}},
            "entries.0.data.share_percent",
            "share.format",
        ),
        (
            {"data": PERSON | {"holder_last_four": "110101199003071234"}},
            "entries.0.data.holder_last_four",
            "party.last_four",
        ),
        (
            {"data": PERSON | {"holder_number": "110101199003071234"}},
            "entries.0.data.holder_number",
            "party.number_of_person",
        ),
        (
            {"data": FIRM | {"holder_number": "91110108551385082P"}},
            "entries.0.data.holder_number",
            "registration.check_digit",
        ),
        (
            {"data": FIRM | {"holder_last_four": "1234"}},
            "entries.0.data.holder_last_four",
            "party.last_four_of_firm",
        ),
        (
            {"data": {name: text for name, text in FIRM.items() if name != "holder_number"}},
            "entries.0.data.holder_number",
            "party.number_missing",
        ),
    ],
)
def test_each_fault_is_named_at_its_place(changes: dict[str, Any], path: str, code: str) -> None:
    assert refused({"entries": [entry(**changes)]})[path] == code


@pytest.mark.parametrize("content", [{}, {"entries": {}}, {"entries": [], "x": 1}])
def test_a_content_of_another_form_is_refused(content: dict[str, Any]) -> None:
    assert refused(content) == {"entries": "dossier.entries"}


def test_an_item_stands_in_a_proposal_once_and_not_too_many_do() -> None:
    assert refused({"entries": [entry(), entry()]}) == {"entries": "dossier.twice"}
    many = [entry(item=str(place)) for place in range(41)]
    assert refused({"entries": many}) == {"entries": "dossier.count"}


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["section", "item", "data", "source", "x"]), inner)
    ),
    max_leaves=12,
)


@given(json_like)
def test_nonsense_is_refused_by_findings_and_never_otherwise(row: Any) -> None:
    with pytest.raises(FindingsViolation):
        read_entries({"entries": [row]}, TODAY)


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_section_reads_an_empty_item_as_its_required_fields(section: str) -> None:
    whole = SECTIONS[section]
    item = whole.fields[0].name if whole.single else "a"
    read = read_item(whole, item, {}, TODAY)
    assert {finding.code for finding in read.findings} == {"field.required"}


def whole(*rows: dict[str, str], **others: dict[str, str]) -> list[tuple[str, str]]:
    items: Items = {
        **{("shareholders", str(place)): row for place, row in enumerate(rows)},
        **{(name, "a"): data for name, data in others.items()},
    }
    return [(finding.field, finding.code) for finding in check_whole(items, OWN)]


def test_shares_of_one_firm_add_up_to_all_of_it_at_most() -> None:
    assert whole(FIRM, PERSON | {"share_percent": "40"}) == []
    assert whole(FIRM, PERSON) == [("shareholders", "share.sum")]


def test_nobody_holds_itself_or_stands_there_twice() -> None:
    own = FIRM | {"holder_number": OWN, "share_percent": "10"}
    assert ("shareholders.0", "share.self") in whole(own)
    twice = PERSON | {"share_percent": "1"}
    assert ("shareholders.1", "share.twice") in whole(twice, twice)
    named = FIRM | {"holder_name": "另一名称有限公司", "share_percent": "1"}
    held = {"held_kind": "firm", "held_name": "甲有限公司", "held_number": "91320505142065213A"}
    assert ("shareholders", "party.two_names") in whole(FIRM, holdings=named | held)


def test_a_circle_of_holdings_is_no_contradiction() -> None:
    held = {f"held_{name.removeprefix('holder_')}": FIRM[name] for name in list(FIRM)[:3]}
    back = {"holder_kind": "firm", "holder_name": "本公司", "holder_number": OWN}
    assert whole(FIRM, holdings=back | held | {"share_percent": "20"}) == []


def test_people_of_one_name_are_told_apart_by_the_last_four() -> None:
    first, second = PERSON, PERSON | {"holder_last_four": "5678"}
    assert party_of(first, "holder").key != party_of(second, "holder").key


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Expiry.EXPIRED), (0, Expiry.SOON), (60, Expiry.SOON), (61, Expiry.IN_FORCE)],
)
def test_the_last_day_counts_and_sixty_days_warn(days: int, expected: Expiry) -> None:
    assert expiry_of(TODAY + timedelta(days=days), TODAY) is expected
    assert expiry_of(None, TODAY) is Expiry.UNLIMITED


def test_a_paper_counts_as_long_as_it_says_or_its_kind_does() -> None:
    issued = TODAY - timedelta(days=400)
    assert valid_to("bank_flow", issued, None) == issued + timedelta(days=180)
    assert valid_to("bank_flow", issued, TODAY) == TODAY
    assert valid_to("articles", issued, None) is None
    assert paper_state("accepted", issued, TODAY) is PaperState.EXPIRED
    assert paper_state("rejected", issued, TODAY) is PaperState.REJECTED
    assert paper_state(None, None, TODAY) is PaperState.RECEIVED


def test_only_a_whole_dossier_is_complete() -> None:
    empty = completeness_of(Holdings({}, {}, 0, owners_known=False), TODAY)
    assert empty.percent == 0
    identity = {
        ("identity", field.name): {field.name: "x"} for field in SECTIONS["identity"].fields
    }
    licence = {"licence": "business_licence", "valid_to_on": TODAY.isoformat()}
    items: Items = {
        **identity,
        ("licences", "a"): licence,
        ("shareholders", "a"): FIRM | {"share_percent": "75.01"},
        ("directors", "a"): {"position": "general_manager"},
        ("contacts", "a"): {},
    }
    papers = {rule.kind: PaperState.VERIFIED for rule in CHECKLIST}
    whole_one = completeness_of(Holdings(items, papers, 3, owners_known=True), TODAY)
    assert (whole_one.percent, whole_one.missing) == (100, ())
    late = completeness_of(Holdings(items, papers, 3, owners_known=True), TODAY + timedelta(days=1))
    assert late.percent < 100
    assert [one.what for one in late.missing] == ["business_licence"]


def test_changed_facts_are_compared_and_rated_anew_once() -> None:
    assert work_after(["shareholders", "identity"]) == (WorkKind.VERIFY, WorkKind.RATE)
    assert work_after(["licences"]) == (WorkKind.VERIFY,)
    assert work_after(["contacts"]) == ()
