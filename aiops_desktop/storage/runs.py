"""Assist runs as remembered; how a run at work stands is told by its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.runs import Run, RunState, Usage
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, now
from aiops_desktop.storage.issue_tables import IssueRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ALIVE = tuple(state.value for state in RunState if state.alive)
#: Somebody still has to do something about these.
_OPEN = (*_ALIVE, RunState.READY.value, RunState.COMMITTED.value, RunState.INTERRUPTED.value)
#: Columns that are taken over as they are.
_PLAIN = (
    "assistant",
    "title",
    "prompt",
    "branch",
    "base_branch",
    "base_commit",
    "operator",
    "model",
    "sandbox",
    "finished",
    "thread",
    "added",
    "removed",
    "files",
    "last",
    "error",
    "exit_code",
    "commit",
    "rescue_ref",
    "session",
    "issue_id",
)


class RunRow(Base):
    """A run. `attempt` counts its starts, `event_id` is the history's row of the present one."""

    __tablename__ = "runs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), index=True
    )
    assistant: Mapped[str]
    title: Mapped[str]
    prompt: Mapped[str]
    state: Mapped[str] = mapped_column(default=RunState.STARTING.value, index=True)
    branch: Mapped[str] = mapped_column(default="")
    base_branch: Mapped[str] = mapped_column(default="")
    base_commit: Mapped[str] = mapped_column(default="")
    worktree: Mapped[str] = mapped_column(default="")
    folder: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    model: Mapped[str] = mapped_column(default="")
    sandbox: Mapped[str] = mapped_column(default="")
    named_files: Mapped[str] = mapped_column(default="[]")
    finished: Mapped[datetime | None] = mapped_column(default=None)
    thread: Mapped[str] = mapped_column(default="")
    tokens_in: Mapped[int] = mapped_column(default=0)
    tokens_cached: Mapped[int] = mapped_column(default=0)
    tokens_out: Mapped[int] = mapped_column(default=0)
    cost: Mapped[float | None] = mapped_column(default=None)
    added: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    last: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    exit_code: Mapped[int | None] = mapped_column(default=None)
    commit: Mapped[str] = mapped_column(default="")
    rescue_ref: Mapped[str] = mapped_column(default="")
    session: Mapped[str] = mapped_column(default="")
    issue_id: Mapped[int | None] = mapped_column(
        ForeignKey("issues.id", ondelete="SET NULL"), default=None
    )
    attempt: Mapped[int] = mapped_column(default=1)
    event_id: Mapped[int | None] = mapped_column(default=None)

    def run(self, layout: Layout) -> Run:
        """The row as the other floors know it."""
        return Run(
            id=self.id,
            project_id=self.project_id,
            tenant_id=self.tenant_id,
            state=RunState(self.state),
            worktree=layout.absolute(self.worktree),
            folder=layout.absolute(self.folder),
            created=self.created,
            usage=Usage(self.tokens_in, self.tokens_cached, self.tokens_out, self.cost),
            **{name: getattr(self, name) for name in _PLAIN},
        )

    def fill(self, run: Run, layout: Layout) -> None:
        """Take over everything that may change."""
        for name in _PLAIN:
            setattr(self, name, getattr(run, name))
        self.state = run.state.value
        self.worktree = layout.relative(run.worktree)
        self.folder = layout.relative(run.folder)
        self.tokens_in, self.tokens_cached = run.usage.tokens_in, run.usage.tokens_cached
        self.tokens_out, self.cost = run.usage.tokens_out, run.usage.cost


