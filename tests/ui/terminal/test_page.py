"""The terminal page with real sessions: open, close, find again, without tmux."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.ui.actions.terminal import ACTIONS
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.icons import exists
from aiops_desktop.ui.terminal.colours import DARK
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.terminal import verbs
from aiops_desktop.ui.views.terminal.page import TerminalPage
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.pulse import Pulse
from tests.support.terminals import bench_with_shell, select, terminal_house
from tests.support.work import Work

Show = Callable[..., TerminalPage]


@pytest.fixture
def place(layout: Layout) -> tuple[Work, Project]:
    return bench_with_shell(layout)


@pytest.fixture
def show(
    qtbot: QtBot, qapp: QApplication, layout: Layout, place: tuple[Work, Project]
) -> Iterator[Show]:
    """Opens a window's terminal page on the project."""
    made: list[tuple[Desk, TerminalPage]] = []

    def go() -> TerminalPage:
        bench, project = place
        desk = Desk(layout, Theme(qapp, "light"))
        desk.open_house(terminal_house(bench))
        qtbot.waitUntil(lambda: bool(desk.projects))
        page = TerminalPage(desk)
        qtbot.addWidget(page)
        made.append((desk, page))
        page.resize(1100, 700)
        page.show()
        select(desk, project)
        desk.page = "terminal"
        page.show_project(desk.project)
        return page

    yield go
    for desk, page in made:
        page.desk.leaving.emit()
        page.hide()
        desk.close()


def attached(qtbot: QtBot, page: TerminalPage) -> Pane:
    """The pane in front, once its shell is ready."""
    qtbot.waitUntil(lambda: page.pane is not None and page.pane.terminal.running)
    pane = page.pane
    assert pane is not None
    qtbot.waitUntil(
        lambda: "$" in pane.terminal.text() or "#" in pane.terminal.text(), timeout=8000
    )
    return pane


def says(qtbot: QtBot, pane: Pane, text: str) -> None:
    qtbot.waitUntil(lambda: text in pane.terminal.text())


def pills(page: TerminalPage) -> list[str]:
    found = page.findChildren(QPushButton)
    return [one.text() for one in found if one.property("pill") == "true" and one.isVisible()]


def test_an_empty_page_teaches_and_opens_the_first_terminal(qtbot: QtBot, show: Show) -> None:
    page = show()
    qtbot.waitUntil(lambda: _sees(page, "No terminal yet."))
    QTest.mouseClick(_button(page, "Open terminal"), Qt.MouseButton.LeftButton)
    pane = attached(qtbot, page)
    assert pills(page) == ["acme-shell"]
    assert page.deck is not None
    assert page.deck.attach.isEnabled()
    pane.terminal.sendText("echo in-$(basename $PWD)\r")
    says(qtbot, pane, "in-web-shop")


def test_two_terminals_do_not_mirror_each_other(qtbot: QtBot, show: Show) -> None:
    page = show()
    page.new()
    first = attached(qtbot, page)
    page.new()
    second = attached(qtbot, page)
    assert second is not first
    assert pills(page) == ["acme-shell", "acme-shell 2"]
    second.terminal.sendText("echo only-here\r")
    says(qtbot, second, "only-here")
    assert "only-here" not in first.terminal.text()


def test_closing_a_tab_leaves_the_session_and_a_new_window_finds_it(
    qtbot: QtBot, show: Show, place: tuple[Work, Project]
) -> None:
    bench, project = place
    page = show()
    page.new()
    pane = attached(qtbot, page)
    pane.terminal.sendText("echo left-behind\r")
    says(qtbot, pane, "left-behind")
    page.terminals.close(pane)
    assert pills(page) == []
    qtbot.waitUntil(lambda: bench.sessions.all(project.tenant_id)[0].attached == 0)
    again = show()
    found = attached(qtbot, again)
    says(qtbot, found, "left-behind")
    assert pills(again) == ["acme-shell"]


def test_the_attach_command_is_copied(qtbot: QtBot, show: Show) -> None:
    page = show()
    page.new()
    attached(qtbot, page)
    verbs.attach_command(page.desk)
    command = QGuiApplication.clipboard().text()
    assert command.startswith("tmux -L ")
    assert "acme-shell" in command


def test_without_tmux_the_note_says_so_and_closing_asks(
    qtbot: QtBot, show: Show, place: tuple[Work, Project]
) -> None:
    place[0].chosen.terminal(use_tmux=False)
    page = show()
    page.new()
    pane = attached(qtbot, page)
    assert _sees(pane, "tmux is turned off")
    assert page.deck is not None
    assert not page.deck.attach.isEnabled()
    assert "not kept by tmux" in page.deck.attach.toolTip()
    page.terminals.close(pane)
    assert "Closing ends" in pane.terminal.prompt.sentence
    QTest.mouseClick(pane.terminal.prompt.button(1), Qt.MouseButton.LeftButton)
    assert page.pane is None


def test_a_program_that_ended_is_opened_anew(
    qtbot: QtBot, show: Show, place: tuple[Work, Project]
) -> None:
    place[0].chosen.terminal(use_tmux=False)
    page = show()
    page.new()
    pane = attached(qtbot, page)
    with qtbot.waitSignal(pane.terminal.finished, timeout=8000):
        pane.terminal.sendText("exit\r")
    assert "ended" in pane.terminal.prompt.sentence
    QTest.mouseClick(pane.terminal.prompt.button(0), Qt.MouseButton.LeftButton)
    again = attached(qtbot, page)
    again.terminal.sendText("echo back-$((1+1))\r")
    says(qtbot, again, "back-2")


def test_a_missing_tool_is_said_above_the_shell(
    qtbot: QtBot, show: Show, place: tuple[Work, Project]
) -> None:
    place[0].chosen.assistants(codex_command="/no/such/codex")
    page = show()
    page.open_argument(("tool", "codex"))
    pane = attached(qtbot, page)
    assert pane.opening is not None
    assert pane.opening.note
    assert _sees(pane, pane.opening.note)


def test_a_project_that_is_not_cloned_offers_to_clone(
    qtbot: QtBot, show: Show, place: tuple[Work, Project]
) -> None:
    bench, project = place
    bench.ground.project_store.set_state(project.id, CheckoutState.ABSENT)
    page = show()
    qtbot.waitUntil(lambda: _sees(page, "web-shop is not cloned yet."))
    assert _button(page, "Clone project").isVisible()


def test_terminals_follow_the_theme(qtbot: QtBot, show: Show) -> None:
    page = show()
    page.new()
    pane = attached(qtbot, page)
    page.desk.theme.choose("dark")
    assert pane.terminal.colours is DARK


def test_actions_have_icons_and_reasons(show: Show) -> None:
    page = show()
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert exists(action.icon), action.id
    desk = page.desk
    desk.project = None
    assert all(action.unavailable(desk) for action in ACTIONS)


def test_a_program_works_while_it_writes_by_itself() -> None:
    clock = [100.0]
    pulse = Pulse(lambda: clock[0])
    for _ in range(4):
        clock[0] += 1
        pulse.wrote()
    assert pulse.working()
    clock[0] += 5
    assert not pulse.working()
    for _ in range(5):
        clock[0] += 1
        pulse.typed()
        pulse.wrote()
    assert not pulse.working(), "an echo is no work"


def _sees(widget: TerminalPage | Pane, text: str) -> bool:
    return any(text in one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def _button(page: TerminalPage, text: str) -> QPushButton:
    return next(
        one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisible()
    )
