"""The issues pages: filters, a list, and beside it one issue or the form for a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.issues import (
    Issue,
    IssueBoard,
    IssueDetail,
    IssueFilter,
    IssueSaved,
    SyncState,
)
from aiops_desktop.domain.runs import Run
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions import issues as verbs
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import clear, hbox, hline, holder, vbox, vline
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import age, moment, tr
from aiops_desktop.ui.views.issues import empty
from aiops_desktop.ui.views.issues.detail import IssueView
from aiops_desktop.ui.views.issues.filters import IssueFilters
from aiops_desktop.ui.views.issues.issue_form import IssueForm
from aiops_desktop.ui.views.issues.issue_list import IssueList
from aiops_desktop.ui.views.issues.kept import Kept
from aiops_desktop.ui.views.issues.looks import colours, people
from aiops_desktop.ui.views.issues.shortcuts import Shortcuts
from aiops_desktop.ui.views.issues.strip import sync_strip

#: Width of the list, and where there is little room; width of the page from which it is the first.
WIDTH, NARROW, ROOMY = 400, 300, 900
#: Issues shown at once, and how many more each time they are asked for.
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page shows: the board, and the last run about each issue.

    `last` is what the operator looked for here the last time; None: not asked for.
    """

    board: IssueBoard
    runs: dict[int, Run]
    last: IssueFilter | None = None


