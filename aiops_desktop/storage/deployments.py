"""Deployments as remembered, so that each can be followed again after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from aiops_desktop.domain.deployments import Deployment, DeploymentState, Source
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.storage.database import Base, Database, now


class DeploymentRow(Base):
    """A deployment.

    `marker` stands in the task's message at the server, so that a launch whose answer was lost can
    be found; `settled` says that nothing more can come, not even late lines.
    """

    __tablename__ = "deployments"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    template_id: Mapped[str]
    template: Mapped[str]
    state: Mapped[str] = mapped_column(default=DeploymentState.WAITING.value)
    command: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    folder: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    started: Mapped[datetime | None] = mapped_column(default=None)
    finished: Mapped[datetime | None] = mapped_column(default=None)
    server: Mapped[str] = mapped_column(default="")
    remote_project: Mapped[int | None] = mapped_column(default=None)
    remote_id: Mapped[int | None] = mapped_column(default=None)
    marker: Mapped[str] = mapped_column(default="")
    commit: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    dry_run: Mapped[bool] = mapped_column(default=False)
    stop_asked: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int | None] = mapped_column(default=None)

    def kept(self, layout: Layout) -> Kept:
        """The row as the other floors know it."""
        return Kept(
            Deployment(
                self.id,
                self.project_id,
                self.tenant_id,
                Source(self.source),
                self.template_id,
                self.template,
                DeploymentState(self.state),
                self.command,
                self.operator,
                self.created,
                layout.absolute(self.folder),
                self.started,
                self.finished,
                self.remote_id,
                self.server,
                self.commit,
                self.message,
                self.dry_run,
            ),
            self.remote_project,
            self.marker,
            self.stop_asked,
            self.settled,
            self.event_id,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A deployment with what is needed to follow it.

    Attributes:
        remote_project: the server's number of the project it was launched in.
        marker: what its task's message holds at the server.
        stop_asked: a person pressed Stop.
        settled: nothing more can come.
        event_id: its event in the history.
    """

    deployment: Deployment
    remote_project: int | None
    marker: str
    stop_asked: bool
    settled: bool
    event_id: int | None

    @property
    def id(self) -> int:
        """The deployment's id."""
        return self.deployment.id


class DeploymentStore:
    """The table of deployments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, deployments: Path, values: Mapping[str, Any]) -> Kept:
        """Remember a new one.

        Args:
            deployments: the folder in which its own one (named by its id) will lie.
            values: columns; the ids of tenant and project, source, template_id, template and
                created at least.
        """
        layout = self._database.layout
        with self._database.write() as session:
            row = DeploymentRow(**values)
            session.add(row)
            session.flush()
            row.folder = layout.relative(deployments / str(row.id))
            session.flush()
            return row.kept(layout)

    def get(self, deployment_id: int) -> Kept:
        """One deployment.

        Raises:
            Missing: there is none with this id.
        """
        with self._database.read() as session:
            return _row(session, deployment_id).kept(self._database.layout)

    def all(self, project_id: int | None = None, limit: int = 500) -> list[Kept]:
        """Newest first."""
        wanted = select(DeploymentRow).order_by(DeploymentRow.id.desc()).limit(limit)
        if project_id is not None:
            wanted = wanted.where(DeploymentRow.project_id == project_id)
        with self._database.read() as session:
            return [row.kept(self._database.layout) for row in session.scalars(wanted)]

    def unsettled(self) -> list[Kept]:
        """Those that may still bring something, oldest first."""
        wanted = (
            select(DeploymentRow).where(DeploymentRow.settled.is_(False)).order_by(DeploymentRow.id)
        )
        with self._database.read() as session:
            return [row.kept(self._database.layout) for row in session.scalars(wanted)]

    def last(self, project_id: int) -> dict[str, Deployment]:
        """The newest deployment of each template of a project, by the template's id."""
        newest = (
            select(func.max(DeploymentRow.id))
            .where(DeploymentRow.project_id == project_id)
            .group_by(DeploymentRow.source, DeploymentRow.template_id)
        )
        wanted = select(DeploymentRow).where(DeploymentRow.id.in_(newest))
        with self._database.read() as session:
            found = [row.kept(self._database.layout) for row in session.scalars(wanted)]
        return {f"{k.deployment.source}/{k.deployment.template_id}": k.deployment for k in found}

    def count(self, tenant_id: int, project_id: int | None = None) -> int:
        """How many a tenant (or one project of it) has."""
        wanted = select(func.count(DeploymentRow.id)).where(DeploymentRow.tenant_id == tenant_id)
        if project_id is not None:
            wanted = wanted.where(DeploymentRow.project_id == project_id)
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def change(self, deployment_id: int, **values: object) -> Kept:
        """Change columns.

        Raises:
            Missing: it is not there any more.
        """
        with self._database.write() as session:
            row = _row(session, deployment_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            return row.kept(self._database.layout)

    def remove(self, deployment_id: int) -> None:
        """Forget one that never began."""
        with self._database.write() as session:
            session.delete(_row(session, deployment_id))


def _row(session: Session, deployment_id: int) -> DeploymentRow:
    row = session.get(DeploymentRow, deployment_id)
    if row is None:
        raise Missing("This deployment is not there any more.", "Refresh the list.")
    return row
