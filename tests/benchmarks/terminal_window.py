"""One measurement of our terminal in a process of its own; its result is printed as JSON."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from aiops_desktop.adapters.process import environment
from aiops_desktop.ui.collector import Collector
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

KEYS = 180
TERMINALS, FLOODING, SEEN = 30, 5, 4
SECONDS = 4.0


class Painted(TerminalWidget):
    """Knows when it last painted."""

    painted_at = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted_at = time.perf_counter()


class Beat:
    """A timer that always fires: its beats tell how long each turn of the event loop took."""

    def __init__(self) -> None:
        self._turns: list[tuple[float, float]] = []
        self._last = time.perf_counter()
        self._used = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(0)

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self._turns.append(((now - self._last) * 1000, (used - self._used) * 1000))
        self._last, self._used = now, used

    def stop(self) -> dict[str, float]:
        """Of the turns in which something was done: by the clock, and of the processor's time."""
        self._timer.stop()
        clock = sorted(wall for wall, _ in self._turns if wall > 1) or [0.0]
        used = sorted(own for wall, own in self._turns if wall > 1) or [0.0]
        at = int(len(clock) * 0.99)
        return {
            "longest": clock[-1],
            "p99": clock[at],
            "used_longest": used[-1],
            "used_p99": used[at],
            "turns": len(clock),
        }


def sized(widget: TerminalWidget, columns: int, rows: int) -> None:
    """Show it with this grid."""
    width, height = widget.cell_size
    bar = widget.verticalScrollBar().sizeHint().width()
    widget.resize(
        round(columns * width) + PADDING_X + max(bar, PADDING_X),
        round(rows * height) + 2 * PADDING_Y,
    )
    widget.show()
    wait(lambda: widget.fitting() == (columns, rows) == _grid(widget))


def _grid(widget: TerminalWidget) -> tuple[int, int]:
    return widget.emulator.columns, widget.emulator.rows


def wait(done: Callable[[], bool], most: float = 60.0, look: int = 5) -> None:
    """Run the window until something is so, looking every so many milliseconds."""
    loop, timer, until = QEventLoop(), QTimer(), time.monotonic() + most
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > until else None)
    timer.start(look)
    loop.exec()
    timer.stop()
    if not done():
        raise TimeoutError("the window did not come so far")


def pause(seconds: float) -> None:
    """Let the window run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def cat(columns: int, rows: int, argv: list[str]) -> None:
    """Run the child and stay until it is ended from outside."""
    widget = TerminalWidget()
    sized(widget, columns, rows)
    env = {**environment(), "TERM": "xterm-256color", "TMUX_TMPDIR": os.environ["TMUX_TMPDIR"]}
    widget.start(argv, env, Path("/"))
    QApplication.exec()


def flood(big: str) -> dict[str, float]:
    """How long the window waits while a file is printed."""
    widget = TerminalWidget()
    sized(widget, 200, 50)
    widget.start(["cat", big], environment(), Path("/"))
    beat = Beat()
    wait(lambda: widget.exit_code is not None)
    return beat.stop()


def keys() -> dict[str, float]:
    """From the press of a key to its character's being painted, through a PTY's echo."""
    widget = Painted()
    sized(widget, 200, 50)
    widget.activateWindow()
    widget.setFocus()
    widget.start(["cat"], environment(), Path("/"))
    pause(0.3)
    took = []
    for number in range(KEYS):
        pause(0.02)
        letter = chr(ord("a") + number % 26)
        kind, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(kind, ord(letter.upper()), none, letter)
        column = widget.emulator.cursor.column
        begun = widget.painted_at = time.perf_counter()
        QApplication.sendEvent(widget, event)

        def shown(before: int = column, since: float = begun) -> bool:
            return widget.emulator.cursor.column != before and widget.painted_at > since

        wait(shown, look=1)
        took.append((widget.painted_at - begun) * 1000)
    took.sort()
    widget.stop()
    return {"median": statistics.median(took), "p99": took[int(len(took) * 0.99)]}


def many(flooding: int) -> dict[str, float]:
    """Thirty terminals, four of them in sight: the longest gap, and the processor's share."""
    window = QWidget()
    grid = QGridLayout(window)
    window.resize(1600, 1000)
    made = [TerminalWidget(window) for _ in range(TERMINALS)]
    for number, widget in enumerate(made):
        if number < SEEN:
            grid.addWidget(widget, number // 2, number % 2)
        else:
            widget.hide()
    window.show()
    loud = ["sh", "-c", "while :; do seq 1 20000; done"]
    for number, widget in enumerate(made):
        argv = loud if number < flooding else ["sh", "-c", "echo ready; exec sleep 600"]
        widget.start(argv, environment(), Path("/"))
    pause(1.5)
    beat = Beat() if flooding else None
    begun, used = time.monotonic(), _used()
    pause(SECONDS)
    share = (_used() - used) / (time.monotonic() - begun)
    told = beat.stop() if beat else {}
    for widget in made:
        widget.stop()
    return {**told, "cpu": share * 100}


def _used() -> float:
    """Seconds of processor this process used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    collector = Collector(lambda: False)  # as in the program
    what, *args = sys.argv[1:]
    if what == "cat":
        cat(int(args[0]), int(args[1]), args[2:])
        return
    measures: dict[str, Callable[[], dict[str, float]]] = {
        "flood": lambda: flood(args[0]),
        "keys": keys,
        "many": lambda: many(FLOODING),
        "idle": lambda: many(0),
    }
    print(json.dumps(measures[what]()))
    collector.close()


if __name__ == "__main__":
    main()
