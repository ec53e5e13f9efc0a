"""The main and the alternate screen, each with its saved cursor."""

from __future__ import annotations

from aiops_desktop.terminal.grid import SavedCursor
from aiops_desktop.terminal.keyboard import Keyboard
from aiops_desktop.terminal.rows import Line, Row
from aiops_desktop.terminal.styles import PROTECTED


class Screens(Keyboard):
    """Two screens, of which one shows."""

    def reset(self) -> None:
        """RIS: back to the main screen."""
        super().reset()
        self._saved: dict[bool, SavedCursor] = {}
        self._left_behind: list[Row] = []
        #: Rows of the main screen after a resize, and the lines below them that had no room.
        self.below: tuple[list[Row], str, list[Line]] = ([], "", [])

    def show_alternate(self, on: bool, mode: int) -> None:
        """Change screens: 47 as it was left, 1047 cleared on leaving, 1049 with the cursor."""
        if on and mode == 1049:
            self.save_cursor()
            self.go(self.y, min(self.x, self.columns - 1))
            self._left_behind = []
        if on and not self.alternate:
            self.main_rows = self.rows
            self.alternate = True
            self.rows = self._fitted(self._left_behind)
        elif on and mode == 1049:
            self.rows[:] = self._fitted([])
        elif not on and self.alternate:
            self._left_behind = self.rows if mode == 47 else []
            self.alternate = False
            self.rows = self.main_rows
        if not on and mode == 1049:
            self.restore_cursor()
        self.touch_all()

    def _fitted(self, rows: list[Row]) -> list[Row]:
        """The alternate screen as it was left, in the present size."""
        kept = rows[: self.lines]
        for row in kept:
            row.cut(self.columns)
        self._left_behind = []
        return kept + [self.blank_row() for _ in range(self.lines - len(kept))]

    def save_cursor(self) -> None:
        """DECSC; each screen has its own."""
        self._saved[self.alternate] = SavedCursor(
            self.x, self.y, self.pen, tuple(self.sets), self.shift, self.origin, self.wraps_next
        )

    def restore_cursor(self) -> None:
        """DECRC; without a saved one to the upper left corner."""
        saved = self._saved.get(self.alternate, SavedCursor())
        last_row, columns = self.lines - 1, self.columns - self.margined
        self.go(min(saved.y, last_row), min(saved.x, columns))
        self.origin = saved.origin
        if self.origin:
            self.y = min(max(self.y, self.top), self.bottom)
            self.x = min(max(self.x, self.left), self.right if self.margined else columns)
        self.wraps_next = saved.wraps_next and self.margined and self.x == saved.x
        self.pen = saved.pen
        self.sets, self.shift = list(saved.charsets), saved.shift
        self.translate()

    def forget_cursor(self) -> None:
        """DECSTR: the saved cursor of this screen is the upper left corner again."""
        self._saved.pop(self.alternate, None)

    @property
    def saved_of_main(self) -> SavedCursor:
        """The saved cursor of the main screen."""
        return self._saved.get(False, SavedCursor())

    @saved_of_main.setter
    def saved_of_main(self, saved: SavedCursor) -> None:
        if False in self._saved:
            self._saved[False] = saved

    # Protection

    def protect(self, kind: int = 0) -> None:
        """DECSCA: what is written is spared by selective erasing (1) or not (0, 2)."""
        self.guarded = False
        self.pen = self.pen.protected(kind == 1)

    def start_protected(self) -> None:
        """SPA: from now on all erasing spares what is written protected (ISO 6429)."""
        self.guarded = True
        self.pen = self.pen.protected(True)

    def end_protected(self) -> None:
        """EPA."""
        self.pen = self.pen.protected(False)

    @property
    def protecting(self) -> bool:
        """Whether what is written next is protected."""
        return bool(self.pen.flags & PROTECTED)
