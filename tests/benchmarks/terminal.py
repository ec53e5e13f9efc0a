"""The emulator against pyte's own HistoryScreen, and a flood through the whole widget."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from aiops_desktop.adapters.process import environment
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal.widget import TerminalWidget
from tests.benchmarks.result import Result, paired, seconds

COLUMNS, ROWS, HISTORY = 200, 50, 10_000
#: Bytes both get; pyte needs about a second for them.
SIZE = 60_000
FLOOD = 20_000_000
_WORDS = "the quick brown fox error warning info module function 0x7ffd 12345 passed failed"


def measure(folder: Path) -> list[Result]:
    """Ratios of feed throughput, and the widget's flood and redraw."""
    made = [_feed(name, data, least) for name, data, least in _inputs()]
    made += _widget(folder)
    return made


def _inputs() -> Iterator[tuple[str, bytes, float]]:
    """Name, data and the least ratio to reach."""
    chance = random.Random(42)

    def words(count: int) -> str:
        return " ".join(chance.choice(_WORDS.split()) for _ in range(count))

    def lines(make: Callable[[], str]) -> bytes:
        data = bytearray()
        while len(data) < SIZE:
            data += make().encode()
        return bytes(data)

    def coloured() -> str:
        parts = (f"\x1b[38;5;{chance.randrange(256)}m{words(1)}\x1b[0m " for _ in range(12))
        return "".join(parts) + "\r\n"

    def redraw() -> str:
        row = chance.randint(1, ROWS)
        colour = chance.randint(30, 37)
        return f"\x1b[{row};1H\x1b[7;{colour}m{words(4)}\x1b[0;{colour}m{words(6)}\x1b[0m\x1b[K"

    def mixed() -> str:
        parts = ("漢字仮名交文", "áéíóλπΩжщю→←│┌", "터미널한국어", "🚀", "e\u0301a\u0308", "word")
        return " ".join(chance.choices(parts, (30, 30, 15, 10, 5, 10), k=10)) + "\r\n"

    yield "ascii", lines(lambda: words(chance.randint(4, 18)) + "\r\n"), 400
    yield "colour", lines(coloured), 35
    yield "redraw", lines(redraw), 40
    yield (
        "cursor",
        lines(lambda: f"\x1b[{chance.randint(1, 50)};{chance.randint(1, 200)}Hx"),
        35,
    )
    yield "unicode", lines(mixed), 30


def _feed(name: str, data: bytes, least: float) -> Result:
    many = 20
    ours = Emulator(COLUMNS, ROWS, HISTORY)
    stock = pyte.HistoryScreen(COLUMNS, ROWS, HISTORY)
    stream = pyte.ByteStream(stock)
    ours.feed(data)
    ratio, mine, _ = paired(
        lambda: seconds(lambda: ours.feed(data * many)) / many,
        lambda: seconds(lambda: stream.feed(data)),
        3,
    )
    speed = len(data) / mine / 1e6
    return Result(
        f"terminal.feed_{name}",
        1 / ratio,
        "x",
        least,
        "higher",
        f"times pyte's HistoryScreen on the same {len(data)} bytes; here {speed:.1f} MB/s",
    )


def _widget(folder: Path) -> list[Result]:
    application = QApplication.instance() or QApplication([])
    line = b"2026-11-23 10:00:00 info a line of a log with some words in it\n"
    (folder / "big").write_bytes(line * (FLOOD // len(line)))
    widget = TerminalWidget()
    widget.resize(1640, 940)
    widget.show()
    application.processEvents()
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    ticker = QTimer()
    ticker.timeout.connect(tick)
    loop = QEventLoop()
    widget.finished.connect(loop.quit)
    begun = time.perf_counter()
    widget.start(["cat", "big"], environment(), folder)
    ticker.start(0)
    loop.exec()
    took = time.perf_counter() - begun
    ticker.stop()
    gaps.sort()
    redraw = min(_redraw(widget) for _ in range(20))
    widget.hide()
    how = f"20 MB cat through PTY, emulator and widget of {widget.fitting()} cells"
    return [
        Result("terminal.cat_20mb", took, "s", 2.0, "lower", how),
        Result(
            "terminal.slice_p99",
            gaps[int(len(gaps) * 0.99)] * 1000,
            "ms",
            12,
            "lower",
            "longest time the window waits during the flood, 99th percentile",
        ),
        Result("terminal.redraw", redraw, "ms", 4, "lower", "all rows painted anew, log text"),
    ]


def _redraw(widget: TerminalWidget) -> float:
    widget._renderer.forget()
    return seconds(widget._frame) * 1000
