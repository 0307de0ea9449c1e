"""Why the product did not start, in words for the person at the terminal."""

from __future__ import annotations


class StartRefused(Exception):
    """Something outside the program must change before it can start; exit status 2."""
