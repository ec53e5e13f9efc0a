"""The terminal emulator as everyone else sees it: bytes in, a grid of cells and answers out."""

from __future__ import annotations

from dataclasses import dataclass

from aiops_desktop.terminal.commands import Event
from aiops_desktop.terminal.dispatch import Screen
from aiops_desktop.terminal.history import History
from aiops_desktop.terminal.modes import Modes
from aiops_desktop.terminal.reflow import resize
from aiops_desktop.terminal.rows import Row, line_row, line_text
from aiops_desktop.terminal.stream import Stream
from aiops_desktop.terminal.styles import Colour, Link
from aiops_desktop.terminal.windows import bounded


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is "" behind a wide character; colours as in `styles.Style`."""

    text: str
    foreground: Colour
    background: Colour
    attributes: int
    link: Link | None
    underline_colour: Colour = None


@dataclass(frozen=True, slots=True)
class CursorState:
    """Where the cursor is (from 0), whether it shows, and its shape: block, underline or bar.

    `chosen`: the program asked for this shape (DECSCUSR); else it is the usual one.
    """

    row: int
    column: int
    visible: bool
    shape: str
    blink: bool
    chosen: bool = False


_SHAPES = ("block", "block", "block", "underline", "underline", "bar", "bar")


class Emulator:
    """An xterm without a window.

    Args:
        columns: width of the grid in cells.
        rows: its height.
        history: lines kept after they scrolled off the main screen.
    """

    def __init__(self, columns: int, rows: int, history: int = 10_000) -> None:
        self._screen = Screen(*bounded(columns, rows), history)
        self._stream = Stream(self._screen)

    # What goes in

    def feed(self, data: bytes) -> None:
        """Take what the program wrote, split anywhere. Never raises, whatever the bytes."""
        self._stream.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; wrapped lines of the main screen are wrapped anew."""
        before = (self.columns, self.rows)
        resize(self._screen, *bounded(columns, rows))
        if (self.columns, self.rows) != before:
            self._screen.report_size()

    def clear_history(self) -> None:
        """Forget what scrolled away."""
        self._screen.history.clear()

    def reset(self) -> None:
        """As new, but for the history."""
        self._screen.reset()

    @property
    def clipboard_allowed(self) -> bool:
        """Whether a program may write the clipboard (OSC 52); off at the start."""
        return self._screen.clipboard_allowed

    @clipboard_allowed.setter
    def clipboard_allowed(self, allowed: bool) -> None:
        self._screen.clipboard_allowed = allowed

    def oblige(self, display_size: tuple[int, int] | None = None) -> None:
        """Let programs change the size and read titles back; xterm calls it allowWindowOps.

        Whoever lets them has to look at `columns` and `rows` after each `feed`.

        Args:
            display_size: columns and rows that fit the display.
        """
        self._screen.obliging = True
        self._screen.display_size = display_size

    def set_theme(self, theme: dict[int | str, int], cell_size: tuple[int, int]) -> None:
        """What colour and size questions are answered with.

        Args:
            theme: 0xRRGGBB for 0 to 15, "foreground", "background", "cursor", "selection".
            cell_size: width and height of a cell in pixels.
        """
        changed = self._screen.theme != theme
        self._screen.theme = dict(theme)
        self._screen.cell_size = cell_size
        if changed:
            self._screen.theme_changed()

    # What comes out

    @property
    def columns(self) -> int:
        """Width in cells."""
        return self._screen.columns

    @property
    def rows(self) -> int:
        """Height in cells."""
        return self._screen.lines

    @property
    def grid(self) -> list[Row]:
        """The visible rows themselves, to be read only; their identity tells what scrolled."""
        return self._screen.rows

    @property
    def history(self) -> History:
        """What scrolled off, to be read only."""
        return self._screen.history

    def text_rows(self) -> list[str]:
        """The visible rows as text, trailing blanks stripped; a wide character counts once."""
        return [row.text for row in self._screen.rows]

    def history_text(self) -> list[str]:
        """What scrolled off the main screen as text, oldest line first."""
        return [line_text(line) for line in self._screen.history.lines]

    def cell(self, row: int, column: int) -> Cell:
        """One cell; negative rows are lines of the history, -1 the newest.

        Raises:
            IndexError: there is no such row or column.
        """
        if not 0 <= column < self.columns:
            raise IndexError(column)
        screen = self._screen
        found = screen.rows[row] if row >= 0 else line_row(screen.history.lines[row])
        if column >= len(found.chars):
            return Cell(" ", None, None, 0, None)
        look = found.styles[column]
        text = found.chars[column]
        return Cell(text, look.fg, look.bg, look.flags, look.link, look.underline_colour)

    @property
    def cursor(self) -> CursorState:
        """The cursor."""
        screen = self._screen
        kind = screen.cursor_style
        return CursorState(
            row=screen.y,
            column=min(screen.x, screen.columns - 1),
            visible=25 in screen.private,
            shape=_SHAPES[kind],
            blink=kind in (0, 1, 3, 5) and (kind != 0 or 12 in screen.private),
            chosen=kind != 0,
        )

    def take_replies(self) -> bytes:
        """Answers to the program's questions since the last call; write them to the PTY."""
        return self._screen.take_replies()

    def take_events(self) -> list[Event]:
        """Clipboard writes, notices and prompt marks since the last call."""
        return self._screen.take_events()

    @property
    def title(self) -> str:
        """What the program calls the window."""
        return self._screen.title

    @property
    def icon_name(self) -> str:
        """What the program calls the icon."""
        return self._screen.icon_name

    @property
    def working_directory(self) -> str:
        """The shell's folder, when it tells (OSC 7)."""
        return self._screen.working_directory

    @property
    def working_host(self) -> str:
        """On which computer that folder is, as told; "" for this one."""
        return self._screen.working_host

    @property
    def bells(self) -> int:
        """How often the bell rang."""
        return self._screen.bells

    @property
    def modes(self) -> Modes:
        """What the program asked of keyboard, mouse and painting."""
        return self._screen.modes

    @property
    def colours(self) -> dict[int | str, int]:
        """Colours the program set, 0xRRGGBB, by palette number or name; the rest is the theme's."""
        return self._screen.colours

    def next_frame(self) -> int:
        """Begin a frame: rows with a `gen` up to the returned number are in the one before."""
        return self._screen.next_frame()
