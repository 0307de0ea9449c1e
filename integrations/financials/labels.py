"""What the lines of statements are called, in Chinese and English; the first of each is ours.

Source: the model statements for firms (财会〔2019〕6号) and the terms of IFRS taxonomies.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from domain.financials.amounts import AmountUnit


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one line, the usual one first."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


LINE_NAMES: Mapping[str, Names] = {
    "cash": Names(
        ("货币资金", "现金及现金等价物", "现金及银行存款"),
        ("Cash and cash equivalents", "Cash", "Cash at bank and on hand", "Bank balances and cash"),
    ),
    "receivables": Names(
        ("应收账款", "应收帐款", "应收票据及应收账款", "应收账款净额", "应收款项"),
        ("Accounts receivable", "Trade receivables", "Trade and other receivables", "Receivables"),
    ),
    "prepayments": Names(
        ("预付款项", "预付账款", "预付帐款"),
        ("Prepayments", "Prepaid expenses", "Advances to suppliers"),
    ),
    "inventory": Names(("存货", "存货净额"), ("Inventories", "Inventory")),
    "current_assets": Names(
        ("流动资产合计", "流动资产总计", "流动资产总额"), ("Total current assets", "Current assets")
    ),
    "fixed_assets": Names(
        ("固定资产", "固定资产净额", "固定资产净值", "固定资产账面价值", "固定资产合计"),
        ("Property, plant and equipment", "Fixed assets", "Property and equipment, net"),
    ),
    "total_assets": Names(("资产总计", "资产合计", "资产总额", "总资产"), ("Total assets",)),
    "short_term_debt": Names(
        ("短期借款",), ("Short-term borrowings", "Short-term loans", "Short-term debt")
    ),
    "payables": Names(
        ("应付账款", "应付帐款", "应付票据及应付账款", "应付款项"),
        ("Accounts payable", "Trade payables", "Trade and other payables"),
    ),
    "advances_received": Names(
        ("预收款项", "预收账款", "合同负债"),
        ("Advances from customers", "Advances received", "Contract liabilities"),
    ),
    "current_liabilities": Names(
        ("流动负债合计", "流动负债总计", "流动负债总额"),
        ("Total current liabilities", "Current liabilities"),
    ),
    "long_term_debt": Names(
        ("长期借款",),
        ("Long-term borrowings", "Long-term loans", "Long-term debt", "Non-current borrowings"),
    ),
    "total_liabilities": Names(
        ("负债合计", "负债总计", "负债总额", "总负债"), ("Total liabilities",)
    ),
    "equity": Names(
        (
            *("所有者权益合计", "股东权益合计", "所有者权益总计", "股东权益总计", "净资产"),
            *("所有者权益或股东权益合计", "权益合计", "所有者权益总额"),
        ),
        ("Total equity", "Total owners' equity", "Total shareholders' equity", "Net assets"),
    ),
    "retained_earnings": Names(
        ("未分配利润",), ("Retained earnings", "Undistributed profits", "Retained profits")
    ),
    "revenue": Names(
        ("营业收入", "营业总收入", "主营业务收入", "销售收入"),
        ("Revenue", "Operating revenue", "Total revenue", "Sales", "Net sales", "Turnover"),
    ),
    "cost_of_sales": Names(
        ("营业成本", "主营业务成本", "销售成本"),
        ("Cost of sales", "Cost of revenue", "Cost of goods sold", "Operating costs"),
    ),
    "operating_expenses": Names(
        ("期间费用", "经营费用", "期间费用合计"), ("Operating expenses", "Total operating expenses")
    ),
    "depreciation": Names(
        ("折旧与摊销", "折旧及摊销", "折旧和摊销"),
        ("Depreciation and amortisation", "Depreciation and amortization", "Depreciation"),
    ),
    "ebit": Names(
        ("息税前利润",),
        ("Earnings before interest and tax", "EBIT", "Operating profit", "Profit from operations"),
    ),
    "interest_expense": Names(
        ("利息费用", "利息支出"), ("Interest expense", "Finance costs", "Interest expenses")
    ),
    "tax": Names(
        ("所得税费用", "所得税"), ("Income tax expense", "Income tax", "Taxation", "Tax expense")
    ),
    "net_profit": Names(
        ("净利润",), ("Net profit", "Profit for the year", "Net income", "Net profit for the year")
    ),
    "operating_cash_flow": Names(
        ("经营活动产生的现金流量净额", "经营活动现金流量净额"),
        ("Net cash from operating activities", "Net cash flows from operating activities"),
    ),
    "investing_cash_flow": Names(
        ("投资活动产生的现金流量净额", "投资活动现金流量净额"),
        ("Net cash from investing activities", "Net cash flows from investing activities"),
    ),
    "financing_cash_flow": Names(
        ("筹资活动产生的现金流量净额", "筹资活动现金流量净额", "融资活动产生的现金流量净额"),
        ("Net cash from financing activities", "Net cash flows from financing activities"),
    ),
    "market_value": Names(("总市值", "市值"), ("Market capitalisation", "Market value")),
}

PART_NAMES: Mapping[str, Names] = {
    "profit_before_tax": Names(("利润总额",), ("Profit before tax", "Profit before taxation")),
    "business_tax": Names(("税金及附加", "营业税金及附加"), ("Taxes and surcharges",)),
    "selling": Names(("销售费用",), ("Selling expenses", "Distribution costs")),
    "administration": Names(("管理费用",), ("Administrative expenses",)),
    "research": Names(("研发费用",), ("Research and development expenses",)),
}
"""Rows that are no line of ours; lines the sheet leaves out are added up from them."""

UNIT_NAMES: Mapping[AmountUnit, tuple[str, ...]] = {
    AmountUnit.ONE: ("元", "人民币元", "yuan", "rmb", "cny", "usd", "美元"),
    AmountUnit.THOUSAND: ("千元", "人民币千元", "thousand", "thousands", "'000", "000"),
    AmountUnit.TEN_THOUSAND: ("万元", "人民币万元", "ten thousand"),
    AmountUnit.MILLION: ("百万元", "人民币百万元", "million", "millions"),
    AmountUnit.HUNDRED_MILLION: ("亿元", "人民币亿元"),
}
CURRENCY_NAMES: Mapping[str, tuple[str, ...]] = {
    "CNY": ("人民币", "rmb", "cny", "¥", "元"),
    "USD": ("美元", "usd", "us$", "u.s. dollar"),
    "EUR": ("欧元", "eur"),
    "HKD": ("港币", "港元", "hkd", "hk$"),
}

_LEAD = re.compile(
    r"^(?:\(?[一二三四五六七八九十0-9]{1,3}[).、]|[一二三四五六七八九十]{1,3}[、.:]"
    r"|加:|减:|其中:|其中|less:|add:|including:|\*|△|▲)"
)
_BRACKETED = re.compile(r"\([^()]*(?:\)|$)|\[[^\[\]]*\]")
_DROPPED = re.compile(r"[\s:'\"’‘“”,.\-‐–—_]")


def plain_label(text: str) -> str:
    """A label without its number, its remarks in brackets, its blanks and its marks."""
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    while (shorter := _LEAD.sub("", plain)) != plain:
        plain = shorter
    return _DROPPED.sub("", _BRACKETED.sub("", plain))


def line_of(label: str) -> str | None:
    """The line or part a label names; None for any other text."""
    return _BY_LABEL.get(plain_label(label))


_BY_LABEL: Mapping[str, str] = {
    plain_label(name): line
    for source in (PART_NAMES, LINE_NAMES)
    for line, names in source.items()
    for name in (*names.chinese, *names.english)
}
