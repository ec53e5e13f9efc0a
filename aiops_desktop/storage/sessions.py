"""Terminals as remembered, so that one that ended with the computer can be told from a new one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.sessions import RememberedSession
from aiops_desktop.storage.database import Base, Database, now


class SessionRow(Base):
    """One window of a tenant's tmux session."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "session", "window", name="uq_sessions_window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    session: Mapped[str]
    window: Mapped[str]
    program: Mapped[str]
    folder: Mapped[str]
    opened: Mapped[datetime] = mapped_column(default=now)
    lost: Mapped[bool] = mapped_column(default=False)

    def remembered(self, layout: Layout) -> RememberedSession:
        """The row as the other floors know it."""
        return RememberedSession(
            self.tenant_id,
            self.project_id,
            self.session,
            self.window,
            self.program,
            layout.absolute(self.folder),
            self.opened,
            self.lost,
        )


class SessionStore:
    """The table of terminals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, tenant_id: int | None = None) -> list[RememberedSession]:
        """What is remembered, of one tenant or all."""
        wanted = select(SessionRow).order_by(SessionRow.id)
        if tenant_id is not None:
            wanted = wanted.where(SessionRow.tenant_id == tenant_id)
        with self._database.read() as session:
            return [row.remembered(self._database.layout) for row in session.scalars(wanted)]

    def remember(
        self, tenant_id: int, project_id: int, session: str, window: str, program: str, folder: Path
    ) -> None:
        """A window was made. What was lost of this project before is forgotten."""
        with self._database.write() as database:
            database.execute(
                delete(SessionRow).where(SessionRow.project_id == project_id, SessionRow.lost)
            )
            # tmux counts its windows anew after a restart, so an old row may have this name.
            database.execute(
                delete(SessionRow).where(
                    SessionRow.tenant_id == tenant_id,
                    SessionRow.session == session,
                    SessionRow.window == window,
                )
            )
            database.add(
                SessionRow(
                    tenant_id=tenant_id,
                    project_id=project_id,
                    session=session,
                    window=window,
                    program=program,
                    folder=self._database.layout.relative(folder),
                )
            )

    def forget(self, tenant_id: int, session: str = "", window: str = "") -> None:
        """Windows were ended on purpose: one, those of a session, or all of a tenant."""
        gone = delete(SessionRow).where(SessionRow.tenant_id == tenant_id)
        if session:
            gone = gone.where(SessionRow.session == session)
        if window:
            gone = gone.where(SessionRow.window == window)
        with self._database.write() as database:
            database.execute(gone)

    def compare(self, tenant_id: int, living: Iterable[tuple[str, str, int]]) -> None:
        """Mark as lost what is not among the living (session, window, project id)."""
        alive = set(living)
        with self._database.write() as database:
            for row in database.scalars(
                select(SessionRow).where(SessionRow.tenant_id == tenant_id)
            ):
                row.lost = (row.session, row.window, row.project_id) not in alive
