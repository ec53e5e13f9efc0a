"""Issues as remembered from the last sync."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.issues import Issue
from aiops_desktop.storage.database import Base, Database


class IssueRow(Base):
    """An issue of a project; `external_id` is the server's own id."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("project_id", "external_id", name="uq_issues_project_external"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    state: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    updated: Mapped[datetime | None]

    def issue(self) -> Issue:
        """The row as the other floors know it."""
        return Issue(
            self.id,
            self.project_id,
            self.external_id,
            self.number,
            self.title,
            self.state,
            self.url,
            self.updated,
        )


class IssueStore:
    """The table of issues."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, project_id: int) -> list[Issue]:
        """A project's, newest change first."""
        query = (
            select(IssueRow)
            .where(IssueRow.project_id == project_id)
            .order_by(IssueRow.updated.desc(), IssueRow.number.desc())
        )
        with self._database.read() as session:
            return [row.issue() for row in session.scalars(query)]

    def put(self, issues: Iterable[Issue]) -> None:
        """Remember issues as a server told them; known ones are changed. Their `id` is not used."""
        with self._database.write() as session:
            for issue in issues:
                row = session.scalars(
                    select(IssueRow).where(
                        IssueRow.project_id == issue.project_id,
                        IssueRow.external_id == issue.external_id,
                    )
                ).first() or IssueRow(project_id=issue.project_id, external_id=issue.external_id)
                row.number, row.title, row.state = issue.number, issue.title, issue.state
                row.url, row.updated = issue.url, issue.updated
                session.add(row)
                session.flush()
