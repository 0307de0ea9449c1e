"""Every code of a dossier is told in words."""

from __future__ import annotations

from enum import StrEnum

import pytest

from domain.customers.dossier import (
    CHECKLIST,
    PAPER_VERDICTS,
    SECTIONS,
    SEEN_HOW,
    SOURCES,
    Expiry,
    PaperState,
)
from domain.customers.dossier.completeness import REQUIREMENTS
from domain.customers.ownership import OwnerBasis
from language.words import WORDS


def test_sections_fields_and_choices_have_words() -> None:
    fields = [field for section in SECTIONS.values() for field in section.fields]
    assert set(SECTIONS) <= set(WORDS["dossier_section"])
    assert {field.name for field in fields} <= set(WORDS["dossier_field"])
    assert {one for field in fields for one in field.choices} <= set(WORDS["dossier_choice"])
    assert set(SOURCES) == set(WORDS["fact_source"])
    assert {rule.kind for rule in CHECKLIST} == set(WORDS["paper_kind"])
    assert set(SEEN_HOW) == set(WORDS["seen_how"])
    assert set(PAPER_VERDICTS) == set(WORDS["paper_verdict"])


@pytest.mark.parametrize(
    ("codes", "kind"),
    [(Expiry, "expiry"), (PaperState, "paper_state"), (OwnerBasis, "owner_basis")],
)
def test_every_state_has_a_word(codes: type[StrEnum], kind: str) -> None:
    assert set(codes) == set(WORDS[kind])


def test_every_requirement_has_a_word() -> None:
    for one in REQUIREMENTS:
        words = {"identity": "dossier_field", "papers": "paper_kind"}
        assert one.what in WORDS[words.get(one.section, "requirement")]
