"""Files: what they really are, how large they may be, and that bytes lie under their hash."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # ships no types
from pypdf import PdfWriter

from domain.violations import LoanRuleViolation
from doorway import file_content
from doorway.file_content import XLSX, FileContent, inspect
from persistence.document_store import DocumentStore
from tests.doorway.world import World


def pdf(pages: int = 1) -> bytes:
    """A PDF of blank pages."""
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg(width: int, height: int) -> bytes:
    """A JPEG with an application segment before its frame."""
    segment = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + segment + frame + b"\xff\xd9"


def workbook() -> bytes:
    """An XLSX with one cell."""
    book, out = Workbook(), BytesIO()
    book.active["A1"] = 1
    book.save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip of named parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def test_each_accepted_type_is_known_by_its_content() -> None:
    assert inspect(pdf(3)) == FileContent("application/pdf", 3)
    assert inspect(png(40, 30)) == FileContent("image/png")
    assert inspect(jpeg(40, 30)) == FileContent("image/jpeg")
    assert inspect(workbook()) == FileContent(XLSX)
    assert inspect(archive(a=b"1")).media_type == "application/zip"
    assert inspect(b"MZ" + b"\0" * 100).media_type not in (XLSX, "application/pdf")
    assert inspect(b"plain text").media_type == file_content.UNKNOWN
    assert inspect(b"").media_type == file_content.UNKNOWN


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\nnot really", "document.damaged"),
        (pdf(2)[:200], "document.damaged"),
        (png(0, 10), "document.damaged"),
        (png(100_000, 100_000), "document.too_many_pixels"),
        (png(1, 1)[:20], "document.damaged"),
        (jpeg(65_000, 65_000), "document.too_many_pixels"),
        (b"\xff\xd8\xff\xe0\0\0", "document.damaged"),
        (workbook()[:-30], "document.damaged"),
        (archive(xl__workbook=b"<broken"), "document.damaged"),
    ],
)
def test_a_broken_or_monstrous_file_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as caught:
        inspect(content)
    assert caught.value.code == code


def test_an_archive_that_unpacks_too_large_is_refused() -> None:
    bomb = archive(xl__workbook=b"0" * (file_content.UNPACKED_BYTES_MAX + 1))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(LoanRuleViolation) as caught:
        inspect(bomb)
    assert caught.value.code == "document.unpacks_too_large"


async def test_bytes_lie_under_their_hash_and_a_change_is_noticed(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    sha256 = await store.put(b"content")
    assert sha256 == hashlib.sha256(b"content").hexdigest()
    assert await store.put(b"content") == sha256
    assert await store.get(sha256) == b"content"
    (tmp_path / sha256[:2] / sha256).write_bytes(b"changed")
    with pytest.raises(ValueError, match="hash"):
        await store.get(sha256)
    with pytest.raises(FileNotFoundError):
        await store.get("0" * 64)


async def test_a_document_is_filed_version_by_version(world: World) -> None:
    headers = await world.manager()
    path = f"/api/v1/drafts/{await world.draft(headers)}"
    for content in (pdf(1), pdf(2)):
        answer = await world.client.post(
            f"{path}/documents",
            data={"kind": "business_licence"},
            files={"file": ("营业执照.pdf", content, "text/plain")},
            headers=headers,
        )
        assert answer.status_code == 201, answer.text
    draft = (await world.client.get(path, headers=headers)).json()
    (filed,) = draft["documents"]
    assert (filed["version"], filed["facts"]["pages"], draft["version"]) == (2, 2, 3)
    assert await world.services.documents.get(filed["facts"]["sha256"]) == pdf(2)


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("business_licence", "licence.png", pdf(), "document.mislabelled"),
        ("business_licence", "licence.pdf", b"MZ\x90\0", "document.media_type"),
        ("business_licence", "licence.pdf", b"", "document.empty"),
        ("business_licence", "../licence.pdf", pdf(), "document.name_unsafe"),
        ("business_licence", "a\u202efdp.pdf", pdf(), "text.bidi"),
        ("no_such_kind", "licence.pdf", pdf(), "document.kind"),
        ("business_licence", "licence.pdf", b"%PDF-1.4 " + b"0" * 10_485_760, "document.too_large"),
    ],
)
async def test_a_wrong_upload_is_refused_and_nothing_is_filed(
    world: World, kind: str, name: str, content: bytes, code: str
) -> None:
    headers = await world.manager()
    path = f"/api/v1/drafts/{await world.draft(headers)}"
    answer = await world.client.post(
        f"{path}/documents",
        data={"kind": kind},
        files={"file": (name, content, "application/pdf")},
        headers=headers,
    )
    assert answer.status_code == 422, answer.text
    assert code in [error["code"] for error in answer.json()["errors"]]
    assert (await world.client.get(path, headers=headers)).json()["documents"] == []


async def test_a_body_beyond_the_limit_is_cut_off(world: World) -> None:
    headers = await world.manager()
    draft = await world.draft(headers)
    for path, size in ((f"drafts/{draft}/documents", 11_000_000), ("customers", 1_100_000)):
        answer = await world.client.post(
            f"/api/v1/{path}",
            content=b"x" * size,
            headers={**headers, "Content-Type": "application/json"},
        )
        assert answer.status_code in (413, 415), answer.text
    large = {"kind": "business_licence"}
    answer = await world.client.post(
        f"/api/v1/drafts/{draft}/documents",
        data=large,
        files={"file": ("a.pdf", b"x" * 11_000_000)},
        headers=headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "http.413")
