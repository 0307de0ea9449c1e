"""Which wording makes which paper, and what every paper has: a title, a number, a seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from domain.papers import PaperKind, PaperSource
from domain.papers.sheet import Block, Sheet, Signature
from language.catalogue import N_, Language
from language.papers.arrears import dunning_letter
from language.papers.interest import interest_notice
from language.papers.payoff import payoff_letter, settlement_certificate
from language.papers.plan import repayment_plan
from language.papers.receipt import receipt_slip
from language.papers.words import Words

_BLOCKS: Mapping[PaperKind, Callable[[PaperSource, Words], Iterable[Block]]] = {
    PaperKind.REPAYMENT_PLAN: repayment_plan,
    PaperKind.INTEREST_NOTICE: interest_notice,
    PaperKind.DUNNING_LETTER: dunning_letter,
    PaperKind.PAYOFF_LETTER: payoff_letter,
    PaperKind.SETTLEMENT_CERTIFICATE: settlement_certificate,
    PaperKind.RECEIPT_SLIP: receipt_slip,
}


def sheet_of(kind: PaperKind, source: PaperSource, bank: str, language: Language) -> Sheet:
    """A paper in words. Violations: `paper.*` where there is nothing to state, the engine's."""
    words = Words(language, source.currency)
    seal = Signature((bank, words.text(N_("(seal)")), words.letter_day(source.on)))
    return Sheet(
        language=language.value,
        bank=bank,
        number_name=words.text(N_("Paper no.")),
        number=source.number(kind),
        title=words.word("paper", kind),
        page_of=words.text(N_("Page {page} of {pages}")),
        on=source.on,
        blocks=(*_BLOCKS[kind](source, words), seal),
    )
