"""What is said of yearly statements: refusals of figures and files, and what people must weigh."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

_FIGURES: Mapping[str, str] = {
    "figure.too_fine": N_("This figure is finer than a cent. Please round it or check the unit."),
    "figure.too_large": N_("This figure is too large. Please check the unit of amounts."),
    "statement.unit_unknown": N_("Please choose one of the options."),
    "statement.no_years": N_("Please fill in the figures of at least one year."),
    "statement.too_many_years": N_("Please file at most %(max)s years at once."),
    "statement.year_wrong": N_("Please enter a year from %(min)s to %(max)s."),
    "statement.year_twice": N_("This year stands here twice."),
    "statement.year_missing": N_("The year %(year)s is missing between the years of this firm."),
    "statement.year_not_over": N_("This financial year is not over yet."),
    "statement.currencies": N_("All years filed together must be in one currency."),
    "statement.ended_wrong": N_("Please enter a date within this year, or leave it empty."),
    "statement.auditor_missing": N_("Please name the auditor of an audited year."),
    "statement.line_unknown": N_("This is no line of the statements."),
    "statement.line_missing": N_("Please fill in this line; write 0 where it is zero."),
    "statement.line_negative": N_("This line must not be negative."),
    "statement.parts_exceed_whole": N_("The parts of this total add up to more than it."),
    "statement.reading_unknown": N_("The file these figures were read from is not known here."),
}
_DOUBTS: Mapping[str, str] = {
    "statement.few_years": N_("Only %(found)s of the %(wanted)s years wanted are there."),
    "statement.unaudited": N_("The statements of this year are not audited."),
    "statement.no_revenue": N_("There is no revenue in this year."),
    "statement.retained_above_equity": N_("Retained earnings are larger than equity."),
    "statement.ebit_differs": N_(
        "Earnings before interest and tax differ by more than 5 %% of revenue from revenue less"
        " cost of sales and operating expenses."
    ),
    "statement.profit_differs": N_(
        "Net profit differs by more than 5 %% of revenue from earnings less interest and tax."
    ),
    "statement.profit_sign": N_("A net profit stands below a loss before tax."),
    "statement.cash_roll": N_(
        "Cash has not moved since %(year)s by what the cash flow statement says."
    ),
    "statement.retained_rose_more": N_("Retained earnings rose by more than the net profit."),
    "statement.retained_rose_less": N_(
        "Retained earnings rose by much less than the net profit. Was a dividend paid?"
    ),
    "statement.unit_jump": N_(
        "Total assets differ fifty-fold from %(year)s. Is the unit of amounts right?"
    ),
}
_FILES: Mapping[str, str] = {
    "file.too_costly": N_("Reading this file takes more time or memory than is allowed."),
    "workbook.not_a_workbook": N_("The file is neither an Excel workbook (.xlsx) nor a PDF."),
    "workbook.old_format": N_(
        "The file is in the old Excel format (.xls). Please save it as .xlsx and upload it again."
    ),
    "workbook.encrypted": N_("The workbook is encrypted. Please remove its password."),
    "workbook.damaged": N_("The workbook is damaged and cannot be read."),
    "workbook.macros": N_("The workbook has macros. Please save it as .xlsx without them."),
    "workbook.external_links": N_("The workbook takes content from elsewhere. Please remove that."),
    "workbook.active_content": N_("The workbook has embedded objects. Please remove them."),
    "workbook.unpacks_too_large": N_("The workbook unpacks to more than is allowed."),
    "workbook.entities": N_(
        "The workbook declares a document type or entities. Such files are not read."
    ),
    "workbook.too_deep": N_("The workbook is nested too deeply."),
    "workbook.too_many_sheets": N_("The workbook has more than %(max)s sheets."),
    "workbook.too_many_rows": N_("The workbook has more than %(max)s rows."),
    "workbook.too_many_columns": N_("The workbook has more than %(max)s columns."),
    "workbook.wrong_template": N_(
        "The workbook is not our template, or its structure was changed. Please download the"
        " template and fill it in."
    ),
    "workbook.no_figures": N_("The template is empty. Please fill in its figures."),
    "workbook.not_calculated": N_(
        "Formulas without a calculated value in %(cells)s. Please open the workbook, calculate"
        " and save it."
    ),
    "workbook.error_value": N_("Formulas that end in an error in %(cells)s."),
    "workbook.not_a_number": N_("No number in %(cells)s."),
    "workbook.year_wrong": N_("No year from 1990 to 2100 in %(cells)s."),
    "workbook.year_missing": N_("A column without its year: %(cells)s."),
    "workbook.year_twice": N_("The same year again in %(cells)s."),
    "workbook.unit_wrong": N_("No known unit of amounts in %(cells)s."),
    "workbook.currency_wrong": N_("No known currency in %(cells)s."),
    "workbook.audited_wrong": N_("Neither yes nor no in %(cells)s."),
    "workbook.auditor_wrong": N_("No plain name in %(cells)s."),
    "pdf.damaged": N_("The PDF is damaged and cannot be read."),
    "pdf.encrypted": N_("The PDF is encrypted. Please remove its password."),
    "pdf.too_many_pages": N_(
        "The PDF has more than %(max)s pages. Please upload the pages of the statements only."
    ),
    "pdf.too_many_words": N_("The PDF has more text than statements can have."),
    "pdf.no_text": N_(
        "The PDF holds pictures only, as from a scanner. Please type the figures in."
    ),
    "pdf.no_years": N_("No column of the PDF is headed by a year. Please type the figures in."),
    "pdf.no_figures": N_("No known line was found in the PDF. Please type the figures in."),
}
FINANCIAL_MESSAGES: Mapping[str, str] = {**_FIGURES, **_DOUBTS, **_FILES}
FINANCIAL_FLASHES: Mapping[str, str] = {
    "statements_read": N_("The file is read. Please compare each figure before you propose it."),
}
FINANCIAL_WORDS: Mapping[str, Mapping[str, str]] = {
    "statement_line": {
        "cash": N_("Cash"),
        "receivables": N_("Accounts receivable"),
        "prepayments": N_("Prepayments"),
        "inventory": N_("Inventories"),
        "current_assets": N_("Current assets"),
        "fixed_assets": N_("Fixed assets"),
        "total_assets": N_("Total assets"),
        "short_term_debt": N_("Short-term borrowings"),
        "payables": N_("Accounts payable"),
        "advances_received": N_("Advances received"),
        "current_liabilities": N_("Current liabilities"),
        "long_term_debt": N_("Long-term borrowings"),
        "total_liabilities": N_("Total liabilities"),
        "equity": N_("Equity"),
        "retained_earnings": N_("Retained earnings"),
        "revenue": N_("Revenue"),
        "cost_of_sales": N_("Cost of sales"),
        "operating_expenses": N_("Operating expenses"),
        "depreciation": N_("Depreciation and amortisation"),
        "ebit": N_("Earnings before interest and tax"),
        "interest_expense": N_("Interest expense"),
        "tax": N_("Income tax"),
        "net_profit": N_("Net profit"),
        "operating_cash_flow": N_("Cash flow from operations"),
        "investing_cash_flow": N_("Cash flow from investing"),
        "financing_cash_flow": N_("Cash flow from financing"),
        "market_value": N_("Market value"),
        "year": N_("Financial year"),
        "ended_on": N_("Last day of the year"),
        "audited": N_("Audited"),
        "auditor": N_("Audit firm"),
        "currency": N_("Currency"),
        "unit": N_("Unit of amounts"),
        "file": N_("File"),
        "reason": N_("Reason"),
    },
    "statement_kind": {
        "balance": N_("Balance sheet"),
        "income": N_("Income statement"),
        "cash": N_("Cash flow statement"),
        "market": N_("Market data"),
    },
    "statement_source": {
        "typed": N_("Typed in"),
        "excel": N_("Read from Excel, confirmed"),
        "pdf": N_("Read from a PDF, confirmed"),
    },
    "statement_currency": {
        "CNY": N_("Renminbi (CNY)"),
        "USD": N_("US dollar (USD)"),
        "EUR": N_("Euro (EUR)"),
        "HKD": N_("Hong Kong dollar (HKD)"),
    },
    "amount_unit": {
        "1": N_("Single units (yuan)"),
        "1000": N_("Thousands"),
        "10000": N_("Ten thousands"),
        "1000000": N_("Millions"),
        "100000000": N_("Hundred millions"),
    },
    "statement_ratio": {
        "current_ratio": N_("Current ratio"),
        "quick_ratio": N_("Quick ratio"),
        "debt_to_assets": N_("Debt to assets"),
        "debt_to_equity": N_("Debt to equity"),
        "interest_cover": N_("Interest cover"),
        "cash_to_debt": N_("Operating cash to borrowings"),
        "gross_margin": N_("Gross margin"),
        "operating_margin": N_("Operating margin"),
        "net_margin": N_("Net margin"),
        "return_on_assets": N_("Return on assets"),
        "return_on_equity": N_("Return on equity"),
        "inventory_days": N_("Days of inventory"),
        "receivable_days": N_("Days of receivables"),
        "payable_days": N_("Days of payables"),
        "revenue_growth": N_("Growth of revenue"),
        "asset_growth": N_("Growth of assets"),
        "profit_growth": N_("Growth of net profit"),
    },
    "statement_ratio_formula": {
        "current_ratio": N_("Current assets / current liabilities"),
        "quick_ratio": N_("(Current assets - inventories - prepayments) / current liabilities"),
        "debt_to_assets": N_("Total liabilities / total assets"),
        "debt_to_equity": N_("Total liabilities / equity"),
        "interest_cover": N_("Earnings before interest and tax / interest expense"),
        "cash_to_debt": N_("Cash flow from operations / short- and long-term borrowings"),
        "gross_margin": N_("(Revenue - cost of sales) / revenue"),
        "operating_margin": N_("Earnings before interest and tax / revenue"),
        "net_margin": N_("Net profit / revenue"),
        "return_on_assets": N_("Net profit / average total assets"),
        "return_on_equity": N_("Net profit / average equity"),
        "inventory_days": N_("360 x average inventories / cost of sales"),
        "receivable_days": N_("360 x average receivables / revenue"),
        "payable_days": N_("360 x average payables / cost of sales"),
        "revenue_growth": N_("Revenue / revenue of the year before - 1"),
        "asset_growth": N_("Total assets / total assets of the year before - 1"),
        "profit_growth": N_("Net profit / net profit of the year before - 1"),
    },
    "statement_ratio_reason": {
        "line_missing": N_("A line is not stated"),
        "year_missing": N_("The year before is not there"),
        "base_zero": N_("The base is zero"),
        "base_negative": N_("The base is below zero"),
    },
}
FINANCIAL_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "statements.read": (N_("Had a file of financial statements read"),),
    "statements.in_force": (N_("Financial statements came into force"),),
}
