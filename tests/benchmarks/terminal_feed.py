"""Feeds the emulator and pyte's own HistoryScreen the same bytes, in turns."""

from __future__ import annotations

import os
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte

from aiops_desktop.adapters.process import environment
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.pty import DRAIN_MOST, PtyProcess
from tests.benchmarks.result import Result, paired, seconds

COLUMNS, ROWS, HISTORY = 200, 50, 10_000
#: Bytes both get at a time; pyte needs up to a second for them.
SIZE = 60_000
ROUNDS = 5
#: Times ours gets them for one time of pyte's, in pieces as large as the widget reads at once.
MANY = 24
_WORDS = "the quick brown fox error warning info module function 0x7ffd 12345 passed failed"
_LOG_LINES = 40_000
_CAPTURED = 400_000
_KEYS = 400


def measure(folder: Path) -> list[Result]:
    """Ratios of feed throughput, what a key costs, and how large a history is."""
    made: list[Result] = []
    speeds: dict[str, float] = {}
    for name, before, data, least in _inputs(folder):
        result, speeds[name] = _feed(name, before, data, least)
        made.append(result)
    for name, least in (("ascii", 60.0), ("tmux", 12.0)):
        how = f"megabytes a second of the same bytes, median of {ROUNDS}"
        made.append(Result(f"terminal.speed_{name}", speeds[name], "MB/s", least, "higher", how))
    return [*made, _key(), _memory(folder)]


def _inputs(folder: Path) -> Iterator[tuple[str, bytes, bytes, float]]:
    """Name, what comes before, data and the least ratio to reach."""
    chance = random.Random(42)

    def words(count: int) -> str:
        return " ".join(chance.choice(_WORDS.split()) for _ in range(count))

    def log() -> str:
        return words(chance.randint(4, 18)) + "\r\n"

    def coloured() -> str:
        parts = (f"\x1b[38;5;{chance.randrange(256)}m{words(1)}\x1b[0m " for _ in range(12))
        return "".join(parts) + "\r\n"

    def redraw() -> str:
        row, colour = chance.randint(1, ROWS), chance.randint(30, 37)
        return f"\x1b[{row};1H\x1b[7;{colour}m{words(4)}\x1b[0;{colour}m{words(6)}\x1b[0m\x1b[K"

    def motion() -> str:
        return f"\x1b[{chance.randint(1, ROWS)};{chance.randint(1, COLUMNS)}Hx"

    def mixed() -> str:
        parts = ("漢字仮名交文", "áéíóλπΩжщю→←│┌", "터미널한국어", "🚀", "e\u0301a\u0308", "word")
        return " ".join(chance.choices(parts, (30, 30, 15, 10, 5, 10), k=10)) + "\r\n"

    yield "ascii", b"", _filled(log), 400
    yield "colour", b"", _filled(coloured), 35
    yield "redraw", b"", _filled(redraw), 40
    yield "cursor", b"", _filled(motion), 35
    yield "dense", b"", _dense(), 70
    yield "unicode", b"", _filled(mixed), 30
    yield "tmux", *_tmux(folder, "".join(log() for _ in range(_LOG_LINES))), 80


def _filled(make: Callable[[], str]) -> bytes:
    data = bytearray()
    while len(data) < SIZE:
        data += make().encode()
    return bytes(data)


def _dense() -> bytes:
    """Every cell of the screen in another style, as the dense cells of vtebench."""
    data = bytearray()
    for frame, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        data += b"\x1b[H"
        for row in range(1, ROWS + 1):
            for column in range(1, COLUMNS + 1):
                shade = (row + column + frame) % 156
                colours = f"38;5;{shade + 100};48;5;{255 - shade}"
                data += f"\x1b[{colours};1;3;4m{letter}".encode()
        if len(data) > 5 * SIZE:
            break
    return bytes(data)


