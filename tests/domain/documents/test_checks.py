"""The checks of an uploaded file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.documents import DocumentFacts, check_document

GOOD = DocumentFacts(
    kind="business_licence",
    filename="营业执照 2026.pdf",
    media_type="application/pdf",
    size=120_000,
    pages=2,
    sha256="0" * 64,
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def codes(facts: DocumentFacts) -> list[str]:
    return [finding.code for finding in check_document(facts)]


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("licence.pdf", "application/pdf"),
        ("licence.PNG", "image/png"),
        ("licence.jpg", "image/jpeg"),
        ("licence.jpeg", "image/jpeg"),
        ("licence.v2.xlsx", XLSX),
    ],
)
def test_the_accepted_types_pass_with_their_own_endings(filename: str, media_type: str) -> None:
    assert codes(replace(GOOD, filename=filename, media_type=media_type)) == []


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("licence.pdf", "image/png"),
        ("licence", "application/pdf"),
        ("licence.pdf.exe", "application/pdf"),
    ],
)
def test_a_name_that_says_another_type_is_found(filename: str, media_type: str) -> None:
    assert codes(replace(GOOD, filename=filename, media_type=media_type)) == [
        "document.mislabelled"
    ]


def test_a_type_the_bank_never_takes_is_found() -> None:
    page = replace(GOOD, filename="a.html", media_type="text/html")
    assert codes(page) == ["document.media_type"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, ["document.empty"]),
        (1, []),
        (10 * 1024 * 1024, []),
        (10 * 1024 * 1024 + 1, ["document.too_large"]),
    ],
)
def test_a_file_is_neither_empty_nor_above_ten_megabytes(size: int, expected: list[str]) -> None:
    assert codes(replace(GOOD, size=size)) == expected


@pytest.mark.parametrize(
    ("filename", "code"),
    [
        ("../licence.pdf", "document.name_unsafe"),
        ("C:\\licence.pdf", "document.name_unsafe"),
        (".pdf", "document.name_unsafe"),
        ("lic\x00ence.pdf", "text.control"),
        ("licence\u202efdp.pdf", "text.bidi"),
        ("a" * 200 + ".pdf", "text.too_long"),
    ],
)
def test_a_name_that_hides_something_is_found(filename: str, code: str) -> None:
    assert codes(replace(GOOD, filename=filename)) == [code]


def test_all_findings_come_at_once_and_name_the_checklist_item() -> None:
    bad = replace(GOOD, filename="a/b.png", size=0)
    findings = check_document(bad)
    assert {f.code for f in findings} == {
        "document.name_unsafe",
        "document.mislabelled",
        "document.empty",
    }
    assert {f.field for f in findings} == {"documents.business_licence"}