class RunStore:
    """The table of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, project_id: int | None = None, tenant_id: int | None = None) -> list[Run]:
        """Runs, newest first."""
        wanted = select(RunRow).order_by(RunRow.id.desc())
        if project_id is not None:
            wanted = wanted.where(RunRow.project_id == project_id)
        if tenant_id is not None:
            wanted = wanted.where(RunRow.tenant_id == tenant_id)
        with self._database.read() as session:
            return [row.run(self._database.layout) for row in session.scalars(wanted)]

    def alive(self) -> list[Run]:
        """Runs whose row says that a process should be at work."""
        with self._database.read() as session:
            rows = session.scalars(select(RunRow).where(RunRow.state.in_(_ALIVE)))
            return [row.run(self._database.layout) for row in rows]

    def count(self, tenant_id: int, project_id: int | None = None) -> int:
        """How many runs a tenant (or one project) has."""
        wanted = select(func.count()).where(RunRow.tenant_id == tenant_id)
        if project_id is not None:
            wanted = wanted.where(RunRow.project_id == project_id)
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def open_of(self, operator: str) -> int:
        """How many runs of an operator are not at their end."""
        wanted = select(func.count()).where(RunRow.operator == operator, RunRow.state.in_(_OPEN))
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def hand_over(self, operator: str, heir: str) -> int:
        """Make them another operator's; how many."""
        with self._database.write() as session:
            wanted = select(RunRow).where(RunRow.operator == operator, RunRow.state.in_(_OPEN))
            rows = session.scalars(wanted).all()
            for row in rows:
                row.operator = heir
            return len(rows)

    def get(self, run_id: int) -> Run:
        """One run.

        Raises:
            Missing: there is no such run.
        """
        with self._database.read() as session:
            return _row(session, run_id).run(self._database.layout)

    def add(
        self,
        facts: Mapping[str, object],
        named_files: tuple[str, ...],
        complete: Callable[[Run], Run],
    ) -> Run:
        """A new run. `complete` adds what carries its number, before anybody else can see it.

        Raises:
            Refused: it is about an issue of another project.
        """
        layout = self._database.layout
        with self._database.write() as session:
            issue = facts.get("issue_id")
            owner = select(IssueRow.project_id).where(IssueRow.id == issue)
            if issue is not None and session.scalar(owner) != facts["project_id"]:
                raise Refused("This issue belongs to another project, or is not there any more.")
            row = RunRow(**facts, named_files=json.dumps(named_files))
            session.add(row)
            session.flush()
            row.fill(complete(row.run(layout)), layout)
            session.flush()
            return row.run(layout)

    def save(self, run: Run) -> Run:
        """Write a run back."""
        with self._database.write() as session:
            row = _row(session, run.id)
            row.fill(run, self._database.layout)
            session.flush()
            return row.run(self._database.layout)

    def measure(self, before: Run, run: Run) -> Run:
        """Write the size of a run's changes back, unless its state is not `before`'s any more.

        Reviews only look; one that began before a resume or a commit must not undo it.
        """
        with self._database.write() as session:
            row = _row(session, run.id)
            if row.state == before.state:
                row.state, row.files, row.added, row.removed = (
                    run.state,
                    run.files,
                    run.added,
                    run.removed,
                )
                session.flush()
            return row.run(self._database.layout)

    def progress(self, run: Run) -> Run:
        """Write back how a run at work gets on; one that has ended meanwhile stays as it is."""
        with self._database.write() as session:
            row = _row(session, run.id)
            if row.state in _ALIVE:
                row.fill(run, self._database.layout)
                session.flush()
            return row.run(self._database.layout)

    def end(self, run: Run) -> tuple[Run, bool]:
        """Write the end of a run at work; False when somebody else has done so already."""
        with self._database.write() as session:
            row = _row(session, run.id)
            first = row.state in _ALIVE
            if first:
                row.fill(run, self._database.layout)
                session.flush()
            return row.run(self._database.layout), first

    def attempt(self, run_id: int) -> int:
        """How often it was started."""
        with self._database.read() as session:
            return _row(session, run_id).attempt

    def named_files(self, run_id: int) -> tuple[str, ...]:
        """The files that were named to the assistant."""
        with self._database.read() as session:
            return tuple(str(name) for name in json.loads(_row(session, run_id).named_files))

    def event(self, run_id: int) -> int | None:
        """The history's row of the present attempt."""
        with self._database.read() as session:
            return _row(session, run_id).event_id

    def begun(self, run_id: int, attempt: int, event_id: int) -> None:
        """An attempt begins."""
        with self._database.write() as session:
            row = _row(session, run_id)
            row.attempt, row.event_id = attempt, event_id

    def remove(self, run_id: int) -> None:
        """Forget a run that never came to life."""
        with self._database.write() as session:
            session.delete(_row(session, run_id))


def _row(session: Session, run_id: int) -> RunRow:
    row = session.get(RunRow, run_id)
    if row is None:
        raise Missing("This run is not there any more.", "Choose another one.")
    return row
