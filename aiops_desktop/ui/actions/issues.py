"""What a person can do with issues."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.issue_states import IssueState
from aiops_desktop.ui.actions.action import Action, needs_project
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import Brief, Issue, IssueSaved, Synced, SyncState
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk

    Told = Callable[[IssueSaved], None] | None


# Verbs, also for the buttons of the pages -------------------------------------------------------


def comment(
    desk: Desk,
    issue: Issue,
    text: str,
    *,
    done: Told = None,
    ended: Callable[[], None] | None = None,
) -> None:
    """Write under an issue."""
    house = desk.house
    desk.start(
        tr("Comment on #{n}", n=issue.number),
        lambda job: house.issues.comment(issue.id, text, job),
        done=done,
        ended=ended,
        lane=("issue", issue.id),
        project_id=issue.project_id,
    )


def sync_link(desk: Desk, state: SyncState) -> None:
    """Sync one link now; what goes wrong stands at it."""
    house = desk.house
    _syncing(desk, state, lambda job: house.issues.sync(state.link_id, job))


def _syncing(desk: Desk, state: SyncState, work: Callable[[Job], Synced]) -> None:
    def trouble(_trouble: object) -> None:
        desk.announce(Changes(Touched.ISSUES | Touched.HISTORY, state.project_id))

    desk.start(
        tr("Sync issues of {title}", title=state.title),
        work,
        trouble=trouble,
        lane=("issues", state.link_id),
        project_id=state.project_id,
    )


def _sync(desk: Desk) -> None:
    """All links of the project shown, or of all projects on the page of all."""
    house = desk.house
    project = desk.project.id if desk.project and desk.page else None

    def go(states: list[SyncState]) -> None:
        for state in states:
            sync_link(desk, state)
        if not states:
            desk.toast("prohibit", tr("Nothing is linked to a forge"), "", None)

    desk.read(lambda _job: house.issues.syncs(project_id=project), go)


def _change(desk: Desk, title: str, does: Callable[[Job], IssueSaved], issue: Issue) -> None:
    def done(saved: IssueSaved) -> None:
        desk.issue = saved.issue
        if saved.missing:
            desk.toast("warning", title, saved.missing)

    desk.start(title, does, done=done, lane=("issue", issue.id), project_id=issue.project_id)


def close(desk: Desk, issue: Issue) -> None:
    """Close an issue."""
    house = desk.house
    title = tr("Close #{n}", n=issue.number)
    _change(desk, title, lambda job: house.issues.close(issue.id, job), issue)


def reopen(desk: Desk, issue: Issue) -> None:
    """Open it again."""
    house = desk.house
    title = tr("Reopen #{n}", n=issue.number)
    _change(desk, title, lambda job: house.issues.reopen(issue.id, job), issue)


def set_labels(desk: Desk, issue: Issue, labels: tuple[str, ...]) -> None:
    """Replace its labels."""
    house = desk.house
    title = tr("Label #{n}", n=issue.number)
    _change(desk, title, lambda job: house.issues.set_labels(issue.id, labels, job), issue)


def assign(desk: Desk, issue: Issue, logins: tuple[str, ...]) -> None:
    """Replace who it is assigned to."""
    house = desk.house
    title = tr("Assign #{n}", n=issue.number)
    _change(desk, title, lambda job: house.issues.assign(issue.id, logins, job), issue)


def set_milestone(desk: Desk, issue: Issue, title: str) -> None:
    """Put it into a milestone; "" takes it out."""
    from aiops_desktop.domain.issues import IssueEdit  # not before the first paint

    house, edit = desk.house, IssueEdit(milestone=title)
    told = tr("Set the milestone of #{n}", n=issue.number)
    _change(desk, told, lambda job: house.issues.edit(issue.id, edit, job), issue)


def edit(desk: Desk, issue: Issue) -> None:
    """Open the form that changes it, on the page that shows it."""
    if desk.page and (desk.project is None or desk.project.id != issue.project_id):
        desk.select(issue.project_id)
    desk.go("issues" if desk.page else "all_issues", ("edit", issue.id))


def start_run(desk: Desk, issue: Issue) -> None:
    """Write the issue's context file, and open the form of a new run that is filled in."""
    from aiops_desktop.ui.views.runs.new_run import Filled  # the page is built late

    house = desk.house

    def done(brief: Brief) -> None:
        if desk.project is None or desk.project.id != issue.project_id:
            desk.select(issue.project_id)
        desk.go(
            "runs", Filled(brief.prompt, issue_id=issue.id, about=f"#{issue.number} {issue.title}")
        )

    desk.start(
        tr("Write the context of #{n}", n=issue.number),
        lambda _job: house.issues.brief(issue.id),
        done=done,
        project_id=issue.project_id,
    )