def _tmux(folder: Path, log: str) -> tuple[bytes, bytes]:
    """What tmux writes to a client whose pane prints a log, from a private server.

    Returns:
        The beginning, and what can be repeated: from one scrolling of the pane to another.
    """
    (folder / "log").write_text(log.replace("\r\n", "\n"))
    env = environment({"TMUX_TMPDIR": str(folder), "PS1": "$ "})
    server = ["tmux", "-S", str(folder / "feed.sock"), "-f", os.devnull]
    size = ["-x", str(COLUMNS), "-y", str(ROWS)]
    pane = "i=0; while [ $i -lt 40 ]; do cat log; i=$((i+1)); done"
    client = PtyProcess.start([*server, "new-session", *size, pane], env, folder, COLUMNS, ROWS)
    data = bytearray()
    deadline = time.monotonic() + 60
    while len(data) < _CAPTURED and not client.ended and time.monotonic() < deadline:
        piece = client.read()
        data += piece
        if not piece:
            time.sleep(0.0005)
    client.close()
    killer = PtyProcess.start([*server, "kill-server"], env, folder, COLUMNS, ROWS)
    while not killer.ended and time.monotonic() < deadline:
        killer.read()
        time.sleep(0.001)
    killer.close()
    region = b"\x1b[1;%dr" % (ROWS - 1)
    begin, end = data.index(region, len(data) // 10), data.rindex(region)
    return bytes(data[:begin]), bytes(data[begin:end])


def _feed(name: str, before: bytes, data: bytes, least: float) -> tuple[Result, float]:
    ours = Emulator(COLUMNS, ROWS, HISTORY)
    stock = pyte.HistoryScreen(COLUMNS, ROWS, HISTORY)
    stream = pyte.ByteStream(stock)
    part = data[:SIZE]
    times = max(1, MANY * SIZE // len(data))
    flood = data * times
    pieces = [flood[at : at + DRAIN_MOST] for at in range(0, len(flood), DRAIN_MOST)]
    scale = len(part) / len(flood)

    def feed_all() -> None:
        for piece in pieces:
            ours.feed(piece)

    ours.feed(before)
    stream.feed(before)
    feed_all()
    ratio, mine, _ = paired(
        lambda: _busy(feed_all) * scale, lambda: _busy(lambda: stream.feed(part)), ROUNDS
    )
    speed = len(part) / mine / 1e6
    how = (
        f"times pyte's HistoryScreen a byte, {len(flood)} and {len(part)} bytes in turns, "
        f"processor time, median of {ROUNDS}; here {speed:.1f} MB/s"
    )
    return Result(f"terminal.feed_{name}", 1 / ratio, "x", least, "higher", how), speed


def _busy(work: Callable[[], object]) -> float:
    """Seconds of processor time: both only compute, and other programs do not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _key() -> Result:
    """What a typed key's echo costs, in a shell line on a full screen."""
    screen = Emulator(COLUMNS, ROWS, HISTORY)
    screen.feed(b"\r\n".join(b"some line of output" for _ in range(200)) + b"\r\n$ ")
    taken = []
    for number in range(_KEYS):
        echo = b"\r\n$ " if number % 60 == 59 else b"a"
        taken.append(seconds(lambda data=echo: screen.feed(data)) * 1000)  # type: ignore[misc]
    how = f"median of {_KEYS} echoes of one key each"
    return Result("terminal.feed_key", statistics.median(taken), "ms", 0.1, "lower", how)


def _memory(folder: Path) -> Result:
    """What 10,000 lines of a plain log take in the history."""
    chance = random.Random(7)
    words = _WORDS.split()
    lines = [" ".join(chance.choices(words, k=12)) for _ in range(HISTORY + ROWS)]
    tracemalloc.start()
    screen = Emulator(COLUMNS, ROWS, HISTORY)
    before = tracemalloc.get_traced_memory()[0]
    for at in range(0, len(lines), 100):
        screen.feed("".join(f"{line}\r\n" for line in lines[at : at + 100]).encode())
    size = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    kept = len(screen.history)
    how = f"{kept} lines of about {len(' '.join(lines)) // len(lines)} characters, as Python counts"
    return Result("terminal.history", size / 1e6, "MB", 3, "lower", how)
