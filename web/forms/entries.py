"""The entries of a form, read one by one; what is wrong with them is told all at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from starlette.datastructures import FormData

from domain.money import Currency, parse_amount
from domain.texts import clean_paragraph
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.csrf import CSRF_FIELD

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field, not a secret
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_WHOLE = re.compile(r"[0-9]{1,7}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,13}(\.\d{1,10})?", re.ASCII)


class EntryReader:
    """Reads typed entries; every refusal is collected until `refuse_findings`."""

    def __init__(self, form: FormData) -> None:
        self._entries = {name: value for name, value in form.items() if isinstance(value, str)}
        self._findings: list[Finding] = []

    @property
    def typed(self) -> Mapping[str, str]:
        """What was typed, to be shown again."""
        hidden = {CSRF_FIELD, TOKEN_FIELD}
        return {name: text for name, text in self._entries.items() if name not in hidden}

    @property
    def token(self) -> str:
        """The form's own key: the same form sent twice has its effect once."""
        token = self.text(TOKEN_FIELD)
        if _TOKEN.fullmatch(token) is None:
            raise LoanRuleViolation("csrf")
        return token

    def text(self, name: str) -> str:
        """An entry as it came, empty when absent."""
        return self._entries.get(name, "")

    def find(self, name: str, code: str, **params: str) -> None:
        """Note that an entry is refused."""
        self._findings.append(Finding(name, code, params))

    def refuse_findings(self) -> None:
        """Refuse the form if anything was found. Violation: `findings`."""
        if self._findings:
            raise FindingsViolation(self._findings)

    def choice(self, name: str, offered: Collection[str]) -> str:
        """One of the offered codes."""
        chosen = self.text(name)
        if chosen in offered:
            return chosen
        self.find(name, "choice.unknown")
        return ""

    def paragraph(self, name: str) -> str:
        """Some lines of text that must be there."""
        try:
            return clean_paragraph(self.text(name))
        except LoanRuleViolation as refused:
            self.find(name, refused.code, **refused.params)
            return ""

    def whole(self, name: str, least: int, most: int, code: str = "integer.malformed") -> int:
        """A whole number within its bounds."""
        text = self.text(name).strip()
        if _WHOLE.fullmatch(text) is not None and least <= int(text) <= most:
            return int(text)
        self.find(name, code, min=str(least), max=str(most))
        return least

    def amount(self, name: str, currency: Currency, *, must: bool = False) -> Decimal | None:
        """An amount of the currency, commas between thousands allowed; None where left empty."""
        text = self.text(name).strip().replace(",", "")
        if not text and not must:
            return None
        try:
            return parse_amount(text, currency)
        except LoanRuleViolation as refused:
            self.find(name, refused.code, **refused.params)
            return None

    def percent(self, name: str, *, must: bool = False) -> Decimal:
        """A share typed in percent, as a fraction; nothing where left empty."""
        text = self.text(name).strip()
        if text and _NUMBER.fullmatch(text):
            return Decimal(text) / 100
        if text or must:
            self.find(name, "percent.format")
        return Decimal(0)

    def day(self, name: str, *, must: bool = False) -> date | None:
        """A date as year-month-day; None where left empty."""
        text = self.text(name).strip()
        if not text and not must:
            return None
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            self.find(name, "date.malformed")
            return None

    def same_amount(self, name: str, wanted: tuple[Decimal, str] | None) -> None:
        """The amount of the drawdown, typed again by the person who lets it go."""
        try:
            currency = Currency(wanted[1] if wanted else Currency.CNY)
            typed = parse_amount(self.text(name).strip().replace(",", ""), currency)
        except LoanRuleViolation as refused:
            self.find(name, refused.code, **refused.params)
            return
        if wanted is None or typed != wanted[0]:
            self.find(name, "release.amount_differs")
