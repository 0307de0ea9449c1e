"""The house stands: floors, sizes, names. Limits are only ever tightened."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = (
    *("api", "web", "workflows", "activities", "persistence", "integrations", "domain"),
    *("doorway", "language", "runner", "model", "tests"),
)
ROOTS = ("worker.py", "doors.py", "config.py", "cli.py")
# A migration lists every column of its day; nobody reads it as code.
MIGRATIONS = ROOT / "persistence" / "migrations" / "versions"
FILE_LINES_MAX = 399
FUNCTION_LINES_MAX = 49
TEMPLATE_LINES_MAX = 79
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def _python_files() -> Iterator[Path]:
    yield from (ROOT / name for name in ROOTS)
    for floor in FLOORS:
        yield from (path for path in (ROOT / floor).rglob("*.py") if path.parent != MIGRATIONS)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _definitions(path: Path) -> Iterator[Definition]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, Definition):
            yield node


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_import_keeps_to_its_floor() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_short() -> None:
    long = {_named(path): _lines(path) for path in _python_files()}
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES_MAX} == {}


def test_functions_are_short() -> None:
    long = [
        f"{_named(path)}:{node.lineno} {node.name}"
        for path in _python_files()
        for node in _definitions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_templates_are_short() -> None:
    templates = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.html"))
    long = {_named(path): _lines(path) for path in templates}
    assert {name: lines for name, lines in long.items() if lines > TEMPLATE_LINES_MAX} == {}


def test_module_names_say_what_is_inside() -> None:
    vague = [_named(path) for path in _python_files() if path.stem in NAMES_THAT_SAY_NOTHING]
    assert vague == []


@pytest.mark.parametrize("floor", [floor for floor in FLOORS if floor != "tests"])
def test_no_floor_holds_money_in_floats(floor: str) -> None:
    """`float` may not be written as the type of anything called an amount, a rate or a price."""
    found = [
        f"{_named(path)}:{node.lineno}"
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.AnnAssign | ast.arg) and _is_money_in_float(node)
    ]
    assert found == []


def _is_money_in_float(node: ast.AnnAssign | ast.arg) -> bool:
    name = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
    if node.annotation is None or "float" not in ast.unparse(node.annotation):
        return False
    return any(word in name for word in ("amount", "rate", "principal", "interest", "price"))
