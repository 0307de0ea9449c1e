"""The parts of a corporate dossier (客户档案) and what an item of each holds, as data.

A further field or section is a line here, its word in `language/dossier_words.py`, and nothing
else. No identity number of a natural person is kept: its last four characters tell two people of
one name apart, and the number itself stays on the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.applications import INDUSTRIES

IDENTITY = "identity"
LICENCES = "licences"
CONTACTS = "contacts"
ACCOUNTS = "accounts"
SHAREHOLDERS = "shareholders"
HOLDINGS = "holdings"
CONTROLLERS = "controllers"
GROUP = "group"
RELATED = "related"
DIRECTORS = "directors"
FORMER_NAMES = "former_names"
LOOKALIKES = "lookalikes"
CIRCLES = "circles"


class FieldKind(StrEnum):
    """How an entry is read; every value is kept as text."""

    NAME = "name"
    PARAGRAPH = "paragraph"
    DAY = "day"
    AMOUNT = "amount"
    WHOLE = "whole"
    CHOICE = "choice"
    SHARE = "share"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"  # the number of a licence: capital letters, digits and marks
    LAST_FOUR = "last_four"
    PARTY = "party"  # one entry of a party: its kind decides which of the others are needed
    KEY = "key"  # names something of ours: a customer's id, a circle


@dataclass(frozen=True, slots=True)
class DossierField:
    """One entry of an item; `not_future` refuses a day that has not come yet."""

    name: str
    kind: FieldKind
    required: bool = True
    choices: tuple[str, ...] = ()
    not_future: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a dossier. `single` items are named by their field, as in the identity."""

    code: str
    fields: tuple[DossierField, ...]
    single: bool = False
    by_hand: bool = True

    def field(self, name: str) -> DossierField | None:
        """The field of a name."""
        return next((field for field in self.fields if field.name == name), None)


class PartyKind(StrEnum):
    """Who may hold a share: a Chinese firm, a foreign firm, a natural person."""

    FIRM = "firm"
    FOREIGN_FIRM = "foreign_firm"
    PERSON = "person"


LICENCE_KINDS = (
    "business_licence",
    "production_licence",
    "special_permit",
    "environmental_permit",
    "safety_permit",
    "customs_registration",
    "bank_account_permit",
    "other_licence",
)
CONTACT_ROLES = ("finance", "handler", "legal", "sales", "other_role")
ACCOUNT_KINDS = ("basic_account", "general_account", "special_account", "temporary_account")
CONTROL_BASES = ("equity", "votes", "agreement", "concert", "family", "other_basis")
GROUP_ROLES = ("group_parent", "core_member", "member", "associate")
RELATIONS = (
    "subsidiary",
    "associated_firm",
    "sister_firm",
    "key_person",
    "close_family",
    "guarantor",
    "other_relation",
)
POSITIONS = (
    "chair",
    "director",
    "executive_director",
    "supervisor",
    "general_manager",
    "finance_director",
)
REGIONS = (
    *("beijing", "tianjin", "hebei", "shanxi", "inner_mongolia", "liaoning", "jilin"),
    *("heilongjiang", "shanghai", "jiangsu", "zhejiang", "anhui", "fujian", "jiangxi"),
    *("shandong", "henan", "hubei", "hunan", "guangdong", "guangxi", "hainan", "chongqing"),
    *("sichuan", "guizhou", "yunnan", "tibet", "shaanxi", "gansu", "qinghai", "ningxia"),
    *("xinjiang", "hong_kong", "macao", "taiwan", "abroad"),
)
SOURCES = (
    "customer",
    "business_licence",
    "registry",
    "articles",
    "audit_report",
    "lawyer_opinion",
    "site_visit",
    "tax_records",
    "other_source",
)
"""Where a fact comes from (来源)."""


def firm(prefix: str) -> tuple[DossierField, ...]:
    """The entries that name a party which can only be a firm."""
    return (
        DossierField(
            f"{prefix}_kind",
            FieldKind.CHOICE,
            choices=(PartyKind.FIRM.value, PartyKind.FOREIGN_FIRM.value),
        ),
        DossierField(f"{prefix}_name", FieldKind.NAME),
        DossierField(f"{prefix}_number", FieldKind.PARTY, required=False),
    )