def fill_menu(desk: Desk, menu: QMenu, issue: Issue, state: SyncState | None) -> None:
    """All that can be done with an issue, labels and people to choose from included."""
    closed = issue.state is IssueState.CLOSED
    desk.fill_menu(menu, ("issues.run", "issues.edit", "issues.browser", "-"))
    labels = menu.addMenu(tr("Labels"))
    known = [(one.name, one.name) for one in state.labels] if state else []
    _choices(
        labels,
        known,
        issue.labels,
        partial(set_labels, desk, issue),
        desk.refusal("issues.set_labels"),
    )
    persons = menu.addMenu(tr("Assignee"))
    members = [(one.login, one.shown) for one in state.members] if state else []
    _choices(
        persons,
        members,
        issue.assignees,
        partial(assign, desk, issue),
        desk.refusal("issues.assign"),
    )
    stones = menu.addMenu(tr("Milestone"))
    titles = [(one.title, one.title) for one in state.milestones] if state else []
    mine = (issue.milestone,) if issue.milestone else ()
    _choices(
        stones,
        titles,
        mine,
        lambda chosen: set_milestone(desk, issue, chosen[-1] if chosen else ""),
        desk.refusal("issues.edit"),
    )
    menu.addSeparator()
    copy = menu.addAction(tr("Copy address"))
    copy.setEnabled(bool(issue.url))
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(issue.url))
    menu.addSeparator()
    desk.fill_menu(menu, ("issues.reopen" if closed else "issues.close",))


def _choices(
    menu: QMenu,
    known: list[tuple[str, str]],
    chosen: tuple[str, ...],
    change: Callable[[tuple[str, ...]], object],
    refused: str,
) -> None:
    """Names that can be ticked; each tick is a change of its own."""
    menu.setToolTipsVisible(True)
    if refused or not known:
        said = menu.addAction(refused or tr("The forge told of none yet. Sync first."))
        said.setEnabled(False)
        return
    extra = [(name, name) for name in chosen if name not in {value for value, _ in known}]
    for value, shown in [*known, *extra]:
        action = menu.addAction(shown.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(value in chosen)

        def toggle(on: bool, value: str = value) -> None:
            rest = tuple(name for name in chosen if name != value)
            change((*rest, value) if on else rest)

        action.toggled.connect(toggle)


# Which issue is meant ---------------------------------------------------------------------------


def _needs(wanted: Callable[[Issue], bool], reason: str) -> Callable[[Desk], str]:
    def unavailable(desk: Desk) -> str:
        if desk.issue is None:
            return tr("Choose an issue first.")
        if desk.issue.gone is not None:
            return tr("This issue is not on the forge any more.")
        return "" if wanted(desk.issue) else tr(reason)

    return unavailable


def _on(act: Callable[[Desk, Issue], object]) -> Callable[[Desk], object]:
    return lambda desk: act(desk, desk.issue) if desk.issue else None


def _closed(issue: Issue) -> bool:
    return issue.state is IssueState.CLOSED


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _no_run(desk: Desk) -> str:
    missing = _needs(lambda _issue: True, "")(desk)
    if missing or desk.issue is None:
        return missing
    project = desk.projects.get(desk.issue.project_id)
    if project is None or project.state.value != "ready":
        return tr("The project is not cloned yet.")
    return ""


def _browse(_desk: Desk, issue: Issue) -> object:
    from aiops_desktop.ui.parts.markdown import open_link  # not before the window shows

    return open_link(QUrl(issue.url))


ACTIONS: tuple[Action, ...] = (
    Action(
        "issues.new",
        "New issue",
        lambda desk: desk.go("issues", "new"),
        "Issue",
        "plus",
        needs_project,
        words="create ticket bug report",
        verb="issues.create",
    ),
    Action(
        "issues.sync",
        "Sync issues",
        _sync,
        "Issue",
        "arrows-clockwise",
        needs_project,
        words="refresh gitlab github fetch",
        verb="issues.sync",
    ),
    Action(
        "issues.run",
        "Start a run about the issue",
        _on(start_run),
        "Issue",
        "robot",
        _no_run,
        words="assistant codex aider",
        verb="issues.brief",
    ),
    Action(
        "issues.edit",
        "Edit the issue…",
        _on(edit),
        "Issue",
        "pencil-simple",
        _needs(lambda _issue: True, ""),
        words="change title description text milestone labels assignee",
        verb="issues.edit",
    ),
    Action(
        "issues.browser",
        "Open the issue on its forge",
        _on(_browse),
        "Issue",
        "arrow-square-out",
        _needs(lambda issue: bool(issue.url), "The forge gave no address for this issue."),
        words="browser web gitlab github",
    ),
    Action(
        "issues.close",
        "Close the issue",
        _on(close),
        "Issue",
        "check-circle",
        _needs(lambda issue: not _closed(issue), "This issue is closed."),
        words="done finish",
        verb="issues.close",
    ),
    Action(
        "issues.reopen",
        "Reopen the issue",
        _on(reopen),
        "Issue",
        "arrow-counter-clockwise",
        _needs(_closed, "This issue is open."),
        verb="issues.reopen",
    ),
    Action(
        "view.all_issues",
        "Show issues of all tenants",
        lambda desk: desk.go("all_issues"),
        "View",
        "list-bullets",
        _needs_house,
        words="tickets overview inbox",
    ),
)
