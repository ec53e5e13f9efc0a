"""Splits of a tab: made, walked, sized, zoomed, closed; and input for several at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.views.terminal import verbs
from aiops_desktop.ui.views.terminal.page import TerminalPage
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.splits import Splits
from tests.support.stage import Stage
from tests.support.terminal_pages import SHELL, deck_of, prompted, run, terminals_on

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def opened(stage: Stage) -> TerminalPage:
    """A page with one terminal."""
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new()
    prompted(stage.qtbot, page.pane)
    return page


def splits_of(page: TerminalPage) -> Splits:
    shown = deck_of(page).shown
    assert shown is not None
    return shown.splits


def split(stage: Stage, page: TerminalPage, *, upright: bool) -> Pane:
    before = page.pane
    verbs.split(stage.desk, upright)
    assert page.pane is not before
    return prompted(stage.qtbot, page.pane)


def three(stage: Stage) -> tuple[TerminalPage, Pane, Pane, Pane]:
    """One on the left; two above each other on the right."""
    page = opened(stage)
    left = page.pane
    assert left is not None
    upper = split(stage, page, upright=False)
    lower = split(stage, page, upright=True)
    return page, left, upper, lower


def test_shortcuts_in_a_terminal_split_it_and_walk(stage: Stage) -> None:
    page = opened(stage)
    left = page.pane
    assert left is not None
    stage.wait(left.terminal.hasFocus)
    QTest.keyClick(left.terminal, Qt.Key.Key_E, CTRL_SHIFT)
    right = prompted(stage.qtbot, page.pane)
    assert right is not left
    assert splits_of(page).panes == [left, right]
    stage.wait(right.terminal.hasFocus)
    QTest.keyClick(right.terminal, Qt.Key.Key_O, CTRL_SHIFT)
    below = prompted(stage.qtbot, page.pane)
    stage.wait(below.terminal.hasFocus)
    assert splits_of(page).panes == [left, right, below]
    assert below.y() > right.y()
    for key, wanted in ((Qt.Key.Key_K, right), (Qt.Key.Key_H, left), (Qt.Key.Key_L, right)):
        now = page.pane
        assert now is not None
        QTest.keyClick(now.terminal, key, CTRL_SHIFT)
        assert page.pane is wanted
        stage.wait(wanted.terminal.hasFocus)


def test_panes_of_one_tenant_never_mirror_each_other(stage: Stage) -> None:
    page, left, upper, lower = three(stage)
    assert len({pane.window_id for pane in (left, upper, lower)}) == 3
    run(stage.qtbot, lower, "echo only-$((40+2))", "only-42")
    assert "only-42" not in left.terminal.text() + upper.terminal.text()
    assert lower.terminal.text().count("only-42") == 1
    run(stage.qtbot, left, "echo in-$(basename $PWD)", "in-web-shop")
    assert page.pane is lower


def test_closing_a_pane_gives_its_room_to_the_others(stage: Stage) -> None:
    page, left, upper, lower = three(stage)
    wide, high = lower.width(), lower.height()
    verbs.close(stage.desk)
    assert splits_of(page).panes == [left, upper]
    stage.wait(lambda: upper.height() > 1.8 * high)
    assert upper.width() == wide
    assert page.pane is upper
    verbs.close(stage.desk)
    assert splits_of(page).panes == [left]
    stage.wait(lambda: left.width() == deck_of(page).width())
    verbs.close(stage.desk)
    assert deck_of(page).tabs == []


def test_panes_are_made_equally_large(stage: Stage) -> None:
    page = opened(stage)
    split(stage, page, upright=False)
    split(stage, page, upright=False)
    widths = [pane.width() for pane in splits_of(page).panes]
    assert max(widths) > 1.8 * min(widths), "halved twice"
    verbs.equalise(stage.desk)
    stage.wait(lambda: _spread([pane.width() for pane in splits_of(page).panes]) <= 2)


def _spread(numbers: list[int]) -> int:
    return max(numbers) - min(numbers)


def test_a_zoomed_pane_is_alone_until_it_is_not(stage: Stage) -> None:
    page, left, upper, lower = three(stage)
    sizes = [pane.size() for pane in (left, upper, lower)]
    verbs.zoom(stage.desk)
    assert lower.isVisible()
    assert not left.isVisible()
    assert not upper.isVisible()
    stage.wait(lambda: lower.width() == deck_of(page).width())
    verbs.focus(stage.desk, "left")
    assert page.pane is not lower, "walking takes the zoom along"
    assert not lower.isVisible()
    verbs.zoom(stage.desk)
    stage.wait(lambda: [pane.size() for pane in (left, upper, lower)] == sizes)


def test_input_is_broadcast_to_chosen_panes_and_said_loudly(stage: Stage) -> None:
    page, left, upper, lower = three(stage)
    rows = [(pane.terminal.emulator.columns, pane.terminal.emulator.rows) for pane in (left, upper)]
    verbs.broadcast_tab(stage.desk)
    group = page.terminals.broadcast
    group.leave(upper)
    assert {pane.name for pane in group.panes} == {left.name, lower.name}
    assert left.loud
    assert lower.loud
    assert not upper.loud
    shown = [label for label in _texts(page) if "2 terminals" in label]
    assert shown == ["Typing goes to 2 terminals: acme-shell, acme-shell 3"]
    _type(lower.terminal, "echo both-$((40+2))")
    stage.wait(lambda: "both-42" in left.terminal.text() and "both-42" in lower.terminal.text())
    assert "both" not in upper.terminal.text()
    assert lower.terminal.text().count("both-42") == 1, "nothing comes back in a circle"
    now = [(pane.terminal.emulator.columns, pane.terminal.emulator.rows) for pane in (left, upper)]
    assert now == rows, "being loud changes no program's size"
    verbs.broadcast_stop(stage.desk)
    _type(lower.terminal, "echo alone-$((40+3))")
    stage.wait(lambda: "alone-43" in lower.terminal.text())
    assert "alone" not in left.terminal.text()
    assert not any("terminals:" in label for label in _texts(page))


def test_focus_and_mouse_reports_are_not_broadcast(stage: Stage) -> None:
    page, left, _upper, lower = three(stage)
    page.terminals.broadcast.join(left, lower)
    heard: list[bytes] = []
    left.terminal.sendData.connect(lambda data, _size: heard.append(data))
    for report in (b"\x1b[I", b"\x1b[O", b"\x1b[<0;3;4M", b"\x1b[<0;3;4m", b"\x1b[M !!"):
        lower.terminal.send(report)
    assert heard == []
    lower.terminal.send(b"\x1b[A")
    assert heard == [b"\x1b[A"], "a key is"


def test_broadcasting_stays_within_one_tenant(stage: Stage) -> None:
    page = opened(stage)
    split(stage, page, upright=False)
    verbs.broadcast(stage.desk)
    assert page.terminals.broadcast.on
    other: Project = stage.project(stage.tenant("globex"), "billing")
    stage.house.settings.save(SHELL)
    stage.desk.select(other.id, "terminal")
    stage.settle()
    page.new()
    pane = prompted(stage.qtbot, page.pane)
    verbs.broadcast(stage.desk)
    assert pane not in page.terminals.broadcast.panes
    assert "one tenant" in stage.window.toasts.shown[-1].accessibleName()


def test_a_member_that_ends_leaves_the_broadcast(stage: Stage) -> None:
    page, left, upper, lower = three(stage)
    page.terminals.broadcast.join(left, upper, lower)
    page.terminals.close(upper)
    assert {pane.name for pane in page.terminals.broadcast.panes} == {left.name, lower.name}
    page.terminals.close(lower)
    assert page.terminals.broadcast.panes == []
    assert not left.loud


def _type(terminal: TerminalWidget, text: str) -> None:
    QTest.keyClicks(terminal, text)
    QTest.keyClick(terminal, Qt.Key.Key_Return)


def _texts(page: TerminalPage) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