class IssuesPage(Page):
    """Issues of the project shown.

    `open_argument` takes an issue's id, "new", ("edit", id), or "mine".
    """

    interest = Touched.ISSUES | Touched.RUNS | Touched.INTEGRATIONS | Touched.PROJECTS
    everywhere = False

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.board = IssueBoard()
        self._runs: dict[int, Run] = {}
        self._wanted: object = None
        self._days: int | None = None
        self._limit = SHOWN
        self._read_for = 0
        #: What was looked for here the last time is still to be read.
        self._recall = True
        #: The issue that was asked for last → why its forge did not answer.
        self._silent: dict[int, str] = {}
        self._build()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        desk, kit = self.desk, self.kit
        self.filters = IssueFilters(kit, tr("Issues") if self.everywhere else "")
        self.filters.changed.connect(self._narrowed)
        self.filters.sync.connect(lambda: desk.run_action("issues.sync"))
        self.filters.new.connect(lambda: desk.run_action("issues.new"))
        self._strips = vbox(gap=0)
        self.shortcuts = Shortcuts(kit)
        self.shortcuts.chosen.connect(self._short_cut)
        self.kept = Kept(desk, self, self._put)
        self.filters.unfold.connect(lambda: self.kept.unfold(self.filters.kept, self.wanted))
        self.list = IssueList(desk.theme)
        self.list.chosen.connect(self._chosen)
        self.list.acted.connect(lambda _section: self._more())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu_at)
        self._nothing = vbox(gap=0)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.list)
        self._lists.addWidget(holder(self._nothing))
        self._left = holder(vbox(self.shortcuts, hline(), (self._lists, 1), gap=0), width=WIDTH)
        self.view = IssueView(desk)
        self.view.menu_wanted.connect(self._fill_menu)
        self.view.said.connect(self._say)
        self.view.drafted.connect(self._keep_draft)
        self.form, self.editor = IssueForm(desk), IssueForm(desk)
        for form in (self.form, self.editor):
            form.made.connect(self._made)
            form.left.connect(self._leave_form)
        self._blank = holder(vbox(gap=0))
        self._right = QStackedWidget()
        for part in (self._blank, self.view, self.form, self.editor):
            self._right.addWidget(part)
        self._all = vbox(gap=0)
        self._pages = QStackedWidget()
        self._pages.addWidget(holder(hbox(self._left, vline(), (self._right, 1), gap=0)))
        self._pages.addWidget(holder(self._all))
        self.body.addWidget(self.filters)
        self.body.addWidget(hline())
        self.body.addLayout(self._strips)
        self.body.addWidget(self._pages, 1)

    # The page's contract ---------------------------------------------------------------------

    @property
    def place(self) -> IssueFilter:
        """Where the page looks."""
        return IssueFilter(project_id=self.project.id if self.project else 0)

    @property
    def wanted(self) -> IssueFilter:
        """What it looks for."""
        return replace(self.filters.wanted(self.place), due_within=self._days, limit=self._limit)

    def ask(self) -> Callable[[Job], Sight]:
        """The issues that fit, and the runs about them."""
        now, house, recall = self.wanted, self.desk.house, self._recall

        def work(_job: Job) -> Sight:
            last = house.issues.filters.last(now.project_id) if recall else None
            wanted = now
            if last is not None:
                wanted = replace(last, project_id=now.project_id, limit=now.limit)
            board = house.issues.board(wanted)
            runs: dict[int, Run] = {}
            for run in house.runs.all(wanted.project_id):  # newest first
                if run.issue_id is not None:
                    runs.setdefault(run.issue_id, run)
            return Sight(board, runs, last)

        return work

    def fill(self, data: Sight) -> None:
        """Show them; the chosen issue stays chosen."""
        self.board, self._runs = data.board, data.runs
        board = data.board
        if data.last is not None and self._recall:
            self._days = data.last.due_within
            self.filters.put(data.last)
        self._recall = False
        self.filters.show_known(board.counts)
        self.shortcuts.show_counts(board.counts, self.wanted)
        self._show_syncs()
        blocked = self.list.blockSignals(True)  # nobody chose: a form that is open stays open
        self.list.show_issues(
            board.issues,
            board.found,
            board.stages,
            colours={k: v for state in board.syncs for k, v in colours(state.labels).items()},
            people={k: v for state in board.syncs for k, v in people(state.members).items()},
            places=self._places(),
            runs=data.runs,
        )
        self.list.blockSignals(blocked)
        self._lists.setCurrentIndex(0 if board.issues else 1)
        self._pages.setCurrentIndex(0)
        if not board.issues:
            self._show_nothing()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._open(wanted)
        elif self._form is None:
            self._settle()

    def switched(self) -> None:
        """Another project: nothing of the old one stays."""
        self.view.comment.flush()
        self._limit, self._days, self._wanted, self._recall = SHOWN, None, None, True
        self.board = IssueBoard()
        blocked = self.filters.blockSignals(True)
        self.filters.reset()
        self.filters.blockSignals(blocked)
        self.list.show_rows([])
        self._right.setCurrentWidget(self._blank)
        self._set_issue(None)

    def primary(self) -> None:
        """Create the issue, or start a run about the one shown."""
        form = self._form
        if form is not None:
            form.press_primary()
        elif self._right.currentWidget() is self.view:
            self.view.press_primary()

    def back(self) -> bool:
        """From the form to the list."""
        if self._form is not None:
            self._leave_form()
            return True
        return False

    def open_argument(self, argument: object) -> None:
        """Go to an issue or the form; waits until the issues are read."""
        self._wanted = argument
        self.refresh()

    def resizeEvent(self, event: object) -> None:
        """A narrower list where there is little room."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt hands a QResizeEvent
        self._left.setFixedWidth(WIDTH if self.width() >= ROOMY else NARROW)

    # Going about -----------------------------------------------------------------------------

    def _open(self, argument: object) -> None:
        if argument == "new":
            self.start_new()
        elif isinstance(argument, tuple):
            self._edit(argument[1])
        elif argument == "mine":
            self.shortcuts.chosen.emit("open", "- me", None)
        elif isinstance(argument, int):
            self._right.setCurrentWidget(self.view)
            if self.list.choose(argument):
                self._chosen(self.list.current())
            else:
                self._jump(argument)

    def _jump(self, issue_id: int) -> None:
        """Show an issue that the filter hides, or that is not in the list yet."""
        self.list.setCurrentIndex(self.list.rows.index(-1, 0))
        self._read(issue_id)

    def start_new(self) -> None:
        """Show the form for a new issue."""
        if self.project is not None and self.board.syncs:
            self._right.setCurrentWidget(self.form)
            self.form.open_for(self.project, self.board.syncs)

    @property
    def _form(self) -> IssueForm | None:
        """The form that is shown, for a new issue or to change one."""
        shown = self._right.currentWidget()
        return shown if isinstance(shown, IssueForm) else None

    def _edit(self, issue_id: int) -> None:
        """Show the form that changes an issue, with its text as it was read last."""
        house = self.desk.house

        def show(issue: Issue) -> None:
            self._right.setCurrentWidget(self.editor)
            self.editor.open_edit(issue, self._sync_of(issue))

        self.desk.read(lambda _job: house.issues.get(issue_id), show)

    def _leave_form(self) -> None:
        if self._form is self.editor and self.editor.changed:
            kept = tr("It stays as you typed it until you edit another issue.")
            self.desk.toast("pencil-simple", tr("The issue is not saved"), kept)
        self._right.setCurrentWidget(self._blank)
        self._settle()
        self.list.setFocus()

    def _made(self, saved: IssueSaved) -> None:
        if saved.missing:
            self.desk.toast("warning", tr("The issue is saved"), saved.missing)
        self._right.setCurrentWidget(self.view)
        self._wanted = saved.issue.id
        self.refresh()

    def _settle(self) -> None:
        """Show the chosen issue, or the first."""
        if self.list.current() is None:
            shown = self.view.issue
            if (
                shown is not None
                and self._right.currentWidget() is self.view
                and shown.id == self._read_for
            ):
                self._read(shown.id, ask=False)
                return
            self.list.choose_first()
        issue = self.list.current()
        if isinstance(issue, Issue):
            self._chosen(issue)
        else:
            self._right.setCurrentWidget(self._blank)
            self._set_issue(None)

    def _chosen(self, item: object) -> None:
        if isinstance(item, Issue):
            self._right.setCurrentWidget(self.view)
            self._read(item.id, ask=item.id != self._read_for)

    def _set_issue(self, issue: Issue | None) -> None:
        self._read_for = issue.id if issue else 0
        self.desk.issue = issue

    # Reading one -----------------------------------------------------------------------------

    def _read(self, issue_id: int, *, ask: bool = True) -> None:
        """Show what is known of an issue at once, then what its forge says."""
        self._read_for = issue_id
        house = self.desk.house

        def show(found: IssueDetail) -> None:
            if self._read_for == issue_id and self._form is None:
                self._show_one(replace(found, stale=self._silent.get(issue_id, "")))

        def asked(found: IssueDetail) -> None:
            self._silent = {issue_id: found.stale} if found.stale else {}
            show(found)

        self.desk.read(lambda _job: house.issues.detail(issue_id), show)
        if ask:
            lane = ("issue", issue_id)
            self.desk.read(lambda job: house.issues.read(issue_id, job), asked, lane=lane)

    def _show_one(self, found: IssueDetail) -> None:
        issue = self.desk.issue = found.issue
        state = self._sync_of(issue)
        self._right.setCurrentWidget(self.view)
        self.list.update_issue(issue)
        self.view.show_issue(
            found,
            self._runs.get(issue.id),
            self._places().get(issue.project_id, ""),
            state.title if state else "",
            told_above=bool(state and state.what),
        )

    def _sync_of(self, issue: Issue) -> SyncState | None:
        return next((one for one in self.board.syncs if one.link_id == issue.link_id), None)

    def _places(self) -> dict[int, str]:
        """Words that say where an issue belongs, where that is not clear."""
        return {}

    # Verbs -----------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        issue = self.desk.issue
        if issue is None:
            return
        box = self.view.comment
        box.set_busy(True)

        def done(_saved: IssueSaved) -> None:
            box.sent_well()
            self._read(issue.id)

        verbs.comment(self.desk, issue, text, done=done, ended=lambda: box.set_busy(False))

    def _keep_draft(self, issue_id: int, text: str) -> None:
        house = self.desk.house
        if self.desk.refusal("issues.keep_draft"):
            return
        self.desk.read(lambda _job: house.issues.keep_draft(issue_id, text), lambda _done: None)

    def _fill_menu(self, menu: QMenu) -> None:
        issue = self.desk.issue
        if issue is None:
            return
        verbs.fill_menu(self.desk, menu, issue, self._sync_of(issue))

    def _menu_at(self, spot: QPoint) -> None:
        if self.desk.issue is None:
            return
        menu = QMenu(self)
        self._fill_menu(menu)
        menu.popup(self.list.viewport().mapToGlobal(spot))

    # Filters ---------------------------------------------------------------------------------

    def _narrowed(self) -> None:
        self._limit, self._days = SHOWN, None
        self._look()

    def _short_cut(self, state: object, assignee: str, days: object) -> None:
        blocked = self.filters.blockSignals(True)
        self.filters.choose(state, assignee)
        self.filters.blockSignals(blocked)
        self._limit = SHOWN
        self._days = days if isinstance(days, int) else None
        self._look()

    def _put(self, wanted: IssueFilter) -> None:
        """Show a filter that was kept by name."""
        self.filters.put(wanted)
        self._limit, self._days = SHOWN, wanted.due_within
        self._look()

    def _look(self) -> None:
        """Look for what is wanted now, and remember it for the next time."""
        self._recall = False
        wanted, house = self.wanted, self.desk.house
        place = self.place.project_id
        self.desk.read(
            lambda _job: house.issues.filters.remember(place, wanted),
            lambda _done: None,
            lane=("issue filter", place),
        )
        self.refresh()

    def _more(self) -> None:
        self._limit += 2 * SHOWN
        self.refresh()

    # States of the page ----------------------------------------------------------------------

    def _show_syncs(self) -> None:
        syncs = self.board.syncs
        times = [state.synced for state in syncs if state.synced]
        last = min(times) if times else None
        said = tr("Synced {age} ago", age=age(last)) if last else ""
        if age(last) == tr("now"):
            said = tr("Synced just now")
        self.filters.synced.setText(said or (tr("Not synced yet") if syncs else ""))
        self.filters.synced.setToolTip(moment(last))
        self.filters.sync_button.setEnabled(bool(syncs))
        linked = "" if syncs else tr("This project is not linked to a forge.")
        refused = self.desk.refusal("issues.create") or linked
        self.filters.new_button.setEnabled(not refused)
        self.filters.new_button.setToolTip(refused)
        clear(self._strips)
        for state in [state for state in syncs if state.what][:3]:
            again = partial(verbs.sync_link, self.desk, state)
            self._strips.addWidget(sync_strip(self.desk, state, again))
            self._strips.addWidget(hline())

    def _show_nothing(self) -> None:
        """Say why there is nothing: not linked, none yet, or none that fits."""
        board = self.board
        clear(self._nothing)
        clear(self._all)
        unlinked = not board.syncs and not board.counts.total
        self._pages.setCurrentIndex(1 if unlinked else 0)
        if unlinked:
            self._all.addWidget(empty.unlinked(self.desk, self.unlinked_sentence()))
        elif board.counts.total:
            self._nothing.addWidget(empty.filtered(self.kit, self.filters.reset))
        else:
            never = all(state.synced is None for state in board.syncs)
            self._nothing.addWidget(empty.none_yet(self.desk, never=never))

    def unlinked_sentence(self) -> str:
        """What stands there while nothing is linked."""
        return tr("This project is not linked to a forge. Link it to see and answer its issues.")
