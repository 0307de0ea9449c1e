"""How a paper writes: its texts, figures and dates in one language and one currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.capital_amounts import chinese_capitals, english_words
from domain.money import Currency
from domain.papers import PaperSource
from domain.papers.sheet import Amount, Facts
from language import formats, labels
from language.catalogue import N_, Language, translator


class Words:
    """The hand that writes one paper."""

    def __init__(self, language: Language, currency: Currency) -> None:
        self.language = language
        self.currency = currency
        self._texts = translator(language)

    def text(self, message: str, **params: str) -> str:
        """A text of the catalogue with its figures."""
        said = self._texts.gettext(message)
        return said % params if params else said

    def money(self, amount: Decimal) -> str:
        """An amount with its currency."""
        return formats.amount_text(amount, self.currency, self.language)

    def figure(self, amount: Decimal) -> str:
        """An amount in a column whose table names the currency."""
        return formats.plain_amount_text(amount, self.currency, self.language)

    def percent(self, rate: Decimal) -> str:
        """A yearly rate."""
        return formats.percent_text(rate, self.language)

    def day(self, on: date) -> str:
        """A date in a table or beside its name."""
        return formats.date_text(on, self.language)

    def letter_day(self, on: date) -> str:
        """A date in a sentence."""
        return formats.letter_date_text(on, self.language)

    def word(self, kind: str, code: str) -> str:
        """The word of a code."""
        return labels.word(kind, code, self.language)

    def in_words(self, amount: Decimal) -> str:
        """The amount in capitals or in English words."""
        write = chinese_capitals if self.language is Language.ZH else english_words
        return write(amount, self.currency)

    def amount(self, name: str, amount: Decimal) -> Amount:
        """The figure the paper is about."""
        said = self.text(N_("Amount in words"))
        return Amount(name, self.money(amount), said, self.in_words(amount))

    def loan(
        self,
        source: PaperSource,
        *more: tuple[str, str],
        wide: tuple[tuple[str, str], ...] = (),
    ) -> Facts:
        """Whose loan it is, and what else the paper says of it; `wide` takes a line each."""
        loan = source.loan
        return Facts(
            pairs=(
                (self.text(N_("Registration number")), loan.registration_number),
                (self.text(N_("Case number")), loan.case_number),
                (self.text(N_("Contract number")), loan.contract_number),
                (self.text(N_("Drawn on")), self.day(loan.drawn_on)),
                *more,
            ),
            wide=((self.text(N_("Borrower")), loan.borrower), *wide),
        )
