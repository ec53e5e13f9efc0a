"""The terminal widget: a program in a PTY, shown; QTermWidget's names for those who know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QIODevice, QMetaMethod, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.terminal.commands import ClipboardWrite, Notice
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.pty import PtyProcess
from aiops_desktop.ui.terminal.channel import Channel
from aiops_desktop.ui.terminal.colours import SCHEMES
from aiops_desktop.ui.terminal.interaction import InteractiveView
from aiops_desktop.ui.terminal.prompt import PromptBar
from aiops_desktop.ui.text import counted, tr

#: Addresses that a click may open outside.
_OPENED = frozenset(("http", "https", "ftp", "mailto"))


class TerminalWidget(InteractiveView):
    """A terminal with a program in it.

    Set the program with `setShellProgram`, `setArgs`, `setEnvironment` and `setWorkingDirectory`,
    then call `startShellProgram`; or `start` with all of them.
    """

    finished = Signal()
    """The program ended; `exit_code` says how."""
    titleChanged = Signal()
    bell = Signal(str)
    activity = Signal()
    """Something was written after a quiet time, while `setMonitorActivity` is on."""
    silence = Signal()
    """Nothing was written for the silence time, while `setMonitorSilence` is on."""
    currentDirectoryChanged = Signal(str)
    receivedData = Signal(str)
    """Output as text; emitted only while something is connected."""
    sendData = Signal(bytes, int)
    wrote = Signal()
    """The program wrote something."""
    noticed = Signal(str, str)
    """A program wants to tell something: title and text (OSC 9, 777)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exit_code: int | None = None
        self.history_size = 10_000
        #: What the Restart button does; None: run the same program again.
        self.restart_with: Callable[[], object] | None = None
        self._argv: list[str] = []
        self._env: dict[str, str] = {}
        self._folder: Path | None = None
        self._channel: Channel | None = None
        self._title = self._directory = ""
        self._bells = 0
        self._auto_close = False
        self._monitor_activity = self._monitor_silence = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(10_000)
        self._quiet.timeout.connect(self._fell_silent)
        self.prompt = PromptBar(self)
        self.gridResized.connect(self._tell_size)
        self.pasteHeld.connect(self._ask_paste)
        self.urlActivated.connect(self._open_address)

    # The program

    def start(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path | None
    ) -> None:
        """Run a program here; what cannot be started is said in the widget."""
        self._argv, self._env, self._folder = list(argv), dict(environment), folder
        self.startShellProgram()

    def startShellProgram(self) -> None:
        """Run the program that was set, ending one that still runs."""
        self.stop()
        self.prompt.hide()
        self.exit_code = None
        if not self._argv:
            return
        columns, rows = self.emulator.columns, self.emulator.rows
        try:
            pty = PtyProcess.start(self._argv, self._env, self._folder, columns, rows)
        except Trouble as trouble:
            self.prompt.say(
                f"{trouble.what} {trouble.hint}", (tr("Try again"), self.startShellProgram)
            )
            return
        self._channel = Channel(pty, self._receive, lambda: not self.isVisible())
        self._channel.ended.connect(self._ended)
        # A window that goes takes its widgets along without a word to any of them.
        self.destroyed.connect(self._channel.close)

    def stop(self) -> None:
        """Hang up: the program gets SIGHUP. A tmux client detaches, its session goes on."""
        if self._channel is not None:
            self._channel.ended.disconnect(self._ended)
            self._channel.close()
            self._channel.deleteLater()
            self._channel = None

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

    def setWorkingDirectory(self, folder: str) -> None:
        """Its folder."""
        self._folder = Path(folder)

    def workingDirectory(self) -> str:
        """The shell's folder as it told (OSC 7), else where it was started."""
        return self.emulator.working_directory or str(self._folder or "")

    def getShellPID(self) -> int:
        """Process id of the program, 0 for none."""
        return self._channel.pty.pid if self._channel else 0

    def getForegroundProcessId(self) -> int:
        """Process group in the foreground of the terminal, 0 for none."""
        return self._channel.pty.foreground_pid if self._channel else 0

    def send(self, data: bytes) -> None:
        """Give input to the program."""
        if self._channel is not None and data:
            self._channel.write(data)
            self.sendData.emit(data, len(data))

    def sendText(self, text: str) -> None:
        """Type a text."""
        self.send(text.encode("utf-8", "replace"))

    def _receive(self, data: bytes) -> None:
        emulator = self.emulator
        emulator.feed(data)
        replies = emulator.take_replies()
        if replies and self._channel:
            self._channel.write(replies)
        self._tell_news()
        self.wrote.emit()
        if self.isSignalConnected(QMetaMethod.fromSignal(self.receivedData)):
            self.receivedData.emit(data.decode("utf-8", "replace"))
        self.changed()

    def feed(self, data: bytes) -> None:
        """Show bytes that come from elsewhere; for tests and previews."""
        self._receive(data)

    def _tell_news(self) -> None:
        emulator = self.emulator
        if emulator.title != self._title:
            self._title = emulator.title
            self.titleChanged.emit()
        if emulator.bells != self._bells:
            self._bells = emulator.bells
            self.bell.emit(tr("The bell rang in {title}.", title=self._title or tr("a terminal")))
        if emulator.working_directory != self._directory:
            self._directory = emulator.working_directory
            self.currentDirectoryChanged.emit(self._directory)
        for event in emulator.take_events():
            if isinstance(event, ClipboardWrite):
                QGuiApplication.clipboard().setText(event.text)
            elif isinstance(event, Notice):
                self.noticed.emit(event.title, event.text)
        if self._monitor_activity and not self._quiet.isActive():
            self.activity.emit()
        if self._monitor_activity or self._monitor_silence:
            self._quiet.start()

    def _fell_silent(self) -> None:
        if self._monitor_silence:
            self.silence.emit()

    def _tell_size(self, columns: int, rows: int) -> None:
        if self._channel is not None:
            self._channel.pty.resize(columns, rows)

    def _ended(self, code: int) -> None:
        if self._channel is not None:
            self._channel.deleteLater()
            self._channel = None
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

    # What it says and asks

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

    def _open_address(self, address: QUrl, _from_menu: bool) -> None:
        if address.scheme() in _OPENED:
            QDesktopServices.openUrl(address)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The prompt stays at the foot."""
        super().resizeEvent(event)
        self.prompt.place()

    # History and screen

    def setHistorySize(self, lines: int) -> None:
        """Lines kept; what is shown begins anew."""
        self.history_size = lines
        self.emulator = Emulator(self.emulator.columns, self.emulator.rows, lines)
        self._tell_theme()
        self.refresh()

    def historySize(self) -> int:
        """Lines kept."""
        return self.history_size

    def historyLinesCount(self) -> int:
        """Lines that scrolled away and are kept."""
        return len(self.emulator.history)

    def screenColumnsCount(self) -> int:
        """Width in cells."""
        return self.emulator.columns

    def screenLinesCount(self) -> int:
        """Height in cells."""
        return self.emulator.rows

    def clear(self) -> None:
        """Empty screen and history."""
        self.emulator.feed(b"\x1b[H\x1b[2J")
        self.emulator.clear_history()
        self.clear_selection()
        self.refresh()

    def saveHistory(self, device: QIODevice) -> None:
        """Write history and screen as text."""
        lines = [*self.emulator.history_text(), *self.emulator.text_rows()]
        device.write("\n".join(lines).rstrip("\n").encode() + b"\n")

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.emulator.text_rows())

    def title(self) -> str:
        """What the program calls itself."""
        return self.emulator.title

    def icon(self) -> str:
        """What the program calls its icon."""
        return self.emulator.icon_name

    def isTitleChanged(self) -> bool:
        """Whether the program gave a title."""
        return bool(self.emulator.title)

    # Settings

    def setMonitorActivity(self, on: bool) -> None:
        """Tell when something is written after a quiet time."""
        self._monitor_activity = on

    def setMonitorSilence(self, on: bool) -> None:
        """Tell when nothing is written for the silence time."""
        self._monitor_silence = on
        if on:
            self._quiet.start()

    def setSilenceTimeout(self, seconds: int) -> None:
        """The silence time."""
        self._quiet.setInterval(seconds * 1000)

    def setAutoClose(self, close: bool) -> None:
        """Say nothing when the program ends; whoever listens to `finished` closes."""
        self._auto_close = close

    def setColorScheme(self, name: str) -> None:
        """One of `availableColorSchemes`; an unknown name changes nothing."""
        if name in SCHEMES:
            self.set_scheme(SCHEMES[name])

    def availableColorSchemes(self) -> list[str]:
        """The names of the palettes."""
        return list(SCHEMES)

    def setScrollBarPosition(self, shown: bool) -> None:
        """Whether the scroll bar shows when there is something to scroll."""
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if shown else policy.ScrollBarAlwaysOff
        )

    def setBoldIntense(self, bright: bool) -> None:
        """Paint bold text of the first eight colours in their bright ones."""
        self._renderer.bold_is_bright = bright
        self._renderer.forget()
        self.refresh()

    def set_clipboard_allowed(self, allowed: bool) -> None:
        """Whether programs may write the clipboard (OSC 52); off at the start."""
        self.emulator.clipboard_allowed = allowed
