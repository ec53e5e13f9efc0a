"""The README: rendered safely, quickly, as high as it is."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.parts.markdown import SHOWN, Markdown, open_link
from aiops_desktop.ui.theme import mono_family
from tests.support.git_pages import theme


@pytest.fixture
def readme(qtbot: QtBot) -> Markdown:
    made = Markdown(theme())
    qtbot.addWidget(made)
    made.resize(600, 200)
    return made


def test_markdown_is_shown_without_its_signs(readme: Markdown) -> None:
    readme.show_text("README.md", "# Shop\n\nRun `make`.\n\n- one\n- two\n")
    assert readme.toPlainText() == "Shop\nRun make.\none\ntwo"


def test_other_files_are_shown_as_they_stand(readme: Markdown) -> None:
    readme.show_text("README.rst", "Shop\n====\n\n*a*\n")
    assert "====" in readme.toPlainText()


def test_nothing_is_loaded_and_pictures_become_their_words(readme: Markdown) -> None:
    readme.show_text(
        "README.md", "![a badge](https://evil.example/x.png) and ![](file:///etc/passwd)"
    )
    assert "[a badge]" in readme.toPlainText()
    assert "\ufffc" not in readme.toPlainText()
    assert readme.loadResource(2, QUrl("file:///etc/passwd")) is None
    kinds = [piece.format.isImageFormat() for piece in readme.document().begin().textFormats()]
    assert not any(kinds)


def test_html_is_text(readme: Markdown) -> None:
    readme.show_text("README.md", "<script>alert(1)</script> <img src=x> <b>b</b>\n")
    assert "<img src=x>" in readme.toPlainText()


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("https://acme.example/x", True),
        ("http://acme.example", True),
        ("file:///etc/passwd", False),
        ("docs/guide.md", False),
        ("javascript:alert(1)", False),
        ("ssh://git@acme.example", False),
    ],
)
def test_only_links_of_the_web_are_followed(
    monkeypatch: pytest.MonkeyPatch, link: str, followed: bool
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    assert open_link(QUrl(link)) is followed
    assert opened == ([QUrl(link).toString()] if followed else [])


def test_links_keep_their_address(readme: Markdown) -> None:
    readme.show_text("README.md", "See [the guide](https://acme.example/guide).\n")
    hrefs = [piece.format.anchorHref() for piece in readme.document().begin().textFormats()]
    assert "https://acme.example/guide" in hrefs


def test_what_stands_behind_a_picture_keeps_its_look(readme: Markdown) -> None:
    readme.show_text("README.md", "![a long badge](x.png) run `make` now\n")
    block = readme.document().begin()
    fixed = [
        readme.toPlainText()[piece.start : piece.start + piece.length]
        for piece in block.textFormats()
        if piece.format.fontFamilies() == [mono_family()]
    ]
    assert fixed == ["make"]


def test_it_is_as_high_as_its_text_and_never_scrolls(qtbot: QtBot, readme: Markdown) -> None:
    readme.show()
    qtbot.waitExposed(readme)
    readme.show_text("README.md", "one\n")
    low = readme.height()
    readme.show_text("README.md", "\n\n".join(["a line of words"] * 40))
    assert readme.height() > low * 10
    qtbot.waitUntil(lambda: readme.verticalScrollBar().maximum() == 0)


def test_a_huge_file_is_cut_and_does_not_hold_the_window_up(readme: Markdown) -> None:
    text = "\n\n".join(
        f"Paragraph {n} with `code` and [a link](https://a.example)." for n in range(4000)
    )
    begun = time.thread_time()
    readme.show_text("README.md", text)
    assert time.thread_time() - begun < 1.0
    assert len(readme.toPlainText()) < SHOWN
    assert readme.toPlainText().endswith("…")
