"""Small real PDF files for the demo book, made of bytes: one page, Chinese and Latin text.

The font is one every reader of Chinese documents brings along, so none is put into the file.
Source: ISO 32000-1, 7.5 (file structure) and 9.7.5.2 (predefined CMaps).
"""

from __future__ import annotations

from collections.abc import Sequence

_TITLES = {
    "business_licence": "营业执照",
    "financial_statements": "财务报表",
    "articles": "公司章程",
    "board_resolution": "董事会决议",
    "purpose_evidence": "用途证明材料",
}
_FIRST_LINE = 770
_LEADING = 28


def paper(kind: str, lines: Sequence[str]) -> bytes:
    """A one-page PDF of a document kind, saying plainly that it is a specimen."""
    title = f"{_TITLES.get(kind, kind)}（演示样张 specimen）"
    return _file(_content([title, *lines]))


def _content(lines: Sequence[str]) -> bytes:
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    return f"BT /F1 14 Tf {_LEADING} TL 72 {_FIRST_LINE} Td {shown}ET".encode("ascii")


def _file(content: bytes) -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light "
        b"/Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        b"/FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0 "
        b"/FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    """Header, objects, cross-reference table with each object's byte offset, trailer."""
    body = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        body += b"%010d 00000 n \n" % offset
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)
