"""The forms of a new fixing and of a new index."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from domain.rates import RATE_MAX
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation
from persistence.rates import ProposedFixing
from web.forms.entries import EntryReader

FIELD_OF_RULE = {
    "rate.unknown_index": "index",
    "rate.range": "yearly_rate",
    "rate.dates": "effective_on",
    "rate.proposed_before": "effective_on",
    "rate.index_code": "code",
    "rate.index_known": "code",
}
_PERCENT = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")
SOURCE_MAX = 200
NAME_MAX = 120


class RateReader(EntryReader):
    """Reads what was typed; rates are in percent."""

    def fixing(self, indices: Collection[str]) -> ProposedFixing:
        """The fixing proposed. Violation: `findings`, by field."""
        published_on = self.day("published_on", must=True) or date.min
        asked = ProposedFixing(
            index=self.choice("index", indices),
            published_on=published_on,
            effective_on=self.day("effective_on") or published_on,
            yearly_rate=self._rate("yearly_rate"),
            source=self._source(),
        )
        self.refuse_findings()
        return asked

    def name(self, name: str) -> str:
        """A name on one line."""
        try:
            return clean_name(self.text(name), NAME_MAX)
        except LoanRuleViolation as refused:
            self.find(name, refused.code, **refused.params)
            return ""

    def refuse(self, refused: LoanRuleViolation) -> None:
        """Bind a rule's refusal to its field; one of no field is raised again."""
        field = FIELD_OF_RULE.get(refused.code)
        if field is None:
            raise refused
        self.find(field, refused.code, **refused.params)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong so far."""
        return tuple(self._findings)

    def _rate(self, name: str) -> Decimal:
        text = self.text(name).strip().removesuffix("%").strip()
        rate = Decimal(text) / 100 if _PERCENT.fullmatch(text) else None
        if rate is None or abs(rate) > RATE_MAX:
            self.find(name, "rate.range")
        return rate or Decimal(0)

    def _source(self) -> str:
        source = self.paragraph("source")
        if len(source) > SOURCE_MAX:
            self.find("source", "text.too_long", max=str(SOURCE_MAX))
        return source
