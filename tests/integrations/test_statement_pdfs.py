"""PDF files: tables are read label by label and year by year; what cannot be read says why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.financials.amounts import AmountUnit
from domain.financials.readings import ReadFigure, Reading, StatementSource
from domain.violations import FindingsViolation, LoanRuleViolation
from integrations.financials import StatementFiles, pdf_rows
from integrations.financials.files import read_file
from tests.integrations.financial_files import blank_pdf, encrypted, table_pdf

CHINESE_BALANCE = [
    ("项目", "附注", "期末余额", "期初余额"),
    ("流动资产：", "", "", ""),
    ("货币资金", "五、1", "1,234.56", "1,000.00"),
    ("应收账款", "五、2", "2,000.00", "1,500.00"),
    ("存货", "7", "300.00", "—"),
    ("流动资产合计", "", "5,000.00", "4,000.00"),
    ("资产总计", "", "12,345,678.90", "9,000.00"),
    ("未分配利润", "", "（80.00）", "20.00"),
]
CHINESE_INCOME = [
    ("项目", "附注", "本期金额", "上期金额"),
    ("一、营业收入", "八", "8,000.00", "7,000.00"),
    ("减：营业成本", "", "5,000.00", "4,400.00"),
    ("销售费用", "", "100.00", "90.00"),
    ("管理费用", "", "200.00", "190.00"),
    ("其中：利息费用", "", "50.00", "40.00"),
    ("三、利润总额（亏损总额以“－”号填列）", "", "600.00", "500.00"),
    ("四、净利润（净亏损以“－”号填列）", "", "-450.00", "375.00"),
]
CHINESE = table_pdf(
    "*资产负债表*",
    "2024年12月31日",
    "编制单位：苏州某某有限公司 #h(2cm) 单位：万元",
    CHINESE_BALANCE,
    "*利润表*",
    "2024年度",
    "单位：万元",
    CHINESE_INCOME,
)
ENGLISH = table_pdf(
    "*Consolidated balance sheet*",
    "as at 31 December 2024",
    "Unit: RMB million",
    [
        ("", "Note", "2024", "2023"),
        ("Cash and cash equivalents", "5", "120.5", "100"),
        ("Trade receivables", "6", "310", "290"),
        ("Total current assets", "", "650", "610"),
        ("Property, plant and equipment", "7", "300", "280"),
        ("Total assets", "", "1,000", "2,024"),
        ("Net cash from operating activities", "", "(90)", "80"),
    ],
)
TWO_SIDES = table_pdf(
    "*资产负债表*",
    "2024年12月31日 单位：元",
    [
        ("资产", "期末余额", "期初余额", "负债", "期末余额", "期初余额"),
        ("存货", "180.00", "170.00", "短期借款", "150.00", "140.00"),
        ("资产总计", "1,000.00", "900.00", "负债合计", "480.00", "450.00"),
    ],
    columns="(3cm, 2.4cm, 2.4cm, 3cm, 2.4cm, 2.4cm)",
)


def by_line(reading: Reading) -> dict[tuple[str, int], ReadFigure]:
    return {(figure.line, figure.year): figure for figure in reading.figures}


def stated(reading: Reading, line: str, year: int) -> Decimal | None:
    figure = by_line(reading).get((line, year))
    return None if figure is None else figure.stated


@pytest.mark.parametrize(
    ("line", "now", "before"),
    [
        ("cash", "1234.56", "1000"),
        ("receivables", "2000", "1500"),
        ("inventory", "300", None),
        ("current_assets", "5000", "4000"),
        ("total_assets", "12345678.90", "9000"),
        ("retained_earnings", "-80", "20"),
        ("revenue", "8000", "7000"),
        ("cost_of_sales", "5000", "4400"),
        ("net_profit", "-450", "375"),
        ("interest_expense", "50", "40"),
        ("ebit", "650", "540"),
        ("operating_expenses", "300", "280"),
        ("equity", None, None),
    ],
)
def test_chinese_sheets_are_read_by_this_year_and_last(
    line: str, now: str | None, before: str | None
) -> None:
    reading = read_file(CHINESE)
    wanted = [None if text is None else Decimal(text) for text in (now, before)]
    assert [stated(reading, line, 2024), stated(reading, line, 2023)] == wanted


def test_unit_currency_page_and_row_are_told() -> None:
    reading = read_file(CHINESE)
    assert (reading.source, reading.unit) == (StatementSource.PDF, AmountUnit.TEN_THOUSAND)
    assert (reading.currency, reading.years) == ("CNY", (2023, 2024))
    cash = by_line(reading)["cash", 2024]
    assert cash.place == "1"
    assert "货币资金" in cash.row
    assert "1,234.56" in cash.row
    assert "利润总额" in by_line(reading)["ebit", 2024].row


def test_english_sheets_are_read_and_notes_are_no_figures() -> None:
    reading = read_file(ENGLISH)
    assert (reading.unit, reading.currency) == (AmountUnit.MILLION, "CNY")
    assert stated(reading, "cash", 2024) == Decimal("120.5")
    assert stated(reading, "receivables", 2023) == 290
    assert stated(reading, "fixed_assets", 2024) == 300
    assert stated(reading, "operating_cash_flow", 2024) == -90
    assert stated(reading, "total_assets", 2023) == 2024  # a figure, though it looks like a year


def test_a_sheet_of_two_sides_is_read_on_both() -> None:
    reading = read_file(TWO_SIDES)
    assert stated(reading, "inventory", 2024) == 180
    assert stated(reading, "inventory", 2023) == 170
    assert stated(reading, "short_term_debt", 2024) == 150
    assert stated(reading, "total_liabilities", 2023) == 450


def test_the_first_sheet_stands_and_another_figure_is_kept_beside_it() -> None:
    heads = ("项目", "附注", "2024年", "2023年")
    two = table_pdf(
        "合并资产负债表",
        [heads, ("存货", "", "180.00", "170.00")],
        "母公司资产负债表",
        [heads, ("存货", "", "90.00", "170.00")],
    )
    reading = read_file(two)
    assert stated(reading, "inventory", 2024) == 180
    assert by_line(reading)["inventory", 2024].others == (("1", Decimal("90.00")),)
    assert by_line(reading)["inventory", 2023].others == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (blank_pdf(), "pdf.no_text"),
        (encrypted(CHINESE), "pdf.encrypted"),
        (blank_pdf(pdf_rows.PAGES_MAX + 1), "pdf.too_many_pages"),
        (table_pdf("Annual report", [("Item", "", "this", "last")]), "pdf.no_years"),
        (table_pdf([("项目", "附注", "2024", "2023"), ("钢材", "", "5", "4")]), "pdf.no_figures"),
        (b"%PDF-1.7\nnot really", "pdf.damaged"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as caught:
        read_file(content)
    assert caught.value.code == code


def test_too_many_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_rows, "WORDS_MAX", 10)
    with pytest.raises(LoanRuleViolation, match=r"pdf\.too_many_words"):
        read_file(CHINESE)


@pytest.mark.parametrize("end", range(100, len(ENGLISH), len(ENGLISH) // 12))
def test_a_file_cut_anywhere_is_read_or_refused_and_never_an_accident(end: int) -> None:
    try:
        read = read_file(ENGLISH[:end]).source.value
    except LoanRuleViolation as refused:
        read = refused.code
    assert read.startswith("pdf")


async def test_the_product_reads_in_a_program_of_its_own() -> None:
    assert await StatementFiles().read(CHINESE) == read_file(CHINESE)


async def test_a_page_is_drawn_for_whoever_confirms() -> None:
    picture = await StatementFiles().picture(CHINESE, 1)
    assert picture.startswith(b"\x89PNG")
    width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    assert 900 < width < height < 1500
    with pytest.raises(FindingsViolation):
        await StatementFiles().picture(CHINESE, 9)
