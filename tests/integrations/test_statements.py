"""Statement files: every line is read exactly or refused by name, and spoils no other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bank_statements import LineKind, ReadStatement, StatementFormat
from domain.violations import LoanRuleViolation
from integrations.statements import FileReader
from tests.integrations.statement_files import VERSIONS, camt, csv_file, entry, transaction


def read(content: bytes) -> ReadStatement:
    return FileReader().read(content)


def codes(statement: ReadStatement) -> list[str]:
    return [line.code for line in statement.lines]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_camt_credit_is_read_whole_in_every_version(version: str) -> None:
    details = transaction(
        "BANK-7", end_to_end="E2E-1", text="CL20260101-000007 还款", payer="苏州", account="62 22"
    )
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version == "053.08" else "<Sts>BOOK</Sts>"
    found = read(camt(entry("1234.50", details, status=status), version=version))
    assert found.format == (
        StatementFormat.CAMT_054 if version == "054" else StatementFormat.CAMT_053
    )
    assert (found.account, found.name) == ("CN6200001", "STMT-1")
    line = found.lines[0].line
    assert line is not None
    assert (line.kind, line.reference, line.amount) == (
        LineKind.CREDIT,
        "BANK-7",
        Decimal("1234.50"),
    )
    assert (line.currency, line.value_on) == ("CNY", date(2026, 3, 2))
    assert (line.payer_name, line.payer_account) == ("苏州", "6222")
    assert (line.end_to_end, line.remittance) == ("E2E-1", "CL20260101-000007 还款")


def test_a_batch_is_taken_apart_and_must_add_up_to_its_entry() -> None:
    parts = transaction("A", amount="60.00") + transaction("B", amount="40.00")
    found = read(camt(entry("100.00", parts, reference="BATCH"), entry("101.00", parts)))
    assert [line.line.reference for line in found.lines if line.line] == ["A", "B"]
    assert codes(found) == ["", "", "line.batch_differs"]


def test_one_bad_entry_never_spoils_the_rest() -> None:
    found = read(
        camt(
            entry("1.00", transaction("A")),
            entry("1.005", transaction("B")),
            entry("0", transaction("C")),
            entry("1,00", transaction("D")),
            entry("NaN", transaction("E")),
            entry("1.00", transaction()),
            entry("1.00", transaction("G"), value_on="2026-02-30"),
            entry("1.00", transaction("H"), value_on="2101-01-01"),
            entry("1.00", transaction("I"), currency=""),
            entry("1.00", transaction("J"), direction="SIDE"),
            entry("1.00", transaction("K" * 101)),
            entry("2.00", transaction("L")),
        )
    )
    assert codes(found) == [
        "",
        "line.amount_scale",
        "line.amount_range",
        "line.amount",
        "line.amount",
        "line.no_reference",
        "line.date",
        "line.date_range",
        "line.currency",
        "line.direction",
        "line.reference",
        "",
    ]
    assert [line.number for line in found.lines] == list(range(1, 13))


def test_money_out_and_what_is_not_booked_is_passed_over() -> None:
    found = read(
        camt(
            entry("1.00", transaction("A"), direction="DBIT"),
            entry("1.00", transaction("B"), status="<Sts>PDNG</Sts>"),
        )
    )
    assert codes(found) == ["line.outgoing", "line.not_booked"]
    assert all(line.passed_over for line in found.lines)


def test_a_return_names_what_it_takes_back() -> None:
    why = "<RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>"
    refs = "<RltdRefs><OrgnlTxId>BANK-1</OrgnlTxId></RltdRefs>"
    found = read(
        camt(
            entry("5.00", transaction("R-1", more=refs + why), direction="DBIT"),
            entry(
                "6.00",
                transaction("R-2", end_to_end="E-1"),
                direction="DBIT",
                more="<RvslInd>true</RvslInd>",
            ),
            entry("7.00", transaction("R-3", more=why)),
        )
    )
    first, second, third = (line.line for line in found.lines)
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.kind, first.original, first.reason) == (LineKind.RETURN, "BANK-1", "AC06")
    assert (second.kind, second.original) == (LineKind.RETURN, "E-1")
    assert third.kind is LineKind.PAYMENT_BACK


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b" \n ", "file.empty"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "file.dtd"),
        ('<?xml version="1.0"?><!DOCTYPE a SYSTEM "x"><a/>'.encode("utf-16"), "file.dtd"),
        (b"<Document><BkToCstmrStmt>", "file.damaged"),
        (b"<Document>&nbsp;</Document>", "file.damaged"),
        (b"<" + b"a" * 20, "file.damaged"),
        (b"<a>" * 100 + b"</a>" * 100, "file.too_deep"),
        (b"<Document><Invoice/></Document>", "file.unknown"),
        (b"<Document><BkToCstmrStmt/></Document>", "file.no_lines"),
        (b"\xff\xfe\x00", "file.encoding"),
        (b"PK\x03\x04\x00\x00", "file.encoding"),
        (b"a,b,c\n1,2,3\n", "file.no_header"),
        (csv_file([]), "file.no_lines"),
        (csv_file(["x"] * 20_001), "file.too_many_lines"),
        (b"a" * (8 * 1024 * 1024 + 1), "file.too_large"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        read(content)
    assert refused.value.code == code


def test_an_encoding_nobody_has_is_a_damaged_file() -> None:
    with pytest.raises(LoanRuleViolation, match=r"file\.damaged"):
        read(b'<?xml version="1.0" encoding="nonsense"?><Document/>')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_chinese_csv_below_its_title_is_read_in_every_encoding(
    encoding: str, delimiter: str
) -> None:
    heads = "交易日期,交易流水号,借方金额,贷方金额,币种,对方户名,对方账号,摘要"
    rows = [
        "某银行对账单",
        "",
        heads.replace(",", delimiter),
        '20260302,L-1,,"1,234,567.80",人民币,苏州精密,6222 01,还款'.replace(",", delimiter).replace(
            '"1' + delimiter + "234" + delimiter, '"1,234,'
        ),
        "2026年3月2日,L-2,15.00,0.00,人民币,税务局,,税款".replace(",", delimiter),
    ]
    found = read("\r\n".join(rows).encode(encoding))
    assert found.format is StatementFormat.CSV
    line = found.lines[0].line
    assert line is not None
    assert (line.reference, line.amount, line.currency) == ("L-1", Decimal("1234567.80"), "CNY")
    assert (line.value_on, line.payer_account) == (date(2026, 3, 2), "622201")
    assert [(each.number, each.code) for each in found.lines] == [(4, ""), (5, "line.outgoing")]


def test_each_bad_line_of_a_csv_is_refused_with_its_number() -> None:
    found = read(
        csv_file(
            [
                "A,2026-03-02,10.00,CNY,,,",
                'B,2026-03-02,"10.00,CNY,,,',
                "C,2026-03-02,ten,CNY,,,",
                "D,2026-03-02,1e3,CNY,,,",
                "E,2026-03-02,１０,CNY,,,",
                "F,2026-03-02,10.001,CNY,,,",
                "G,2026-03-02,0.00,CNY,,,",
                "H,2026-13-02,1.00,CNY,,,",
                "I,1999-12-31,1.00,CNY,,,",
                "J,2026-03-02,1.00,,,,",
                ",2026-03-02,1.00,CNY,,,",
                "L,2026-03-02",
                "M,2026-03-02,-3.00,CNY,,,",
                "N,2026-03-02,99999999999999.00,CNY,,,",
                "O,2026-03-02,2.00,CNY,,," + "x" * 10_000,
                "P,2026-03-02,2.00,CNY,,,",
            ]
        )
    )
    assert [(each.number, each.code) for each in found.lines] == [
        (2, ""),
        (3, "line.quotes"),
        (4, "line.amount"),
        (5, "line.amount"),
        (6, "line.amount"),
        (7, "line.amount_scale"),
        (8, "line.amount_range"),
        (9, "line.date"),
        (10, "line.date_range"),
        (11, "line.currency"),
        (12, "line.no_reference"),
        (13, "line.columns"),
        (14, "line.outgoing"),
        (15, "line.amount_range"),
        (16, "line.too_long"),
        (17, ""),
    ]


@pytest.mark.parametrize(
    ("direction", "amount", "code"),
    [
        ("C", "5.00", ""),
        ("贷", "5.00", ""),
        ("借", "5.00", "line.outgoing"),
        ("D", "-5.00", "line.outgoing"),
        ("C", "-5.00", "line.red_entry"),
        ("?", "5.00", "line.direction"),
    ],
)
def test_a_direction_column_decides_the_side(direction: str, amount: str, code: str) -> None:
    content = csv_file(
        [f"A,2026-03-02,{amount},{direction},CNY"], "reference,date,amount,direction,currency"
    )
    assert codes(read(content)) == [code]


def test_both_sides_filled_is_nobodys_amount() -> None:
    content = csv_file(["A,2026-03-02,5.00,5.00,CNY"], "reference,date,credit,debit,currency")
    assert codes(read(content)) == ["line.both_sides"]


def test_what_a_payer_writes_is_kept_without_hidden_marks() -> None:
    found = read(camt(entry("1.00", transaction("A", text="还款&#x202E;\n 三月", payer="a" * 300))))
    line = found.lines[0].line
    assert line is not None
    assert line.remittance == "还款 三月"
    assert line.payer_name == "a" * 200


def test_an_entry_without_details_is_known_by_its_own_reference() -> None:
    found = read(camt(entry("3.00", reference="BANK-9", more="<AddtlNtryInf>还款</AddtlNtryInf>")))
    line = found.lines[0].line
    assert line is not None
    assert (line.reference, line.remittance) == ("BANK-9", "还款")


def test_a_reference_nobody_gave_is_none() -> None:
    given = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>TX-1</TxId></Refs>"
    found = read(camt(entry("3.00", f"<TxDtls>{given}</TxDtls>", reference="BANK-9")))
    line = found.lines[0].line
    assert line is not None
    assert (line.reference, line.others, line.end_to_end) == ("TX-1", ("BANK-9",), None)


def test_structured_remittance_and_an_ultimate_debtor_are_read() -> None:
    inner = (
        "<Refs><TxId>T</TxId></Refs>"
        "<RltdPties><UltmtDbtr><Nm>母公司</Nm></UltmtDbtr>"
        "<DbtrAcct><Id><IBAN>DE02 1203 0000</IBAN></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf>"
    )
    line = read(camt(entry("3.00", f"<TxDtls>{inner}</TxDtls>"))).lines[0].line
    assert line is not None
    assert (line.payer_name, line.payer_account) == ("母公司", "DE0212030000")
    assert line.remittance == "RF18"


def test_a_batch_of_two_currencies_or_without_amounts_is_refused_whole() -> None:
    other = transaction("A", amount="1.00").replace('Ccy="CNY"', 'Ccy="USD"')
    mixed = entry("2.00", transaction("B", amount="1.00") + other)
    silent = entry("2.00", transaction("C") + transaction("D"))
    found = read(camt(mixed, silent, entry("1.00", transaction("E"))))
    assert codes(found) == ["line.batch_currency", "line.batch_amounts", ""]


_GOOD = (
    camt(entry("12.00", transaction("A", text="还款", payer="甲"), reference="B")),
    csv_file(["A,2026-03-02,10.00,CNY,甲,62,还款"]),
)


@given(st.data())
def test_no_bytes_at_all_bring_the_reader_down(data: st.DataObject) -> None:
    """Whatever comes is read, or refused by a name of ours."""
    whole = bytearray(data.draw(st.sampled_from(_GOOD)))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
        whole = whole or bytearray(b" ")
    assert all(code.split(".")[0] in ("file", "line") for code in _refusals(bytes(whole)))


def _refusals(content: bytes) -> list[str]:
    try:
        return [code for code in codes(read(content)) if code]
    except LoanRuleViolation as refused:
        return [refused.code]
