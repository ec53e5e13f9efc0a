"""The History page: a filter bar, a table of events, details and export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSaveFile
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.events import Event, EventFilter
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import clear, hline, holder, vbox
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import size, tr
from aiops_desktop.ui.views.history.days import LIMIT, Wanted
from aiops_desktop.ui.views.history.details import Details
from aiops_desktop.ui.views.history.filters import FilterBar
from aiops_desktop.ui.views.history.table import HistoryTable

#: Verb → (words of the button in its details, page it leads to).
_PAGES = {
    "deploy": ("Open deployments", "deploy"),
    "run": ("Open runs", "runs"),
    "commit": ("Open changes", "changes"),
    "push": ("Open overview", "overview"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The events that are wanted, and whom and what one may choose from."""

    events: tuple[Event, ...] = ()
    actors: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


class HistoryPage(Page):
    """What was done in a project. `open_argument` takes the number of an event."""

    interest = Touched.HISTORY

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._wanted_event: int | None = None
        self.filters = FilterBar(self.kit)
        self.filters.changed.connect(self.refresh)
        self.filters.export.connect(self._ask_export)
        self.table = HistoryTable(desk.theme, self._details)
        self.table.wanted.connect(self._read_event)
        self._nothing = vbox(gap=0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(holder(self._nothing))
        self.body.addWidget(self.filters)
        self.body.addWidget(hline())
        self.body.addWidget(self._stack, 1)

    # Reading ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Found]:
        """The events, and the values of the choices."""
        project, house, wanted = self.project, self.desk.house, self.filters.wanted
        if project is None:
            return lambda _job: Found()
        narrow = wanted.asked(project.id)
        broad = EventFilter(project_id=project.id, since=narrow.since, limit=LIMIT)

        def work(_job: Job) -> Found:
            every = house.history.all(broad)
            events = house.history.all(narrow) if narrow != broad else every
            return Found(
                tuple(events),
                tuple(sorted({event.actor for event in every if event.actor}, key=str.casefold)),
                tuple(sorted({event.verb for event in every})),
            )

        return work

    def fill(self, data: Found) -> None:
        """Show what was read."""
        self.filters.show_known(data.actors, data.verbs)
        self.filters.show_count(len(data.events))
        self.table.show_events(data.events, self._within())
        self._stack.setCurrentIndex(0 if data.events else 1)
        if not data.events:
            self._show_nothing()
        if self._wanted_event is not None:
            number, self._wanted_event = self._wanted_event, None
            self._open(number)

    def switched(self) -> None:
        """Another project: nothing of the old one."""
        self.table.close_all()
        self.table.show_events(())
        self.filters.show_known((), ())

    def open_argument(self, argument: object) -> None:
        """Open an event by its number."""
        if isinstance(argument, int):
            self._wanted_event = argument
            self.refresh()

    def _open(self, number: int) -> None:
        if self.table.choose(number):
            event = self.table.current()
            if isinstance(event, Event) and not self.table.is_open(event):
                self._read_event(event)

    def _read_event(self, event: Event) -> None:
        house, project = self.desk.house, self.project

        def done(whole: Event) -> None:
            if self.project == project:
                self.table.show_details(whole)

        def trouble(problem: Trouble) -> None:
            done(replace(event, output=str(problem)))

        self.desk.read(lambda _job: house.history.get(event.id), done, trouble=trouble)

    def _show_nothing(self) -> None:
        clear(self._nothing)
        wanted = self.filters.wanted
        if wanted == Wanted(days=None):
            sentence = tr("Nothing has happened here yet. Clone, commit, run or deploy something.")
            step = self.kit.button(tr("Go to overview"), "", lambda: self.desk.go("overview"))
        else:
            sentence = tr("No entry fits the filter.")
            if wanted == Wanted(days=wanted.days):
                sentence = tr("Nothing has happened here in this time.")
            step = self.kit.button(tr("Show everything"), "", lambda: self.filters.reset(None))
        self._nothing.addWidget(empty_state(self.kit, sentence, step))

    def _details(self, event: Event, width: int) -> Details:
        page = _PAGES.get(event.verb)
        step = (tr(page[0]), lambda: self.desk.go(page[1])) if page else None
        return Details(self.desk, event, width=width, open_page=step)

    def _within(self) -> str:
        tenant = self.desk.tenants.get(self.project.tenant_id) if self.project else None
        return f"{tenant.name} / {self.project.name}" if tenant and self.project else ""

    # Export ----------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        project = self.project
        if project is None:
            return
        dialog = QFileDialog(self, tr("Export history"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Table (*.csv)"), tr("JSON (*.json)")])
        dialog.selectFile(f"{project.slug}-history.csv")
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix("json" if "json" in name else "csv")
        )
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()

    def export(self, place: Path) -> None:
        """Write what the filter shows to a file; its ending says how."""
        project, house = self.project, self.desk.house
        if project is None:
            return
        wanted = self.filters.wanted.asked(project.id)
        kind = "json" if place.suffix.lower() == ".json" else "csv"

        def work(_job: Job) -> Done:
            text = house.history.export(wanted, kind).encode()
            file = QSaveFile(str(place))
            written = file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(text) == len(text)
            if not written or not file.commit():
                raise Failed(
                    tr("{name} could not be written: {why}.", name=place, why=file.errorString()),
                    tr("Choose another folder."),
                )
            return Done(Changes(), f"{place.name}, {size(len(text))}")

        def done(result: Done) -> None:
            self.desk.toast("download-simple", tr("The history is exported"), result.summary)

        self.desk.start(tr("Export history of {name}", name=project.name), work, done=done)
