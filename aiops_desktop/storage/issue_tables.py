"""The tables of issues, their comments and their syncs, with full-text indexes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.storage.database import Base, beyond, now

#: Full-text indexes: of issues, and of their comments.
TEXT, TALK = "issues_text", "issue_talk_text"


class IssueRow(Base):
    """An issue; `external_id` is the server's own id.

    `written` is when this program last took it over; `talked` the state of `updated` for which the
    comments were read, None: never; `draft` a comment that was begun.
    """

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("link_id", "external_id", name="uq_issues_link_external"),
        Index("ix_issues_shown", "project_id", "gone", "state", "updated"),
        # Holds all that is counted, so that counting reads no texts.
        Index(
            "ix_issues_counted",
            *("gone", "project_id", "link_id", "state", "assignees", "labels", "due", "tenant_id"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    external_id: Mapped[str]
    number: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    state: Mapped[str]
    original: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    assignees: Mapped[list[str]] = mapped_column(JSON, default=list)
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    milestone: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None] = mapped_column(default=None)
    created: Mapped[datetime | None] = mapped_column(default=None)
    updated: Mapped[datetime | None] = mapped_column(default=None, index=True)
    closed: Mapped[datetime | None] = mapped_column(default=None)
    confidential: Mapped[bool] = mapped_column(default=False)
    comments: Mapped[int] = mapped_column(default=0)
    gone: Mapped[datetime | None] = mapped_column(default=None)
    written: Mapped[datetime] = mapped_column(default=now)
    talked: Mapped[datetime | None] = mapped_column(default=None)
    draft: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    """Last, because what stands behind a long text is slow to read."""


class CommentRow(Base):
    """A comment of an issue; `external_id` is the server's own id."""

    __tablename__ = "issue_comments"
    __table_args__ = (
        UniqueConstraint("issue_id", "external_id", name="uq_issue_comments_issue_external"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    author: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime | None] = mapped_column(default=None)
    url: Mapped[str] = mapped_column(default="")
    internal: Mapped[bool] = mapped_column(default=False)


class SyncRow(Base):
    """How the sync of a link stands."""

    __tablename__ = "issue_syncs"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("links.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    cursor: Mapped[datetime | None] = mapped_column(default=None)
    synced: Mapped[datetime | None] = mapped_column(default=None)
    swept: Mapped[datetime | None] = mapped_column(default=None)
    tried: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    what: Mapped[str] = mapped_column(default="")
    hint: Mapped[str] = mapped_column(default="")
    due: Mapped[datetime | None] = mapped_column(default=None)
    login: Mapped[str] = mapped_column(default="")
    labels: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    members: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


def _indexed(table: str, text: str, *columns: str) -> None:
    """A full-text index over columns of a table that follows every change.

    Without case and accents, with short cuts for words that are being typed. Source:
    sqlite.org/fts5.html, 4.4.3.
    """
    names, new = ", ".join(columns), ", ".join(f"new.{name}" for name in columns)
    old = ", ".join(f"old.{name}" for name in columns)
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    add = f"INSERT INTO {text}(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - names above
    take = f"INSERT INTO {text}({text}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608 - the same
    trigger = "CREATE TRIGGER IF NOT EXISTS"
    beyond(
        text,
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {text} USING fts5({names}, content='{table}', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
        f"{trigger} {text}_new AFTER INSERT ON {table} BEGIN {add} END",
        f"{trigger} {text}_old AFTER DELETE ON {table} BEGIN {take} END",
        f"{trigger} {text}_change AFTER UPDATE ON {table} WHEN {changed} BEGIN {take} {add} END",
    )


_indexed("issues", TEXT, "title", "body")
_indexed("issue_comments", TALK, "body")
