"""Lines of a loan file, made for a test."""

from __future__ import annotations

HEADER = "LoanNr_ChkDgt,Name,NAICS,Term,NoEmp,GrAppv,SBA_Appv,RealEstate,Recession,Default"
_LINE = {
    "LoanNr_ChkDgt": "9000000001",
    "Name": "Harbour Office Rentals",
    "NAICS": "532420",
    "Term": "36",
    "NoEmp": "4",
    "GrAppv": "30000",
    "SBA_Appv": "15000",
    "RealEstate": "0",
    "Recession": "0",
    "Default": "0",
}


def line(**changes: str) -> bytes:
    """One line, with changes."""
    cells = {**_LINE, **changes}
    return ",".join(cells[name] for name in HEADER.split(",")).encode()


def book(*lines: bytes, header: bytes = HEADER.encode(), ending: bytes = b"\n") -> bytes:
    """A whole file."""
    return ending.join((header, *lines)) + ending
