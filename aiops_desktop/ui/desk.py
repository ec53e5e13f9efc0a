"""The desk: what every view gets, and the only way views and verbs meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.runner import Runner
from aiops_desktop.ui.bridge import Bridge
from aiops_desktop.ui.jobs import JobList, JobRecord
from aiops_desktop.ui.parts.kit import Kit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from aiops_desktop.domain.backups import Backup, Trashed
    from aiops_desktop.domain.issues import Issue
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.operators import Operator
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.repositories import CheckoutStatus
    from aiops_desktop.domain.runs import Run
    from aiops_desktop.domain.tenants import Tenant
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.house import House
    from aiops_desktop.ui.theme import Theme
    from aiops_desktop.ui.views.integrations.lines import IntegrationLine
    from aiops_desktop.ui.views.keys.lines import KeyLine
    from aiops_desktop.ui.views.sessions.lines import SessionLine
    from aiops_desktop.ui.views.terminal.terminals import Terminals

T = TypeVar("T")


class Desk(QObject):
    """State that is cheap to look at in the GUI thread, and the door to the services.

    Attributes:
        tenants, projects: all of them, as last loaded, by id.
        statuses: the last known checkout status of a project, or the Trouble of reading it.
        living_runs: runs that are at work or wait for review, as last loaded.
        project: the one shown; None on the welcome page and full pages.
        run: the assist run the Runs page shows, as last read; None when it shows none.
        terminals: all terminals, once the terminal page was built.
        session: the row chosen on the sessions page; None when it shows none.
        key: the row chosen on the keys page; None when it shows none.
        backup, thrown: the rows chosen on the pages of backups and of the trash; None likewise.
        issue: the one an issues page shows, as last read; None when it shows none.
        open_issues: project id → how many of its issues are not closed, as last read.
        operator: who is at the desk, as last read; None before that.
        locked: whether the window is locked; then no action runs.

    Signals:
        opened: the services are ready (`house` is set).
        changed(Changes): a verb ended; views compare with their interest.
        selected: another project (or none) is shown.
        loaded: `tenants` and `projects` were read again.
        status_changed(int): `statuses` of this project is new.
        page_wanted(str, object): go to a page ("terminal", "changes", "runs", …) with an argument.
        banner_wanted(object, Trouble): show a Trouble above the page of a project id (None: any).
        toast_wanted(str, str, str, object): icon, title, text, action id or None.
        attention(Attention): something happened in a window of a tmux server.
        standing(str): what the full page shown has to say in the status line.
        leaving: the program is about to end; what is to be remembered is written now.
        operator_changed: `operator` is another one, or may do something else.
        lock_changed: the window was locked or unlocked.
        lock_wanted: the window is to be locked.
    """

    opened = Signal()
    changed = Signal(object)
    selected = Signal()
    loaded = Signal()
    status_changed = Signal(int)
    page_wanted = Signal(str, object)
    banner_wanted = Signal(object, object)
    toast_wanted = Signal(str, str, str, object)
    attention = Signal(object)
    leaving = Signal()
    standing = Signal(str)
    operator_changed = Signal()
    lock_changed = Signal()
    lock_wanted = Signal()

    def __init__(self, layout: Layout, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layout = layout
        self.theme = theme
        self.kit = Kit(theme)
        self.bridge = Bridge(self)
        self.runner = Runner(self.bridge.post)
        self.jobs = JobList(self.runner, self)
        self._house: House | None = None
        self.tenants: dict[int, Tenant] = {}
        self.projects: dict[int, Project] = {}
        self.statuses: dict[int, CheckoutStatus | Trouble] = {}
        self.living_runs: list[Run] = []
        self.project: Project | None = None
        self.run: Run | None = None
        self.settings_theme = theme.choice
        #: The program is to begin anew when it has ended.
        self.restarting = False
        #: Runs an action by its id; set by the window, which knows them all.
        self.run_action: Callable[[str], None] = lambda _id: None
        #: Puts actions into a menu by their ids, and gives another window the shortcuts of a menu;
        #: set by the window, too.
        self.fill_menu: Callable[[QMenu, Iterable[str]], None] = lambda _menu, _ids: None
        self.give_keys: Callable[[QWidget], None] = lambda _window: None
        self.operator: Operator | None = None
        self.locked = False
        self.terminals: Terminals | None = None
        self.session: SessionLine | None = None
        self.key: KeyLine | None = None
        self.backup: Backup | None = None
        self.thrown: Trashed | None = None
        self.integration: IntegrationLine | None = None
        self.issue: Issue | None = None
        self.open_issues: dict[int, int] = {}
        #: The project page shown ("overview", "terminal", …); "" on full pages.
        self.page = ""

    # The services ----------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the services are open."""
        return self._house is not None

    @property
    def house(self) -> House:
        """The services. Call their methods only inside `start`, `read` or other workers."""
        if self._house is None:
            raise RuntimeError("The services are not open yet.")
        return self._house

    def open_house(self, house: House, operator: Operator | None = None) -> None:
        """The services are there; `operator` is who is at the desk, where that is known."""
        self._house, self.operator = house, operator
        self.opened.emit()
        self.reload()

    # Who is there ----------------------------------------------------------------------------

    def set_operator(self, operator: Operator) -> None:
        """Somebody is at the desk, or the same one may do something else."""
        if operator != self.operator:
            self.operator = operator
            self.operator_changed.emit()

    def set_locked(self, locked: bool) -> None:
        """The window is locked, or not any more."""
        self.locked = locked
        self.lock_changed.emit()

    def refusal(self, verb: str) -> str:
        """Why the one at the desk may not use a verb such as "keys.delete"; "" when it may."""
        from aiops_desktop.domain.roles import refusal  # not before the window shows

        return refusal(verb, self.operator) if verb else ""

    # Work ------------------------------------------------------------------------------------

    def start(
        self,
        title: str,
        work: Callable[[Job], T],
        *,
        done: Callable[[T], None] | None = None,
        trouble: Callable[[Trouble], None] | None = None,
        ended: Callable[[], None] | None = None,
        lane: Hashable = None,
        project_id: int | None = None,
        again: Callable[[], object] | None = None,
    ) -> JobRecord:
        """Run a verb as a job of the drawer; its `changes` are announced, then `done` is called.

        A Trouble without a `trouble` callback becomes a banner above the project's page.
        """

        def finish(result: T) -> None:
            self.announce(getattr(result, "changes", None))
            if done:
                done(result)

        def fail(problem: Trouble) -> None:
            if project_id is not None:  # a verb that failed half-way may have changed something
                self.announce(
                    Changes(
                        Touched.WORKDIR | Touched.REFS | Touched.PROJECTS | Touched.HISTORY,
                        project_id,
                    )
                )
            if trouble:
                trouble(problem)
            else:
                self.banner_wanted.emit(project_id, problem)

        return self.jobs.start(
            title,
            work,
            done=finish,
            trouble=fail,
            ended=ended,
            lane=lane,
            project_id=project_id,
            again=again,
        )

    def read(
        self,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        trouble: Callable[[Trouble], None] | None = None,
        ended: Callable[[], None] | None = None,
        lane: Hashable = None,
    ) -> JobRecord:
        """Read something in the background; not listed. A Trouble without a callback is dropped."""
        return self.jobs.start(
            "", work, done=done, trouble=trouble, ended=ended, lane=lane, quiet=True
        )

    def announce(self, changes: Changes | None) -> None:
        """Tell every view what changed."""
        if changes is None or changes.touched == Touched.NOTHING:
            return
        if changes.touched & (Touched.TENANTS | Touched.PROJECTS):
            self.reload()
        if (
            changes.touched & (Touched.WORKDIR | Touched.REFS | Touched.PROJECTS)
            and changes.project
        ):
            self.refresh_status(changes.project)
        if changes.touched & Touched.RUNS:
            self.refresh_runs()
        if changes.touched & Touched.ISSUES:
            self.refresh_issues()
        self.changed.emit(changes)

    # What is shown ---------------------------------------------------------------------------

    @property
    def tenant(self) -> Tenant | None:
        """The tenant of the project shown."""
        return self.tenants.get(self.project.tenant_id) if self.project else None

    @property
    def status(self) -> CheckoutStatus | None:
        """The status of the project shown, when it is known and well."""
        return self.status_of(self.project.id) if self.project else None

    def status_of(self, project_id: int) -> CheckoutStatus | None:
        """The status of a project, when it is known and well."""
        found = self.statuses.get(project_id)
        return None if isinstance(found, Trouble) else found

    def when_concerned(self, look: Callable[[], object]) -> None:
        """Call `look` when the status of the project shown is new; a sweep tells of hundreds."""

        def hear(project_id: int) -> None:
            if not project_id or (self.project is not None and self.project.id == project_id):
                look()

        self.status_changed.connect(hear)

    @property
    def cloned(self) -> bool:
        """Whether the project shown has its checkout."""
        return self.project is not None and self.project.state == CheckoutState.READY

    def busy(self, project_id: int) -> JobRecord | None:
        """The job that works on a project's checkout now, if any."""
        for record in self.jobs.shown:
            if record.alive and record.lane == ("checkout", project_id):
                return record
        return None

    def select(self, project_id: int | None, page: str = "") -> None:
        """Show a project (None: the welcome page), and a page of it when given."""
        project = self.projects.get(project_id) if project_id is not None else None
        if project != self.project:
            self.project = project
            self.selected.emit()
        if page:
            self.page_wanted.emit(page, None)
        if project and project.state == CheckoutState.READY:
            self.refresh_status(project.id)

    def go(self, page: str, argument: object = None) -> None:
        """Show a page by its name.

        "overview", "terminal", "changes", "runs", "deploy", "issues" and "history" belong to the
        project; "keys", "settings", "sessions" and "welcome" stand alone.
        """
        self.page_wanted.emit(page, argument)

    def toast(self, icon: str, title: str, text: str = "", action: str | None = None) -> None:
        """A short notice in the corner, with a button for an action when given."""
        self.toast_wanted.emit(icon, title, text, action)

    # Loading ---------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read tenants and projects again."""
        if self._house is None:
            return
        house = self._house
        self.read(
            lambda _job: (house.tenants.all(), house.projects.all()), self._loaded, lane="reload"
        )

    def _loaded(self, found: tuple[list[Tenant], list[Project]]) -> None:
        tenants, projects = found
        self.tenants = {tenant.id: tenant for tenant in tenants}
        self.projects = {project.id: project for project in projects}
        self.loaded.emit()
        if self.project is not None:
            now = self.projects.get(self.project.id)
            if now != self.project:
                self.project = now
                self.selected.emit()

    def refresh_status(self, project_id: int) -> None:
        """Read a checkout's status again."""
        if self._house is None:
            return
        house = self._house

        def show(found: CheckoutStatus | Trouble) -> None:
            self.statuses[project_id] = found
            self.status_changed.emit(project_id)

        self.read(
            lambda _job: house.repositories.status(project_id),
            show,
            trouble=show,
            lane=("status", project_id),
        )

    def refresh_runs(self) -> None:
        """Read the runs that are at work or wait for someone again."""
        if self._house is None:
            return
        house = self._house

        def show(runs: list[Run]) -> None:
            self.living_runs = runs
            self.status_changed.emit(0)

        self.read(lambda _job: house.runs.all(), show, lane="runs")

    def refresh_issues(self) -> None:
        """Count the open issues of all projects again."""
        if self._house is None:
            return
        house = self._house

        def show(counts: dict[int, int]) -> None:
            if counts != self.open_issues:
                self.open_issues = counts
                self.status_changed.emit(0)

        self.read(lambda _job: house.issues.open_by_project(), show, lane="issues")

    def close(self) -> None:
        """Stop all jobs and take nothing more from workers."""
        self.bridge.close()
        self.runner.close()
