"""The texts borrowers sign, in Chinese and English beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class EnvelopePurpose(StrEnum):
    """What an envelope asks its signatory to sign."""

    AUTHORISATION = "authorisation"
    CONTRACT = "contract"


class EnvelopeStatus(StrEnum):
    """Where an envelope stands; signed, declined, expired and voided are final."""

    SENT = "sent"
    SIGNED = "signed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


_AUTHORISATION = """\
征信查询授权书  Credit enquiry authorisation

业务编号 Case number: {case_number}
授权人 Authorising party: {customer}
签署人 Signatory: {signatory}

一、授权人授权本行为本笔贷款申请之目的,向金融信用信息基础数据库查询授权人的信用报告。
The authorising party authorises the bank to query its credit report for this loan application.
二、授权自签署之日起至本笔业务结清之日止有效,不得用于其他用途。
The authorisation is valid until this loan is settled and for no other purpose.
三、授权人已知悉授权的内容及其法律后果。
The authorising party understands what it authorises and what follows from it.
"""

_CONTRACT = """\
借款合同  Loan contract

合同编号 Contract number: {contract_number}
业务编号 Case number: {case_number}
借款人 Borrower: {customer}
借款金额 Amount: {currency} {amount}
年利率 Yearly rate: {rate_percent} %{rate_note}
期限 Tenor: {tenor_months} 个月 months
还款方式 Repayment: {method}
用途 Purpose: {purpose}{refinances}
收款人 Payee: {payee_name}, {payee_account}
逾期罚息 Penalty interest: 合同利率上浮 {penalty_percent} %
条款摘要 Terms hash (SHA-256): {terms_sha256}

一、借款人按还款计划按期足额归还本息。
The borrower repays principal and interest in full as scheduled.
二、借款用途不得变更,不得用于股权、证券、房地产投机或分红。
The proceeds serve the stated purpose only, never equity, securities, speculation or dividends.
三、逾期未还的本金自逾期之日起按罚息利率计收利息。
Principal past due bears penalty interest from its due date until it is paid.
四、还款计划、利率、逾期与挪用、冲销顺序和提前还款以附件为准,附件是本合同的一部分。
The annex says how the loan is repaid, what its rate is, what late or misused money costs, in which
order money is set off and how it is prepaid; it is part of this contract.

{annex}"""

_TEXTS: Mapping[EnvelopePurpose, str] = {
    EnvelopePurpose.AUTHORISATION: _AUTHORISATION,
    EnvelopePurpose.CONTRACT: _CONTRACT,
}


def agreement_text(purpose: EnvelopePurpose, blanks: Mapping[str, str]) -> str:
    """The document's exact text; its bytes in UTF-8 are what the signature's hash covers.

    Raises KeyError where a blank is not filled: an agreement is never sent with a hole in it.
    """
    return _TEXTS[purpose].format_map(blanks)
