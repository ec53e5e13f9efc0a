"""Writes whole lines at once: text and colours from the first column to the line's end.

A flood is made of such lines, in the region of an editor as on a shell's screen. Their cells are
not made here: a row keeps the line as it came until somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.terminal.dispatch import Screen
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import DEFAULT, Style
from aiops_desktop.terminal.tokens import EL_CRLF, SGR
from aiops_desktop.terminal.widths import JOINS, cells, may_join

_EL = "\x1b[K"
#: Characters that the sequences of one line may have beside its text, for each column.
_SEQUENCES_MOST = 24


class Lines:
    """Runs tokens, whole lines at once where that leaves the same screen.

    Args:
        screen: what they change.
        run: executes tokens one by one.
    """

    def __init__(self, screen: Screen, run: Callable[[list[str]], None]) -> None:
        self._screen = screen
        self._run = run

    def run(self, parts: list[str]) -> None:
        """Execute text and sequence in turn."""
        screen = self._screen
        done = start = 0
        plain = self._plain()
        for end in [at for at in range(1, len(parts), 2) if "\n" in parts[at]]:
            begin, start = start, end + 1
            sequence = parts[end]
            if not plain or (sequence != "\r\n" and sequence != EL_CRLF):
                continue
            if end - begin > 1 and parts[begin + 1][-1] != "m" and parts[begin + 1] != _EL:
                continue
            if done < begin:
                self._run(parts[done:begin])
                done = begin
                plain = self._plain()
                if not plain:
                    continue
            if not screen.x and self._line(parts, begin, end, sequence == EL_CRLF):
                done = start
        if done < len(parts):
            self._run(parts[done:])

    def _plain(self) -> bool:
        """Whether text goes into the cells as it is, and line ends do nothing else."""
        screen = self._screen
        return screen.trans is None and screen.autowrap and not (screen.insert or screen.special)

    def _line(self, parts: list[str], begin: int, end: int, erases: bool) -> bool:
        """Show the line of the tokens from `begin` to its end at `end`; false: it cannot be."""
        screen = self._screen
        rows, y, columns, pen = screen.rows, screen.y, screen.columns, screen.pen
        row = rows[y]
        if not erases and (row.chars if row.source is None else row.source):
            return False
        text = parts[begin]
        after: Style | None = pen
        if end - begin == 1:
            size = len(text)
            source = text
            joins = text != "" and cells(text[0]) is JOINS
        else:
            texts = parts[begin:end:2]
            size = sum(map(len, texts))
            source = "".join(parts[begin:end])
            after = _after(pen, parts[begin + 1 : end - 1 : 2])
            joins = may_join(source)
            erases = erases or _EL in source
        if after is None or after.blank is not DEFAULT:
            return False
        if source.isascii():
            fits = size <= columns - erases
        else:
            fits = size * 2 <= columns - erases and screen.clustering and not joins
        if not fits or len(source) - size > _SEQUENCES_MOST * columns:
            return False
        if row.source is None:
            del row.chars, row.styles, row.wide
        row.source, row.look = source, pen
        row.wrap = row.wrap and not erases
        row.gen = gen = screen.gen
        screen.pen = after
        screen.last = ""
        if y != screen.bottom:
            if y < screen.lines - 1:
                screen.y = y + 1
                rows[y + 1].gen = gen
            return True
        if screen.top == 0 and not screen.alternate:
            screen.history.lines.append(rows[0])
            screen.history.pushed += 1
        del rows[screen.top]
        rows.insert(y, Row.of("", DEFAULT, gen))
        return True


def _after(pen: Style, sequences: list[str]) -> Style | None:
    """The pen after these; None when one is neither SGR nor erases to the end of the line."""
    for sequence in sequences:
        step = pen.steps.get(sequence)
        if step is None:
            if sequence == _EL and pen.blank is DEFAULT:
                continue
            if not SGR.fullmatch(sequence):
                return None
            step = pen.after(sequence)
        pen = step
    return pen
