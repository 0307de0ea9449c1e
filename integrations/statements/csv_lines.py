"""CSV files of banks: columns known by their Chinese or English heads, each line on its own.

A quoted cell may not run over a line's end: so a quote left open spoils its own line only.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.bank_statements import BankLine, LineKind, ReadLine, ReadStatement, StatementFormat
from domain.violations import LoanRuleViolation
from integrations.statements.values import (
    read_account,
    read_amount,
    read_currency,
    read_day,
    read_reference,
    read_text,
)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reference": (
        *("reference", "bank reference", "transaction id", "transaction number"),
        *("流水号", "交易流水号", "银行流水号", "交易编号", "交易参考号", "凭证号"),
    ),
    "amount": ("amount", "金额", "交易金额", "发生额"),
    "credit": ("credit", "credit amount", "贷方金额", "贷方发生额", "收入金额", "收入", "入账金额"),
    "debit": ("debit", "debit amount", "借方金额", "借方发生额", "支出金额", "支出"),
    "direction": ("direction", "dr/cr", "credit debit indicator", "借贷标志", "收支", "借贷"),
    "currency": ("currency", "ccy", "币种", "货币"),
    "value_on": (
        *("value date", "date", "booking date", "transaction date"),
        *("起息日", "起息日期", "交易日期", "入账日期", "记账日期", "日期"),
    ),
    "payer_name": ("payer", "payer name", "对方户名", "付款人", "付款人名称", "对方名称"),
    "payer_account": ("payer account", "对方账号", "付款账号", "付款人账号", "对方帐号"),
    "remittance": ("remittance", "remittance information", "narrative", "摘要", "附言", "用途"),
    "end_to_end": ("end to end id", "client reference", "业务编号", "端到端编号"),
}
_BY_HEAD = {head: name for name, heads in COLUMNS.items() for head in heads}
_CREDITS = ("C", "CR", "CRDT", "CREDIT", "贷", "收", "收入", "贷方")
_DEBITS = ("D", "DR", "DBIT", "DEBIT", "借", "支", "支出", "借方")
_DELIMITERS = (",", ";", "\t")
_LINE_END = re.compile(r"\r\n|\n|\r")
_HEAD_WITHIN = 20
_LINE_MAX = 10_000


def read_csv(content: bytes) -> ReadStatement:
    """Read a file. Violations: `file.encoding`, `file.no_header`."""
    rows = _LINE_END.split(_text(content))
    at, delimiter, heads = _header(rows)
    below = enumerate(rows[at + 1 :], start=at + 2)
    lines = (_line(number, row, delimiter, heads) for number, row in below if row.strip())
    return ReadStatement(StatementFormat.CSV, None, None, tuple(lines))


def _text(content: bytes) -> str:
    """UTF-8, with or without a mark; UTF-16 with one; else GB 18030, as China's banks write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried: tuple[str, ...] = ("utf-16",)
    else:
        tried = ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise LoanRuleViolation("file.encoding")


def _header(rows: Sequence[str]) -> tuple[int, str, dict[str, int]]:
    """Where the column heads stand: banks write a title above them."""
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        for delimiter in _DELIMITERS:
            heads = _heads(row, delimiter)
            money = "amount" in heads or "credit" in heads
            if money and "reference" in heads and "value_on" in heads:
                return at, delimiter, heads
    raise LoanRuleViolation("file.no_header")


def _heads(row: str, delimiter: str) -> dict[str, int]:
    try:
        cells = _cells(row, delimiter)
    except LoanRuleViolation:
        return {}
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        head = " ".join(cell.strip().lower().replace("_", " ").split())
        name = _BY_HEAD.get(head.partition("(")[0].partition("（")[0].strip())
        if name is not None:
            found.setdefault(name, position)
    return found


def _line(number: int, row: str, delimiter: str, heads: Mapping[str, int]) -> ReadLine:
    try:
        said = _said(_cells(row, delimiter), heads)
        amount = _amount(said)
        if amount < 0:
            return ReadLine(number, code="line.outgoing", passed_over=True)
        return ReadLine(number, _bank_line(said, amount))
    except LoanRuleViolation as refused:
        return ReadLine(number, code=refused.code, params=refused.params)


def _said(cells: Sequence[str], heads: Mapping[str, int]) -> dict[str, str]:
    if len(cells) <= max(heads.values()):
        raise LoanRuleViolation("line.columns")
    return {name: cells[position].strip() for name, position in heads.items()}


def _cells(row: str, delimiter: str) -> list[str]:
    if len(row) > _LINE_MAX:
        raise LoanRuleViolation("line.too_long")
    try:
        return next(csv.reader([row], delimiter=delimiter, strict=True), [])
    except csv.Error as broken:
        raise LoanRuleViolation("line.quotes") from broken


def _bank_line(said: Mapping[str, str], amount: Decimal) -> BankLine:
    return BankLine(
        kind=LineKind.CREDIT,
        reference=read_reference(said["reference"]),
        amount=amount,
        currency=read_currency(said.get("currency", "")),
        value_on=read_day(said["value_on"]),
        payer_name=read_text(said.get("payer_name")),
        payer_account=read_account(said.get("payer_account")),
        remittance=read_text(said.get("remittance")),
        end_to_end=read_text(said.get("end_to_end")),
    )


def _amount(said: Mapping[str, str]) -> Decimal:
    """Below zero is money out: told by a column of its own, by a direction or by a sign."""
    came = next((said[name] for name in ("credit", "amount") if _moved(said.get(name))), None)
    went = said.get("debit", "")
    if came is not None and _moved(went):
        raise LoanRuleViolation("line.both_sides")
    if came is None:
        return -abs(read_amount(went or said.get("amount") or said.get("credit", "")))
    amount = read_amount(came)
    return amount * _sign(said.get("direction", ""), amount)


def _sign(direction: str, amount: Decimal) -> int:
    """A debit is money out whatever its sign; a negative credit is a person's matter (红字冲正)."""
    asked = direction.upper()
    if asked in _DEBITS:
        return -1 if amount > 0 else 1
    if asked and asked not in _CREDITS:
        raise LoanRuleViolation("line.direction")
    if asked and amount < 0:
        raise LoanRuleViolation("line.red_entry")
    return 1


def _moved(cell: str | None) -> bool:
    """Banks write the side that did not move as nothing, a dash or zero."""
    return cell is not None and cell.strip(" -0.,") != ""
