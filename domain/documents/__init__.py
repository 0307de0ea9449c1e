"""Uploaded documents: what is known of a file, and the checks it must pass."""

from domain.documents.catalogue import CHECKS, DocumentCheck, check_document
from domain.documents.facts import DocumentFacts

__all__ = ["CHECKS", "DocumentCheck", "DocumentFacts", "check_document"]
