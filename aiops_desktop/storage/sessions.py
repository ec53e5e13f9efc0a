"""Terminals as remembered, so that one that ended with the computer can be told from a new one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.sessions import RememberedSession
from aiops_desktop.storage.database import Base, Database, now


class SessionRow(Base):
    """One window of a tenant's tmux session.

    `server` names the very server it was in: tmux numbers its windows anew after each restart.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "server", "session", "window", name="uq_sessions_window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    server: Mapped[str]
    session: Mapped[str]
    window: Mapped[str]
    name: Mapped[str]
    program: Mapped[str]
    tool: Mapped[str]
    folder: Mapped[str]
    opened: Mapped[datetime] = mapped_column(default=now)
    lost: Mapped[bool] = mapped_column(default=False)

    def remembered(self, layout: Layout) -> RememberedSession:
        """The row as the other floors know it."""
        return RememberedSession(
            tenant_id=self.tenant_id,
            project_id=self.project_id,
            session=self.session,
            window=self.window,
            program=self.program,
            folder=layout.absolute(self.folder),
            opened=self.opened,
            lost=self.lost,
            id=self.id,
            tool=self.tool,
            name=self.name,
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

    def remember(self, made: RememberedSession, server: str) -> None:
        """A window was made in a server. Its id and time are given here."""
        with self._database.write() as database:
            database.execute(
                delete(SessionRow).where(
                    SessionRow.tenant_id == made.tenant_id,
                    SessionRow.server == server,
                    SessionRow.session == made.session,
                    SessionRow.window == made.window,
                )
            )
            database.add(
                SessionRow(
                    tenant_id=made.tenant_id,
                    project_id=made.project_id,
                    server=server,
                    session=made.session,
                    window=made.window,
                    name=made.name,
                    program=made.program,
                    tool=made.tool,
                    folder=self._database.layout.relative(made.folder),
                )
            )

    def forget(self, tenant_id: int, session: str = "", window: str = "") -> None:
        """Windows were ended on purpose: one, those of a session, or all of a tenant.

        What was lost before is not meant, but by the end of a whole tenant.
        """
        gone = delete(SessionRow).where(SessionRow.tenant_id == tenant_id)
        if session:
            gone = gone.where(SessionRow.session == session, ~SessionRow.lost)
        if window:
            gone = gone.where(SessionRow.window == window)
        with self._database.write() as database:
            database.execute(gone)

    def forget_lost(self, number: int) -> None:
        """What was lost is back, or not wanted any more."""
        with self._database.write() as database:
            database.execute(delete(SessionRow).where(SessionRow.id == number, SessionRow.lost))

    def rename(
        self, tenant_id: int, session: str, window: str, *, name: str = "", to: str = ""
    ) -> None:
        """A window got another name, or went to another session."""
        with self._database.write() as database:
            for row in database.scalars(
                select(SessionRow).where(
                    SessionRow.tenant_id == tenant_id,
                    SessionRow.session == session,
                    SessionRow.window == window,
                    ~SessionRow.lost,
                )
            ):
                row.name = name or row.name
                row.session = to or row.session

    def rename_session(self, tenant_id: int, session: str, name: str) -> None:
        """A session got another name."""
        with self._database.write() as database:
            for row in database.scalars(
                select(SessionRow).where(
                    SessionRow.tenant_id == tenant_id,
                    SessionRow.session == session,
                    ~SessionRow.lost,
                )
            ):
                row.session = name

    def compare(
        self,
        tenant_id: int,
        server: str,
        living: Collection[tuple[str, str]],
        asked: datetime,
    ) -> int:
        """Mark as lost what is not among the living (session, window); how many are newly lost.

        `server` "" is none at all: then everything is lost that was opened before it was `asked`.
        """
        newly = 0
        with self._database.write() as database:
            for row in database.scalars(
                select(SessionRow).where(
                    SessionRow.tenant_id == tenant_id, SessionRow.opened < asked
                )
            ):
                lives = row.server == server and (row.session, row.window) in living
                newly += not lives and not row.lost
                row.lost = not lives
        return newly
