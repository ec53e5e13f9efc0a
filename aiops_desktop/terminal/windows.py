"""What programs ask of the window: its size, its titles. The window itself is the person's."""

from __future__ import annotations

import re

from aiops_desktop.terminal.reflow import resize
from aiops_desktop.terminal.status import Status

#: Columns and rows of the largest screen; a larger request is cut.
LARGEST = 4_096
#: A parameter of XTWINOPS that was not written.
LEFT_OUT = -1
_TITLES_MOST = 10
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """A foreign text for a title: without control and direction characters, at most 1,024 long."""
    return _CONTROL.sub("", text)[:1024]


def bounded(columns: int, rows: int) -> tuple[int, int]:
    """At least as wide as a wide character, at most the largest screen."""
    return max(2, min(columns, LARGEST)), max(1, min(rows, LARGEST))


def _wanted(given: int, unit: int, now: int, most: int) -> int:
    """Cells for a length in units: left out it stays, zero is as much as there is."""
    return now if given == LEFT_OUT else given // unit or most


class Windowing(Status):
    """XTWINOPS and titles.

    Attributes:
        cell_size: width and height of a cell in pixels, for size reports.
        display_size: columns and rows that fit the display; None for the screen's own.
        obliging: programs may change the size and read the titles back, which xterm calls
            allowWindowOps. Otherwise a title, which a stranger may have set, comes back empty.
        title: of the window (OSC 0, 2).
        icon_name: of the icon (OSC 0, 1).
    """

    cell_size = (8, 16)
    display_size: tuple[int, int] | None = None
    obliging = False

    def reset(self) -> None:
        """RIS."""
        wide = {3, 40} <= getattr(self, "private", set())
        super().reset()
        self.title = self.icon_name = ""
        # Each entry: icon name and title, None where it was not pushed.
        self._titles: list[tuple[str | None, str | None]] = []
        self.title_modes: set[int] = set()
        if wide:
            self.request_size(80, self.lines)

    def request_size(self, columns: int, lines: int) -> None:
        """A program wants another size; done only where programs are obliged."""
        if self.obliging:
            resize(self, *bounded(columns, lines))

    def change_width(self, columns: int) -> None:
        """DECCOLM."""
        if 40 in self.private:
            self.request_size(columns, self.lines)
        super().change_width(columns)

    def set_lines(self, lines: int = 0) -> None:
        """DECSNLS."""
        if lines:
            self.request_size(self.columns, lines)

    def set_columns(self, columns: int = 0) -> None:
        """DECSCPP."""
        self.request_size(columns or 80, self.lines)

    def window_operation(self, *args: int) -> None:
        """XTWINOPS."""
        kind, first, second = (*args[:3], LEFT_OUT, LEFT_OUT, LEFT_OUT)[:3]
        width, height = self.cell_size
        columns, lines = self.display_size or (self.columns, self.lines)
        if kind >= 24:
            self.request_size(self.columns, kind)
        elif kind in (4, 8):
            unit = (width, height) if kind == 4 else (1, 1)
            self.request_size(
                _wanted(second, unit[0], self.columns, columns),
                _wanted(first, unit[1], self.lines, lines),
            )
        elif kind in (22, 23):
            (self._push_titles if kind == 22 else self._pop_titles)(max(first, 0))
        elif kind in (20, 21):
            letter, text = ("L", self.icon_name) if kind == 20 else ("l", self.title)
            self.write_process_input(f"\x1b]{letter}{self._told(text)}\x1b\\")
        else:
            reports = {
                11: "1",
                13: "3;0;0",
                14: f"4;{self.lines * height};{self.columns * width}",
                15: f"5;{lines * height};{columns * width}",
                16: f"6;{height};{width}",
                18: f"8;{self.lines};{self.columns}",
                19: f"9;{lines};{columns}",
            }
            if kind in reports:
                self.write_process_input(f"\x1b[{reports[kind]}t")

    def _switched(self, mode: int, on: bool) -> None:
        super()._switched(mode, on)
        if mode == 2048 and on:
            self.report_size()

    def report_size(self) -> None:
        """Tell a new size in the stream to who asked for that (mode 2048)."""
        if 2048 in self.private:
            width, height = self.cell_size
            pixels = f"{self.lines * height};{self.columns * width}"
            self.write_process_input(f"\x1b[48;{self.lines};{self.columns};{pixels}t")

    # Titles

    def set_title(self, param: str) -> None:
        """OSC 2."""
        self.title = self._heard(param, self.title)

    def set_icon_name(self, param: str) -> None:
        """OSC 1."""
        self.icon_name = self._heard(param, self.icon_name)

    def set_title_modes(self, *modes: int) -> None:
        """XTSMTITLE: 0 titles come in hexadecimal, 1 they are told so, 2 and 3 not."""
        self._title_modes(modes, {0: 0, 1: 1}, {2: 0, 3: 1})

    def reset_title_modes(self, *modes: int) -> None:
        """XTRMTITLE."""
        self._title_modes(modes, {2: 0, 3: 1}, {0: 0, 1: 1})

    def _title_modes(self, modes: tuple[int, ...], on: dict[int, int], off: dict[int, int]) -> None:
        for mode in modes:
            if mode in on:
                self.title_modes.add(on[mode])
            elif mode in off:
                self.title_modes.discard(off[mode])

    def _heard(self, text: str, before: str) -> str:
        if 0 not in self.title_modes:
            return plain(text)
        try:
            return plain(bytes.fromhex(text[:4096]).decode("utf-8", "replace"))
        except ValueError:
            return before

    def _told(self, text: str) -> str:
        if not self.obliging:
            return ""
        return text.encode().hex() if 1 in self.title_modes else text

    def _push_titles(self, which: int) -> None:
        if which <= 2:
            icon = self.icon_name if which != 2 else None
            title = self.title if which != 1 else None
            self._titles = [*self._titles, (icon, title)][-_TITLES_MOST:]

    def _pop_titles(self, which: int) -> None:
        """What the newest entry does not have is taken from the ones below, as in xterm."""
        if not self._titles or which > 2:
            return
        icon, title = self._titles.pop()
        for older_icon, older_title in reversed(self._titles):
            icon = older_icon if icon is None else icon
            title = older_title if title is None else title
        if which != 2 and icon is not None:
            self.icon_name = icon
        if which != 1 and title is not None:
            self.title = title
