"""Codes are told in words, figures as the bank writes them, and a raw code is never shown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from domain.people import Act, Hand, Role
from domain.process import CaseStatus, NodeColour, Stage, TaskKind, TaskOutcome, Verdict, WaitReason
from language import formats, labels, vocabulary
from language.catalogue import Language, translator
from language.messages import MESSAGES, message_for
from language.sentences import SENTENCES, sentence_for

ZH, EN = Language.ZH, Language.EN
TOLD: list[tuple[type[StrEnum], object]] = [
    (Stage, vocabulary.STAGES),
    (CaseStatus, vocabulary.STATUSES),
    (WaitReason, vocabulary.WAITS),
    (TaskKind, vocabulary.TASKS),
    (TaskOutcome, vocabulary.OUTCOMES),
    (Verdict, vocabulary.VERDICTS),
    (Role, vocabulary.ROLES),
    (Hand, vocabulary.HANDS),
    (NodeColour, vocabulary.COLOURS),
    (Act, vocabulary.ACTS),
]
DOMAIN = Path(__file__).parents[2] / "domain"


@pytest.mark.parametrize(("codes", "words"), TOLD)
def test_every_code_has_a_word(codes: type[StrEnum], words: dict[str, str]) -> None:
    assert set(words) == set(codes)


def test_every_code_the_domain_refuses_with_has_a_sentence() -> None:
    named = r'(?:Finding\([^()]*?(?:\([^()]*\))?[^()]*?|Violation\(\s*)"([a-z_]+\.[a-z_]+)"'
    texts = [path.read_text("utf-8") for path in DOMAIN.rglob("*.py")]
    codes = {code for text in texts for code in re.findall(named, text)}
    assert codes
    assert codes <= set(MESSAGES)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_sentence_can_be_written(code: str, language: Language) -> None:
    written = translator(language).gettext(MESSAGES[code])
    names = re.findall(r"%\((\w+)\)s", written)
    assert "%(" not in written % dict.fromkeys(names, "1")


def test_a_code_without_words_is_told_in_general() -> None:
    assert message_for("no.such_code", {}, EN).startswith("This entry does not meet")
    assert message_for("amount.scale", {}, ZH) == message_for("no.such_code", {}, ZH)
    assert sentence_for("no.such_action", {}, EN) == "A step of the process was recorded"
    assert sentence_for("refused.submit", {}, ZH) == "操作不符合规则，已被拒绝"
    assert labels.stage_label("no_such_stage", EN) == "Other"


def test_the_fullest_sentence_whose_facts_are_known_is_read() -> None:
    facts = {"amount": "1000.50", "currency": "CNY"}
    assert sentence_for("loan.submitted", facts, EN).endswith("for CNY 1,000.50")
    assert sentence_for("loan.submitted", {}, ZH) == "提交贷款申请"
    facts = {"kind": "rate_set", "value_on": "2026-06-22"}
    assert sentence_for("account.changed", facts, EN).endswith(
        "New rate, counting from 22 Jun 2026"
    )
    assert sentence_for("instalment.due", {}, EN) == "An instalment fell due"
    assert sentence_for("decision.made", {"verdict": "refer"}, ZH) == "决策引擎结论：转人工"
    assert sentence_for("decision.made", {"verdict": "??"}, EN) == "The decision engine decided"


@pytest.mark.parametrize("action", sorted(SENTENCES))
def test_every_action_reads_without_facts(action: str) -> None:
    for language in Language:
        assert sentence_for(action, {}, language) != sentence_for("no.such_action", {}, language)


def test_findings_carry_the_rules_figures() -> None:
    params = {"min": "100000", "max": "50000000.00"}
    text = message_for("amount.out_of_range", params, EN)
    assert text == "Please enter an amount from 100,000 to 50,000,000."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.amount_text(Decimal(12000000), "CNY", ZH), "¥12,000,000.00"),
        (formats.amount_text(Decimal(12000000), "CNY", EN), "CNY 12,000,000.00"),
        (formats.amount_text(Decimal("0.005"), "USD", EN), "USD 0.01"),
        (formats.amount_text(Decimal("2.5"), "JPY", EN), "JPY 3"),
        (formats.plain_amount_text(Decimal("-1234.565"), "CNY", EN), "-1,234.57"),
        (formats.percent_text(Decimal("0.0435"), ZH), "4.35%"),
        (formats.percent_text(Decimal("0.043525"), EN), "4.3525%"),
        (formats.date_text(date(2026, 3, 2), ZH), "2026-03-02"),
        (formats.date_text(date(2026, 3, 2), EN), "2 Mar 2026"),
        (formats.long_date_text(date(2026, 3, 2), ZH), "2026年3月2日 星期一"),
        (formats.instant_text(datetime(2026, 3, 1, 20, tzinfo=UTC), ZH), "2026-03-02 04:00"),
        (formats.working_days_left_text(2, ZH), "剩余2个工作日"),
        (formats.working_days_left_text(0, EN), "due today"),
        (formats.working_days_left_text(-1, EN), "1 working day overdue"),
        (formats.duration_text(93_784, EN), "1 d 2 h"),
        (formats.duration_text(0, ZH), "0秒"),
        (formats.number_text(2102, EN), "2,102"),
    ],
)
def test_figures(written: str, expected: str) -> None:
    assert written == expected
