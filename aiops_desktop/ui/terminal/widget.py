"""The terminal widget: a program in a PTY, shown; QTermWidget's names for those who know it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QIODevice, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPagedPaintDevice
from PySide6.QtWidgets import QMenu, QWidget

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal import accessible
from aiops_desktop.ui.terminal.keeping import Keeper
from aiops_desktop.ui.terminal.menu import plain_menu
from aiops_desktop.ui.terminal.program import ProgramView
from aiops_desktop.ui.terminal.schemes import Shelf
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y

#: QTermWidget's numbers for the shape of the cursor.
_SHAPES = ("block", "underline", "bar")
_KEY_BINDINGS = "xterm"
_shelf = Shelf()


class TerminalWidget(ProgramView):
    """A terminal with a program in it.

    Set the program with `setShellProgram`, `setArgs`, `setEnvironment` and `setWorkingDirectory`,
    then call `startShellProgram`; or `start` with all of them.

    Names, numbers of arguments and signals are those of QTermWidget 2.4; what it gives back
    through its arguments is a tuple here. Ours are written with underscores.
    """

    profileChanged = Signal(str)
    """Another palette or another map of keys is in use; the name of it."""

    def __init__(
        self, startnow: int | QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """`startnow` not 0: run the person's shell at once. A parent alone may come first."""
        super().__init__(startnow if isinstance(startnow, QWidget) else parent)
        #: Made by Qt when a screen reader asks.
        self.accessible: accessible.AccessibleTerminal | None = None
        self.history_size = 10_000
        self._scheme_name = "light"
        self._size_hint_on = True
        self._margin = PADDING_X
        self._own_hint = QSize()
        accessible.install()
        self._teller = accessible.Teller(self)
        self.wrote.connect(self._teller.written)
        self.menuWanted.connect(self._plain_menu)
        if isinstance(startnow, int) and startnow:
            self.startShellProgram()

    def createWidget(self, startnow: int) -> TerminalWidget:
        """Another terminal beside this one."""
        return TerminalWidget(startnow, self.parentWidget())

    # History and screen

    def setHistorySize(self, lines: int) -> None:
        """Lines kept; what is shown begins anew."""
        self.history_size = lines
        allowed = self.emulator.clipboard_allowed
        self.emulator = Emulator(self.emulator.columns, self.emulator.rows, lines)
        self.emulator.clipboard_allowed = allowed
        self._tell_theme()
        self.clear_selection()
        self.refresh()

    def begin_with(self, font_size: int, history: int) -> None:
        """Take what the settings say, before a program starts; what was zoomed stays so.

        Args:
            font_size: pixels; 0 leaves the usual size.
            history: lines kept of what scrolls away.
        """
        if font_size and font_size != self.usual_size:
            zoomed = self.getTerminalFont().pixelSize() - self.usual_size
            self.usual_size = font_size
            self._zoom(font_size + zoomed)
        if history != self.history_size:
            self.setHistorySize(history)

    def historySize(self) -> int:
        """Lines kept."""
        return self.history_size

    def historyLinesCount(self) -> int:
        """Lines that scrolled away and are kept."""
        return len(self.emulator.history)

    def screenColumnsCount(self) -> int:
        """Width in cells."""
        return self.emulator.columns

    def screenLinesCount(self) -> int:
        """Height in cells."""
        return self.emulator.rows

    def clear(self) -> None:
        """Empty screen and history."""
        self.emulator.feed(b"\x1b[H\x1b[2J")
        self.emulator.clear_history()
        self.clear_selection()
        self.scrollToEnd()
        self.search_again()
        self.refresh()

    def saveHistory(self, device: QIODevice) -> None:
        """Write history and screen as text."""
        self.save_history(device, "text")

    def save_history(self, device: QIODevice, form: str) -> None:
        """Write history and screen; `form` is text, ansi (with colours) or html."""
        family = self.getTerminalFont().family()
        self._keeper().save(device, self._renderer.palette, family, form)

    def print_history(self, paper: QPagedPaintDevice) -> None:
        """Print history and screen, on white."""
        self._keeper().print_on(paper, self.getTerminalFont())

    def _keeper(self) -> Keeper:
        return Keeper(self.emulator, self.selector, self.line)

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.emulator.text_rows())

    def setAutoClose(self, close: bool) -> None:
        """Say nothing when the program ends; whoever listens to `finished` closes."""
        self._auto_close = close

    # Looks

    def setColorScheme(self, name: str) -> None:
        """One of `availableColorSchemes`, or a `.colorscheme` file; others change nothing."""
        try:
            colours = _shelf.scheme(name)
        except KeyError:
            return
        self._scheme_name = name
        self.set_scheme(colours)
        self.profileChanged.emit(name)

    @staticmethod
    def availableColorSchemes() -> list[str]:
        """The names of the palettes."""
        return _shelf.available()

    def getAvailableColorSchemes(self) -> list[str]:
        """The names of the palettes."""
        return _shelf.available()

    @staticmethod
    def addCustomColorSchemeDir(custom_dir: str) -> None:
        """Look into this folder for palettes, too."""
        _shelf.add_folder(Path(custom_dir))

    def setScrollBarPosition(self, position: int | bool) -> None:
        """0: no scroll bar, 1: at the left, 2 (or True): at the right."""
        policy = Qt.ScrollBarPolicy
        left = position == 1 and not isinstance(position, bool)
        directions = Qt.LayoutDirection
        self.setLayoutDirection(directions.RightToLeft if left else directions.LeftToRight)
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if position else policy.ScrollBarAlwaysOff
        )

    def setKeyboardCursorShape(self, shape: int | str) -> None:
        """0 or "block", 1 or "underline", 2 or "bar", unless the program chooses."""
        name = _SHAPES[shape] if isinstance(shape, int) and 0 <= shape < 3 else str(shape)
        self.set_cursor_shape(name if name in _SHAPES else None)

    def setBoldIntense(self, boldIntense: bool) -> None:
        """Paint bold text of the first eight colours in their bright ones."""
        self._renderer.bold_is_bright = boldIntense
        self.refresh()

    def setDrawLineChars(self, drawLineChars: bool) -> None:
        """Lines and blocks are always drawn: a font's own leave gaps between cells."""

    def setMargin(self, margin: int) -> None:
        """Pixels around the grid; less than the usual 8 and 12 makes no difference."""
        self._margin = margin
        more = max(0, margin - PADDING_X)
        self.setViewportMargins(more, max(0, margin - PADDING_Y), more, max(0, margin - PADDING_Y))
        self.fit_now()

    def getMargin(self) -> int:
        """Pixels left and right of the grid."""
        return self._margin

    # Size

    def sizeHint(self) -> QSize:
        """What `setSize` said, else room for 80 × 24."""
        if self._size_hint_on and self._own_hint.isValid():
            return QSize(self._own_hint)
        return super().sizeHint()

    def setSize(self, size: QSize) -> None:
        """The size it asks for, in columns and rows."""
        width, height = self.cell_size
        least = super().sizeHint()
        self._own_hint = QSize(
            least.width() + round((size.width() - 80) * width),
            least.height() + round((size.height() - 24) * height),
        )
        self.updateGeometry()

    def setTerminalSizeHint(self, enabled: bool) -> None:
        """Whether it asks for the size that `setSize` said."""
        self._size_hint_on = enabled
        self.updateGeometry()

    def terminalSizeHint(self) -> bool:
        """Whether it asks for the size that `setSize` said."""
        return self._size_hint_on

    def fit_now(self) -> None:
        """Take the size of the widget at once instead of after a pause."""
        self._resize_timer.stop()
        self._fit()

    # Keys

    def keyBindings(self) -> str:
        """The map of keys in use."""
        return _KEY_BINDINGS

    def setKeyBindings(self, kb: str) -> None:
        """There is one map, xterm's; others change nothing."""

    @staticmethod
    def availableKeyBindings() -> list[str]:
        """The maps of keys there are."""
        return [_KEY_BINDINGS]

    # The menu

    def menu_actions(self, at: QPoint) -> list[QAction]:
        """What can be done with the link at a position of the viewport."""
        return self.filterActions(at)

    def make_menu(self, at: QPoint) -> QMenu:
        """The plain context menu for a position of the viewport."""
        return plain_menu(self, at)

    def _plain_menu(self, place: QPoint) -> None:
        """Offer our own menu where nobody else does."""
        if self.receivers("2menuWanted(QPoint)") > 1:
            return
        menu = self.make_menu(self.viewport().mapFromGlobal(place))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
