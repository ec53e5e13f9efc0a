"""Shows very many lines of plain text at once, as `cat` of a log writes them.

Only the last screenful becomes rows; what would scroll through goes to the history as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from aiops_desktop.terminal.clusters import cut
from aiops_desktop.terminal.dispatch import Screen
from aiops_desktop.terminal.rows import Line, Row, Wrapped, line_row
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.widths import JOINS, cells

#: Characters of text and CR LF alone that make the bulk path worth its set-up.
_LEAST = 2_048
_TEXT_ONLY = re.compile("[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]*").match
_PRINTABLE = bytes(range(0x20, 0x7F))


class Bulk:
    """Takes plain lines from the beginning of a text.

    Args:
        screen: where they are shown.
        run: executes tokens one by one.
    """

    def __init__(self, screen: Screen, run: Callable[[list[str]], None]) -> None:
        self._screen = screen
        self._run = run

    def take(self, text: str) -> int:
        """Show what can be shown at once; how many characters that was."""
        if len(text) < _LEAST or not self._may():
            return 0
        screen = self._screen
        end, count = _plain(text)
        if end < _LEAST or count < 2 * screen.lines:
            return 0
        part = text[:end]
        first, *lines = part.split("\r\n")[:-1]
        if not part.isascii() and any(
            cells(at) is JOINS for at in {line[:1] for line in lines} - {""}
        ):
            return 0
        self._run([first, "\r\n"])
        shown = _wrapped(lines, screen.columns)
        keep = screen.lines - 1
        away: list[Line] = [*screen.rows[: screen.y], *shown[: len(shown) - keep]]
        screen.history.push(away)
        screen.rows[:] = [_row(line, screen.gen) for line in shown[len(shown) - keep :]]
        screen.rows.append(Row(screen.gen))
        screen.x, screen.y = 0, screen.lines - 1
        screen.last = ""
        return end

    def _may(self) -> bool:
        screen = self._screen
        return (
            screen.pen is DEFAULT
            and screen.trans is None
            and screen.autowrap
            and screen.clustering
            and not (screen.insert or screen.alternate or screen.special)
            and screen.top == 0
            and screen.bottom == screen.lines - 1
            and not any(row.chars for row in screen.rows[screen.y + 1 :])
        )


def _plain(text: str) -> tuple[int, int]:
    """Characters of whole lines of nothing but text at the beginning, and how many lines."""
    end = text.rfind("\r\n") + 2
    if text.isascii():
        # Five times faster than the pattern, for the usual case.
        controls = text[:end].encode().translate(None, _PRINTABLE)
        count = len(controls) // 2
        if controls == b"\r\n" * count:
            return end, count
    found = _TEXT_ONLY(text)
    end = text.rfind("\r\n", 0, found.end()) + 2 if found else 0
    part = text[:end]
    count = part.count("\n")
    return (end, count) if part.count("\r\n") == count == part.count("\r") else (0, 0)


def _row(line: Line, gen: int) -> Row:
    row = line_row(line, gen)
    row.gen = gen
    return row


def _wrapped(lines: list[str], columns: int) -> list[Line]:
    """Lines wrapped at the right edge; those that go on say so."""
    made: list[Line] = [*lines]
    longest = len(max(lines, key=len))
    if longest * 2 <= columns or (longest <= columns and "".join(lines).isascii()):
        return made
    made.clear()
    for line in lines:
        if len(line) * 2 <= columns:
            made.append(line)
        elif line.isascii():
            starts = range(0, len(line) - columns, columns)
            made += [Wrapped(line[at : at + columns]) for at in starts]
            made.append(line[max(len(starts), 0) * columns :])
        else:
            made += _cut_cells(line, columns)
    return made


def _cut_cells(line: str, columns: int) -> list[Line]:
    """As `_wrapped`, of a line in which some characters take two cells or none."""
    left = cut(line).cells
    made: list[Line] = []
    while len(left) > columns:
        at = columns - (left[columns] == "")
        made.append(Wrapped("".join(left[:at])))
        left = left[at:]
    made.append("".join(left))
    return made
