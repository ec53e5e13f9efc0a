"""Git's verbs: clone, fetch, pull, push, commit, switch; and why they cannot be used now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.trouble import NotTrusted, Trouble
from aiops_desktop.ui.actions import git_reasons as why
from aiops_desktop.ui.actions.action import Action, needs_checkout, needs_project
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.repositories import (
        Cloned,
        Commit,
        Pulled,
        Pushed,
        PushPlan,
    )
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.jobs import JobRecord

T = TypeVar("T")

# Verbs -------------------------------------------------------------------------------------------


def clone(desk: Desk) -> JobRecord | None:
    """Clone the project shown; a failure is a state of the project that its page shows."""
    project = desk.project
    if project is None:
        return None

    def done(found: Cloned) -> None:
        desk.toast(
            "check-circle",
            tr("{name} is cloned", name=project.name),
            tr("{branch} is checked out.", branch=found.branch) if found.branch else "",
        )

    def trouble(problem: Trouble) -> None:
        if isinstance(problem, NotTrusted):
            desk.banner_wanted.emit(project.id, problem)

    record = _start(
        desk,
        project,
        tr("Clone {name}", name=project.name),
        lambda job: desk.house.repositories.clone(project.id, job),
        done,
        trouble,
        again=lambda: _again(desk, project, clone),
    )
    desk.reload()
    return record


def fetch(desk: Desk) -> JobRecord | None:
    """Ask the server what is new."""
    project = desk.project
    if project is None:
        return None
    return _start(
        desk,
        project,
        tr("Fetch {name}", name=project.name),
        lambda job: desk.house.repositories.fetch(project.id, job),
        again=lambda: _again(desk, project, fetch),
    )


def pull(desk: Desk, how: str = "ff-only") -> JobRecord | None:
    """Fetch and go forward; never merges behind one's back."""
    project = desk.project
    if project is None:
        return None

    def done(found: Pulled) -> None:
        words = counted(found.commits, "{n} commit came in", "{n} commits came in")
        if found.kind == "up to date":
            words = tr("{name} is up to date", name=project.name)
        desk.toast("check-circle", words)

    titles = {"rebase": tr("Fetch and rebase {name}"), "merge": tr("Fetch and merge {name}")}
    title = titles.get(how, tr("Pull {name}"))
    return _start(
        desk,
        project,
        title.format(name=project.name),
        lambda job: desk.house.repositories.pull(project.id, job, how=how),
        done,
        again=lambda: _again(desk, project, lambda d: pull(d, how)),
    )


def ask_push(desk: Desk) -> None:
    """Show what a push would do, and whom one acts as; the dialog pushes."""
    from aiops_desktop.ui.dialogs.push import PushDialog

    project = desk.project
    if project is None:
        return

    def show(plan: PushPlan) -> None:
        PushDialog(desk, window(), project, plan).open()

    _look(desk, project, lambda _job: desk.house.repositories.push_plan(project.id), show)


def push(desk: Desk, project: Project, lease: str = "") -> JobRecord:
    """Push without asking again; a rejection is a Clash whose steps the banner offers."""

    def done(found: Pushed) -> None:
        to = f"{found.remote}/{found.branch}"
        words = counted(found.commits, "{n} commit is on {to}", "{n} commits are on {to}", to=to)
        desk.toast("check-circle", words, "\n".join(found.messages[-3:]))

    return _start(
        desk,
        project,
        tr("Push {name}", name=project.name),
        lambda job: desk.house.repositories.push(project.id, job, lease=lease),
        done,
        again=lambda: push(desk, project, lease),
    )


def ask_lease(desk: Desk) -> None:
    """Show what a push with lease would overwrite, after asking the server."""
    from aiops_desktop.ui.dialogs.push_lease import Overwrite, PushLeaseDialog

    project, status = desk.project, desk.status
    if project is None or status is None:
        return
    house, upstream = desk.house, status.upstream

    def read(job: Job) -> Overwrite:
        house.repositories.fetch(project.id, job)
        plan = house.repositories.push_plan(project.id)
        lost = house.repositories.log(project.id, ref=upstream, since="HEAD", limit=200)
        return Overwrite(plan, tuple(lost))

    def show(found: Overwrite) -> None:
        desk.announce(Changes(Touched.REFS | Touched.HISTORY, project.id))
        PushLeaseDialog(desk, window(), project, found).open()

    title = tr("Look at {up}", up=upstream)
    _start(desk, project, title, read, show)


def show_incoming(desk: Desk) -> None:
    """Ask the server, and list its commits that are not here."""
    from aiops_desktop.ui.dialogs.push_incoming import IncomingDialog

    project, status = desk.project, desk.status
    if project is None or status is None:
        return
    house, upstream = desk.house, status.upstream

    def read(job: Job) -> tuple[Commit, ...]:
        house.repositories.fetch(project.id, job)
        return tuple(house.repositories.log(project.id, ref=upstream, since="HEAD", limit=200))

    def show(commits: tuple[Commit, ...]) -> None:
        desk.announce(Changes(Touched.REFS | Touched.HISTORY, project.id))
        IncomingDialog(desk, window(), upstream, commits).open()

    _start(desk, project, tr("Look at {up}", up=upstream), read, show)


