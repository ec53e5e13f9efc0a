"""The widget has QTermWidget's names, so that who knows it finds what they look for."""

from __future__ import annotations

import inspect

import pytest
from PySide6.QtCore import QMetaMethod, QSize, SignalInstance
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.widget import TerminalWidget

#: QTermWidget 2.4: every public member that is offered here, with the numbers of arguments it
#: can be called with. What C++ gives back through arguments is given back as a tuple.
METHODS = """
addCustomColorSchemeDir 1     autoHideMouseAfter 1          availableColorSchemes 0
availableKeyBindings 0        bracketText 1                 bracketedPasteModeIsDisabled 0
changeDir 1                   clear 0                       copyClipboard 0
createWidget 1                disableBracketedPasteMode 1   filterActions 1
flowControlEnabled 0          getAvailableColorSchemes 0    getForegroundProcessId 0
getHotSpotAt 1 2              getMargin 0                   getPtySlaveFd 0
getSelectionEnd 0             getSelectionStart 0           getShellPID 0
getTerminalFont 0             historyLinesCount 0           historySize 0
icon 0                        isTitleChanged 0              keyBindings 0
pasteClipboard 0              pasteSelection 0              saveHistory 1
screenColumnsCount 0          screenLinesCount 0            scrollToEnd 0
selectedText 0 1              sendKeyEvent 1                sendText 1
setArgs 1                     setAutoClose 1                setBlinkingCursor 1
setBoldIntense 1              setColorScheme 1              setConfirmMultilinePaste 1
setDrawLineChars 1            setEnvironment 1              setFlowControlEnabled 1
setFlowControlWarningEnabled 1  setHistorySize 1            setKeyBindings 1
setKeyboardCursorShape 1      setMargin 1                   setMonitorActivity 1
setMonitorSilence 1           setMotionAfterPasting 1       setScrollBarPosition 1
setSelectionEnd 2             setSelectionStart 2           setShellProgram 1
setSilenceTimeout 1           setSize 1                     setTerminalFont 1
setTerminalSizeHint 1         setTrimPastedTrailingNewlines 1  setWordCharacters 1
setWorkingDirectory 1         sizeHint 0                    startShellProgram 0
startTerminalTeletype 0       terminalSizeHint 0            title 0
toggleShowSearchBar 0         wordCharacters 0              workingDirectory 0
zoomIn 0                      zoomOut 0
"""
SIGNALS = {
    "activity": "",
    "bell": "QString",
    "copyAvailable": "bool",
    "currentDirectoryChanged": "QString",
    "finished": "",
    "profileChanged": "QString",
    "receivedData": "QString",
    "sendData": "QByteArray,int",
    "silence": "",
    "termGetFocus": "",
    "termKeyPressed": "QKeyEvent*",
    "termLostFocus": "",
    "titleChanged": "",
    "urlActivated": "QUrl,bool",
}


def offered() -> list[tuple[str, list[int]]]:
    found: list[tuple[str, list[int]]] = []
    for word in METHODS.split():
        if word.isdecimal():
            found[-1][1].append(int(word))
        else:
            found.append((word, []))
    return found


@pytest.mark.parametrize(("name", "counts"), offered(), ids=lambda value: str(value))
def test_methods(screen: TerminalWidget, name: str, counts: list[int]) -> None:
    signature = inspect.signature(getattr(screen, name))
    for count in counts:
        signature.bind(*(0 for _ in range(count)))


@pytest.mark.parametrize(("name", "arguments"), SIGNALS.items())
def test_signals(screen: TerminalWidget, name: str, arguments: str) -> None:
    signal = getattr(screen, name)
    assert isinstance(signal, SignalInstance)
    method = QMetaMethod.fromSignal(signal)
    told = ",".join(bytes(part.data()).decode() for part in method.parameterTypes())
    assert told in (arguments, arguments.replace("QByteArray", "PyObject")), told


def test_the_constructor_takes_startnow_and_a_parent(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    for made in (
        TerminalWidget(parent),
        TerminalWidget(0, parent),
        TerminalWidget(parent=parent),
        TerminalWidget(parent).createWidget(0),
    ):
        assert made.parent() is parent
        assert not made.running


def test_getters_give_what_setters_were_told(screen: TerminalWidget) -> None:
    screen.feed(b"one two\r\nthree")
    screen.setSelectionStart(0, 4)
    screen.setSelectionEnd(1, 1)
    assert screen.getSelectionStart() == (0, 4)
    assert screen.getSelectionEnd() == (1, 1)
    assert screen.selectedText() == "two\nth"
    assert screen.selectedText(False) == "two th"
    screen.setHistorySize(123)
    assert screen.historySize() == 123
    screen.setWordCharacters("_")
    assert screen.wordCharacters() == "_"
    screen.disableBracketedPasteMode(True)
    assert screen.bracketedPasteModeIsDisabled()
    screen.setFlowControlEnabled(False)
    assert not screen.flowControlEnabled()
    assert screen.keyBindings() in screen.availableKeyBindings()
    assert {"light", "dark"} <= set(TerminalWidget.availableColorSchemes())


def test_a_size_in_cells_becomes_the_size_hint(screen: TerminalWidget) -> None:
    usual = screen.sizeHint()
    screen.setSize(QSize(100, 30))
    width, height = screen.cell_size
    assert screen.sizeHint().width() - usual.width() == round(20 * width)
    assert screen.sizeHint().height() - usual.height() == round(6 * height)
    screen.setTerminalSizeHint(False)
    assert screen.sizeHint() == usual


def test_a_margin_moves_the_grid(screen: TerminalWidget) -> None:
    before = screen.screenColumnsCount()
    screen.setMargin(40)
    assert screen.getMargin() == 40
    assert screen.screenColumnsCount() < before
