"""Published loan arithmetic kept outside the project, found by LOAN_VECTORS."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("LOAN_VECTORS", _ROOT.parent / "shared" / "vectors"))


def published(*names: str) -> list[Any]:
    """The cases of some files as parameters of a test; one skipped parameter where they are not."""
    if not FOLDER.is_dir():
        reason = "the published vectors are not here; set LOAN_VECTORS to their folder"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="no-vectors")]
    return [pytest.param(case, id=case["id"]) for name in names for case in read(name)]


def read(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / name).read_text("utf-8"))
    return cases
