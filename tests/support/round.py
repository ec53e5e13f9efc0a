"""An engineer at the real window, for the journey: does what a person does, by visible words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.runs import Run
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.services.house import House
from aiops_desktop.ui.demo.hand import Hand
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.stage import Stage, close_stage, open_stage

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
LIMIT = 30.0


class Engineer:
    """Sits at a window on a data folder; `leave` and `come_back` end and start the program."""

    def __init__(self, app: QApplication, qtbot: QtBot, layout: Layout) -> None:
        self._app, self._qtbot, self._layout = app, qtbot, layout
        self.come_back()

    # The program -----------------------------------------------------------------------------

    def come_back(self) -> None:
        """Start the program on the same data folder."""
        self.stage: Stage = open_stage(self._app, self._qtbot, self._layout)
        self.hand = Hand(self.stage.desk, LIMIT)

    def leave(self) -> None:
        """Close the window; the program ends."""
        self.hand.calm()
        self.stage.window.close()
        # As at the end of the event loop, which a test has not: offscreen no window can become
        # active after QApplication.exec() has ended once.
        self._app.aboutToQuit.emit()
        close_stage(self.stage)

    @property
    def desk(self) -> Desk:
        """What the window shows."""
        return self.stage.desk

    @property
    def house(self) -> House:
        """The services, to look with; only the window acts."""
        return self.stage.house

    @property
    def project(self) -> Project:
        """The project shown, as it is now."""
        assert self.desk.project is not None
        return self.house.projects.get(self.desk.project.id)

    @property
    def room(self) -> TenantRoom:
        """The tenant's room."""
        return self.house.tenants.room(self.project.tenant_id)

    # Doing -----------------------------------------------------------------------------------

    def command(self, words: str) -> None:
        """Run a command of the palette: the field in the header, its words, Enter."""
        window = self.stage.window
        self.hand.press("Search or run a command", window.header)
        field = window.palette_.field
        self.hand.see("the palette", field.isVisible)
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.hand.see("the end of the palette", lambda: not window.palette_.isVisible())

    def set_(self, section: str, values: dict[str, str]) -> None:
        """Type settings of a section; they are not saved yet."""
        self.command("Show settings")
        self.hand.row("Sections", section)
        for name, value in values.items():
            self.hand.fill(name, value)

    def open_project(self, name: str) -> None:
        """Choose a project in the sidebar."""
        self.hand.row("Tenants and projects", name)
        self.hand.see(name, lambda: self.desk.project and self.desk.project.name == name)

    def type_line(self, line: str) -> TerminalWidget:
        """Type into the terminal that is shown, once its shell is there."""
        screen = self.terminal()
        self.hand.see("the shell's prompt", lambda: screen.running and screen.text().strip())
        self.hand.click(screen)
        QTest.keyClicks(screen, line)
        QTest.keyClick(screen, Qt.Key.Key_Return)
        return screen

    def start_run(self, prompt: str, assistant: str, files: str = "") -> Run:
        """Start an assist run; it is shown."""
        hand, before = self.hand, self.desk.run
        hand.tab("Runs")
        hand.press("New run")
        hand.fill("What should be done", prompt)
        hand.row("Assistant", assistant)
        hand.see(assistant, lambda: self.chosen == assistant)
        if files:
            hand.fill("Files", files)
        hand.press("Start run")

        def begun() -> Run | None:
            run = self.desk.run
            return run if run and run != before and run.prompt == prompt else None

        return hand.see(f"the run of {assistant}", begun)

    @property
    def chosen(self) -> str:
        """The assistant chosen in the form of a new run."""
        found = self.see(RunsPage).form.chosen
        return found.title if found else ""

    # Seeing ----------------------------------------------------------------------------------

    def see(self, kind: type[W]) -> W:
        """Wait for a widget of a kind."""
        return self.hand.see(kind.__name__, lambda: next(iter(self.shown(kind)), None))

    def terminal(self) -> TerminalWidget:
        """The terminal shown."""
        return self.see(TerminalWidget)

    def reads(self, words: str, within: QWidget | None = None) -> str:
        """Wait until these words stand somewhere; the whole text around them."""

        def found() -> str | None:
            return next((text for text in self.texts(within) if words in text), None)

        return self.hand.see(f"“{words}”", found)

    def texts(self, within: QWidget | None = None) -> Iterable[str]:
        """All that can be read now: labels, fields, rows of lists."""
        return readable(within)

    def dialog(self, kind: type[Dialog]) -> Dialog:
        """Wait for a dialog."""
        return self.see(kind)

    def no_dialog(self) -> None:
        """Wait until none is open."""
        self.hand.see("no dialog", lambda: not self.shown(Dialog))

    def shown(self, kind: type[W]) -> list[W]:
        """The widgets of a kind that are seen now."""
        tops = QApplication.topLevelWidgets()
        inner = [widget for top in tops for widget in top.findChildren(kind)]
        own = [top for top in tops if isinstance(top, kind)]
        return [widget for widget in [*own, *inner] if widget.isVisible()]


def readable(within: QWidget | None = None) -> Iterator[str]:
    """All that can be read now: labels, fields, tips, rows of lists, texts of several lines."""
    tops = [within] if within else QApplication.topLevelWidgets()
    for top in tops:
        for widget in [top, *top.findChildren(QWidget)] if top.isVisible() else []:
            if not widget.isVisible():
                continue
            for name in ("text", "toPlainText", "placeholderText"):
                told = getattr(widget, name, None)
                text = told() if callable(told) else told
                if isinstance(text, str) and text:
                    yield text
            yield from (t for t in (widget.accessibleName(), widget.toolTip()) if t)
            if isinstance(widget, QAbstractItemView):
                yield from rows_of(widget)


def rows_of(view: QAbstractItemView) -> list[str]:
    """The rows of a list as they are spoken; of a table all columns."""
    model = view.model()
    found: list[str] = []
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(model.rowCount()):
        spoken = model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        cells = [model.index(row, column).data() for column in range(columns)]
        found.append(" | ".join(str(cell) for cell in [spoken, *cells] if cell))
    return found


# The far end -------------------------------------------------------------------------------------


def tmux(room: TenantRoom, *words: str) -> list[str]:
    """What the tenant's tmux server answers, line by line."""
    done = subprocess.run(
        ["tmux", "-L", room.tmux_socket, *words], capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


def processes_in(folder: Path) -> list[psutil.Process]:
    """The processes that work in a folder, and live."""
    found = []
    for process in psutil.process_iter():
        try:
            here = Path(process.cwd()).is_relative_to(folder)
            if here and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def files_with(folder: Path, secret: str) -> list[Path]:
    """Files that hold these bytes."""
    found = []
    for place in sorted(folder.rglob("*")):
        if place.is_file() and not place.is_symlink() and secret.encode() in place.read_bytes():
            found.append(place)
    return found


def path_without(names: set[str], folder: Path, allow: Callable[[Path], bool] = Path.exists) -> str:
    """PATH, in which programs of these names cannot be found."""
    parts = []
    for number, part in enumerate(os.environ["PATH"].split(os.pathsep)):
        place = Path(part)
        if place.is_dir() and any((place / name).exists() for name in names):
            shadow = folder / str(number)
            shadow.mkdir(parents=True)
            for program in place.iterdir():
                if program.name not in names and allow(program):
                    (shadow / program.name).symlink_to(program)
            place = shadow
        parts.append(str(place))
    return os.pathsep.join(parts)
