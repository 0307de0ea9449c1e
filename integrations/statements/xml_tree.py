"""An XML file as plain elements, names without their namespaces; a DTD or an entity is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from domain.violations import LoanRuleViolation

_DEPTH_MAX = 64
_NAMESPACE_END = "}"


@dataclass(slots=True)
class Element:
    """One element: its local name, its text, its attributes, what is inside."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The element's own text."""
        return "".join(self.parts).strip()

    def all(self, path: str) -> Iterator[Element]:
        """Every element a path of names leads to, in the file's order."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> Element | None:
        """The first element a path leads to."""
        return next(self.all(path), None)

    def text_at(self, *paths: str) -> str | None:
        """The text at the first of the paths that has any."""
        for path in paths:
            for found in self.all(path):
                if found.text:
                    return found.text
        return None


def parse_xml(content: bytes) -> Element:
    """Read a whole file. Violations: `file.damaged`, `file.dtd`, `file.too_deep`."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=_NAMESPACE_END)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.EntityDeclHandler = _refuse_dtd
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError) as damaged:
        raise LoanRuleViolation("file.damaged") from damaged
    return builder.root.children[0]


def _refuse_dtd(*_declared: object) -> NoReturn:
    raise LoanRuleViolation("file.dtd")


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEPTH_MAX:
            raise LoanRuleViolation("file.too_deep")
        element = Element(name.rpartition(_NAMESPACE_END)[2], attributes)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].parts.append(text)
