"""Projects as remembered, with the state of their checkouts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now
from aiops_desktop.storage.keys import KeyRow
from aiops_desktop.storage.tenants import TenantRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class ProjectRow(Base):
    """A repository of a tenant. `busy_by` is the mark of the process that clones it."""

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name_key", name="uq_projects_tenant_name"),
        UniqueConstraint("tenant_id", "slug", name="uq_projects_tenant_slug"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_key: Mapped[str]
    slug: Mapped[str]
    remote_url: Mapped[str]
    default_branch: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    checkout: Mapped[str]
    adopted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=CheckoutState.ABSENT.value)
    clone_error: Mapped[str] = mapped_column(default="")
    busy_by: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    key_id: Mapped[int | None] = mapped_column(ForeignKey("keys.id", ondelete="SET NULL"))
    favourite: Mapped[bool] = mapped_column(default=False)
    semaphore_project: Mapped[int | None]

    def project(self, layout: Layout) -> Project:
        """The row as the other floors know it."""
        return Project(
            id=self.id,
            tenant_id=self.tenant_id,
            name=self.name,
            slug=self.slug,
            remote_url=self.remote_url,
            default_branch=self.default_branch,
            description=self.description,
            checkout=layout.absolute(self.checkout),
            state=CheckoutState(self.state),
            created=self.created,
            clone_error=self.clone_error,
            key_id=self.key_id,
            favourite=self.favourite,
            semaphore_project=self.semaphore_project,
            adopted=self.adopted,
        )


class ProjectStore:
    """The table of projects. `mark` names this process in the rows it is at work on."""

    def __init__(self, database: Database, mark: str = "") -> None:
        self._database = database
        self._mark = mark

    def all(self, tenant_id: int | None = None) -> list[Project]:
        """Projects of a tenant (or all), by name."""
        wanted = select(ProjectRow).order_by(ProjectRow.name_key, ProjectRow.id)
        if tenant_id is not None:
            wanted = wanted.where(ProjectRow.tenant_id == tenant_id)
        with self._database.read() as session:
            return [row.project(self._database.layout) for row in session.scalars(wanted)]

    def get(self, project_id: int) -> Project:
        """One project.

        Raises:
            Missing: it is not there (any more).
        """
        with self._database.read() as session:
            return _row(session, project_id).project(self._database.layout)

    def find(self, tenant: str, project: str) -> Project | None:
        """By names or slugs, without case; a slug wins when both would fit."""
        tenant_key, key = name_key(tenant), name_key(project)
        with self._database.read() as session:
            found = session.scalars(
                select(ProjectRow)
                .join(TenantRow, TenantRow.id == ProjectRow.tenant_id)
                .where(or_(TenantRow.slug == tenant_key, TenantRow.name_key == tenant_key))
                .where(or_(ProjectRow.slug == key, ProjectRow.name_key == key))
            ).all()
            best = sorted(found, key=lambda row: row.slug != key)
            return best[0].project(self._database.layout) if best else None

    def slugs(self, tenant_id: int) -> frozenset[str]:
        """All slugs in use in a tenant."""
        with self._database.read() as session:
            wanted = select(ProjectRow.slug).where(ProjectRow.tenant_id == tenant_id)
            return frozenset(session.scalars(wanted))

    def add(self, draft: ProjectDraft, slug: str, checkout: Path, *, adopted: bool) -> Project:
        """Remember a new project; the draft is `checked`. An adopted checkout is ready at once.

        Raises:
            Refused: the name is taken in this tenant.
        """
        state = CheckoutState.READY if adopted else CheckoutState.ABSENT
        row = ProjectRow(
            tenant_id=draft.tenant_id,
            slug=slug,
            checkout=self._database.layout.relative(checkout),
            adopted=adopted,
            state=state.value,
        )
        _fill(row, draft)
        return self._save(row, draft.name)

    def change(self, project_id: int, draft: ProjectDraft) -> Project:
        """Change a project; slug and checkout stay.

        Raises:
            Missing: it is not there.
            Refused: the name is taken in this tenant.
        """
        with self._database.write() as session:
            row = _row(session, project_id)
            _fill(row, draft)
            return self._save(row, draft.name)

    def set_state(self, project_id: int, state: CheckoutState, error: str = "") -> Project:
        """Say how the checkout stands; `error` is the sentence of a failed clone."""
        with self._database.write() as session:
            row = _row(session, project_id)
            row.state, row.clone_error = state.value, error
            row.busy_by = self._mark if state is CheckoutState.CLONING else ""
            session.flush()
            return row.project(self._database.layout)

    def set_branch(self, project_id: int, branch: str) -> Project:
        """Remember the default branch, once the server has told it."""
        with self._database.write() as session:
            row = _row(session, project_id)
            row.default_branch = branch
            session.flush()
            return row.project(self._database.layout)

    def set_favourite(self, project_id: int, on: bool) -> Project:
        """Star or unstar."""
        with self._database.write() as session:
            row = _row(session, project_id)
            row.favourite = on
            session.flush()
            return row.project(self._database.layout)

    def remove(self, project_id: int) -> None:
        """Forget a project and every row that has no meaning without it."""
        with self._database.write() as session:
            session.delete(_row(session, project_id))

    def recover(self, living: Callable[[str], bool], sentence: str) -> list[Project]:
        """Mark the clones of dead processes as failed, with this sentence; those projects."""
        with self._database.write() as session:
            wanted = select(ProjectRow).where(ProjectRow.state == CheckoutState.CLONING.value)
            rows = [row for row in session.scalars(wanted) if not living(row.busy_by)]
            for row in rows:
                row.state, row.clone_error, row.busy_by = CheckoutState.FAILED.value, sentence, ""
            session.flush()
            return [row.project(self._database.layout) for row in rows]

    def moved(self, project_id: int, checkout: Path) -> None:
        """Remember another place of the checkout."""
        with self._database.write() as session:
            session.execute(
                update(ProjectRow)
                .where(ProjectRow.id == project_id)
                .values(checkout=self._database.layout.relative(checkout))
            )

    def _save(self, row: ProjectRow, name: str) -> Project:
        with self._database.write() as session:
            with session.no_autoflush:
                key = session.get(KeyRow, row.key_id) if row.key_id is not None else None
            if key is not None and key.tenant_id != row.tenant_id:
                raise Refused(
                    "This key belongs to another tenant.",
                    "Choose one of this tenant's keys.",
                    field="key_id",
                )
            session.add(row)
            try:
                session.flush()
            except IntegrityError as error:
                text = str(error.orig)
                if "FOREIGN KEY" in text:
                    raise Refused(
                        "The tenant or the key of this project is not there any more.",
                        "Choose another one.",
                        field="key_id",
                    ) from error
                raise Refused(
                    f"This tenant has a project named “{name}” already.",
                    "Choose another name.",
                    field="name",
                ) from error
            return row.project(self._database.layout)


def _row(session: Session, project_id: int) -> ProjectRow:
    row = session.get(ProjectRow, project_id)
    if row is None:
        raise Missing("This project is not there any more.", "Choose another one.")
    return row


def _fill(row: ProjectRow, draft: ProjectDraft) -> None:
    row.name, row.name_key = draft.name, name_key(draft.name)
    row.remote_url, row.default_branch = draft.remote_url, draft.default_branch
    row.description, row.key_id = draft.description, draft.key_id
    row.semaphore_project = draft.semaphore_project