def party(prefix: str) -> tuple[DossierField, ...]:
    """The entries that name a party: a firm by its number, a person by the last four."""
    return (
        DossierField(f"{prefix}_kind", FieldKind.CHOICE, choices=tuple(PartyKind)),
        DossierField(f"{prefix}_name", FieldKind.NAME),
        DossierField(f"{prefix}_number", FieldKind.PARTY, required=False),
        DossierField(f"{prefix}_last_four", FieldKind.LAST_FOUR, required=False),
    )


_SECTIONS = (
    Section(
        IDENTITY,
        (
            DossierField("name", FieldKind.NAME),
            DossierField("legal_representative", FieldKind.NAME),
            DossierField("established_on", FieldKind.DAY, not_future=True),
            DossierField("registered_capital", FieldKind.AMOUNT),
            DossierField("industry", FieldKind.CHOICE, choices=INDUSTRIES),
            DossierField("region", FieldKind.CHOICE, choices=REGIONS),
            DossierField("employees", FieldKind.WHOLE),
            DossierField("business_scope", FieldKind.PARAGRAPH),
        ),
        single=True,
    ),
    Section(
        LICENCES,
        (
            DossierField("licence", FieldKind.CHOICE, choices=LICENCE_KINDS),
            DossierField("number", FieldKind.NUMBER),
            DossierField("issuer", FieldKind.NAME),
            DossierField("issued_on", FieldKind.DAY, not_future=True),
            DossierField("valid_to_on", FieldKind.DAY, required=False),
        ),
    ),
    Section(
        SHAREHOLDERS,
        (
            *party("holder"),
            DossierField("share_percent", FieldKind.SHARE),
            DossierField("since_on", FieldKind.DAY, required=False, not_future=True),
        ),
    ),
    Section(
        HOLDINGS,
        (*party("holder"), *firm("held"), DossierField("share_percent", FieldKind.SHARE)),
    ),
    Section(
        CONTROLLERS,
        (
            *party("controller"),
            DossierField("basis", FieldKind.CHOICE, choices=CONTROL_BASES),
            DossierField("note", FieldKind.PARAGRAPH, required=False),
        ),
    ),
    Section(
        DIRECTORS,
        (
            DossierField("person_name", FieldKind.NAME),
            DossierField("person_last_four", FieldKind.LAST_FOUR, required=False),
            DossierField("position", FieldKind.CHOICE, choices=POSITIONS),
            DossierField("since_on", FieldKind.DAY, required=False, not_future=True),
        ),
    ),
    Section(
        GROUP,
        (
            DossierField("group_name", FieldKind.NAME),
            DossierField("group_role", FieldKind.CHOICE, choices=GROUP_ROLES),
            DossierField("note", FieldKind.PARAGRAPH, required=False),
        ),
    ),
    Section(
        RELATED,
        (
            *party("related"),
            DossierField("relation", FieldKind.CHOICE, choices=RELATIONS),
            DossierField("note", FieldKind.PARAGRAPH, required=False),
        ),
    ),
    Section(
        CONTACTS,
        (
            DossierField("person_name", FieldKind.NAME),
            DossierField("contact_role", FieldKind.CHOICE, choices=CONTACT_ROLES),
            DossierField("phone", FieldKind.PHONE),
            DossierField("email", FieldKind.EMAIL, required=False),
        ),
    ),
    Section(
        ACCOUNTS,
        (
            DossierField("bank_name", FieldKind.NAME),
            DossierField("account_kind", FieldKind.CHOICE, choices=ACCOUNT_KINDS),
            DossierField("account_last_four", FieldKind.LAST_FOUR),
        ),
    ),
    Section(
        FORMER_NAMES,
        (DossierField("name", FieldKind.NAME), DossierField("until_on", FieldKind.DAY)),
        by_hand=False,
    ),
    Section(
        LOOKALIKES,
        (
            DossierField("other_customer", FieldKind.KEY),
            DossierField(
                "lookalike_verdict", FieldKind.CHOICE, choices=("different_firms", "same_firm")
            ),
            DossierField("note", FieldKind.PARAGRAPH),
        ),
    ),
    Section(
        CIRCLES,
        (DossierField("circle", FieldKind.KEY), DossierField("note", FieldKind.PARAGRAPH)),
    ),
)
SECTIONS: Mapping[str, Section] = {section.code: section for section in _SECTIONS}
OWNERSHIP_SECTIONS = (SHAREHOLDERS, HOLDINGS, CONTROLLERS)
