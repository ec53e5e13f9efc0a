"""Tabs of terminals: dragged, renamed, marked, given windows of their own."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from aiops_desktop.ui.views.terminal import pane, verbs
from aiops_desktop.ui.views.terminal.deck import Deck
from aiops_desktop.ui.views.terminal.page import TerminalPage
from aiops_desktop.ui.views.terminal.pane import Mark
from tests.support.stage import Stage
from tests.support.terminal_pages import deck_of, pills, prompted, run, terminals_on, windows_of

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


def tabs(stage: Stage, number: int) -> TerminalPage:
    """A page with so many tabs, each with a shell."""
    page = terminals_on(stage, stage.project(stage.tenant()))
    for _ in range(number):
        page.new("shell")
        prompted(stage.qtbot, page.pane)
    return page


def drag(deck: Deck, at: int, to: QPoint) -> None:
    """Drag a pill to a place of the screen, as a hand does: in steps."""
    pill = deck.strip.pills[at]
    begin = pill.rect().center()
    end = pill.mapFromGlobal(to)
    QTest.mousePress(pill, LEFT, Qt.KeyboardModifier.NoModifier, begin)
    for part in range(1, 9):
        spot = pill.mapFromGlobal(_between(pill.mapToGlobal(begin), to, part / 8))
        QTest.mouseMove(pill, spot)
    end = pill.mapFromGlobal(to)
    QTest.mouseRelease(pill, LEFT, Qt.KeyboardModifier.NoModifier, end)


def _has(shown: pane.Pane, mark: Mark) -> bool:
    return shown.mark is mark


def _between(one: QPoint, other: QPoint, part: float) -> QPoint:
    away = other - one
    return one + QPoint(round(away.x() * part), round(away.y() * part))


def test_tabs_are_dragged_into_another_order(stage: Stage) -> None:
    page = tabs(stage, 3)
    deck = deck_of(page)
    assert pills(page) == ["acme-shell", "acme-shell 2", "acme-shell 3"]
    first = deck.strip.pills[0]
    last = deck.strip.pills[2]
    drag(deck, 0, last.mapToGlobal(QPoint(last.width() - 4, 8)))
    stage.wait(lambda: pills(page) == ["acme-shell 2", "acme-shell 3", "acme-shell"])
    assert [tab.name for tab in deck.tabs] == pills(page)
    assert deck.strip.pills[2] is first
    assert page.pane is deck.tabs[2].splits.current, "the one that was pressed is in front"


def test_a_click_shows_the_middle_button_closes(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    QTest.mouseClick(deck.strip.pills[0], LEFT)
    assert page.pane is deck.tabs[0].splits.current
    QTest.mouseClick(deck.strip.pills[1], MIDDLE)
    assert pills(page) == ["acme-shell"]
    stage.wait(lambda: windows_of(stage, 1) == 2)  # what runs in it goes on


def test_a_tab_is_renamed_in_its_place(stage: Stage) -> None:
    page = tabs(stage, 1)
    deck = deck_of(page)
    QTest.mouseDClick(deck.strip.pills[0], LEFT)
    field = deck.strip.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "deploy  logs")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pills(page) == ["deploy logs"]
    stage.wait(lambda: page.pane is not None and page.pane.terminal.hasFocus())
    verbs.rename(stage.desk)
    field = deck.strip.findChildren(QLineEdit)[-1]
    QTest.keyClicks(field, "never")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert pills(page) == ["deploy logs"]


def test_tabs_are_walked_with_the_keyboard(stage: Stage) -> None:
    page = tabs(stage, 3)
    deck = deck_of(page)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for key, wanted in ((Qt.Key.Key_PageDown, 0), (Qt.Key.Key_PageUp, 2), (Qt.Key.Key_PageUp, 1)):
        pane = page.pane
        assert pane is not None
        stage.wait(pane.terminal.hasFocus)
        QTest.keyClick(pane.terminal, key, both)
        assert deck.shown is deck.tabs[wanted]


def test_the_bell_of_a_hidden_tab_is_marked_until_it_is_looked_at(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    hidden = deck.tabs[1].splits.panes[0]
    deck.show_tab(deck.tabs[0], focus=True)
    hidden.terminal.sendText("printf '\\a'\r")
    stage.wait(lambda: hidden.mark is Mark.BELL)
    assert "the bell rang" in deck.strip.pills[1].accessibleName()
    assert not deck.strip.pills[1].icon().isNull()
    deck.show_tab(deck.tabs[1], focus=True)
    assert hidden.mark is Mark.NONE
    assert deck.strip.pills[1].icon().isNull()


def test_commands_that_end_and_notices_of_a_hidden_tab_are_marked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without tmux, which keeps such sequences (OSC 133, 9 and 777) to itself."""
    stage.house.settings.save({"terminal.use_tmux": False})
    page = tabs(stage, 2)
    deck = deck_of(page)
    hidden = deck.tabs[1].splits.panes[0]
    deck.show_tab(deck.tabs[0], focus=True)
    ends: list[tuple[int | None, float]] = []
    hidden.terminal.commandFinished.connect(lambda code, took: ends.append((code, took)))

    hidden.terminal.sendText("printf '\\033]133;D;7\\a\\033]133;C\\a\\033]133;D;0\\a'\r")
    stage.wait(lambda: bool(ends))
    assert [code for code, _took in ends] == [0], "an end without a beginning is none"
    assert 0 <= ends[0][1] < pane.LONG
    assert hidden.mark is Mark.NONE, "nobody waits for a short one"

    monkeypatch.setattr(pane, "LONG", 0.0)
    for code, mark, words in (
        ("0", Mark.DONE, "a command has ended"),
        ("2", Mark.FAILED, "a command has failed"),
    ):
        hidden.terminal.sendText(f"printf '\\033]133;C\\a\\033]133;D;{code}\\a'\r")
        stage.wait(partial(_has, hidden, mark))
        assert words in deck.strip.pills[1].accessibleName()
    hidden.terminal.sendText("printf '\\033]777;notify;Build;It is green\\a'\r")
    stage.wait(lambda: hidden.mark is Mark.NOTICE)
    assert "has something to tell" in deck.strip.pills[1].accessibleName()
    deck.show_tab(deck.tabs[1], focus=True)
    assert hidden.mark is Mark.NONE
    stage.settle()


