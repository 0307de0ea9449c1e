"""Every component prints in both languages, with nothing undefined and nothing left in English."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from language.catalogue import Language
from tests.web.gallery import gallery_page, other_pages
from web.assets import FOLDER

READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "data-left", "data-over"}
SAME_IN_CHINESE = {"corploan", "English", "CNY", "USD", "US", "SHA", "wangfang", "liqiang", "DK"}


class Words(HTMLParser):
    """Collects what a person reads or hears, and every id and reference."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.attributes.append(name)
            self.texts += [value or ""] if name in READ_ALOUD else []
            self.ids += [value or ""] if name == "id" else []
            if name in ("aria-describedby", "aria-labelledby", "for", "data-opens"):
                self.wanted |= set((value or "").split())

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def pages(language: Language) -> list[tuple[str, str]]:
    return [("gallery", gallery_page(language)), *other_pages(language)]


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def test_chinese_pages_hold_no_english_words() -> None:
    for name, html in pages(Language.ZH):
        text = re.sub(r"[0-9a-f]{64}", "", " ".join(read(html).texts))
        left = set(re.findall(r"[A-Za-z]{2,}", text)) - SAME_IN_CHINESE - {"time"}
        assert not left, name


def test_english_pages_read_in_english() -> None:
    text = " ".join(read(gallery_page(Language.EN)).texts)
    for words in ("Repayment schedule", "1 working day left", "2 working days overdue"):
        assert words in text
    assert "审查业务" not in text


@pytest.mark.parametrize("language", list(Language))
def test_every_label_and_description_points_at_one_entry(language: Language) -> None:
    for name, html in pages(language):
        words = read(html)
        assert len(words.ids) == len(set(words.ids)), name
        assert words.wanted <= set(words.ids), name


@pytest.mark.parametrize("language", list(Language))
def test_pages_obey_the_strict_content_security_policy(language: Language) -> None:
    for name, html in pages(language):
        attributes = read(html).attributes
        assert not [a for a in attributes if a == "style" or a.startswith("on")], name
        assert html.count("<script") == html.count('nonce="nonce"'), name


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'id="([a-z]+)"', (FOLDER / "icons.svg").read_text("utf-8")))
    for name, html in pages(Language.ZH):
        assert set(re.findall(r"icons\.svg\?v=\w+#([a-z]+)", html)) <= drawn, name
