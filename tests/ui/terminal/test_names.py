"""The widget has QTermWidget's names, so that who knows it finds what they look for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SignalInstance

from aiops_desktop.ui.terminal.widget import TerminalWidget

METHODS = [
    "startShellProgram",
    "setShellProgram",
    "setArgs",
    "setWorkingDirectory",
    "workingDirectory",
    "setEnvironment",
    "getShellPID",
    "getForegroundProcessId",
    "sizeHint",
    "setTerminalFont",
    "getTerminalFont",
    "zoomIn",
    "zoomOut",
    "setColorScheme",
    "availableColorSchemes",
    "setHistorySize",
    "historySize",
    "historyLinesCount",
    "screenColumnsCount",
    "screenLinesCount",
    "setScrollBarPosition",
    "scrollToEnd",
    "sendText",
    "sendKeyEvent",
    "setSelectionStart",
    "setSelectionEnd",
    "getSelectionStart",
    "getSelectionEnd",
    "selectedText",
    "copyClipboard",
    "pasteClipboard",
    "pasteSelection",
    "clear",
    "saveHistory",
    "setMonitorActivity",
    "setMonitorSilence",
    "setSilenceTimeout",
    "setKeyboardCursorShape",
    "setBlinkingCursor",
    "setAutoClose",
    "title",
    "icon",
    "isTitleChanged",
    "bracketText",
    "disableBracketedPasteMode",
    "bracketedPasteModeIsDisabled",
    "setConfirmMultilinePaste",
    "setTrimPastedTrailingNewlines",
    "setBoldIntense",
    "wordCharacters",
    "setWordCharacters",
]
SIGNALS = [
    "finished",
    "titleChanged",
    "bell",
    "urlActivated",
    "activity",
    "silence",
    "copyAvailable",
    "currentDirectoryChanged",
    "termGetFocus",
    "termLostFocus",
    "termKeyPressed",
    "sendData",
    "receivedData",
]


@pytest.mark.parametrize("name", METHODS)
def test_methods(screen: TerminalWidget, name: str) -> None:
    assert callable(getattr(screen, name))


@pytest.mark.parametrize("name", SIGNALS)
def test_signals(screen: TerminalWidget, name: str) -> None:
    assert isinstance(getattr(screen, name), SignalInstance)
