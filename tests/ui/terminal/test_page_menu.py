"""The context menu of a terminal on its page, and a row of many tabs."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from aiops_desktop.ui.views.terminal.deck import Tab
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.shape import Leaf
from aiops_desktop.ui.views.terminal.splits import Splits
from tests.support.stage import Stage
from tests.support.terminal_pages import deck_of, prompted, run, terminals_on

#: The platform without a screen says so of every menu.
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


def menus() -> list[QMenu]:
    """Those that are open."""
    return [
        one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible()
    ]


def by_name(menu: QMenu) -> dict[str, QAction]:
    """What it offers, without the shortcuts."""
    return {one.text().replace("&", "").partition("\t")[0]: one for one in menu.actions()}


def asked_at(pane: Pane, spot: QPoint) -> QMenu:
    """The menu after a click with the right button."""
    port = pane.terminal.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, port.mapToGlobal(spot))
    QApplication.sendEvent(port, event)
    (menu,) = menus()
    return menu


def test_the_right_button_offers_what_can_be_done(stage: Stage) -> None:
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new("shell")
    pane = prompted(stage.qtbot, page.pane)
    menu = asked_at(pane, QPoint(40, 20))
    offered = by_name(menu)
    assert "Open link" not in offered
    assert offered["Split to the right"].isEnabled()
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    stage.wait(lambda: not menus())
    pane.terminal.select_all()
    menu = asked_at(pane, QPoint(40, 20))
    by_name(menu)["Copy selection"].trigger()
    menu.close()
    assert "$" in QApplication.clipboard().text() or "#" in QApplication.clipboard().text()


def test_a_link_under_the_pointer_is_offered_first(stage: Stage) -> None:
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new("shell")
    pane = prompted(stage.qtbot, page.pane)
    run(stage.qtbot, pane, "clear; echo; echo https://ticket.example/$((40+2))", "example/42")
    row = next(n for n, line in enumerate(pane.terminal.text().split("\n")) if "/42" in line)
    width, height = pane.terminal.cell_size
    menu = asked_at(pane, QPoint(round(14 + 4 * width), round(10 + (row + 0.4) * height)))
    assert list(by_name(menu))[:2] == ["Open link", "Copy link address"]
    by_name(menu)["Copy link address"].trigger()
    menu.close()
    assert QApplication.clipboard().text() == "https://ticket.example/42"


def test_the_menu_of_a_split_is_about_the_one_under_the_pointer(stage: Stage) -> None:
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new("shell")
    first = prompted(stage.qtbot, page.pane)
    page.terminals.split(first, upright=False)
    deck = deck_of(page)
    page.terminals.attach_seen(deck)
    second = prompted(stage.qtbot, deck.panes[1])
    second.setFocus()
    menu = asked_at(first, QPoint(40, 20))
    assert deck.pane is first
    menu.close()


def test_forty_one_tabs_are_quick_and_each_is_reached(stage: Stage) -> None:
    page = terminals_on(stage, stage.project(stage.tenant()))
    page.new("shell")
    prompted(stage.qtbot, page.pane)
    deck, project = deck_of(page), page.project
    assert project is not None
    begun = time.perf_counter()
    for number in range(40):
        leaf = Leaf(project.tenant_id, project.id, "", f"@9{number}", "shell", f"more {number}")
        deck.add(Tab(leaf.name, Splits(page.terminals.pane(leaf))), front=False)
    took = time.perf_counter() - begun
    assert took < 30.0, f"adding them took {took:.1f} s"
    strip = deck.strip
    for at in (40, 0, 20):
        begun = time.perf_counter()
        deck.tabs[at].splits.panes[0].asked = True
        deck.show_tab(deck.tabs[at])
        QApplication.processEvents()
        assert time.perf_counter() - begun < 10
        pill = strip.pills[at].geometry()
        assert pill.left() >= 0
        assert pill.right() < deck.plus.x(), "the tab in front is in view"
    assert deck.plus.geometry().right() <= strip.width()
    assert deck.more.geometry().right() <= strip.width()
    everything = strip.everyone.menu()
    assert strip.everyone.isVisible()
    everything.aboutToShow.emit()
    names = [one.text() for one in everything.actions()]
    assert names[:2] == ["acme-shell", "more 0"]
    assert len(names) == 41
    everything.actions()[33].trigger()
    assert deck.shown is deck.tabs[33]
    for tab in deck.tabs[2:]:
        deck.take(tab)
    assert not strip.everyone.isVisible()
