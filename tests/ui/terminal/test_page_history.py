"""Looking back: tmux's history lies over the terminal, and every way leads out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.views.terminal import verbs
from aiops_desktop.ui.views.terminal.pane import Pane
from tests.support.stage import Stage
from tests.support.terminal_pages import prompted, run, seen_lines, terminals_on, turn_wheel


def counted_to(stage: Stage, most: int = 300) -> Pane:
    """A terminal in which so many lines have gone by."""
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new()
    pane = prompted(stage.qtbot, page.pane)
    run(stage.qtbot, pane, f"seq 1 {most}", f"\n{most}\n")
    return pane


def looked_back(stage: Stage, pane: Pane, notches: int = 4) -> TerminalWidget:
    """The history, so many turns of the wheel up."""
    turn_wheel(pane.terminal, notches)
    stage.wait(lambda: pane.history.shown is not None)
    shown = pane.history.shown
    assert shown is not None
    return shown


def test_the_wheel_scrolls_through_the_history_of_tmux(stage: Stage) -> None:
    pane = counted_to(stage)
    before = seen_lines(pane.terminal)
    shown = looked_back(stage, pane, 4)
    assert shown.geometry() == pane.terminal.geometry()
    assert shown.emulator.columns == pane.terminal.emulator.columns
    # three lines a notch, from where it was
    stage.wait(lambda: int(seen_lines(shown)[0]) == int(before[0]) - 12)
    turn_wheel(shown, 200)
    stage.wait(lambda: "1" in seen_lines(shown))


def test_scrolling_to_the_end_leads_back(stage: Stage) -> None:
    pane = counted_to(stage)
    shown = looked_back(stage, pane)
    turn_wheel(shown, -2)
    stage.qtbot.wait(50)
    assert pane.history.shown is shown, "not at the end yet"
    turn_wheel(shown, -20)
    stage.wait(lambda: pane.history.shown is None)
    assert pane.view is pane.terminal


def test_escape_leads_back_and_the_keyboard_with_it(stage: Stage) -> None:
    pane = counted_to(stage)
    shown = looked_back(stage, pane)
    stage.wait(shown.hasFocus)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert pane.history.shown is None
    stage.wait(pane.terminal.hasFocus)


def test_typing_leads_back_and_reaches_the_program(stage: Stage) -> None:
    pane = counted_to(stage)
    shown = looked_back(stage, pane)
    QTest.keyClick(shown, Qt.Key.Key_Shift)
    assert pane.history.shown is shown, "a modifier alone is no typing"
    QTest.keyClicks(shown, "e")
    assert pane.history.shown is None
    QTest.keyClicks(pane.terminal, "cho typed-$((40+2))")
    QTest.keyClick(pane.terminal, Qt.Key.Key_Return)
    stage.wait(lambda: "typed-42" in pane.terminal.text())


def test_the_history_is_searched_and_copied(stage: Stage) -> None:
    pane = counted_to(stage)
    verbs.search(stage.desk)
    stage.wait(lambda: pane.history.shown is not None)
    shown = pane.history.shown
    assert shown is not None
    assert shown.searching
    QTest.keyClicks(shown.search_bar.field, "217")
    stage.wait(lambda: "217" in seen_lines(shown))
    shown.close_search()
    assert shown.selectedText() == "217"
    verbs.copy(stage.desk)
    assert QGuiApplication.clipboard().text() == "217"


def test_a_full_screen_program_gets_cursor_keys_instead(stage: Stage) -> None:
    pane = counted_to(stage, 3)
    pane.terminal.sendText("seq 1 500 | less\r")
    stage.wait(lambda: pane.terminal.text().startswith("1\n2\n"))
    stage.wait(lambda: not pane.history.here)
    turn_wheel(pane.terminal, -5)
    stage.wait(lambda: pane.terminal.text().startswith("16\n"))
    turn_wheel(pane.terminal, 2)
    stage.wait(lambda: pane.terminal.text().startswith("10\n"))
    assert pane.history.shown is None
    pane.terminal.sendText("q")
    stage.wait(lambda: pane.history.here)


def test_no_cursor_blinks_in_the_history(stage: Stage) -> None:
    pane = counted_to(stage)
    shown = looked_back(stage, pane)
    assert not shown.emulator.cursor.visible
    assert pane.terminal.emulator.cursor.visible


def test_the_head_says_what_runs_now(stage: Stage) -> None:
    pane = counted_to(stage, 3)
    assert pane.head.program == "bash"
    pane.terminal.sendText("less /etc/passwd\r")
    stage.wait(lambda: pane.head.program == "less")
    pane.terminal.sendText("q")
    stage.wait(lambda: pane.head.program == "bash")


def test_another_size_ends_the_look_back(stage: Stage) -> None:
    pane = counted_to(stage)
    looked_back(stage, pane)
    stage.window.resize(1200, 800)
    stage.wait(lambda: pane.history.shown is None)


def test_an_end_is_said_once_by_us_alone(stage: Stage) -> None:
    pane = counted_to(stage, 3)
    pane.terminal.sendText("exit 3\r")
    stage.wait(lambda: pane.dead)
    stage.wait(lambda: "exit 3" in pane.terminal.prompt.sentence)
    assert "Pane is dead" not in pane.terminal.text()
