"""The real window on a real house; what goes wrong behind it fails the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from tests.support.stage import Stage, close_stage, open_stage


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, layout: Layout) -> Iterator[Stage]:
    """A window that has just opened an empty data folder."""
    made = open_stage(qapp, qtbot, layout)
    yield made
    close_stage(made)
