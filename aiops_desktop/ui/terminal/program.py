"""The program in a terminal: started, fed, told of, ended."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMetaMethod, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.terminal.hosts import is_here
from aiops_desktop.terminal.pty import PtyProcess
from aiops_desktop.ui.terminal.channel import Channel
from aiops_desktop.ui.terminal.prompt import PromptBar
from aiops_desktop.ui.terminal.telling import TellingView
from aiops_desktop.ui.text import counted, tr

_SHELLS = frozenset(("sh", "bash", "zsh", "fish", "dash", "ksh", "mksh", "ash"))


class ProgramView(TellingView):
    """A view with a program behind it.

    Attributes:
        exit_code: how the last program ended; negative: by a signal; None while one runs.
        restart_with: what the Restart button does; None: run the same program again.
    """

    finished = Signal()
    """The program ended; `exit_code` says how."""
    receivedData = Signal(str)
    """Output as text; emitted only while something is connected."""
    sendData = Signal(bytes, int)
    wrote = Signal()
    """The program wrote something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exit_code: int | None = None
        self.restart_with: Callable[[], object] | None = None
        self._argv: list[str] = []
        self._env: dict[str, str] | None = None
        self._folder: Path | None = None
        self._channel: Channel | None = None
        self._cursor_told = (-1, -1)
        self._auto_close = False
        self._flow_control = True
        self._flow_warning = False
        self.prompt = PromptBar(self)
        self.gridResized.connect(self._tell_size)
        self.pasteHeld.connect(self._ask_paste)

    # Starting and ending

    def start(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path | None
    ) -> None:
        """Run a program here; what cannot be started is said in the widget."""
        self._argv, self._env, self._folder = list(argv), dict(environment), folder
        self.startShellProgram()

    def startShellProgram(self) -> None:
        """Run the program that was set, else the person's shell, ending one that still runs."""
        self.stop()
        self.prompt.hide()
        self.exit_code = None
        env = dict(os.environ) if self._env is None else self._env
        argv = self._argv or [env.get("SHELL") or "/bin/sh"]
        columns, rows = self.emulator.columns, self.emulator.rows
        try:
            pty = PtyProcess.start(argv, env, self._folder, columns, rows)
        except Trouble as trouble:
            self.prompt.say(
                f"{trouble.what} {trouble.hint}", (tr("Try again"), self.startShellProgram)
            )
            return
        self._attach(pty)

    def startTerminalTeletype(self) -> None:
        """Show a terminal without a program of ours; `getPtySlaveFd` is its other end."""
        self.stop()
        try:
            pty = PtyProcess.bare(self.emulator.columns, self.emulator.rows)
        except Trouble as trouble:
            self.prompt.say(f"{trouble.what} {trouble.hint}")
            return
        self._attach(pty)

    def _attach(self, pty: PtyProcess) -> None:
        pty.set_flow_control(self._flow_control)
        self._channel = Channel(pty, self._receive, lambda: not self.seen)
        self._channel.ended.connect(self._ended)
        # A window that goes takes its widgets along without a word to any of them.
        self.destroyed.connect(self._channel.close)

    def stop(self) -> None:
        """Hang up: the program gets SIGHUP. A tmux client detaches, its session goes on."""
        if self._channel is not None:
            channel, self._channel = self._channel, None
            channel.ended.disconnect(self._ended)
            self.destroyed.disconnect(channel.close)
            channel.close()
            channel.deleteLater()

    @property
    def running(self) -> bool:
        """Whether a program runs."""
        return self._channel is not None

    def setShellProgram(self, program: str) -> None:
        """The program to run."""
        self._argv = [program, *self._argv[1:]]

    def setArgs(self, args: Sequence[str]) -> None:
        """Its arguments."""
        self._argv = [*self._argv[:1], *args]

    def setEnvironment(self, environment: Sequence[str]) -> None:
        """Its whole environment as "NAME=value"."""
        self._env = dict(entry.split("=", 1) for entry in environment if "=" in entry)

    def setWorkingDirectory(self, dir: str) -> None:
        """Its folder."""
        self._folder = Path(dir)

    def workingDirectory(self) -> str:
        """The shell's folder as it told (OSC 7), else where it was started.

        A shell on another computer tells of folders there, which are none here.
        """
        told = self.emulator.working_directory if is_here(self.emulator.working_host) else ""
        return told or str(self._folder or "")

    def changeDir(self, dir: str) -> None:
        """Have a shell that waits for a command go to a folder; anything else is left alone."""
        if self._channel is None or Path((self._argv or ["sh"])[0]).name not in _SHELLS:
            return
        pty = self._channel.pty
        if pty.pid and pty.foreground_pid == pty.pid:
            self.sendText(f"cd {shlex.quote(dir)}\r")

    def getShellPID(self) -> int:
        """Process id of the program, 0 for none."""
        return self._channel.pty.pid if self._channel else 0

    def getForegroundProcessId(self) -> int:
        """Process group in the foreground of the terminal, 0 for none."""
        return self._channel.pty.foreground_pid if self._channel else 0

    def getPtySlaveFd(self) -> int:
        """The other end of a terminal without a program, -1 when a program has it."""
        return self._channel.pty.other_fd if self._channel else -1

    def setFlowControlEnabled(self, enabled: bool) -> None:
        """Whether Ctrl+S and Ctrl+Q halt output and let it go on (IXON)."""
        self._flow_control = enabled
        if self._channel is not None:
            self._channel.pty.set_flow_control(enabled)

    def flowControlEnabled(self) -> bool:
        """Whether Ctrl+S and Ctrl+Q halt output: as the program has set it, else as we would."""
        return self._channel.pty.flow_control if self._channel else self._flow_control

    def setFlowControlWarningEnabled(self, enabled: bool) -> None:
        """Say that output is halted when Ctrl+S is pressed."""
        self._flow_warning = enabled

    def _tell_size(self, columns: int, rows: int) -> None:
        if self._channel is not None:
            self._channel.pty.resize(columns, rows)

    def _ended(self, code: int) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            self.destroyed.disconnect(channel.close)
            channel.deleteLater()
        self.exit_code = code
        if code < 0:
            sentence = tr("The program was ended by a signal.")
        else:
            sentence = tr("The program ended (exit {code}).", code=code)
        if not self._auto_close:
            self.prompt.say(sentence, (tr("Restart"), self._restart))
        self.refresh()
        self.finished.emit()

    def _restart(self) -> None:
        self.emulator.feed(b"\x1b[!p\x1b[?1049l\x1b[?25h\r\n")
        if self.restart_with is not None:
            self.prompt.hide()
            self.restart_with()
        else:
            self.startShellProgram()
        self.setFocus()

    # Input and output

    def send(self, data: bytes) -> None:
        """Give input to the program."""
        if self._channel is not None and data:
            self._channel.write(data)
            self.sendData.emit(data, len(data))
            if self._flow_warning and data in (b"\x13", b"\x11"):
                self._warn_of_flow(halted=data == b"\x13")

    def sendText(self, text: str) -> None:
        """Type a text."""
        self.send(text.encode("utf-8", "replace"))

    def feed(self, data: bytes) -> None:
        """Show bytes that come from elsewhere; for tests and previews."""
        self._receive(data)

    def _receive(self, data: bytes) -> None:
        emulator = self.emulator
        self.take(data)
        replies = emulator.take_replies()
        if replies and self._channel:
            self._channel.write(replies)
        self.tell_news()
        self.check_selection()
        self.search_again()
        self.wrote.emit()
        if self.isSignalConnected(QMetaMethod.fromSignal(self.receivedData)):
            self.receivedData.emit(data.decode("utf-8", "replace"))
        self.changed()
        if self.hasFocus():
            cursor = emulator.cursor
            if (cursor.row, cursor.column) != self._cursor_told:
                self._cursor_told = (cursor.row, cursor.column)
                self.updateMicroFocus()

    # What it says and asks

    def _warn_of_flow(self, *, halted: bool) -> None:
        if halted and self.flowControlEnabled():

            def go_on() -> None:
                self.prompt.hide()
                self.send(b"\x11")
                self.setFocus()

            self.prompt.say(
                tr("Output is halted by Ctrl+S. Ctrl+Q lets it go on."),
                (tr("Go on"), go_on),
            )
        elif not halted:
            self.prompt.hide()

    def _ask_paste(self, text: str) -> None:
        lines = text.count("\n") + 1
        sentence = counted(
            lines,
            "This would run {n} line at once. Paste it?",
            "This would run {n} lines at once. Paste them?",
        )

        def paste() -> None:
            forget()
            self.paste_now(text)

        def forget() -> None:
            self.prompt.hide()
            self.setFocus()

        self.prompt.say(sentence, (tr("Cancel"), forget), (tr("Paste"), paste))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The prompt stays at the foot."""
        super().resizeEvent(event)
        self.prompt.place()
