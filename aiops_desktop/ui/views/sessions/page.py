"""The sessions of all tenants: one table, what is known of one, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import (
    Inventory,
    RememberedSession,
    ServerState,
    SessionServer,
)
from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Sheds,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    vbox,
)
from aiops_desktop.ui.parts.notice import Banner, empty_state, trouble_banner
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.sessions.details import MENU, SessionDetails
from aiops_desktop.ui.views.sessions.lines import SessionLine, cells, lines, summary, troubles
from aiops_desktop.ui.views.sessions.lost import LostStrip

if TYPE_CHECKING:
    from aiops_desktop.domain.changes import Done
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.house import House
    from aiops_desktop.ui.desk import Desk

#: Milliseconds that changes are gathered before the table is read again.
_GATHER = 250
#: Milliseconds after sessions went until it is asked once more what was lost with them.
_SETTLE = 2_000


@dataclass(frozen=True, slots=True)
class Sight:
    """What lives, and what does not live any more."""

    found: Inventory
    lost: tuple[RememberedSession, ...] = ()


class SessionsPage(Page):
    """A table with a details pane; follows the servers while it is seen."""

    interest = Touched.TENANTS | Touched.PROJECTS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._found: Inventory | None = None
        self._sight: Sight = Sight(Inventory((), (), datetime.now(UTC)))
        self._chosen_once = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_GATHER)
        self._again.timeout.connect(self._look)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE)
        self._later.timeout.connect(self._look)
        self._ages = QTimer(self)
        self._ages.setInterval(30_000)
        self._ages.timeout.connect(self._show)
        self._build()
        self.rows.chosen.connect(self._chose)
        self.rows.opened.connect(lambda _line: desk.run_action("sessions.attach"))
        self.rows.customContextMenuRequested.connect(self._menu)
        self.search.textChanged.connect(lambda _text: self._show())
        self.lost.wanted.connect(self.bring_back)
        self.lost.unwanted.connect(self._forget)
        desk.changed.connect(self._heard)

    def _build(self) -> None:
        kit = self.kit
        self._count = label("", "muted")
        self.search = kit.search(tr("Filter by window, program or path"))
        self.search.setFixedWidth(280)
        self._new = kit.button(
            tr("New session…"), "plus", partial(self.desk.run_action, "sessions.new")
        )
        head = bar(label(tr("Sessions"), "title"), self._count, 8, self.search, STRETCH, self._new)
        self.lost = LostStrip(self.desk)
        self._notes = vbox(gap=0)
        self.rows = Rows(
            self.desk.theme,
            (
                Column(tr("Window")),
                Column(tr("Session"), 122, least=640),
                Column(tr("Program"), 76, least=500),
                Column(tr("State"), 140),
                Column(tr("Path"), 164, least=740),
                Column(tr("Views"), 50, least=640),
                Column(tr("Age"), 56, flush=True),
            ),
            cells,
            headers=True,
            name=_told,
            key=lambda line: line.key if isinstance(line, SessionLine) else line,
        )
        self.rows.setAccessibleName(tr("Sessions of all tenants"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = SessionDetails(self.desk)
        self.details.hide()
        side = holder(hbox(self.details, gap=0))
        self._table = holder(hbox((self.rows, 1), side, gap=0))
        Sheds(self._table, (720, side))
        self._empty = holder(vbox())
        self._middle = vbox((self._table, 1), (self._empty, 1), gap=0)
        for part in (head, hline(), self.lost, holder(self._notes)):
            self.body.addWidget(part)
        self.body.addWidget(holder(self._middle), 1)
        self._empty.hide()

    # What the base asks for ------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Sight]:
        """What lives of every tenant, and what was lost."""
        house = self.desk.house
        return lambda _job: Sight(house.sessions.inventory(), tuple(house.sessions.lost()))

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show it."""
        before, self._found, self._sight = self._found, data.found, data
        if before is not None and len(data.found.sessions) < len(before.sessions):
            self._later.start()  # what was lost with a server is known a moment after its end
        self.lost.show_lost(data.lost)
        self._say_notes(troubles(data.found))
        self._show()

    def primary(self) -> None:
        """Attach."""
        self.desk.run_action("sessions.attach")

    def open_argument(self, argument: object) -> None:
        """Choose the window with this (tenant id, window id)."""
        if isinstance(argument, tuple):
            self.search.clear()
            self._chosen_once = self.rows.choose((*argument[:2], "")) or self._chosen_once

    def back(self) -> bool:
        """Clear the filter first."""
        if self.search.text():
            self.search.clear()
            return True
        return False

    # What a person does ----------------------------------------------------------------------

    def bring_back(self, lost: Sequence[RememberedSession]) -> None:
        """Open lost sessions again, each as a job of its own."""
        house = self.desk.house
        self.lost.show_lost([one for one in self._sight.lost if one not in lost])
        for one in lost:
            self.desk.start(
                tr("Bring back {name}", name=one.name or one.session),
                partial(_again, house, one),
                trouble=self._not_back,
                lane=("terminal", one.tenant_id, one.project_id),
                project_id=one.project_id,
            )

    def _not_back(self, trouble: Trouble) -> None:
        again = self.kit.button(tr("Look again"), "arrows-clockwise", self.refresh)
        self.show_notice(trouble_banner(self.kit, trouble, steps=(again,)))

    def _forget(self, lost: Sequence[RememberedSession]) -> None:
        house = self.desk.house
        for one in lost:
            self.desk.start(
                tr("Offer {name} no more", name=one.name or one.session),
                partial(_no_more, house, one),
            )

    # How -------------------------------------------------------------------------------------

    def _heard(self, changes: Changes) -> None:
        """The servers changed: read again quietly, many changes at once."""
        if changes.touched & Touched.SESSIONS and self.isVisible():
            self._again.start()

    def _look(self) -> None:
        if not self.isVisible() or not self.desk.ready:
            self._stale = True
            return
        self.desk.read(self.ask(), self.fill, trouble=self.fail, lane="sessions")

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        words_ = self.search.text().casefold().split()
        rows = lines(found, self.desk.tenants, words_)
        number = sum(len(session.windows) for session in found.sessions)
        self._count.setText(f"{number:,}" if number else "")
        self.rows.show_rows(rows)
        if not self._chosen_once and self.rows.current() is None and rows:
            self.rows.choose_first()
            self._chosen_once = self.rows.current() is not None
        self._chose(self.rows.current())
        self._show_empty(found, filtered=bool(words_), rows=bool(rows))
        self.desk.standing.emit(summary(found))

    def _chose(self, line: object) -> None:
        chosen = line if isinstance(line, SessionLine) else None
        self.desk.session = chosen if self.isVisible() else None
        self.details.show_line(chosen)

    def _show_empty(self, found: Inventory, *, filtered: bool, rows: bool) -> None:
        self._table.setVisible(rows)
        self._empty.setVisible(not rows)
        if rows:
            return
        old = self._empty
        button = None
        if filtered and found.sessions:
            sentence = tr("No window is called so, runs this or lies there.")
        elif found.servers and all(one.state is ServerState.OFF for one in found.servers):
            sentence = tr("No sessions. Without tmux a terminal ends with the program.")
        elif any(project.state is CheckoutState.READY for project in self.desk.projects.values()):
            sentence = tr("No sessions yet. A terminal of a project makes the first.")
            button = self.kit.button(
                tr("New session…"), "plus", partial(self.desk.run_action, "sessions.new")
            )
        else:
            sentence = tr("No sessions yet. They begin with a terminal of a cloned project.")
        self._empty = empty_state(self.kit, sentence, *((button,) if button else ()))
        self._middle.replaceWidget(old, self._empty)
        old.hide()
        old.deleteLater()

    def _say_notes(self, servers: list[SessionServer]) -> None:
        """A strip for each thing that is not as it should be with servers."""
        clear(self._notes)
        said: dict[tuple[str, str], list[SessionServer]] = {}
        for one in servers:
            if one.note:
                said.setdefault((one.note, one.hint), []).append(one)
        for (note, hint), whose in said.items():
            names = [
                tenant.name for one in whose if (tenant := self.desk.tenants.get(one.tenant_id))
            ]
            everyone = len(names) == len(self.desk.tenants) > 1
            title = note if everyone else tr("{names}: {note}", names=", ".join(names), note=note)
            again = self.kit.button(tr("Look again"), "arrows-clockwise", self.refresh, small=True)
            self._notes.addWidget(
                Banner(self.kit, "warning-circle", "warning", "warn", title, hint, steps=(again,))
            )
            self._notes.addWidget(hline())

    def _menu(self, spot: QPoint) -> None:
        if not isinstance(self.rows.current(), SessionLine):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, MENU)
        menu.popup(self.rows.viewport().mapToGlobal(spot))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow again; what happened meanwhile is read now."""
        self._stale = True
        super().showEvent(event)
        self._ages.start()
        self.rows.setFocus()
        self._chose(self.rows.current())

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        self._ages.stop()
        self.desk.session = None
        super().hideEvent(event)


def _again(house: House, one: RememberedSession, _job: Job) -> Done:
    return house.sessions.bring_back(one)


def _no_more(house: House, one: RememberedSession, _job: Job) -> Done:
    return house.sessions.forget(one)


def _told(item: object) -> str:
    """A row for a screen reader."""
    if not isinstance(item, SessionLine):
        return ""
    words_ = cells(item)[3].text
    return f"{item.tenant.name}, {item.name}, {item.program}, {words_}"
