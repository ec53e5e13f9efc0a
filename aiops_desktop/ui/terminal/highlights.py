"""What is marked in the lines: the selection, what a search found, what the pointer is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from aiops_desktop.ui.terminal.colours import Palette
from aiops_desktop.ui.terminal.runs import NO_MARKS, Mark, Marks

#: Absolute line, left and right cell.
Span = tuple[int, int, int]


class Highlights:
    """Spans of absolute lines that are painted on another ground, or underlined.

    Attributes:
        matches: what a search found, in order.
        current: which of them is looked at, -1 for none.
    """

    def __init__(self) -> None:
        self.matches: tuple[Span, ...] = ()
        self.current = -1
        self._found: dict[int, list[tuple[int, int, bool]]] = {}
        self._hover: dict[int, list[tuple[int, int]]] = {}

    def set_matches(self, matches: Sequence[Span], current: int) -> None:
        """Other matches."""
        self.matches = tuple(matches)
        self.current = current
        found: defaultdict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        for at, (line, left, right) in enumerate(self.matches):
            found[line].append((left, right, at == current))
        self._found = dict(found)

    def set_hover(self, spans: Sequence[Span]) -> bool:
        """Other underlined spans; whether anything changed."""
        hover: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for line, left, right in spans:
            hover[line].append((left, right))
        changed = hover != self._hover
        self._hover = dict(hover)
        return changed

    @property
    def empty(self) -> bool:
        """Whether nothing is marked."""
        return not self._found and not self._hover

    def marks(self, line: int, selected: tuple[int, int] | None, palette: Palette) -> Marks:
        """The marks of a line; `selected` are its selected cells."""
        grounds: list[Mark] = [(*selected, palette.selection)] if selected else []
        for left, right, current in self._found.get(line, ()):
            grounds.append((left, right, palette.current_match if current else palette.match))
        hover = self._hover.get(line)
        if not grounds and not hover:
            return NO_MARKS
        return Marks(tuple(grounds), tuple(hover or ()))
