"""What is known of one uploaded file, without its content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """`kind` is the checklist item; `media_type` is what the content is, not what was claimed.

    `size` in bytes; `pages` is None where the type has none or they were not counted;
    `sha256` in lower-case hex.
    """

    kind: str
    filename: str
    media_type: str
    size: int
    pages: int | None
    sha256: str

    @property
    def field(self) -> str:
        """The form's name of the checklist item."""
        return f"documents.{self.kind}"
