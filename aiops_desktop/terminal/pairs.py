"""Writes single characters that have a sequence each, many at once.

Animations place every character by itself (CUP), pictures give every cell a colour (SGR). What the
cells are is found out at C speed; only the last pair of a slice may be incomplete.
"""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.terminal.dispatch import CUP, Dispatcher, Screen
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import Style
from aiops_desktop.terminal.tokens import SGR

#: Pairs that make it worth its set-up.
_LEAST = 64
#: Pairs of one kind in a row below which the next `_LEAST` are executed one by one.
_FEW = 8
_PLACES_MOST = 30_000


class _Places(dict[str, tuple[int, int]]):
    """A CUP sequence → line and column from 0."""

    def __init__(self, dispatch: Dispatcher) -> None:
        super().__init__()
        self._dispatch = dispatch

    def __missing__(self, sequence: str) -> tuple[int, int]:
        action = self._dispatch.action(sequence)
        if action.kind != CUP:
            raise KeyError(sequence)
        if len(self) > _PLACES_MOST:
            self.clear()
        place = self[sequence] = (action.line, action.column)
        return place


class Pairs:
    """Runs tokens, many pairs at once where that leaves the same screen.

    Args:
        screen: what they change.
        dispatch: knows what a sequence does.
        run: executes tokens one by one.
    """

    def __init__(
        self, screen: Screen, dispatch: Dispatcher, run: Callable[[list[str]], None]
    ) -> None:
        self._screen = screen
        self._places = _Places(dispatch)
        self._run = run

    def run(self, parts: list[str]) -> None:
        """Execute text and sequence in turn."""
        if not _are_pairs(parts):
            self._run(parts)
            return
        # The character behind the last sequence may still be missing.
        sequences, texts = parts[1:-3:2], parts[2:-3:2]
        self._run([parts[0], ""])
        done, size = 0, len(texts)
        while done < size:
            if not self._screen.direct or self._screen.special:
                break
            count = self._spread(sequences, texts, done) or self._colour(sequences, texts, done)
            done += count
            if count < _FEW:
                last = min(done + _LEAST, size)
                self._run(["", *parts[1 + 2 * done : 1 + 2 * last], ""])
                done = last
        self._run(["", *parts[1 + 2 * done :]])

    def _spread(self, sequences: list[str], texts: list[str], done: int) -> int:
        """Write each character at its place, up to the first that has none; how many."""
        if sequences[done][-1] != "H":
            return 0
        places: list[tuple[int, int]] = []
        try:
            # What comes before the first that is no place stays in the list.
            places.extend(map(self._places.__getitem__, sequences[done:]))
        except KeyError:
            if not places:
                return 0
        screen = self._screen
        pen = screen.pen
        cells: dict[int, tuple[list[str], list[Style]]] = {}
        pairs = zip(places, texts[done : done + len(places)], strict=True)
        going = True
        while going:
            going = False
            try:
                for (line, column), text in pairs:
                    chars, looks = cells[line]
                    chars[column] = text
                    looks[column] = pen
            except LookupError:
                # The first character of a row, or one behind its end.
                going = True
                row = self._write(line, min(column, screen.columns - 1), text)
                if not row.wide:
                    cells[line] = row.chars, row.styles
        line, column = places[-1]
        screen.go(min(line, screen.lines - 1), min(column, screen.columns - 1) + 1)
        screen.last = texts[done + len(places) - 1]
        return len(places)

    def _write(self, line: int, column: int, text: str) -> Row:
        """Write one character the careful way; its row."""
        screen = self._screen
        row = screen.rows[min(line, screen.lines - 1)]
        row.gen = screen.gen
        row.pad(column + 1)
        if row.wide:
            row.part(column, column + 1)
        row.chars[column] = text
        row.styles[column] = screen.pen
        return row

    def _colour(self, sequences: list[str], texts: list[str], done: int) -> int:
        """Write characters of one row, each in its own style; how many that were."""
        screen = self._screen
        looks = _looks(screen.pen, sequences[done : done + screen.columns])
        if not looks:
            return 0
        # The first one wraps where that is due, and makes the cells left of it exist.
        screen.pen = looks[0]
        screen.draw(texts[done])
        row, x = screen.rows[screen.y], screen.x
        count = min(len(looks), screen.columns - x + 1)
        end = x + count - 1
        if row.wide:
            row.part(x, end)
        row.chars[x:end] = texts[done + 1 : done + count]
        row.styles[x:end] = looks[1:count]
        screen.x, screen.pen, screen.last = end, looks[count - 1], texts[done + count - 1]
        return count


def _are_pairs(parts: list[str]) -> bool:
    """Whether each sequence is followed by one ASCII character."""
    if len(parts) < 2 * _LEAST or not len(parts[2]) == len(parts[-4]) == len(parts[4]) == 1:
        return False
    texts = parts[2:-3:2]
    text = "".join(texts)
    return len(text) == len(texts) and text.isascii() and "" not in texts


def _looks(pen: Style, sequences: list[str]) -> list[Style]:
    """The pen after each sequence, up to the first that is no SGR."""
    looks: list[Style] = []
    steps = pen.steps
    for sequence in sequences:
        try:
            pen = steps[sequence]
        except KeyError:
            if not SGR.fullmatch(sequence):
                break
            pen = pen.after(sequence)
        steps = pen.steps
        looks.append(pen)
    return looks
