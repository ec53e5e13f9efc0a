"""The terminal's widget beside native terminals on one screen, and what its painting costs."""

from __future__ import annotations

import random
import statistics
from pathlib import Path

from PySide6.QtWidgets import QApplication

from aiops_desktop.ui.terminal.widget import TerminalWidget
from tests.benchmarks.result import Result, seconds
from tests.benchmarks.terminal_peers import Run, Stage, display
from tests.benchmarks.terminal_window import FLOODING, KEYS, SECONDS, SEEN, TERMINALS, sized

FLOOD = 20_000_000
LINE = b"2026-11-23 10:00:00 info a line of a log with some words in it\n"
ROUNDS = 5
#: Times what waits for a quiet machine is tried.
TRIES = 3
#: Native terminals and the ratio to reach beside them.
PEERS = {"qterminal": 1.0, "xterm": 0.2}
COLUMNS, ROWS = 200, 50


def measure(folder: Path) -> list[Result]:
    """Floods against peers, answers to keys, redraws, and many terminals at once."""
    big = folder / "big"
    big.write_bytes(LINE * (FLOOD // len(LINE)))
    made = _redraws()
    with display(folder) as screen:
        stage = Stage(screen, folder, big)
        made += _floods(stage)
        made += _window(stage, big, "Xvfb" if screen else "Qt's offscreen platform")
    return made


# Against native terminals


def _floods(stage: Stage) -> list[Result]:
    """Everybody in turn, so that a slow moment of the machine hits all of a round."""
    grid = (COLUMNS, ROWS)
    names = [name for name in ("qterminal", "ours", "xterm") if stage.has(name)]
    alone: dict[str, list[Run]] = {name: [] for name in names}
    inside: dict[str, list[Run]] = {name: [] for name in names}
    for number in range(ROUNDS):
        for name in names if number % 2 == 0 else names[::-1]:
            run = stage.cat(name, *grid)
            alone[name].append(run)
            if name == "qterminal":
                grid = (run.columns, run.rows)
            inside[name].append(stage.cat(name, *grid, tmux=True))
    missing = [name for name in PEERS if name not in names]
    said = f"{FLOOD / 1e6:.0f} MB cat on {grid[0]} × {grid[1]} cells until the cursor is told"
    if missing:
        said += f"; not installed here: {', '.join(missing)}"
    took = statistics.median(run.took for run in alone["ours"])
    made = [Result("terminal.cat_20mb", took, "s", 2.0, "lower", said)]
    for name, target in PEERS.items():
        if name in names:
            how = f"{said}, median of the rounds; {_told(alone)}"
            ratio = _ratio(alone["ours"], alone[name])
            made.append(Result(f"terminal.cat_vs_{name}", ratio, "x", target, "lower", how))
    if len(names) > 1:
        fastest = [min(runs, key=lambda run: run.took) for runs in _rounds(inside)]
        how = f"{said}, in tmux, against the fastest native one of each round; {_told(inside)}"
        ratio = _ratio(inside["ours"], fastest)
        made.append(Result("terminal.cat_tmux_vs_native", ratio, "x", 1.5, "lower", how))
    return made


def _rounds(runs: dict[str, list[Run]]) -> list[tuple[Run, ...]]:
    natives = [found for name, found in runs.items() if name != "ours"]
    return list(zip(*natives, strict=True))


def _ratio(ours: list[Run], theirs: list[Run]) -> float:
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(mine.took / other.took for mine, other in pairs)


def _told(runs: dict[str, list[Run]]) -> str:
    parts = [
        f"{name} {' '.join(f'{run.took:.2f}' for run in found)} s" for name, found in runs.items()
    ]
    return ", ".join(parts)


# In a window


def _window(stage: Stage, big: Path, platform: str) -> list[Result]:
    keys = min((stage.ours("keys") for _ in range(TRIES)), key=lambda told: told["median"])
    many = min((stage.ours("many") for _ in range(TRIES)), key=lambda told: told["longest"])
    flood, idle = stage.ours("flood", str(big)), stage.ours("idle")
    on = f"on {platform}"
    pressed = f"{KEYS} key presses with pauses, through the PTY's echo to the end of painting, {on}"
    pressed += f", the quietest of {TRIES} tries"
    waits = f"what a turn of the window's loop takes of the processor while {FLOOD / 1e6:.0f} MB "
    waits += f"are printed, {on}; by the clock, beside whatever else this machine does, p99 "
    waits += f"{flood['p99']:.1f} and longest {flood['longest']:.1f} ms"
    crowd = f"{TERMINALS} terminals, {SEEN} of them in sight, {FLOODING} flooding ({SEEN} seen, "
    crowd += f"one hidden) for {SECONDS:.0f} s, {on}, by the clock, the quietest of "
    crowd += f"{TRIES} tries; p99 {many['p99']:.1f}; of the processor's time p99 "
    crowd += f"{many['used_p99']:.1f}, longest {many['used_longest']:.1f} ms"
    return [
        Result("terminal.key_to_paint", keys["median"], "ms", 4, "lower", f"median, {pressed}"),
        Result("terminal.key_to_paint_p99", keys["p99"], "ms", 20, "lower", f"p99, {pressed}"),
        Result("terminal.slice_p99", flood["used_p99"], "ms", 12, "lower", f"p99, {waits}"),
        Result("terminal.many_longest_gap", many["longest"], "ms", 50, "lower", crowd),
        Result(
            "terminal.idle_cpu",
            idle["cpu"],
            "%",
            0.5,
            "lower",
            f"processor time of the whole process with {TERMINALS} idle terminals, {on}",
        ),
    ]


# Painting alone


def _redraws() -> list[Result]:
    application = QApplication.instance() or QApplication([])
    widget = TerminalWidget()
    sized(widget, COLUMNS, ROWS)
    log = LINE.replace(b"\n", b"\r\n") * ROWS
    widget.feed(log)
    widget._frame()
    whole = statistics.median(_whole(widget) for _ in range(30))
    line = statistics.median(_one_line(widget) for _ in range(60))
    widget.feed(_dense())
    widget._frame()
    dense = statistics.median(_whole(widget) for _ in range(20))
    widget.hide()
    application.processEvents()
    on = f"{COLUMNS} × {ROWS} cells, into the pixmap, median of many times"
    return [
        Result("terminal.redraw", whole, "ms", 4, "lower", f"all rows of a log anew, {on}"),
        Result("terminal.redraw_line", line, "ms", 0.1, "lower", f"one changed row of {on}"),
        Result(
            "terminal.redraw_dense",
            dense,
            "ms",
            14,
            "lower",
            f"every cell its own two of 16 million colours, {on}",
        ),
    ]


def _whole(widget: TerminalWidget) -> float:
    widget._renderer.forget()
    return _painting(widget)


def _one_line(widget: TerminalWidget) -> float:
    widget.emulator.feed(b"\x1b[20;1H\x1b[2K" + LINE.strip())
    return _painting(widget)


def _painting(widget: TerminalWidget) -> float:
    """Milliseconds the renderer takes for what changed."""
    lines, gen = widget._visible_lines(), widget.emulator.next_frame()
    return seconds(lambda: widget._renderer.paint(lines, [], gen)) * 1000


def _dense() -> bytes:
    chance = random.Random(7)
    rows = []
    for row in range(ROWS):
        cells = [b"\x1b[%d;1H" % (row + 1)]
        for _ in range(COLUMNS):
            parts = tuple(chance.randrange(256) for _ in range(6))
            cells.append(b"\x1b[38;2;%d;%d;%dm\x1b[48;2;%d;%d;%dm" % parts)
            cells.append(bytes([chance.randrange(33, 127)]))
        rows.append(b"".join(cells))
    return b"".join(rows)
