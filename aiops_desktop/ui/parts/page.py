"""The base of every page: reads in a worker, fills in the window, reloads when it matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.ui.parts.layout import hline, vbox
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk


class Page(QWidget):
    """A page of a project (or a full page).

    A subclass sets `interest`, builds its widgets in `__init__` into `self.body`, and gives `read`
    (in a worker) and `fill` (in the window). The base shows the thin line while reading, keeps old
    content meanwhile, shows a banner when reading failed, and reads again when something in its
    interest changed - at once when it is seen, otherwise when it is shown the next time.
    """

    interest = Touched.NOTHING
    #: Pages over all tenants take every change, not only those of the project shown.
    every_project = False

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.desk = desk
        self.kit = desk.kit
        self.project: Project | None = None
        self._token = 0
        self._stale = True
        self._notice: QWidget | None = None
        self._line = self.kit.line()
        self._line.setVisible(False)
        self.body: QVBoxLayout = vbox(gap=0)
        self._top: QVBoxLayout = vbox(gap=0)
        self.setLayout(vbox(self._line, self._top, (_stretched(self.body), 1), gap=0))
        desk.changed.connect(self._changed)

    # For subclasses --------------------------------------------------------------------------

    def read(self, job: Job) -> Any:  # noqa: ANN401 - each page's own data
        """In a worker: what the page shows; must not look at the page's own state (see `ask`)."""
        return None

    def ask(self) -> Callable[[Job], Any]:
        """In the window: the call to make in the worker, with what it needs bound to it."""
        return self.read

    def fill(self, data: Any) -> None:  # noqa: ANN401 - each page's own data
        """In the window: show what was read."""

    def switched(self) -> None:
        """In the window: another project is shown; drop what belongs to the old one."""

    def fail(self, trouble: Trouble) -> None:
        """In the window: reading failed; by default a banner with Try again."""
        again = self.kit.button(tr("Try again"), "arrows-clockwise", self.refresh)
        self.show_notice(trouble_banner(self.kit, trouble, steps=(again,)))

    def primary(self) -> None:
        """Ctrl+Enter: press the page's primary button."""

    def back(self) -> bool:
        """Esc: leave the inner view; False when there is none."""
        return False

    # For the window --------------------------------------------------------------------------

    def show_project(self, project: Project | None) -> None:
        """Show this project from now on (also called when its row changed)."""
        other = (project and project.id) != (self.project and self.project.id)
        self.project = project
        if other:
            self.show_notice(None)
            self.switched()
        self.refresh()

    def refresh(self) -> None:
        """Read again, now or when the page is seen."""
        if not self.isVisible() or not self.desk.ready:
            self._stale = True
            return
        self._stale = False
        self._token += 1
        token = self._token
        self._line.set_part(None)
        self._line.setVisible(True)

        def done(data: Any) -> None:  # noqa: ANN401 - each page's own data
            if token == self._token:
                self._rest()
                self.show_notice(None)
                self.fill(data)

        def trouble(problem: Trouble) -> None:
            if token == self._token:
                self._rest()
                self.fail(problem)

        self.desk.read(self.ask(), done, trouble=trouble)

    def show_notice(self, notice: QWidget | None) -> None:
        """A strip above the page's content, until the next one."""
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
            while self._top.count():
                item = self._top.takeAt(0)
                widget = item.widget() if item else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        self._notice = notice
        if notice is not None:
            self._top.addWidget(notice)
            self._top.addWidget(hline())

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: catch up."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _rest(self) -> None:
        self._line.setVisible(False)
        self._line.set_part(0)

    def _changed(self, changes: Changes) -> None:
        which = None if self.every_project or self.project is None else self.project.id
        if changes.matter_to(self.interest, which):
            self.refresh()


def _stretched(box: QVBoxLayout) -> QWidget:
    made = QWidget()
    made.setLayout(box)
    return made
