"""The Changes page on a real checkout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.views.changes.page import ChangesPage
from tests.support.git_pages import idle, theme
from tests.support.real_house import Real, real_house

LINES = "".join(f"line {n}\n" for n in range(1, 61))
FILES = {"deploy/health.py": LINES, "README.md": "# Shop\n", "old.txt": "".join(LINES[:200])}


@pytest.fixture
def real(layout: Layout) -> Real:
    return real_house(layout, FILES)


@pytest.fixture
def desk(qtbot: QtBot, layout: Layout, real: Real) -> Iterator[Desk]:
    made = Desk(layout, theme())
    made.open_house(real.house)
    idle(qtbot, made)
    made.select(real.project.id)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> ChangesPage:
    made = ChangesPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show_project(desk.project)
    made.show()
    qtbot.waitExposed(made)
    idle(qtbot, desk)
    return made
