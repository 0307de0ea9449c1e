"""Papers set out as PDF by a typesetter that runs inside this process."""

from integrations.papers.press import Press

__all__ = ["Press"]
