"""ISO 20022 camt.053 (statement) and camt.054 (notification), every version alike.

Source: ISO 20022 message definitions BankToCustomerStatement and
BankToCustomerDebitCreditNotification; names as in the standard (Ntry, NtryDtls, TxDtls).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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
from integrations.statements.xml_tree import Element, parse_xml

_MESSAGES = {
    "BkToCstmrStmt": (StatementFormat.CAMT_053, "Stmt"),
    "BkToCstmrDbtCdtNtfctn": (StatementFormat.CAMT_054, "Ntfctn"),
}
_CREDIT, _DEBIT = "CRDT", "DBIT"
_BOOKED = "BOOK"
_TRUE = ("true", "1")
# The bank's own numbers of a transaction, the surest first. The payer's EndToEndId is none.
_REFERENCES = ("Refs/AcctSvcrRef", "Refs/TxId", "Refs/UETR", "Refs/InstrId", "Refs/Prtry/Ref")
_NOT_GIVEN = "NOTPROVIDED"


@dataclass(frozen=True)
class _Told:
    """One transaction of an entry, with what the entry says for all of them."""

    entry: Element
    details: Element | None
    direction: str
    amount: Decimal
    currency: str
    only: bool


def read_camt(content: bytes) -> ReadStatement:
    """Read a file. Violations: `file.damaged`, `file.dtd`, `file.too_deep`, `file.unknown`."""
    document = parse_xml(content)
    for message in document.children:
        if message.name in _MESSAGES:
            kind, part = _MESSAGES[message.name]
            return _statement(kind, list(message.all(part)))
    raise LoanRuleViolation("file.unknown")


def _statement(kind: StatementFormat, parts: Sequence[Element]) -> ReadStatement:
    entries = [entry for part in parts for entry in part.all("Ntry")]
    read = (line for number, entry in enumerate(entries, 1) for line in _lines(number, entry))
    account = parts[0].text_at("Acct/Id/IBAN", "Acct/Id/Othr/Id") if parts else None
    name = parts[0].text_at("Id", "ElctrncSeqNb") if parts else None
    return ReadStatement(kind, read_account(account), read_text(name), tuple(read))


def _lines(number: int, entry: Element) -> Iterator[ReadLine]:
    """The transactions of one entry. What is wrong with one of them leaves the others alone."""
    try:
        told = _transactions(entry)
    except LoanRuleViolation as refused:
        yield ReadLine(number, code=refused.code, params=refused.params)
        return
    for each in told:
        try:
            yield _line(number, each)
        except LoanRuleViolation as refused:
            yield ReadLine(number, code=refused.code, params=refused.params)


def _line(number: int, told: _Told) -> ReadLine:
    status = told.entry.text_at("Sts/Cd", "Sts/Prtry", "Sts") or _BOOKED
    if status != _BOOKED:
        return ReadLine(number, code="line.not_booked", passed_over=True)
    undone = (told.entry.text_at("RvslInd") or "").lower() in _TRUE or _is_return(told)
    if told.direction == _DEBIT and not undone:
        return ReadLine(number, code="line.outgoing", passed_over=True)
    if told.direction == _DEBIT:
        return ReadLine(number, _bank_line(told, LineKind.RETURN))
    kind = LineKind.PAYMENT_BACK if undone else LineKind.CREDIT
    return ReadLine(number, _bank_line(told, kind))


def _bank_line(told: _Told, kind: LineKind) -> BankLine:
    references = _references(told)
    returned = kind is LineKind.RETURN
    end_to_end = _given(told, "Refs/EndToEndId")
    party, account = _payer(told)
    return BankLine(
        kind=kind,
        reference=read_reference(references[0] if references else None),
        amount=told.amount,
        currency=told.currency,
        value_on=_value_day(told.entry),
        payer_name=read_text(party),
        payer_account=read_account(account),
        remittance=read_text(_remittance(told)),
        end_to_end=read_text(end_to_end),
        others=tuple(references[1:]),
        original=_original(told, end_to_end) if returned else None,
        reason=_text(told, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry") if returned else None,
    )


def _transactions(entry: Element) -> list[_Told]:
    """An entry's transactions; a batch must add up to its entry, or nobody knows what came."""
    total, currency = _amount(entry.first("Amt"))
    direction = _direction(entry)
    found = list(entry.all("NtryDtls/TxDtls"))
    if len(found) < 2:
        details = found[0] if found else None
        return [_Told(entry, details, direction, total, currency, only=True)]
    told = [_part(entry, details, direction) for details in found]
    if any(each.currency != currency for each in told):
        raise LoanRuleViolation("line.batch_currency")
    signed = sum(each.amount if each.direction == direction else -each.amount for each in told)
    if signed != total:
        raise LoanRuleViolation("line.batch_differs")
    return told


def _part(entry: Element, details: Element, direction: str) -> _Told:
    amount = details.first("Amt") or details.first("AmtDtls/TxAmt/Amt")
    if amount is None:
        raise LoanRuleViolation("line.batch_amounts")
    own = direction if details.text_at("CdtDbtInd") is None else _direction(details)
    part, currency = _amount(amount)
    return _Told(entry, details, own, part, currency, only=False)


def _amount(element: Element | None) -> tuple[Decimal, str]:
    if element is None:
        raise LoanRuleViolation("line.amount")
    amount = read_amount(element.text)
    if amount < 0:
        raise LoanRuleViolation("line.amount_range")
    return amount, read_currency(element.attributes.get("Ccy", ""))


def _direction(told: Element) -> str:
    direction = told.text_at("CdtDbtInd")
    if direction not in (_CREDIT, _DEBIT):
        raise LoanRuleViolation("line.direction")
    return direction


def _references(told: _Told) -> list[str]:
    """The transaction's own numbers; the entry's only where it is the entry's sole one."""
    found = [_given(told, path) for path in _REFERENCES]
    if told.only:
        found.append(told.entry.text_at("AcctSvcrRef"))
    return list(dict.fromkeys(each for each in found if each))


def _original(told: _Told, end_to_end: str | None) -> str | None:
    """What a return takes back: the original's number where it is told."""
    original = _text(told, "RltdRefs/OrgnlTxId", "Refs/OrgnlTxId", "RtrInf/OrgnlTxId")
    return original or _given(told, "Refs/TxId") or end_to_end


def _is_return(told: _Told) -> bool:
    return told.details is not None and told.details.first("RtrInf") is not None


def _given(told: _Told, path: str) -> str | None:
    text = _text(told, path)
    return None if text == _NOT_GIVEN else text


def _text(told: _Told, *paths: str) -> str | None:
    return told.details.text_at(*paths) if told.details is not None else None


def _payer(told: _Told) -> tuple[str | None, str | None]:
    name = _text(told, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/UltmtDbtr/Nm")
    return name, _text(told, "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")


def _remittance(told: _Told) -> str | None:
    """Free text first, then structured creditor references; else what the entry adds."""
    if told.details is not None:
        found = [part.text for part in told.details.all("RmtInf/Ustrd")]
        found += [part.text for part in told.details.all("RmtInf/Strd/CdtrRefInf/Ref")]
        joined = " ".join(part for part in found if part)
        if joined:
            return joined
    return _text(told, "AddtlTxInf") or told.entry.text_at("AddtlNtryInf")


def _value_day(entry: Element) -> date:
    text = entry.text_at("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")
    if text is None:
        raise LoanRuleViolation("line.date")
    return read_day(text)
