"""What holds for every template, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from language.catalogue import Language
from web.rendering import TEMPLATES, environment

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
SAME_IN_BOTH = {"English", "中文", "corploan", "SHA", "KB", "MB", "ms"}
LOGIC = re.compile(
    r"{% set \w+ %}.*?{% endset %}|{% block \w+_attributes %}.*?{% endblock %}"
    r"|{#.*?#}|{{.*?}}|{%.*?%}",
    re.DOTALL,
)
TOKENS = ("csrf", "hidden(page", "form_key")  # a signing link has no session, so its own key


def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@pytest.mark.parametrize("name", ALL)
def test_template_parses_and_is_short(name: str) -> None:
    environment(Language.ZH).get_template(name)
    assert len(source(name).splitlines()) < 80


@pytest.mark.parametrize("name", ALL)
def test_template_holds_no_text_outside_the_catalogue(name: str) -> None:
    plain = LOGIC.sub(" ", source(name))
    shown = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', plain)
    shown.append(re.sub(r"<[^>]*>", " ", plain, flags=re.DOTALL))
    left = set(re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+", " ".join(shown)))
    assert not left - SAME_IN_BOTH


@pytest.mark.parametrize("name", ALL)
def test_template_has_no_inline_style_or_handler(name: str) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", source(name))


@pytest.mark.parametrize("name", ALL)
def test_every_posting_form_carries_the_token(name: str) -> None:
    posting = re.findall(r'<form[^>]*method="post".*?</form>', source(name), flags=re.DOTALL)
    assert all(any(token in form for token in TOKENS) for form in posting)


def test_stylesheets_use_only_names_the_tokens_define() -> None:
    folder = Path(__file__).parents[2] / "web" / "static" / "css"
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.css")}
    shared = texts["tokens.css"] + texts["badges.css"]
    for name, text in texts.items():
        defined = set(re.findall(r"(--[\w-]+):", shared + text))
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined, name
        if name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{6}\b", text)
