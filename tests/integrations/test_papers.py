"""Papers as PDF: the account's figures, the same bytes each time, no name ever a command."""

from __future__ import annotations

import asyncio
import io
import re
import time
from dataclasses import replace
from datetime import date
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from pypdf import PdfReader

from domain.capital_amounts import chinese_capitals, english_words
from domain.money import Currency
from domain.papers import PaperKind, PaperSource
from domain.papers.figures import arrears, interest_due, payoff, plan_totals, settled
from domain.papers.sheet import Sheet
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from integrations.papers import Press
from integrations.papers.press import pictures, set_sheet
from language.catalogue import Language
from language.papers import sheet_of
from tests.paper_sources import BORROWER, DRAWN, EVENTS, PAID_OFF, source_on, terms_of

DAY = date(2026, 4, 20)
BANK = "苏州商业银行"
CLOSED = source_on(date(2026, 5, 6), (*EVENTS, PAID_OFF), closed_on=date(2026, 5, 5))
EVERY_PAPER = [(kind, language) for kind in PaperKind for language in Language]
HOSTILE = [
    '#image("/etc/passwd")',
    '"}) #panic("out") //',
    "$ x^2 $ *bold* _it_ `code` <label> @ref \\ #[]{}",
    "\\u{41} ~ --- ... 'quoted'",
    "= Heading\n- list\t+ list",
    "شركة مصر للتجارة",
    "Ltd \u202eevil\u202c \u200bname\x07",
    "w" * 400,
    "长" * 400,
    "https://example.com/" + "a/" * 150,
]


def _source(kind: PaperKind) -> PaperSource:
    return CLOSED if kind is PaperKind.SETTLEMENT_CERTIFICATE else source_on(DAY)


def _sheet(kind: PaperKind, language: Language, source: PaperSource | None = None) -> Sheet:
    return sheet_of(kind, source or _source(kind), BANK, language)


def _text(content: bytes) -> str:
    """The words of a PDF; where lines and spaces fall is the reader's guess, so there are none."""
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def _holds(text: str, expected: str) -> bool:
    return re.sub(r"\s", "", expected) in text


@pytest.mark.parametrize(("kind", "language"), EVERY_PAPER)
def test_every_paper_names_bank_number_borrower_and_pages(
    kind: PaperKind, language: Language
) -> None:
    source = _source(kind)
    text = _text(set_sheet(_sheet(kind, language)))
    pages = "第1页，共1页" if language is Language.ZH else "Page1of1"
    for expected in (BANK, source.number(kind), BORROWER, source.loan.contract_number, pages):
        assert _holds(text, expected), expected


@pytest.mark.parametrize(("kind", "language"), EVERY_PAPER)
def test_the_same_paper_is_the_same_bytes(kind: PaperKind, language: Language) -> None:
    content = set_sheet(_sheet(kind, language))
    assert content == set_sheet(_sheet(kind, language))
    assert b"pdfaid:part" in content
    said = PdfReader(io.BytesIO(content)).root_object["/Lang"]
    assert str(said).startswith(language.value[:2])


@pytest.mark.parametrize("language", Language)
def test_figures_and_words_are_the_accounts(language: Language) -> None:
    source = source_on(DAY)
    due, late, quote, proof = interest_due(source), arrears(source), payoff(source), settled(CLOSED)
    stated = {
        PaperKind.REPAYMENT_PLAN: [plan_totals(source.account).total],
        PaperKind.INTEREST_NOTICE: [due.open, *(segment.interest for segment in due.segments)],
        PaperKind.DUNNING_LETTER: [late.total, *(row.total for row in late.rows)],
        PaperKind.PAYOFF_LETTER: [quote.total, quote.principal, quote.interest, quote.penalty],
        PaperKind.SETTLEMENT_CERTIFICATE: [proof.paid[Bucket.PRINCIPAL], proof.total],
        PaperKind.RECEIPT_SLIP: [source.account.movements[1].amount],
    }
    write = chinese_capitals if language is Language.ZH else english_words
    for kind, amounts in stated.items():
        text = _text(set_sheet(_sheet(kind, language)))
        assert _holds(text, write(amounts[0])), kind
        for amount in amounts:
            assert f"{amount:,.2f}" in text, (kind, amount)


@pytest.mark.parametrize(
    ("currency", "zh", "en"),
    [
        (Currency.USD, "美元壹佰贰拾万元整", "US dollars one million two hundred thousand only"),
        (Currency.JPY, "日元壹佰贰拾万元整", "Japanese yen one million two hundred thousand only"),
    ],
)
def test_a_loan_in_another_currency_says_so(currency: Currency, zh: str, en: str) -> None:
    terms = terms_of()
    terms = replace(terms, schedule=replace(terms.schedule, currency=currency))
    paid_off = source_on(CLOSED.on, (DRAWN, PAID_OFF), closed_on=CLOSED.on, terms=terms)
    for language, words in ((Language.ZH, zh), (Language.EN, en)):
        sheet = _sheet(PaperKind.SETTLEMENT_CERTIFICATE, language, paid_off)
        text = _text(set_sheet(sheet))
        assert _holds(text, words)
        assert currency in text
        assert (".00" in text) == (currency is Currency.USD)


