"""The History page: a filter bar, a table of events, details and export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QSaveFile
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.events import MOST, Event, EventFilter, Known
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import clear, hline, holder, vbox
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import counted, size, tr
from aiops_desktop.ui.views.history.days import PORTION, Wanted
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
    """The newest events that are wanted, how many there are, and what one may choose from."""

    events: tuple[Event, ...] = ()
    count: int = 0
    known: Known = field(default_factory=Known)
    kept: int = 0


class HistoryPage(Page):
    """What was done in a project, or everywhere.

    `open_argument` takes the number of an event, or the name of who acted.
    """

    interest = Touched.HISTORY

    def __init__(
        self, desk: Desk, parent: QWidget | None = None, *, everything: bool = False
    ) -> None:
        super().__init__(desk, parent)
        self._everything = self.every_project = everything
        self._wanted_event: int | None = None
        self._events: tuple[Event, ...] = ()
        self._more = False
        self._reading = False
        self.filters = FilterBar(self.kit, tr("History") if everything else "")
        self.filters.changed.connect(self._begin)
        self.filters.export.connect(self._ask_export)
        self.table = HistoryTable(desk.theme, self._details, self._tenant)
        self.table.wanted.connect(self._read_event)
        self.table.ended.connect(self._read_more)
        self._nothing = vbox(gap=0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(holder(self._nothing))
        self.body.addWidget(self.filters)
        self.body.addWidget(hline())
        self.body.addWidget(self._stack, 1)
        desk.operator_changed.connect(self._look)

    # Reading ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Found]:
        """As many events as are shown, at least a portion, and the values of the choices."""
        wanted, house = self._asked(), self.desk.house
        if wanted is None:
            return lambda _job: Found()
        limit = max(PORTION, len(self._events))

        def work(_job: Job) -> Found:
            return Found(
                tuple(house.history.all(replace(wanted, limit=limit))),
                house.history.count(wanted),
                house.history.known(),
                house.settings.current().people.keep_history,
            )

        return work

    def fill(self, data: Found) -> None:
        """Show what was read."""
        self.filters.show_known(data.known.actors, data.known.verbs)
        self._more = len(data.events) < data.count or data.count >= MOST
        self.filters.show_count(data.count, most=data.count >= MOST)
        self._look()
        self._show(data.events)
        if self.isVisible():
            kept = counted(
                data.kept,
                "Kept for {n} day on this computer",
                "Kept for {n} days on this computer",
            )
            self.desk.standing.emit(kept if data.kept else tr("Kept for good on this computer"))
        if self._wanted_event is not None:
            number, self._wanted_event = self._wanted_event, None
            self._open(number)

    def _begin(self) -> None:
        """Another filter: from the newest on."""
        self._events = ()
        self.table.scrollToTop()
        self.refresh()

    def _show(self, events: tuple[Event, ...]) -> None:
        self._events = events
        self.table.show_events(events, self._within(), more=self._more)
        self._stack.setCurrentIndex(0 if events else 1)
        if not events:
            self._show_nothing()
        self.table.look_ahead()

    def _read_more(self) -> None:
        """The next portion, older than all that is shown."""
        wanted = self._asked()
        if self._reading or wanted is None or not self._events:
            return
        self._reading = True
        shown, house = self._events, self.desk.house
        older = replace(wanted, limit=PORTION, before=shown[-1].id)

        def done(found: list[Event]) -> None:
            if self._events is not shown:
                return  # another filter, or newer events came meanwhile
            self._more = len(found) == PORTION
            self._show((*shown, *found))

        def ended() -> None:
            self._reading = False
            self.table.look_ahead()

        self.desk.read(lambda _job: house.history.all(older), done, ended=ended)

    def _asked(self) -> EventFilter | None:
        """What the bar says, for what the page is about; None when it is about nothing."""
        if self._everything:
            return self.filters.wanted.asked(None)
        return self.filters.wanted.asked(self.project.id) if self.project else None

    def switched(self) -> None:
        """Another project: nothing of the old one."""
        self._events = ()
        self.table.close_all()
        self.table.show_events(())

    def open_argument(self, argument: object) -> None:
        """Open an event by its number; or show what somebody did, or what was done to a thing."""
        if isinstance(argument, str):
            self.filters.choose_actor(argument)
        elif isinstance(argument, EventFilter):
            self.filters.only_ever(argument.subject, argument.tenant_id)
        elif isinstance(argument, int):
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
        subject = event.subject
        return Details(
            self.desk,
            event,
            width=width,
            open_page=step if not self._everything else None,
            only=None if self.filters.wanted.subject else lambda: self.filters.only(subject),
        )

    def _tenant(self, event: Event) -> Tenant | None:
        if not self._everything or event.tenant_id is None:
            return None
        return self.desk.tenants.get(event.tenant_id)

    def _look(self) -> None:
        """Whether the one at the desk may export."""
        reason = self.desk.refusal("history.export")
        if reason:
            self.filters.export_button.setEnabled(False)
            self.filters.export_button.setToolTip(reason)

    def _within(self) -> str:
        if self._everything:
            return ""
        tenant = self.desk.tenants.get(self.project.tenant_id) if self.project else None
        return f"{tenant.name} / {self.project.name}" if tenant and self.project else ""

    # Export ----------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        name = self.project.slug if self.project and not self._everything else "aiops"
        dialog = QFileDialog(self, tr("Export history"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Table (*.csv)"), tr("JSON (*.json)")])
        dialog.selectFile(f"{name}-history.csv")
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix("json" if "json" in name else "csv")
        )
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()

    def export(self, place: Path) -> None:
        """Write what the filter shows, all of it, to a file; its ending says how."""
        wanted, house = self._asked(), self.desk.house
        if wanted is None:
            return
        kind = "json" if place.suffix.lower() == ".json" else "csv"

        def work(job: Job) -> Done:
            file = QSaveFile(str(place))
            written = file.open(QSaveFile.OpenModeFlag.WriteOnly)
            if written:
                for piece in house.history.exported(wanted, kind):
                    job.check()
                    data = piece.encode()
                    written = written and file.write(data) == len(data)
            if not written or not file.commit():
                raise Failed(
                    tr("{name} could not be written: {why}.", name=place, why=file.errorString()),
                    tr("Choose another folder."),
                )
            return Done(Changes(), f"{place.name}, {size(place.stat().st_size)}")

        def done(result: Done) -> None:
            self.desk.toast("download-simple", tr("The history is exported"), result.summary)

        about = self.project.name if self.project and not self._everything else tr("all tenants")
        self.desk.start(tr("Export history of {name}", name=about), work, done=done)