def test_activity_and_silence_are_marked_where_wanted(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    quiet, watched = deck.tabs[0].splits.panes[0], deck.tabs[1].splits.panes[0]
    verbs.watch(stage.desk, "activity")
    assert watched.watches == {"activity"}
    watched.terminal.setSilenceTimeout(1)
    deck.show_tab(deck.tabs[0], focus=True)
    stage.qtbot.wait(1100)
    watched.terminal.sendText("echo hello\r")
    stage.wait(lambda: watched.mark is Mark.ACTIVITY)
    assert quiet.mark is Mark.NONE
    deck.show_tab(deck.tabs[1])
    verbs.watch(stage.desk, "activity")
    verbs.watch(stage.desk, "silence")
    deck.show_tab(deck.tabs[0])
    stage.wait(lambda: watched.mark is Mark.SILENCE)


def test_what_ends_in_a_hidden_tab_is_marked_dead(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    hidden = deck.tabs[1].splits.panes[0]
    deck.show_tab(deck.tabs[0], focus=True)
    hidden.terminal.sendText("exit 7\r")
    stage.wait(lambda: hidden.mark is Mark.DEAD)
    stage.wait(lambda: "exit 7" in hidden.terminal.prompt.sentence)


def test_a_tab_gets_a_window_and_comes_back(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    pane = page.pane
    assert pane is not None
    run(stage.qtbot, pane, "echo before-$((40+2))", "before-42")
    verbs.detach(stage.desk)
    window = page.terminals.windows.all[0]
    assert pills(page) == ["acme-shell"]
    assert window.isVisible()
    assert window.deck.panes == [pane]
    assert "acme-shell 2" in window.windowTitle()
    assert "web-shop" in window.windowTitle()
    stage.wait(lambda: page.terminals.front is window.deck)
    run(stage.qtbot, pane, "echo after-$((40+2))", "after-42")
    assert "before-42" in pane.terminal.text(), "it is the same view, never a new one"
    verbs.split(stage.desk, False)
    prompted(stage.qtbot, window.deck.pane)
    assert len(window.deck.panes) == 2
    window.close()
    assert page.terminals.windows.all == []
    assert pills(page) == ["acme-shell", "acme-shell 2"]
    assert len(deck.tabs[1].splits.panes) == 2
    assert pane.terminal.running


def test_a_pill_pulled_out_becomes_a_window_and_is_put_back(stage: Stage) -> None:
    page = tabs(stage, 2)
    deck = deck_of(page)
    spot = deck.mapToGlobal(QPoint(300, 400))
    drag(deck, 1, spot)
    stage.wait(lambda: len(page.terminals.windows.all) == 1)
    window = page.terminals.windows.all[0]
    assert (window.pos() - spot).manhattanLength() < 200
    pane = window.deck.pane
    assert pane is not None
    stage.window.raise_()
    stage.window.activateWindow()
    window.move(stage.window.mapToGlobal(QPoint(500, 420)))
    QApplication.processEvents()
    drag(window.deck, 0, deck.strip.mapToGlobal(QPoint(60, 12)))
    stage.wait(lambda: not page.terminals.windows.all)
    assert deck.panes[-1] is pane
    assert pane.terminal.running


def test_shortcuts_work_in_a_window_of_terminals(stage: Stage) -> None:
    page = tabs(stage, 2)
    verbs.detach(stage.desk)
    window = page.terminals.windows.all[0]
    stage.wait(lambda: window.isActiveWindow())
    pane = window.deck.pane
    assert pane is not None
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(pane.terminal, Qt.Key.Key_T, both)
    stage.wait(lambda: len(window.deck.tabs) == 2)
    prompted(stage.qtbot, window.deck.pane)
    assert len(deck_of(page).tabs) == 1, "the page kept what it had"
    QTest.keyClick(window.deck.pane.terminal, Qt.Key.Key_W, both)  # type: ignore[union-attr]  # prompted
    assert len(window.deck.tabs) == 1
    verbs.close(stage.desk)
    assert page.terminals.windows.all == [], "nothing is left to show"
