"""The commits of the server that are not here yet."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.repositories import Commit
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.push_parts import CommitRows
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.text import counted, tr


class IncomingDialog(Dialog):
    """Lists them, and offers to take them."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, upstream: str, commits: tuple[Commit, ...]
    ) -> None:
        status = desk.status
        self._rebase = bool(status and status.ahead)
        count = len(commits)
        title = counted(
            count, "{n} commit on {up} to come", "{n} commits on {up} to come", up=upstream
        )
        verb = (
            tr("Fetch and rebase")
            if self._rebase
            else counted(count, "Pull {n} commit", "Pull {n} commits")
        )
        super().__init__(
            desk,
            parent,
            title if count else tr("Nothing new on {up}", up=upstream),
            self._lead(count),
            verb=verb if count else tr("Close"),
            cancel=tr("Close"),
        )
        self._count = count
        self.cancel.setVisible(bool(count))
        if commits:
            self.body.addWidget(CommitRows(desk, commits))

    def _lead(self, count: int) -> str:
        if not count:
            return tr("You have every commit of it.")
        if self._rebase:
            return tr("Your own commits stay; a rebase puts them behind these.")
        return tr("Pulling moves your branch forward to the newest of them.")

    def submit(self) -> None:
        """Take them."""
        self.accept()
        if self._count:
            git.pull(self.desk, "rebase" if self._rebase else "ff-only")
