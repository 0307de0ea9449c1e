"""Statement files for tests, as banks write them."""

from __future__ import annotations

from collections.abc import Sequence

VERSIONS = {
    "053": ("BkToCstmrStmt", "Stmt", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"),
    "053.08": ("BkToCstmrStmt", "Stmt", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.06"),
}


def camt(*entries: str, version: str = "053", account: str = "CN6200001") -> bytes:
    """A camt file around entries."""
    message, part, namespace = VERSIONS[version]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{namespace}"><{message}><GrpHdr><MsgId>M1</MsgId></GrpHdr>
<{part}><Id>STMT-1</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>
{"".join(entries)}</{part}></{message}></Document>""".encode()


def entry(
    amount: str,
    details: str = "",
    *,
    direction: str = "CRDT",
    currency: str = "CNY",
    reference: str = "",
    value_on: str = "2026-03-02",
    status: str = "<Sts>BOOK</Sts>",
    more: str = "",
) -> str:
    """One entry."""
    own = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    inner = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}
{status}<BookgDt><Dt>{value_on}</Dt></BookgDt><ValDt><Dt>{value_on}</Dt></ValDt>{own}{inner}</Ntry>"""


def transaction(
    reference: str = "",
    *,
    end_to_end: str = "",
    text: str = "",
    payer: str = "",
    account: str = "",
    amount: str = "",
    more: str = "",
) -> str:
    """The details of one transaction."""
    refs = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    refs += f"<EndToEndId>{end_to_end}</EndToEndId>" if end_to_end else ""
    name = f"<Dbtr><Nm>{payer}</Nm></Dbtr>" if payer else ""
    own = f"<DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></DbtrAcct>" if account else ""
    parts = f"<Refs>{refs}</Refs>"
    parts += f'<Amt Ccy="CNY">{amount}</Amt>' if amount else ""
    parts += f"<RltdPties>{name}{own}</RltdPties>" if name or own else ""
    parts += f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    return f"<TxDtls>{parts}{more}</TxDtls>"


def csv_file(rows: Sequence[str], head: str = "") -> bytes:
    """A CSV file of our own columns."""
    own = head or "reference,value_date,amount,currency,payer,payer_account,remittance"
    return "\n".join([own, *rows]).encode()
