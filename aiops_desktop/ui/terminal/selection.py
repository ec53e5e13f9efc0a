"""What is selected: by character, word, line or rectangle, across scrolling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from aiops_desktop.terminal.rows import Line, Row, line_row, line_wraps

#: A line's absolute number and a column.
Place = tuple[int, int]
#: Gives the line of an absolute number, None when it is no more.
Lines = Callable[[int], Line | None]

#: Characters that belong to words besides letters and digits.
WORD_CHARACTERS = ":@-./_~+%=&?#"


class Unit(Enum):
    """What a drag extends by."""

    CHARACTER = "character"
    WORD = "word"
    LINE = "line"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Selection:
    """From `anchor` to `head`, both between characters; whichever comes first."""

    anchor: Place
    head: Place
    unit: Unit = Unit.CHARACTER

    def to(self, head: Place) -> Selection:
        """Extended to another place."""
        return replace(self, head=head)


class Selector:
    """Resolves selections against lines."""

    def __init__(self, lines: Lines, word_characters: str = WORD_CHARACTERS) -> None:
        self._lines = lines
        self.word_characters = word_characters

    def edges(self, chosen: Selection) -> tuple[Place, Place]:
        """First place and the place behind the last one, grown to the unit."""
        first, last = sorted((chosen.anchor, chosen.head))
        if chosen.unit is Unit.WORD:
            return self._word_start(first), self._word_end(last)
        if chosen.unit is Unit.LINE:
            return (self._paragraph_start(first[0]), 0), (self._paragraph_end(last[0]), 1 << 20)
        return first, last

    def span(self, chosen: Selection, number: int, columns: int) -> tuple[int, int] | None:
        """The selected cells [left, right) of a line; None for none."""
        first, last = self.edges(chosen)
        if not first[0] <= number <= last[0]:
            return None
        if chosen.unit is Unit.BLOCK:
            left, right = sorted((chosen.anchor[1], chosen.head[1]))
        else:
            left = first[1] if number == first[0] else 0
            right = min(last[1], columns) if number == last[0] else columns
        row = self._row(number)
        if row and 0 < left < len(row.chars) and row.chars[left] == "":
            left -= 1
        if row and right < len(row.chars) and row.chars[right] == "":
            right += 1
        return (left, right) if left < right else None

    def text(self, chosen: Selection, *, breaks: bool = True) -> str:
        """The selected text; wrapped lines are one. Without `breaks` all lines are."""
        first, last = self.edges(chosen)
        parts: list[str] = []
        for number in range(first[0], last[0] + 1):
            line, row = self._lines(number), self._row(number)
            span = self.span(chosen, number, 1 << 20)
            if line is None or row is None:
                continue
            piece = "".join(row.chars[slice(*span)]) if span else ""
            goes_on = line_wraps(line) and chosen.unit is not Unit.BLOCK
            reaches_end = span is None or span[1] >= len(row.chars)
            parts.append(piece if goes_on or not reaches_end else piece.rstrip(" "))
            if number < last[0] and not goes_on:
                parts.append("\n" if breaks else " ")
        return "".join(parts)

    def _row(self, number: int) -> Row | None:
        line = self._lines(number)
        return None if line is None else line_row(line)

    def _kind(self, row: Row, column: int) -> int:
        """0 blank, 1 word, 2 other."""
        char = row.chars[column] if column < len(row.chars) else " "
        if char == "" and column:
            char = row.chars[column - 1]
        if char.isspace():
            return 0
        return 1 if char[0].isalnum() or char in self.word_characters else 2

    def _word_start(self, place: Place) -> Place:
        number, column = place
        row = self._row(number)
        if row is None or column >= len(row.chars):
            return place
        kind = self._kind(row, column)
        while True:
            while column > 0 and self._kind(row, column - 1) == kind:
                column -= 1
            above = self._lines(number - 1) if column == 0 else None
            if above is None or not line_wraps(above):
                return number, column
            upper = line_row(above)
            if not upper.chars or self._kind(upper, len(upper.chars) - 1) != kind:
                return number, column
            number, row, column = number - 1, upper, len(upper.chars) - 1

    def _word_end(self, place: Place) -> Place:
        number, column = place
        row = self._row(number)
        if row is None or column >= len(row.chars):
            return place
        kind = self._kind(row, column)
        while True:
            while column < len(row.chars) and self._kind(row, column) == kind:
                column += 1
            line = self._lines(number)
            below = self._row(number + 1)
            if column < len(row.chars) or line is None or not line_wraps(line) or not below:
                return number, column
            if not below.chars or self._kind(below, 0) != kind:
                return number, column
            number, row, column = number + 1, below, 0

    def _paragraph_start(self, number: int) -> int:
        while (above := self._lines(number - 1)) is not None and line_wraps(above):
            number -= 1
        return number

    def _paragraph_end(self, number: int) -> int:
        while (line := self._lines(number)) is not None and line_wraps(line):
            number += 1
        return number
