"""Lines as a program wrote them: the rows that one was wrapped over are one text again."""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.terminal.rows import Line, line_row, line_text, line_wraps

#: Gives the line of an absolute number, None when it is no more.
Lines = Callable[[int], Line | None]
#: Absolute line, left and right cell.
Span = tuple[int, int, int]

#: Rows taken together at most; a longer line is cut, so that no look at it takes long.
ROWS_MOST = 256


class Paragraph:
    """Some rows as one text.

    Attributes:
        first: the absolute number of the first row.
        last: of the last one.
        text: all of it; trailing blanks of the last row are not part of it.
    """

    __slots__ = ("_lines", "_texts", "first", "last", "text")

    def __init__(self, first: int, lines: list[Line]) -> None:
        self.first = first
        self.last = first + len(lines) - 1
        self._lines = lines
        if len(lines) == 1:
            self._texts = [line_text(lines[0])]
            self.text = self._texts[0]
        else:
            self._texts = ["".join(line_row(line).chars) for line in lines[:-1]]
            self._texts.append(line_text(lines[-1]))
            self.text = "".join(self._texts)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The cells of a part of the text, one stretch a row."""
        found: list[Span] = []
        begun = 0
        for at, text in enumerate(self._texts):
            left, right = max(start - begun, 0), min(end - begun, len(text))
            if left < right:
                cells = self._cells(at)
                found.append((self.first + at, cells[left], cells[right - 1] + 1))
                row = line_row(self._lines[at]).chars
                if found[-1][2] < len(row) and row[found[-1][2]] == "":
                    found[-1] = (self.first + at, cells[left], cells[right - 1] + 2)
            begun += len(text)
        return tuple(found)

    def offset(self, number: int, column: int) -> int:
        """Where in the text a cell is; the length of the text when the cell is behind it."""
        at = number - self.first
        before = sum(len(text) for text in self._texts[:at])
        chars = line_row(self._lines[at]).chars
        column = min(column, len(chars))
        if 0 < column < len(chars) and chars[column] == "":
            column -= 1
        return before + len("".join(chars[:column]))

    def _cells(self, at: int) -> list[int]:
        """The column of every character of a row; several of one cell have the same."""
        text = self._texts[at]
        if text.isascii():
            return list(range(len(text)))
        cells: list[int] = []
        for column, cell in enumerate(line_row(self._lines[at]).chars):
            cells += [column] * len(cell)
        return cells


def paragraph_at(
    lines: Lines, number: int, *, goes_on: Callable[[Line], bool] = line_wraps
) -> Paragraph | None:
    """The paragraph around a line; None when the line is no more.

    Args:
        lines: where lines come from.
        number: the absolute number of the line.
        goes_on: whether a line is continued by the next one.
    """
    if lines(number) is None:
        return None
    least = number - ROWS_MOST // 2
    while number > least and (above := lines(number - 1)) is not None and goes_on(above):
        number -= 1
    return paragraph_from(lines, number, goes_on=goes_on)


def paragraph_from(
    lines: Lines, number: int, *, goes_on: Callable[[Line], bool] = line_wraps
) -> Paragraph | None:
    """The paragraph that begins with a line; None when the line is no more."""
    line = lines(number)
    if line is None:
        return None
    taken = [line]
    while goes_on(line) and len(taken) < ROWS_MOST:
        line = lines(number + len(taken))
        if line is None:
            break
        taken.append(line)
    return Paragraph(number, taken)
