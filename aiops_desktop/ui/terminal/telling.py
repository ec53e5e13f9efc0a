"""What a program tells beside its text: title, folder, bell, notices, activity, silence."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QClipboard, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.terminal.commands import ClipboardWrite, Notice, Prompt
from aiops_desktop.ui.terminal.interaction import InteractiveView
from aiops_desktop.ui.terminal.links import SAFE_SCHEMES
from aiops_desktop.ui.text import tr

#: Milliseconds between two beeps: a program that rings all the time shall not deafen anybody.
_BEEP_PAUSE = 500
#: Milliseconds without output that count as silence.
_SILENCE = 10_000


class TellingView(InteractiveView):
    """A view that passes on what programs tell."""

    titleChanged = Signal()
    bell = Signal(str)
    activity = Signal()
    """Something was written after a quiet time, while `setMonitorActivity` is on."""
    silence = Signal()
    """Nothing was written for the silence time, while `setMonitorSilence` is on."""
    currentDirectoryChanged = Signal(str)
    noticed = Signal(str, str)
    """A program wants to tell something: title and text (OSC 9, 777)."""
    commandFinished = Signal(object, float)
    """A command of a shell that marks them (OSC 133) has ended: exit code or None, seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = self._directory = ""
        self._bells = 0
        self._command_since = 0.0
        self._visual_bell, self._audible_bell = True, False
        self._beep_timer = self._timer(lambda: None)
        self._monitor_activity = self._monitor_silence = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_SILENCE)
        self._quiet.timeout.connect(self._fell_silent)
        self.urlActivated.connect(self._open_address)

    def tell_news(self) -> None:
        """Pass on what was told since the last time."""
        emulator = self.emulator
        if emulator.title != self._title:
            self._title = emulator.title
            self.titleChanged.emit()
        if emulator.bells != self._bells:
            self._bells = emulator.bells
            self._ring()
        if emulator.working_directory != self._directory:
            self._directory = emulator.working_directory
            self.currentDirectoryChanged.emit(self._directory)
        for event in emulator.take_events():
            if isinstance(event, ClipboardWrite):
                board = QGuiApplication.clipboard()
                primary = event.primary and board.supportsSelection()
                mode = QClipboard.Mode.Selection if primary else QClipboard.Mode.Clipboard
                board.setText(event.text, mode)
            elif isinstance(event, Notice):
                self.noticed.emit(event.title, event.text)
            else:
                self._follow(event)
        if self._monitor_activity and not self._quiet.isActive():
            self.activity.emit()
        if self._monitor_activity or self._monitor_silence:
            self._quiet.start()

    def _follow(self, mark: Prompt) -> None:
        """A command begins with its output (C) and ends with D; a D alone ends nothing."""
        if mark.kind == "C":
            self._command_since = time.monotonic()
        elif mark.kind == "D" and self._command_since:
            took, self._command_since = time.monotonic() - self._command_since, 0.0
            self.commandFinished.emit(mark.code, took)

    def _ring(self) -> None:
        if self._visual_bell:
            self.flash()
        if self._audible_bell and not self._beep_timer.isActive():
            self._beep_timer.start(_BEEP_PAUSE)
            QApplication.beep()
        self.bell.emit(tr("The bell rang in {title}.", title=self._title or tr("a terminal")))

    def _fell_silent(self) -> None:
        if self._monitor_silence:
            self.silence.emit()

    def _open_address(self, address: QUrl, _from_menu: bool) -> None:
        if address.isValid() and address.scheme() in SAFE_SCHEMES:
            QDesktopServices.openUrl(address)

    # What is passed on

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

    def set_visual_bell(self, on: bool) -> None:
        """Flash when the bell rings; on at the start."""
        self._visual_bell = on

    def set_audible_bell(self, on: bool) -> None:
        """Beep when the bell rings; off at the start."""
        self._audible_bell = on

    def set_clipboard_allowed(self, allowed: bool) -> None:
        """Whether programs may write the clipboard (OSC 52); off at the start."""
        self.emulator.clipboard_allowed = allowed

    def title(self) -> str:
        """What the program calls itself."""
        return self.emulator.title

    def icon(self) -> str:
        """What the program calls its icon."""
        return self.emulator.icon_name

    def isTitleChanged(self) -> bool:
        """Whether the program gave a title."""
        return bool(self.emulator.title)
