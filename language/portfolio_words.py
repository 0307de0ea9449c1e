"""Words of the portfolio: what it is cut by, stages, reasons to watch, provinces."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

PORTFOLIO_MESSAGES: Mapping[str, str] = {
    "stress.range": N_(
        "Please enter percentages: sales between -90 and 90, margin between -50 and 50, "
        "interest between 0 and 20."
    ),
    "policy.unknown": N_("No version of this policy is in force."),
}
PORTFOLIO_WORDS: Mapping[str, Mapping[str, str]] = {
    "portfolio_cut": {
        "all": N_("All loans"),
        "quality": N_("Quality of the loans"),
        "five_class": N_("Class"),
        "stage": N_("Stage"),
        "grade": N_("Grade"),
        "industry": N_("Industry"),
        "region": N_("Region"),
        "group": N_("Group"),
        "customer": N_("Customer"),
        "vintage": N_("Quarter it was lent in"),
    },
    "loan_quality": {
        "bad": N_("Non-performing"),
        "late_30": N_("More than 30 days past due"),
    },
    "loss_stage": {
        "1": N_("Stage 1: as when granted"),
        "2": N_("Stage 2: riskier since"),
        "3": N_("Stage 3: credit-impaired"),
    },
    "grade_short": {
        **{grade: grade for grade in ("AAA", "AA", "A", "BBB", "B", "C", "D")},
        "unrated": N_("Not rated"),
    },
    "limit_standing": {
        "within": N_("Within the limit"),
        "near": N_("Near the limit"),
        "over": N_("Above the limit"),
    },
    "watch_reason": {
        "bad_class": N_("Non-performing"),
        "locked": N_("Locked"),
        "stopped": N_("Lending stopped"),
        "overdue": N_("Past due"),
        "mention": N_("Special mention"),
        "downgraded": N_("Two grades or more lost in a year"),
        "weak_grade": N_("Weak grade"),
    },
    "model_level": {
        "stable": N_("Stable"),
        "watch": N_("To be watched"),
        "act": N_("To be acted on"),
        "unknown": N_("Not known yet"),
    },
    "model_input": {
        "score": N_("Score"),
        "net_profit_to_assets": N_("Net profit by assets"),
        "ebit_to_assets": N_("EBIT by assets"),
        "ebit_to_liabilities": N_("EBIT by liabilities"),
        "ebitda_to_liabilities": N_("EBITDA by liabilities"),
        "gross_profit_to_assets": N_("Gross profit by assets"),
        "gross_margin": N_("Gross margin"),
        "net_margin": N_("Net margin"),
        "retained_earnings_to_assets": N_("Retained earnings by assets"),
        "liabilities_to_assets": N_("Liabilities by assets"),
        "equity_to_liabilities": N_("Equity by liabilities"),
        "long_term_debt_to_assets": N_("Long-term debt by assets"),
        "current_assets_to_assets": N_("Current assets by assets"),
        "quick_assets_to_assets": N_("Quick assets by assets"),
        "inventory_to_assets": N_("Inventory by assets"),
        "receivables_to_assets": N_("Receivables by assets"),
        "depreciation_to_assets": N_("Depreciation by assets"),
        "inventory_to_current_liabilities": N_("Inventory by current liabilities"),
        "working_capital_to_assets": N_("Working capital by assets"),
        "current_ratio": N_("Current ratio"),
        "quick_ratio": N_("Quick ratio"),
        "revenue_to_assets": N_("Revenue by assets"),
        "revenue_to_current_liabilities": N_("Revenue by current liabilities"),
        "interest_cover": N_("Interest cover"),
        "cash_flow_to_liabilities": N_("Cash flow by liabilities"),
    },
    "region": {
        "11": N_("Beijing"),
        "12": N_("Tianjin"),
        "13": N_("Hebei"),
        "14": N_("Shanxi"),
        "15": N_("Inner Mongolia"),
        "21": N_("Liaoning"),
        "22": N_("Jilin"),
        "23": N_("Heilongjiang"),
        "31": N_("Shanghai"),
        "32": N_("Jiangsu"),
        "33": N_("Zhejiang"),
        "34": N_("Anhui"),
        "35": N_("Fujian"),
        "36": N_("Jiangxi"),
        "37": N_("Shandong"),
        "41": N_("Henan"),
        "42": N_("Hubei"),
        "43": N_("Hunan"),
        "44": N_("Guangdong"),
        "45": N_("Guangxi"),
        "46": N_("Hainan"),
        "50": N_("Chongqing"),
        "51": N_("Sichuan"),
        "52": N_("Guizhou"),
        "53": N_("Yunnan"),
        "54": N_("Tibet"),
        "61": N_("Shaanxi"),
        "62": N_("Gansu"),
        "63": N_("Qinghai"),
        "64": N_("Ningxia"),
        "65": N_("Xinjiang"),
    },
}
