"""The customer dossier (客户档案): its sections as data, reading, whole rules, completeness."""

from domain.customers.dossier.completeness import (
    Completeness,
    Holdings,
    Requirement,
    completeness_of,
)
from domain.customers.dossier.consequences import work_after
from domain.customers.dossier.entries import Entry, read_entries
from domain.customers.dossier.expiry import Expiry, expiry_of
from domain.customers.dossier.papers import (
    CHECKLIST,
    PAPER_VERDICTS,
    RULES_BY_KIND,
    SEEN_HOW,
    PaperState,
    paper_state,
    valid_to,
)
from domain.customers.dossier.parties import Party, firm_key, party_of, person_key
from domain.customers.dossier.reading import ItemRead, fields_of, read_item, share_of
from domain.customers.dossier.sections import (
    SECTIONS,
    SOURCES,
    DossierField,
    FieldKind,
    PartyKind,
    Section,
)
from domain.customers.dossier.whole import Items, check_whole

__all__ = [
    "CHECKLIST",
    "PAPER_VERDICTS",
    "RULES_BY_KIND",
    "SECTIONS",
    "SEEN_HOW",
    "SOURCES",
    "Completeness",
    "DossierField",
    "Entry",
    "Expiry",
    "FieldKind",
    "Holdings",
    "ItemRead",
    "Items",
    "PaperState",
    "Party",
    "PartyKind",
    "Requirement",
    "Section",
    "check_whole",
    "completeness_of",
    "expiry_of",
    "fields_of",
    "firm_key",
    "paper_state",
    "party_of",
    "person_key",
    "read_entries",
    "read_item",
    "share_of",
    "valid_to",
    "work_after",
]
