"""Staging, unstaging, discarding: quick verbs that need no line in the drawer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from aiops_desktop.domain.repositories import Discarded, FileChange, FileDiff, Pick
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk


class Stager(QObject):
    """Runs the verbs one after the other in the checkout's lane and announces what changed.

    Signals:
        discarded(int, Discarded): work was thrown away in a project, and can be brought back.
        failed(Trouble): a verb could not be done; a Clash when the file changed meanwhile.
    """

    discarded = Signal(int, object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def files(self, verb: str, project_id: int, files: Sequence[FileChange]) -> None:
        """Do one of "stage", "unstage" and "discard" with whole files."""
        house = self._desk.house
        # Both names of a renamed file: unstaging only the new one would leave a deletion staged.
        paths = [file.path for file in files]
        if verb == "unstage":
            paths += [file.old_path for file in files if file.old_path]
        verbs: dict[str, Callable[[], Any]] = {
            "stage": lambda: house.repositories.stage(project_id, paths),
            "unstage": lambda: house.repositories.unstage(project_id, paths),
            "discard": lambda: house.repositories.discard(project_id, paths),
        }
        self._run(project_id, verbs[verb])

    def part(self, verb: str, project_id: int, diff: FileDiff, pick: Pick) -> None:
        """The same for hunks or lines of a diff."""
        house = self._desk.house
        verbs: dict[str, Callable[[], Any]] = {
            "stage": lambda: house.repositories.stage_part(project_id, diff, pick),
            "unstage": lambda: house.repositories.unstage_part(project_id, diff, pick),
            "discard": lambda: house.repositories.discard_part(project_id, diff, pick),
        }
        self._run(project_id, verbs[verb])

    def restore(self, project_id: int, token: str) -> None:
        """Bring discarded work back."""
        house = self._desk.house
        self._run(project_id, lambda: house.repositories.restore(project_id, token))

    def _run(self, project_id: int, verb: Callable[[], Any]) -> None:
        def work(_job: Job) -> Any:  # noqa: ANN401 - Done or Discarded
            return verb()

        def done(result: Any) -> None:  # noqa: ANN401 - Done or Discarded
            self._desk.announce(result.changes)
            if isinstance(result, Discarded):
                self.discarded.emit(project_id, result)

        def failed(trouble: Trouble) -> None:
            self._desk.refresh_status(project_id)
            self.failed.emit(trouble)

        self._desk.read(work, done, trouble=failed, lane=("checkout", project_id))
