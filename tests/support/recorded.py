"""A program in a pane of a private tmux: the same bytes on tmux's screen and on ours."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import DEFAULT, Colour
from tests.support.waiting import until

#: Flags that tmux's own captured screen can tell.
_TOLD = ~styles.PROTECTED
_ACS = dict(
    zip(
        "`afghijklmnopqrstuvwxyz{|}~",
        "◆▒°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·",
        strict=True,
    )
)
_PIECES = re.compile("(\x1b\\[[0-9;:]*m|\x0e|\x0f)")
#: Looks at the screens, one after the other, that find the same and nothing new.
_QUIET = 4
_SGR_FLAGS = {
    1: styles.BOLD,
    2: styles.FAINT,
    3: styles.ITALIC,
    5: styles.BLINK,
    7: styles.REVERSE,
    8: styles.HIDDEN,
    9: styles.STRIKE,
    53: styles.OVERLINE,
}
_UNDERLINES = (0, styles.UNDERLINE, styles.DOUBLE, styles.CURLY, styles.DOTTED, styles.DASHED)


class Look(NamedTuple):
    """The colours and flags of a cell."""

    fg: Colour = None
    bg: Colour = None
    flags: int = 0


#: One code point on the screen and how it looks.
Point = tuple[str, Look]
_BLANK: Point = (" ", Look())


def need(program: str, package: str = "") -> str:
    """The path of a program; the test is skipped without it."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed; its package is {package or program}.")
    return found


class Pane:
    """A program in tmux and, fed with what it writes, our emulator of the same size.

    Args:
        folder: where it runs; also its home folder is made there.
        argv: the program.
        term: what TERM says.
        more: further variables of its environment.
        first: fed to our emulator before everything.
    """

    def __init__(
        self,
        folder: Path,
        argv: Sequence[str],
        *,
        columns: int = 100,
        rows: int = 30,
        term: str = "tmux-256color",
        more: dict[str, str] | None = None,
        first: bytes = b"",
    ) -> None:
        self.emulator = Emulator(columns, rows)
        self.emulator.feed(first)
        home = folder / "pane-home"
        home.mkdir(exist_ok=True)
        self._log = folder / "pane.log"
        self._log.touch()
        self._taken = self._before = 0
        self._server = ["tmux", "-u", "-f", os.devnull, "-L", f"rec{os.urandom(3).hex()}"]
        self._env = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "SHELL": "/bin/sh",
            "TMUX_TMPDIR": os.environ["TMUX_TMPDIR"],
            **{
                f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")
            },
            **(more or {}),
        }
        # Waits until what it writes is recorded.
        waiting = f"read -r _; exec {shlex.join(argv)}"
        self._tmux(
            *("set", "-g", "status", "off", ";", "set", "-g", "default-terminal", term, ";"),
            *("set", "-g", "remain-on-exit", "on", ";", "set", "-s", "escape-time", "0", ";"),
            *("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder)),
            *("sh", "-c", waiting),
        )
        self._tmux("pipe-pane", "-O", f"exec cat >>{shlex.quote(str(self._log))}")
        self.keys("Enter")

    def close(self) -> None:
        """End the program and its server."""
        self._tmux("kill-server")

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names."""
        self._pressed("send-keys", *names)

    def types(self, text: str) -> None:
        """Type text."""
        self._pressed("send-keys", "-l", text)

    def shows(self, *texts: str, seconds: float = 20) -> None:
        """Wait until tmux's screen shows these."""
        self._until(
            lambda: all(text in self._capture() for text in texts), f"{texts} to show", seconds
        )

    def ended(self) -> None:
        """Wait until the program has ended."""
        self._until(
            lambda: self._tmux("display", "-p", "#{pane_dead}").strip() == "1", "the end", 20
        )

    def same(self) -> None:
        """Wait until the program has answered the last key and is quiet: the screens are the same.

        They are compared cell by cell, the cursors too.
        """
        end = time.monotonic() + 8
        quiet = 0
        while quiet < _QUIET:
            before = self._size()
            differences = self._differences()
            answered = before > self._before and before == self._size()
            quiet = quiet + 1 if answered and not differences else 0
            assert time.monotonic() < end, "\n".join(differences) or "The program wrote nothing."
            time.sleep(0.04)

    def _pressed(self, *words: str) -> None:
        self._before = self._size()
        self._tmux(*words)

    def _size(self) -> int:
        return self._log.stat().st_size

    def _differences(self) -> list[str]:
        theirs = captured(self._tmux("capture-pane", "-e", "-N", "-p"))
        place = self._tmux("display", "-p", "#{cursor_y} #{cursor_x} #{cursor_flag}").split()
        self._take()
        found = []
        for number, row in enumerate(self.emulator.grid):
            mine = points(row)
            other = theirs[number] if number < len(theirs) else []
            if not _equal(mine, other):
                found.append(f"row {number}: ours  {_spelled(mine, other)}")
                found.append(f"row {number}: tmux’s {_spelled(other, mine)}")
        cursor = self.emulator.cursor
        # tmux counts a cursor that waits behind the last column as being there.
        column = min(int(place[1]), self.emulator.columns - 1)
        mine_at = (cursor.row, cursor.column, cursor.visible)
        if mine_at != (int(place[0]), column, place[2] == "1"):
            found.append(f"cursor: ours {mine_at}, tmux’s {place}")
        return found

    def _take(self) -> None:
        with self._log.open("rb") as log:
            log.seek(self._taken)
            data = log.read()
        self._taken += len(data)
        self.emulator.feed(data)
        self.emulator.take_replies()

    def _capture(self) -> str:
        return self._tmux("capture-pane", "-p")

    def _until(self, wanted: Callable[[], bool], what: str, seconds: float) -> None:
        until(wanted, seconds, lambda: f"waiting for {what}:\n{self._capture()}")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            [*self._server, *words],
            env=self._env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=30,
        )
        return done.stdout


