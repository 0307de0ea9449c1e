"""Whatever may be proposed for a customer has rules and an effect; all work but asking the
sources, which leaves the bank, is done by a worker."""

from __future__ import annotations

from domain.customers import RULES, ProposalKind, WorkKind
from language.words import WORDS
from persistence.customer_effects import EFFECTS, WORKERS


def test_every_kind_of_proposal_has_rules_an_effect_and_a_name() -> None:
    assert set(ProposalKind) == set(RULES) == set(EFFECTS) == set(WORDS["proposal"])


def test_every_kind_of_work_is_carried_out() -> None:
    assert set(WORKERS) == set(WorkKind) - {WorkKind.VERIFY}
