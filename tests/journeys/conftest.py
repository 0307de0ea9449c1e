"""Two running products: one at the pace of real days, one whose days pass in a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.product import Product, running_product


@pytest.fixture(scope="module")
def product(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Product]:
    """A product of the test module, at the pace its DAY_SECONDS states."""
    home = tmp_path_factory.mktemp("product")
    with running_product(home, request.module.DAY_SECONDS) as running:
        yield running
