"""A desk for diffs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.views.diff.verbs import HunkAction
from aiops_desktop.ui.views.diff.view import DiffView
from tests.support.git_pages import make_desk

STAGE = HunkAction("stage", "Stage hunk", "Stage {n} line", "Stage {n} lines")
DISCARD = HunkAction("discard", "Discard hunk", "Discard {n} line", "Discard {n} lines", "danger")


@pytest.fixture
def desk(qtbot: QtBot, layout: Layout) -> Iterator[Desk]:
    made = make_desk(layout)
    yield made
    made.close()


@pytest.fixture
def view(qtbot: QtBot, desk: Desk) -> DiffView:
    made = DiffView(desk)
    made.set_actions(lambda _hunk: (STAGE, DISCARD))
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made
