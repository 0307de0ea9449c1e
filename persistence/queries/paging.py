"""One page of a list: 25 lines unless said otherwise, counted, and never outside the list."""

from __future__ import annotations

from dataclasses import dataclass

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class PageOf:
    """Where a page lies in its list; numbers start at 1."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many lines lie before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The first line's place in the list; 0 when the list is empty."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The last line's place in the list."""
        return min(self.offset + self.size, self.total)


def page_of(asked: int, total: int, size: int = PAGE_SIZE) -> PageOf:
    """The page asked for, or the nearest one there is."""
    last = PageOf(1, total, size).pages
    return PageOf(min(max(asked, 1), last), total, size)
