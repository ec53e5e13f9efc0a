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
#: Times each pair is measured; xterm, which is slow, once.
ROUNDS = 3
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
    made = []
    grid = (COLUMNS, ROWS)
    runs: dict[str, list[Run]] = {"ours": [], "qterminal": [], "xterm": []}
    inside: dict[str, list[Run]] = {"ours": [], "qterminal": [], "xterm": []}
    names = [name for name in ("qterminal", "ours", "xterm") if stage.has(name)]
    for number in range(ROUNDS):
        for name in names if number % 2 == 0 else names[::-1]:
            if name != "xterm" or number == 0:
                runs[name].append(run := stage.cat(name, *grid))
                if name == "qterminal":
                    grid = (run.columns, run.rows)
            inside[name].append(stage.cat(name, *grid, tmux=True))
    missing = [name for name in ("qterminal", "xterm") if name not in names]
    said = f"{FLOOD / 1e6:.0f} MB cat on {grid[0]} × {grid[1]} cells until the cursor is told"
    if missing:
        said += f"; not installed here: {', '.join(missing)}"
    ours = _middle(runs["ours"])
    made.append(Result("terminal.cat_20mb", ours, "s", 2.0, "lower", said))
    for name, target in (("qterminal", 1.0), ("xterm", 0.2)):
        if runs[name]:
            theirs = _middle(runs[name])
            how = f"{said}; ours {_told(runs['ours'])} s, {name} {_told(runs[name])} s"
            made.append(Result(f"terminal.cat_vs_{name}", ours / theirs, "x", target, "lower", how))
    natives = {name: found for name, found in inside.items() if name != "ours" and found}
    if natives:
        fastest = min(natives, key=lambda name: _middle(natives[name]))
        how = f"{said}, in tmux; ours {_told(inside['ours'])} s"
        how += "".join(f", {name} {_told(found)} s" for name, found in natives.items())
        ratio = _middle(inside["ours"]) / _middle(natives[fastest])
        made.append(Result("terminal.cat_tmux_vs_native", ratio, "x", 1.5, "lower", how))
    return made


def _middle(runs: list[Run]) -> float:
    return statistics.median(run.took for run in runs)


def _told(runs: list[Run]) -> str:
    return " ".join(f"{run.took:.2f}" for run in runs)


# In a window


def _window(stage: Stage, big: Path, platform: str) -> list[Result]:
    keys, flood = stage.ours("keys"), stage.ours("flood", str(big))
    many, idle = stage.ours("many"), stage.ours("idle")
    on = f"on {platform}"
    pressed = f"{KEYS} key presses with pauses, through the PTY's echo to the end of painting, {on}"
    waits = f"what a turn of the window's loop takes of the processor while {FLOOD / 1e6:.0f} MB "
    waits += f"are printed, {on}; by the clock, beside whatever else this machine does, p99 "
    waits += f"{flood['p99']:.1f} and longest {flood['longest']:.1f} ms"
    crowd = f"{TERMINALS} terminals, {SEEN} of them in sight, {FLOODING} flooding ({SEEN} seen, "
    crowd += f"one hidden) for {SECONDS:.0f} s, {on}, by the clock; p99 {many['p99']:.1f}; of the "
    crowd += f"processor's time p99 {many['used_p99']:.1f}, longest {many['used_longest']:.1f} ms"
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
    on = f"{COLUMNS} × {ROWS} cells, into the pixmap"
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
