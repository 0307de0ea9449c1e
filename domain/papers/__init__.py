"""A loan's printed papers: which there are, what each says in figures, what a sheet consists of.

Every figure is read from an account or a payoff quote; nothing is reckoned here but sums of them.
"""

from domain.papers.kinds import PaperKind
from domain.papers.loan import PaperLoan, PaperSource, ReceiptFacts

__all__ = ["PaperKind", "PaperLoan", "PaperSource", "ReceiptFacts"]