def choose_branch(desk: Desk) -> None:
    """Offer the branches to switch to."""
    from aiops_desktop.ui.dialogs.switch_branch import SwitchDialog

    project = desk.project
    if project is None:
        return
    _look(
        desk,
        project,
        lambda _job: desk.house.repositories.branches(project.id),
        lambda names: SwitchDialog(desk, window(), project, names).open(),
    )


def switch(desk: Desk, project: Project, branch: str) -> JobRecord:
    """Check another branch out."""
    return _start(
        desk,
        project,
        tr("Switch {name} to {branch}", name=project.name, branch=branch),
        lambda job: desk.house.repositories.switch(project.id, branch, job),
    )


def _open_folder(desk: Desk) -> None:
    if desk.project:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(desk.project.checkout)))


def _copy_path(desk: Desk) -> None:
    if desk.project:
        QGuiApplication.clipboard().setText(str(desk.project.checkout))
        desk.toast("copy", tr("The path is copied"), str(desk.project.checkout))


def window() -> QWidget | None:
    """What a dialog stands over."""
    return QApplication.activeWindow()


def _start(
    desk: Desk,
    project: Project,
    title: str,
    work: Callable[[Job], T],
    done: Callable[[T], None] | None = None,
    trouble: Callable[[Trouble], None] | None = None,
    again: Callable[[], object] | None = None,
) -> JobRecord:
    return desk.start(
        title,
        work,
        done=done,
        trouble=trouble,
        lane=("checkout", project.id),
        project_id=project.id,
        again=again,
    )


def _look(
    desk: Desk, project: Project, work: Callable[[Job], T], show: Callable[[T], object]
) -> None:
    """Read for a dialog; what cannot be read is said above the page."""

    def done(found: T) -> None:
        show(found)

    desk.read(
        work,
        done,
        trouble=lambda problem: desk.banner_wanted.emit(project.id, problem),
    )


def _again(desk: Desk, project: Project, verb: Callable[[Desk], object]) -> None:
    """Do it again for the project it was about, whatever is shown now."""
    desk.select(project.id)
    verb(desk)


ACTIONS: tuple[Action, ...] = (
    Action(
        "project.clone",
        tr("Clone"),
        clone,
        "Project",
        "cloud-arrow-down",
        why.no_clone,
        verb="repositories.clone",
    ),
    Action(
        "git.fetch",
        tr("Fetch"),
        fetch,
        "Git",
        "arrows-clockwise",
        why.busy,
        verb="repositories.fetch",
    ),
    Action(
        "git.pull", why.pull_title, pull, "Git", "arrow-down", why.no_pull, verb="repositories.pull"
    ),
    Action(
        "git.fetch_rebase",
        tr("Fetch and rebase"),
        lambda desk: pull(desk, "rebase"),
        "Git",
        "arrows-clockwise",
        why.no_rebase,
        verb="repositories.pull",
    ),
    Action(
        "git.pull_merge",
        tr("Fetch and merge"),
        lambda desk: pull(desk, "merge"),
        "Git",
        "git-merge",
        why.no_rebase,
        verb="repositories.pull",
    ),
    Action(
        "git.push",
        why.push_title,
        ask_push,
        "Git",
        "arrow-up",
        why.no_push,
        words="upload send",
        verb="repositories.push",
    ),
    Action(
        "git.push_lease",
        tr("Push with lease…"),
        ask_lease,
        "Git",
        "warning",
        why.no_lease,
        danger=True,
        words="force overwrite",
        verb="repositories.push",
    ),
    Action(
        "git.show_incoming",
        tr("Show commits"),
        show_incoming,
        "Git",
        "list-bullets",
        why.no_incoming,
        words="incoming behind fetched",
    ),
    Action(
        "git.commit",
        tr("Commit"),
        lambda desk: desk.go("changes", "commit"),
        "Git",
        "git-commit",
        why.no_commit,
        verb="repositories.commit",
    ),
    Action(
        "git.commit_push",
        tr("Commit and push"),
        lambda desk: desk.go("changes", "commit_push"),
        "Git",
        "arrow-up",
        why.no_commit,
        verb="repositories.commit",
    ),
    Action(
        "git.switch",
        tr("Switch branch…"),
        choose_branch,
        "Git",
        "git-branch",
        why.no_switch,
        words="checkout",
        verb="repositories.switch",
    ),
    Action(
        "git.open_folder",
        tr("Open the checkout's folder"),
        _open_folder,
        "Project",
        "folder-open",
        needs_checkout,
        words="file manager",
    ),
    Action(
        "git.copy_path",
        tr("Copy the checkout's path"),
        _copy_path,
        "Project",
        "copy",
        needs_project,
    ),
)
