"""The catalogue is complete, and a visitor meets the right language."""

from __future__ import annotations

from pathlib import Path

import pytest

from language.catalogue import CHINESE_PO, Language, choose_language, translator
from language.check import problems
from language.extraction import Entry, Texts, read_texts, source_messages, write_texts
from language.update import merged


def test_every_text_of_the_product_is_there_in_chinese() -> None:
    assert problems(source_messages(), read_texts(CHINESE_PO)) == []


def test_the_catalogue_on_disk_is_as_update_would_write_it(tmp_path: Path) -> None:
    write_texts(tmp_path / "again.po", read_texts(CHINESE_PO))
    assert (tmp_path / "again.po").read_bytes() == CHINESE_PO.read_bytes()


def test_faults_are_named() -> None:
    texts = Texts(
        {"a %(x)s": Entry("a %(x)s", None, "甲"), "b": Entry("b"), "c": Entry("c", None, "丙")}
    )
    found = problems({"a %(x)s": None, "b": None, "d": None}, texts)
    assert found == [
        "empty: 'b'",
        "missing: 'd'",
        "obsolete: 'c'",
        "placeholders differ: 'a %(x)s'",
    ]


def test_a_text_that_comes_back_finds_its_translation() -> None:
    before = Texts({"Hand": Entry("Hand", None, "经办")})
    gone = merged({}, before, {}, prune=False)
    assert merged({"Hand": None}, gone, {}, prune=False).entries["Hand"].chinese == "经办"
    assert merged({}, before, {}, prune=True).obsolete == {}


def test_a_set_aside_text_survives_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    write_texts(path, Texts({}, {"Hand": Entry("Hand", None, "经办")}))
    assert read_texts(path).obsolete["Hand"].chinese == "经办"


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        (None, None, Language.ZH),
        (None, "", Language.ZH),
        (None, "en-US,en;q=0.9,zh;q=0.8", Language.EN),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", Language.ZH),
        (None, "fr, en;q=0.3, zh;q=0.7", Language.ZH),
        (None, "en;q=0, de", Language.ZH),
        (None, "en;q=nonsense,,;;", Language.ZH),
        (None, "de-DE,de", Language.ZH),
        ("en", "zh-CN", Language.EN),
        ("zh-CN", "en", Language.ZH),
        ("xx", "en", Language.EN),
    ],
)
def test_language_is_chosen(cookie: str | None, header: str | None, expected: Language) -> None:
    assert choose_language(cookie, header) is expected


def test_plural_follows_each_language() -> None:
    english, chinese = translator(Language.EN), translator(Language.ZH)
    one, many = "%(days)s working day left", "%(days)s working days left"
    assert english.ngettext(one, many, 2) == many
    assert chinese.ngettext(one, many, 2) == "剩余%(days)s个工作日"
