"""The form of a year's working calendar."""

from __future__ import annotations

from datetime import date

from domain.violations import Finding, LoanRuleViolation
from domain.working_days import YEAR_MAX, YEAR_MIN, YearDays, read_days
from persistence.calendars import ProposedYear
from web.forms.entries import EntryReader

FIELD_OF_RULE = {
    "calendar.year": "year",
    "calendar.other_year": "off",
    "calendar.no_exception": "off",
    "calendar.unchanged": "off",
    "calendar.past": "off",
    "calendar.proposed_before": "year",
}
SOURCE_MAX = 200


class CalendarReader(EntryReader):
    """Reads what was typed: days one a line, or from..to."""

    def proposed(self) -> ProposedYear:
        """The year proposed. Violation: `findings`, by field."""
        year = self.whole("year", YEAR_MIN, YEAR_MAX, code="calendar.year")
        off, worked = self._days("off", weekdays_only=True), self._days("worked")
        source = self.paragraph("source")
        if len(source) > SOURCE_MAX:
            self.find("source", "text.too_long", max=str(SOURCE_MAX))
        days = self._year(year, off, worked)
        self.refuse_findings()
        return ProposedYear(days=days, official=bool(self.text("official")), source=source)

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

    def _days(self, name: str, *, weekdays_only: bool = False) -> tuple[date, ...]:
        try:
            return read_days(self.text(name), weekdays_only=weekdays_only)
        except LoanRuleViolation as refused:
            self.find(name, refused.code)
            return ()

    def _year(self, year: int, off: tuple[date, ...], worked: tuple[date, ...]) -> YearDays:
        try:
            YearDays.of(year, off, ())
        except LoanRuleViolation as refused:
            self.find("off", refused.code)
            return YearDays.of(year, (), ())
        try:
            return YearDays.of(year, off, worked)
        except LoanRuleViolation as refused:
            self.find("worked", refused.code)
            return YearDays.of(year, off, ())
