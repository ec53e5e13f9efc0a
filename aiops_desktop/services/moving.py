"""A data folder that was moved or restored elsewhere: what lies in it finds its parts again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.trouble import Trouble

if TYPE_CHECKING:
    from aiops_desktop.adapters.git import Repository
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.runs import Run


class Moving:
    """Notices at a start that the data folder lies elsewhere than at the last one.

    Paths are remembered relative to it; only git keeps whole ones, between a checkout and its
    worktrees. Args of the constructor: calls for all projects, all runs, and a project's checkout.
    """

    def __init__(
        self,
        layout: Layout,
        projects: Callable[[], Iterable[Project]],
        runs: Callable[[], Iterable[Run]],
        repository: Callable[[int], Repository],
    ) -> None:
        self._layout, self._projects, self._runs = layout, projects, runs
        self._repository = repository

    def settle(self) -> list[Project]:
        """Mend what a move has torn; the projects it was done for."""
        here = str(self._layout.data.resolve())
        note = self._layout.data / ".place"
        with suppress(OSError):
            if note.read_text("utf-8") == here:
                return []
        try:
            mended = [project for project in self._projects() if self._mend(project)]
        except Trouble:  # another start looks again
            return []
        with suppress(OSError):
            note.write_text(here, "utf-8")
        return mended

    def _mend(self, project: Project) -> bool:
        folders = [run.worktree for run in self._runs() if run.project_id == project.id]
        there = [folder for folder in folders if _torn(folder)]
        if not there or project.state is not CheckoutState.READY:
            return False
        try:
            self._repository(project.id).mend_worktrees(there)
        except Trouble:  # it is said when somebody looks at the project
            return False
        return True


def _torn(worktree: Path) -> bool:
    """Whether the checkout a worktree belongs to is not where the worktree says."""
    try:
        told = (worktree / ".git").read_text("utf-8", "replace").strip()
    except OSError:
        return False
    return not Path(told.removeprefix("gitdir: ")).is_dir()
