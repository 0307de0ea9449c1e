"""What a list's address asks for. What cannot be read counts as not asked, never as an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from domain.people import Act, Actor
from domain.process import CaseStatus, Stage, TaskKind
from domain.texts import clean_name
from domain.violations import LoanRuleViolation
from persistence.queries.cases import CaseFilters, CaseOrder
from persistence.queries.paging import PageOf
from persistence.queries.tasks import Holder, TaskFilters

_PAGE = re.compile("[1-9][0-9]{0,5}")
_PRODUCT = re.compile("[A-Z0-9_]{1,40}")
_Code = TypeVar("_Code", bound=StrEnum)
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListLinks:
    """Addresses of the same list with one thing changed; the page starts anew unless named."""

    path: str
    asked: Query

    def to(self, **changes: object) -> str:
        """The address with these entries instead; an empty one is left out."""
        kept = {name: text for name, text in self.asked.items() if name != "page"}
        entries = kept | {name: str(value) for name, value in changes.items()}
        query = urlencode({name: text for name, text in entries.items() if text})
        return f"{self.path}?{query}" if query else self.path

    def previous(self, page: PageOf) -> str | None:
        """The page before, if there is one."""
        return self.to(page=page.number - 1) if page.number > 1 else None

    def next(self, page: PageOf) -> str | None:
        """The page after, if there is one."""
        return self.to(page=page.number + 1) if page.number < page.pages else None


def search_text(query: Query) -> str:
    """The searched text; one with hidden characters in it can match nothing and is dropped."""
    try:
        return clean_name(query.get("q", ""))
    except LoanRuleViolation:
        return ""


def page_number(query: Query) -> int:
    """The page asked for."""
    text = query.get("page", "")
    return int(text) if _PAGE.fullmatch(text) else 1


def case_filters(query: Query, actor: Actor) -> CaseFilters:
    """The filters of the list of cases; one's officer is only asked about by supervisors."""
    product = query.get("product", "")
    return CaseFilters(
        stage=_code(Stage, query, "stage"),
        status=_code(CaseStatus, query, "status"),
        product=product if _PRODUCT.fullmatch(product) else None,
        officer_id=_id(query, "officer") if actor.may(Act.READ_ALL_CASES) else None,
        text=search_text(query),
        order=_code(CaseOrder, query, "order") or CaseOrder.NEWEST,
        page=page_number(query),
    )


def task_filters(query: Query) -> TaskFilters:
    """The filters of the inbox."""
    holder = _code(Holder, query, "holder") or Holder.ALL
    return TaskFilters(holder, _code(TaskKind, query, "kind"), page_number(query))


def asked_again(filters: CaseFilters) -> dict[str, str]:
    """The filters as an address writes them, without what was not understood."""
    order = "" if filters.order is CaseOrder.NEWEST else filters.order.value
    return {
        "q": filters.text,
        "stage": filters.stage or "",
        "status": filters.status or "",
        "product": filters.product or "",
        "officer": str(filters.officer_id or ""),
        "order": order,
    }


def _code(codes: type[_Code], query: Query, name: str) -> _Code | None:
    text = query.get(name, "")
    return codes(text) if text in set(codes) else None


def _id(query: Query, name: str) -> UUID | None:
    try:
        return UUID(query.get(name, ""))
    except ValueError:
        return None
