"""What operators may filter by on the engine's own pages. No personal data, no exact figures."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import SearchAttributeKey

_STAGE = SearchAttributeKey.for_keyword("Stage")
_PRODUCT = SearchAttributeKey.for_keyword("Product")
_GRADE = SearchAttributeKey.for_keyword("Grade")
_AMOUNT_BAND = SearchAttributeKey.for_keyword("AmountBand")
_OFFICER_ID = SearchAttributeKey.for_keyword("OfficerId")


def show_case(product: str, amount_band: str, officer_id: str) -> None:
    """What a case is, once it is one."""
    workflow.upsert_search_attributes(
        [
            _PRODUCT.value_set(product),
            _AMOUNT_BAND.value_set(amount_band),
            _OFFICER_ID.value_set(officer_id),
        ]
    )


def show_stage(stage: str) -> None:
    """Where a case stands."""
    workflow.upsert_search_attributes([_STAGE.value_set(stage)])


def show_grade(grade: str) -> None:
    """How a case was rated."""
    workflow.upsert_search_attributes([_GRADE.value_set(grade)])
