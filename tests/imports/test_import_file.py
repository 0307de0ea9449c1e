"""A loan file is read line by line, and a bad line is the matter of that line only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runner.import_book_file import (
    Application,
    BookUnreadable,
    Refusal,
    count_lines,
    read_book,
)
from tests.imports.lines import HEADER, book, line

GOOD = line(LoanNr_ChkDgt="9000000099")


def _read(tmp_path: Path, content: bytes) -> list[Application | Refusal]:
    path = tmp_path / "book.csv"
    path.write_bytes(content)
    return list(read_book(path))


def test_a_line_becomes_the_entries_of_a_draft(tmp_path: Path) -> None:
    (application,) = _read(tmp_path, book(line(NAICS="531210", RealEstate="1")))
    assert isinstance(application, Application)
    assert application.row.name == "Harbour Office Rentals"
    fields = dict(application.row.fields)
    assert (fields["amount"], fields["guaranteed_amount"]) == ("30000", "15000")
    assert (fields["tenor_months"], fields["employees"], fields["industry"]) == ("36", "4", "K")
    assert (fields["real_estate_backed"], fields["in_recession"]) == ("yes", "no")
    assert (fields["product_code"], fields["currency"]) == ("US_SBA", "USD")


@pytest.mark.parametrize(
    ("bad", "code", "column"),
    [
        (line(LoanNr_ChkDgt="123"), "registration.format", "LoanNr_ChkDgt"),
        (b"1,2,3", "row.columns", ""),
        (line(Name="A\0B"), "text.control", "Name"),
        (line(Name="  "), "text.blank", "Name"),
        (line(Name="Nal\u202eki"), "text.bidi", "Name"),
        (line(Name='"open'), "row.quotes", ""),
        (line(Name="caf\u00e9").replace("\u00e9".encode(), b"\xe9"), "row.encoding", ""),
        (line(Name="x" * 70_000), "row.too_long", ""),
        (line(NAICS="retail"), "choice.unknown", "NAICS"),
        (GOOD, "row.duplicate", "LoanNr_ChkDgt"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_go_on(
    tmp_path: Path, bad: bytes, code: str, column: str
) -> None:
    first, refused, last = _read(tmp_path, book(GOOD, bad, line()))
    assert isinstance(first, Application)
    assert isinstance(refused, Refusal)
    assert (refused.line, refused.code, refused.column) == (3, code, column)
    assert isinstance(last, Application)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_mark_of_order_blank_lines_and_either_line_end_are_read(
    tmp_path: Path, ending: bytes
) -> None:
    content = b"\xef\xbb\xbf" + book(line(), b"", ending=ending)
    assert [type(read) for read in _read(tmp_path, content)] == [Application]
    assert count_lines(tmp_path / "book.csv") == 1


def test_amounts_may_be_written_as_the_administration_writes_them(tmp_path: Path) -> None:
    (application,) = _read(tmp_path, book(line(GrAppv='"$60,000.00 "')))
    assert isinstance(application, Application)
    assert application.row.fields["amount"] == "60000.00"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        HEADER.encode("utf-16"),
        book(line(), header=HEADER.replace("NoEmp", "Term").encode()),
        book(line(), header=HEADER.replace("Default", "Term").encode()),
    ],
)
def test_a_file_without_a_right_header_is_unreadable(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BookUnreadable):
        _read(tmp_path, content)


def test_a_missing_file_or_a_folder_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.csv"):
        with pytest.raises(BookUnreadable):
            list(read_book(path))


def test_every_line_of_the_real_book_can_be_read() -> None:
    path = Path(os.environ.get("LOAN_DATA", "../shared/data")) / "sba_case.csv"
    if not path.exists():
        pytest.skip("LOAN_DATA does not name a folder with sba_case.csv")
    read = list(read_book(path))
    assert len(read) == count_lines(path) == 2_102
    assert all(isinstance(one, Application) for one in read)
    assert len({one.row.draft_id for one in read if isinstance(one, Application)}) == 2_102
