"""One page of a list."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from api.schemas.strict import Told, by_rule
from domain.texts import clean_name

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


def _search_text(text: str) -> str:
    return clean_name(text) if text.strip() else ""


SearchText = Annotated[str, Query(max_length=200), AfterValidator(by_rule(_search_text))]


class PageTold(Told):
    """Where this page lies: 25 lines a page, numbers from 1."""

    number: int
    pages: int
    total: int
