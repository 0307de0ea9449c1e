"""The wording of a loan's papers: figures of the account in, a sheet ready to be set out."""

from language.papers.sheets import sheet_of

__all__ = ["sheet_of"]
