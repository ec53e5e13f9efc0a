"""A desk with a house of runs, and the Runs page on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.house import House
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.runs import FakeRuns, fake_house

Opener = Callable[..., RunsPage]


@pytest.fixture
def runs() -> FakeRuns:
    return FakeRuns()


@pytest.fixture
def bare_desk(qapp: QApplication, layout: Layout) -> Iterator[Desk]:
    """A desk whose house is not open yet."""
    desk = Desk(layout, Theme(qapp, "light"))
    yield desk
    desk.close()
    desk.deleteLater()


@pytest.fixture
def open_page(qtbot: QtBot, bare_desk: Desk, runs: FakeRuns) -> Opener:
    """Opens the page of the first project, as the window does."""

    def opener(house: House | None = None, project_id: int = 7) -> RunsPage:
        bare_desk.open_house(house or fake_house(runs))
        qtbot.waitUntil(lambda: bool(bare_desk.projects))
        page = RunsPage(bare_desk)
        qtbot.addWidget(page)
        page.resize(1170, 820)
        page.show()
        bare_desk.page = "runs"
        bare_desk.select(project_id)
        page.show_project(bare_desk.project)
        bare_desk.selected.connect(lambda: page.show_project(bare_desk.project))
        qtbot.waitUntil(lambda: page.filled)
        return page

    return opener