@pytest.mark.parametrize("language", Language)
def test_a_plan_holds_every_row_of_the_account(language: Language) -> None:
    source = source_on(DAY)
    text = _text(set_sheet(_sheet(PaperKind.REPAYMENT_PLAN, language)))
    for line in source.account.lines:
        row = [line.owed[Bucket.PRINCIPAL], line.owed[Bucket.INTEREST]]
        row += [row[0] + row[1], line.balance_after]
        assert "".join(f"{amount:,.2f}" for amount in row) in text


@pytest.mark.parametrize("language", Language)
def test_thirty_years_take_pages_and_each_has_the_heading(language: Language) -> None:
    source = source_on(DAY, months=360)
    sheet = _sheet(PaperKind.REPAYMENT_PLAN, language, source)
    reader = PdfReader(io.BytesIO(set_sheet(sheet)))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
    assert len(pages) > 5
    heading = "剩余本金" if language is Language.ZH else "Balanceleft"
    for n, text in enumerate(pages[:-1], start=1):
        assert heading in text
        assert source.number(PaperKind.REPAYMENT_PLAN) in text
        of = (f"第{n}页，共{len(pages)}页", f"Page{n}of{len(pages)}")
        assert of[language is Language.EN] in text
    for line in source.account.lines:
        assert any(f"{line.owed[Bucket.PRINCIPAL]:,.2f}" in text for text in pages)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", Language)
def test_a_name_is_printed_as_it_is_and_never_obeyed(name: str, language: Language) -> None:
    for kind in (PaperKind.DUNNING_LETTER, PaperKind.RECEIPT_SLIP):
        sheet = _sheet(kind, language, source_on(DAY, borrower=name))
        text = _text(set_sheet(sheet)).replace("\u200b", "").replace("\xad", "")
        assert "/Type/Image" not in text
        if name.isascii() and name.isprintable():
            assert _holds(text, name)


def test_no_text_leaves_the_page() -> None:
    for name in HOSTILE:
        source = source_on(DAY, borrower=name)
        content = set_sheet(_sheet(PaperKind.RECEIPT_SLIP, Language.EN, source))
        for page in PdfReader(io.BytesIO(content)).pages:
            width = float(page.mediabox.width)
            placed: list[float] = []

            def see(_text: str, _cm: Any, matrix: Any, *_rest: Any, at: Any = placed) -> None:
                at.append(float(matrix[4]))

            page.extract_text(visitor_text=see)
            assert all(0 <= x < width for x in placed)


@pytest.mark.parametrize("name", ["Smile 😀", "𠮷野家", "\ue000"])
def test_a_character_no_font_has_is_refused_by_name(name: str) -> None:
    sheet = _sheet(PaperKind.PAYOFF_LETTER, Language.ZH, source_on(DAY, borrower=f"{name}有限公司"))
    with pytest.raises(LoanRuleViolation) as refused:
        set_sheet(sheet)
    assert refused.value.code == "paper.characters"


async def test_the_loop_stays_alive_while_papers_are_set() -> None:
    source = source_on(DAY, months=360)
    sheet = _sheet(PaperKind.REPAYMENT_PLAN, Language.ZH, source)
    press = Press()
    printing = asyncio.gather(*(press.printed(sheet) for _ in range(4)))
    longest = 0.0
    while not printing.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before)
    assert set(await printing) == {set_sheet(sheet)}
    assert longest < 0.5


async def test_the_press_refuses_what_cannot_be_printed_and_gives_up_in_time() -> None:
    smiling = _sheet(PaperKind.PAYOFF_LETTER, Language.ZH, source_on(DAY, borrower="😀"))
    plain = _sheet(PaperKind.PAYOFF_LETTER, Language.ZH)
    for press, sheet, code in (
        (Press(), smiling, "paper.characters"),
        (Press(seconds=0.001), plain, "paper.unavailable"),
    ):
        with pytest.raises(LoanRuleViolation) as refused:
            await press.printed(sheet)
        assert refused.value.code == code
    assert not [
        child for child in psutil.Process().children() if "setting.py" in str(child.cmdline())
    ]


def test_pages_can_be_looked_at() -> None:
    [page] = pictures(_sheet(PaperKind.PAYOFF_LETTER, Language.ZH), ppi=40)
    assert page.startswith(b"\x89PNG")
