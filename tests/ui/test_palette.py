"""The palette finds what one means and says why something cannot be done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from aiops_desktop.ui.fuzzy import fuzzy
from aiops_desktop.ui.palette import Entry, Palette
from aiops_desktop.ui.parts.rows import Section
from tests.support.stage import Stage


def marked(needle: str, text: str) -> str:
    found = fuzzy(needle, text)
    assert found is not None
    return "".join(text[n] for n in found.places)


@pytest.mark.parametrize(
    ("needle", "text", "letters"),
    [
        ("dep st", "Deploy web-shop to staging", "Depst"),
        ("swbr", "Switch branch", "Swbr"),
        ("KEY", "New key…", "key"),
        ("", "Anything", ""),
    ],
)
def test_letters_are_found_in_order_at_the_starts_of_words(
    needle: str, text: str, letters: str
) -> None:
    assert marked(needle, text) == letters


def test_letters_in_another_order_are_not_found() -> None:
    assert fuzzy("hsup", "Push") is None
    assert fuzzy("push push", "Push") is None


def test_a_words_start_is_worth_more_than_its_middle() -> None:
    start, middle = fuzzy("pull", "Pull"), fuzzy("pull", "Unpull this")
    assert start is not None
    assert middle is not None
    assert start.score > middle.score


def titles(palette: Palette) -> list[str]:
    return [item.title for item in palette.rows.rows.items if isinstance(item, Entry | Section)]


def test_ctrl_k_opens_it_and_esc_gives_the_focus_back(stage: Stage) -> None:
    window = stage.window
    window.sidebar.search.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_
    assert palette.isVisible()
    assert QApplication.focusWidget() is palette.field or palette.field.hasFocus()
    QAbstractItemModelTester(palette.rows.rows)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_enter_runs_what_is_chosen_and_remembers_it(stage: Stage) -> None:
    stage.tenant()
    palette = stage.window.palette_
    palette.open()
    QTest.keyClicks(palette.field, "keys of all")
    assert titles(palette)[0] == "Show keys of all tenants"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert stage.window.page is stage.window.page_of("keys")
    assert palette.recent[0] == "view.keys"
    palette.open()
    assert titles(palette)[0] == "Show keys of all tenants", "recently used first"
    palette.shut()
    stage.settle()


def test_what_cannot_be_done_is_shown_with_its_reason_and_does_nothing(stage: Stage) -> None:
    palette = stage.window.palette_
    palette.open()
    QTest.keyClicks(palette.field, "push")
    entry = palette.rows.current()
    assert isinstance(entry, Entry)
    assert entry.reason == "Choose a project first."
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.shut()


def test_ctrl_p_looks_among_projects_of_all_tenants(stage: Stage) -> None:
    acme, globex = stage.tenant("acme"), stage.tenant("globex")
    stage.project(acme, "web-shop", clone=False)
    billing = stage.project(globex, "billing", clone=False)
    QTest.keyClick(stage.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    palette = stage.window.palette_
    assert titles(palette) == ["billing", "web-shop"]
    QTest.keyClicks(palette.field, "globex")
    assert titles(palette) == ["billing"], "the tenant's name finds its projects"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert stage.desk.project is not None
    assert stage.desk.project.id == billing.id
    stage.settle()


def test_arrows_go_round_and_pass_over_headings(stage: Stage) -> None:
    stage.project(stage.tenant(), "deployer", clone=False)
    palette = stage.window.palette_
    palette.open()
    QTest.keyClicks(palette.field, "deploy")
    assert "Projects" in titles(palette)
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    last = palette.rows.current()
    assert isinstance(last, Entry)
    assert last.title == "deployer"
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    first = palette.rows.current()
    assert isinstance(first, Entry)
    assert first.key != last.key
    palette.shut()
    stage.settle()
