"""Why git's verbs cannot be used now, as sentences; and how they are named now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.actions.action import needs_checkout, needs_project
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.repositories import CheckoutStatus
    from aiops_desktop.ui.desk import Desk

# Why not -----------------------------------------------------------------------------------------


def no_clone(desk: Desk) -> str:
    """Why nothing can be cloned."""
    project = desk.project
    if project is None:
        return needs_project(desk)
    if project.state == CheckoutState.CLONING or desk.busy(project.id):
        return tr("{name} is being cloned.", name=project.name)
    return tr("{name} is cloned already.", name=project.name) if desk.cloned else ""


def busy(desk: Desk) -> str:
    """Why nothing can be done in the checkout."""
    reason = needs_checkout(desk)
    record = desk.busy(desk.project.id) if desk.project else None
    if reason or record is None:
        return reason
    return tr("“{title}” is still at work in this checkout.", title=record.title)


def _broken(desk: Desk) -> str:
    """The checkout cannot be used, or its state is not known yet."""
    reason = busy(desk)
    if reason or desk.project is None or desk.status is not None:
        return reason
    found = desk.statuses.get(desk.project.id)
    if isinstance(found, Trouble):
        return found.what
    return tr("The state of the checkout is being read.")


def no_pull(desk: Desk) -> str:
    """Why nothing can be pulled."""
    reason, status = _broken(desk), desk.status
    if reason or status is None:
        return reason
    return _detached(status) or _under_way(status) or _no_upstream(status)


def no_push(desk: Desk) -> str:
    """Why nothing can be pushed."""
    reason, status = _broken(desk), desk.status
    if reason or status is None:
        return reason
    stuck = _detached(status) or _under_way(status)
    if stuck:
        return stuck
    if status.head is None:
        return tr("There is no commit yet.")
    if status.upstream and not status.ahead:
        return (
            tr("Nothing to push: {branch} is {n} behind {up}.", **_names(status), n=status.behind)
            if status.behind
            else tr("Nothing to push: {branch} is level with {up}.", **_names(status))
        )
    return ""


def no_rebase(desk: Desk) -> str:
    """Why nothing can be rebased."""
    reason, status = no_pull(desk), desk.status
    if reason or status is None:
        return reason
    changed = len({change.path for change in (*status.staged, *status.unstaged)} - _new(status))
    if not changed:
        return ""
    return counted(
        changed,
        "{n} changed file is in the way. Commit or discard it first.",
        "{n} changed files are in the way. Commit or discard them first.",
    )


def no_lease(desk: Desk) -> str:
    """Why the server's branch cannot be overwritten."""
    reason, status = no_push(desk), desk.status
    if reason or status is None:
        return reason
    return _no_upstream(status)


def no_incoming(desk: Desk) -> str:
    """Why the server's commits cannot be listed."""
    reason, status = _broken(desk), desk.status
    if reason or status is None:
        return reason
    return _detached(status) or _no_upstream(status)


def no_commit(desk: Desk) -> str:
    """Why nothing can be committed."""
    reason, status = _broken(desk), desk.status
    if reason or status is None:
        return reason
    if status.conflicts:
        return tr("Solve the conflicts first.")
    if status.clean:
        return tr("Nothing to commit. The checkout is clean.")
    return ""


def no_switch(desk: Desk) -> str:
    """Why no other branch can be checked out."""
    reason, status = _broken(desk), desk.status
    if reason or status is None:
        return reason
    return _under_way(status) or ("" if status.head else tr("There is no commit yet."))


def _detached(status: CheckoutStatus) -> str:
    if status.branch:
        return ""
    return tr("No branch is checked out. Switch to one first.")


def _under_way(status: CheckoutStatus) -> str:
    if status.conflicts:
        return tr("Solve the conflicts first.")
    return tr("A {operation} is under way.", operation=status.operation) if status.operation else ""


def _no_upstream(status: CheckoutStatus) -> str:
    if status.upstream:
        return ""
    return tr("{branch} follows no branch of a server yet. Push it first.", branch=status.branch)


def _names(status: CheckoutStatus) -> dict[str, str]:
    return {"branch": status.branch, "up": status.upstream}


def _new(status: CheckoutStatus) -> set[str]:
    """Untracked files, which stand in nobody's way."""
    from aiops_desktop.domain.repositories import FileState  # known by now; not at the start

    return {change.path for change in status.unstaged if change.state == FileState.UNTRACKED}


# Titles ------------------------------------------------------------------------------------------


def push_title(desk: Desk) -> str:
    """Verb and object, "Push 2 commits"."""
    status = desk.status
    if status is None or not status.branch:
        return tr("Push")
    if not status.upstream:
        return tr("Push {branch}", branch=status.branch)
    return (
        counted(status.ahead, "Push {n} commit", "Push {n} commits") if status.ahead else tr("Push")
    )


def pull_title(desk: Desk) -> str:
    """Verb and object, "Pull 3 commits"."""
    behind = desk.status.behind if desk.status else 0
    return counted(behind, "Pull {n} commit", "Pull {n} commits") if behind else tr("Pull")
