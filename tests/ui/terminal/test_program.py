"""The process side of a terminal: started, flooded, halted, ended, and nothing left behind."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.widget import TerminalWidget

Open = Callable[..., TerminalWidget]
PROC = Path("/proc/self/fd")


def shows(qtbot: QtBot, widget: TerminalWidget, text: str) -> None:
    qtbot.waitUntil(lambda: text in widget.text())


def test_the_environment_is_ours_to_say(
    qtbot: QtBot, open_terminal: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("COLUMNS", "7")
    monkeypatch.setenv("VTE_VERSION", "7000")
    terminal = open_terminal(
        "sh", "-c", "echo [$TERM] [$COLORTERM] [$COLUMNS$VTE_VERSION] [$(locale charmap)]; read x"
    )
    shows(qtbot, terminal, "[xterm-256color] [truecolor] [] [UTF-8]")


def test_a_terminal_without_a_program_has_another_end(qtbot: QtBot, screen: TerminalWidget) -> None:
    assert screen.getPtySlaveFd() == -1
    screen.startTerminalTeletype()
    other = screen.getPtySlaveFd()
    os.write(other, b"hello from outside\n")
    shows(qtbot, screen, "hello from outside")
    screen.sendText("answer\r")
    assert os.read(other, 100) == b"answer\n"
    assert screen.getShellPID() == 0
    screen.stop()
    assert screen.getPtySlaveFd() == -1
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(other)


def test_flow_control_halts_output_and_says_so(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal("sh", "-c", "while read x; do echo got-$x; done")
    terminal.setFlowControlWarningEnabled(True)
    assert terminal.flowControlEnabled()
    terminal.sendText("\x13")
    assert "Ctrl+Q" in terminal.prompt.sentence
    terminal.sendText("one\r")
    terminal.prompt.button(0).click()
    shows(qtbot, terminal, "got-one")
    assert not terminal.prompt.isVisible()
    terminal.setFlowControlEnabled(False)
    assert not terminal.flowControlEnabled()
    terminal.sendText("\x13")
    assert not terminal.prompt.isVisible()


def test_only_a_waiting_shell_is_told_to_change_folder(
    qtbot: QtBot, open_terminal: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "it's here"
    folder.mkdir()
    terminal = open_terminal()
    shows(qtbot, terminal, "$")
    terminal.changeDir(str(folder))
    terminal.sendText("pwd | tail -c 10\r")
    qtbot.waitUntil(lambda: terminal.text().rstrip().endswith("it's here\n$"))
    terminal.sendText("cat\r")
    qtbot.waitUntil(lambda: terminal.getForegroundProcessId() not in (0, terminal.getShellPID()))
    before = terminal.text()
    terminal.changeDir("/")
    terminal.sendText("x\r")
    qtbot.waitUntil(lambda: terminal.text().rstrip().endswith("x\nx"))
    assert "cd /" not in terminal.text().replace(before, "")


def test_without_a_program_the_persons_shell_is_started(
    qtbot: QtBot, screen: TerminalWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\necho this is mine\nread x\n")
    shell.chmod(0o755)
    monkeypatch.setenv("SHELL", str(shell))
    screen.startShellProgram()
    shows(qtbot, screen, "this is mine")
    screen.stop()


def test_a_large_paste_does_not_wait_for_the_program(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal(
        "sh", "-c", "stty raw -echo; echo ready; sleep 0.3; head -c 2000000 | wc -c; sleep 5"
    )
    shows(qtbot, terminal, "ready")
    begun = time.monotonic()
    terminal.paste_now("x" * 2_000_000)
    assert time.monotonic() - begun < 0.5
    shows(qtbot, terminal, "2000000")


def test_a_flood_after_the_end_does_not_hold_the_window(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal("sh", "-c", "trap '' HUP; yes & echo $!; exit 3")
    with qtbot.waitSignal(terminal.finished, timeout=10_000):
        pass
    assert terminal.exit_code == 3


def test_bells_are_for_eye_and_ear_as_chosen(
    screen: TerminalWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(screen, "flash", lambda: rung.append("flash"))
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append("beep"))
    screen.feed(b"\x07")
    screen.set_visual_bell(False)
    screen.set_audible_bell(True)
    screen.feed(b"\x07")
    screen.feed(b"\x07")
    assert rung == ["flash", "beep"], "many bells are one beep"


def test_activity_and_silence_are_told(qtbot: QtBot, screen: TerminalWidget) -> None:
    told: list[str] = []
    screen.activity.connect(lambda: told.append("activity"))
    screen.silence.connect(lambda: told.append("silence"))
    screen._quiet.setInterval(60)
    screen.setMonitorActivity(True)
    screen.feed(b"a")
    screen.feed(b"b")
    assert told == ["activity"]
    screen.setMonitorSilence(True)
    qtbot.waitUntil(lambda: told == ["activity", "silence"])
    screen.feed(b"c")
    assert told == ["activity", "silence", "activity"]


def test_an_input_method_is_told_the_text_around_the_cursor(screen: TerminalWidget) -> None:
    queries = Qt.InputMethodQuery
    screen.feed("漢字 text".encode() + b"\x1b[1;4H")
    assert screen.inputMethodQuery(queries.ImSurroundingText) == "漢字 text"
    assert screen.inputMethodQuery(queries.ImCursorPosition) == 2
    assert screen.inputMethodQuery(queries.ImEnabled)
    screen.setReadOnly(True)
    assert not screen.inputMethodQuery(queries.ImEnabled)


def _children() -> set[int]:
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


@pytest.mark.skipif(not PROC.is_dir(), reason="counts descriptors in /proc")
@pytest.mark.timeout(170)
def test_a_thousand_opens_and_closes_leave_nothing(qtbot: QtBot) -> None:
    env = {"PATH": os.environ["PATH"]}
    window = QWidget()
    qtbot.addWidget(window)
    gone: list[int] = []
    shells: list[int] = []

    def once(number: int) -> None:
        terminal = TerminalWidget(window)
        terminal.destroyed.connect(lambda: gone.append(number))
        terminal.start(["/bin/sleep", "1000"], env, Path("/"))
        shells.append(terminal.getShellPID())
        if number % 3:
            terminal.stop()
        terminal.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def counted() -> tuple[int, int, int]:
        gc.collect()
        return len(list(PROC.iterdir())), threading.active_count(), len(QApplication.allWidgets())

    for number in range(20):
        once(number)
    qtbot.waitUntil(lambda: not _children() & set(shells))
    before = counted()
    for number in range(1000):
        once(number)
    qtbot.waitUntil(lambda: not _children() & set(shells))
    assert counted() == before
    assert len(gone) == 1020
    for pid in shells[-20:]:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
