"""A terminal with a real shell, offscreen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.process import environment
from aiops_desktop.ui.terminal.widget import TerminalWidget

Open = Callable[..., TerminalWidget]


@pytest.fixture
def open_terminal(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Opens terminals; without arguments with bash."""
    made: list[TerminalWidget] = []

    def go(*argv: str, width: int = 700, height: int = 480) -> TerminalWidget:
        widget = TerminalWidget()
        qtbot.addWidget(widget)
        made.append(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        widget.setFocus()
        env = environment({"PS1": "$ ", "TMUX_TMPDIR": os.environ["TMUX_TMPDIR"]})
        widget.start(argv or ("bash", "--norc", "--noprofile", "-i"), env, tmp_path)
        return widget

    yield go
    for widget in made:
        widget.stop()
        widget.hide()
    QApplication.processEvents()


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[TerminalWidget]:
    """A terminal without a program, to be fed."""
    widget = TerminalWidget()
    qtbot.addWidget(widget)
    widget.resize(700, 480)
    widget.show()
    qtbot.waitExposed(widget)
    widget.setFocus()
    yield widget
    widget.hide()


@pytest.fixture
def sent(screen: TerminalWidget, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What `screen` would send to its program."""
    kept: list[bytes] = []
    monkeypatch.setattr(screen, "send", lambda data: kept.append(data) if data else None)
    return kept