def points(row: Row) -> list[Point]:
    """A row of ours as code points, default blanks at its end left out."""
    made: list[Point] = []
    for text, look in zip(row.chars, row.styles, strict=True):
        shown = Look(look.fg, look.bg, look.flags & _TOLD) if look is not DEFAULT else Look()
        made += [(char, shown) for char in text]
    return _trimmed(made)


def captured(text: str) -> list[list[Point]]:
    """What `capture-pane -e -p` prints, row by row."""
    look, graphics = Look(), False
    rows = []
    for line in text.removesuffix("\n").split("\n"):
        made: list[Point] = []
        for piece in _PIECES.split(line):
            if piece in ("\x0e", "\x0f"):
                graphics = piece == "\x0e"
            elif piece.startswith("\x1b"):
                look = _after(look, piece[2:-1])
            else:
                made += [(_ACS.get(char, char) if graphics else char, look) for char in piece]
        rows.append(_trimmed(made))
    return rows


def _equal(mine: list[Point], theirs: list[Point]) -> bool:
    """Whether two rows are the same.

    tmux leaves out of what it captures the cells at a row's end that were erased and never
    written, whatever their background.
    """
    more = mine[len(theirs) :]
    erased = all(char == " " and look == Look(bg=look.bg) for char, look in more)
    return mine[: len(theirs)] == theirs and erased


def _trimmed(row: list[Point]) -> list[Point]:
    while row and row[-1] == _BLANK:
        row.pop()
    return row


def _after(look: Look, body: str) -> Look:
    """tmux writes `38;5;n`, `38;2;r;g;b`, for underlines `4:n`, and `5:3` for overlined (53)."""
    fg, bg, flags = look
    numbers = iter(body.split(";"))
    for word in numbers:
        code, _, sub = word.partition(":")
        number = int(code or 0)
        if number in (38, 48, 58):
            kind = next(numbers) if not sub else ""
            if kind == "5":
                colour: Colour = int(next(numbers))
            elif kind == "2":
                red, green, blue = (int(next(numbers)) for _ in range(3))
                colour = styles.RGB | red << 16 | green << 8 | blue
            else:
                continue
            fg, bg = (colour, bg) if number == 38 else (fg, colour) if number == 48 else (fg, bg)
        elif number == 0:
            fg, bg, flags = None, None, 0
        elif number == 4:
            flags = flags & ~styles.UNDERLINES | _UNDERLINES[int(sub or 1)]
        elif word == "5:3":
            flags |= styles.OVERLINE
        elif number in _SGR_FLAGS:
            flags |= _SGR_FLAGS[number]
        elif 30 <= number <= 37 or 90 <= number <= 97:
            fg = number - 30 if number < 40 else number - 82
        elif 40 <= number <= 47 or 100 <= number <= 107:
            bg = number - 40 if number < 50 else number - 92
        elif number == 39:
            fg = None
        elif number == 49:
            bg = None
        else:
            raise AssertionError(f"an SGR of tmux that this does not know: {body}")
    return Look(fg, bg, flags)


def _spelled(row: list[Point], other: list[Point]) -> str:
    at = next(
        (number for number, pair in enumerate(zip(row, other, strict=False)) if pair[0] != pair[1]),
        min(len(row), len(other)),
    )
    text = "".join(char for char, _ in row)
    return f"{text!r}; from {at}: {row[at : at + 3]}"
