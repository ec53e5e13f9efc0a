"""Filters of issues that operators gave a name, and the one each of them used last in a place."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import JSON, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from aiops_desktop.domain.issues import IssueFilter, IssueSort, IssueState, SavedFilter
from aiops_desktop.storage.database import Base, Database, name_key

#: Where a filter looks, and how many it shows, is the page's business.
_PLACE = {"project_id", "tenant_id", "link_id", "limit"}


class IssueFilterRow(Base):
    """A filter; without a name the last one, in `project_id` or (None) in the list of all."""

    __tablename__ = "issue_filters"

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int | None] = mapped_column(
        ForeignKey("operators.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="")
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class IssueFilterStore:
    """The table of filters. `operator_id` None is nobody yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, operator_id: int | None) -> list[SavedFilter]:
        """An operator's, by name."""
        query = (
            select(IssueFilterRow)
            .where(IssueFilterRow.operator_id.is_(operator_id), IssueFilterRow.name != "")
            .order_by(IssueFilterRow.name_key)
        )
        with self._database.read() as session:
            return [
                SavedFilter(row.id, row.name, _wanted(row.wanted)) for row in session.scalars(query)
            ]

    def last(self, operator_id: int | None, project_id: int | None) -> IssueFilter | None:
        """The one an operator used last in a place."""
        with self._database.read() as session:
            row = _find(session, operator_id, project_id, "")
            return _wanted(row.wanted) if row else None

    def keep(
        self, operator_id: int | None, project_id: int | None, name: str, wanted: IssueFilter
    ) -> SavedFilter:
        """Remember one, in the place of the one of the same name."""
        told = {key: value for key, value in asdict(wanted).items() if key not in _PLACE}
        with self._database.write() as session:
            row = _find(session, operator_id, project_id, name) or IssueFilterRow(
                operator_id=operator_id, project_id=project_id
            )
            row.name, row.name_key, row.wanted = name, name_key(name), told
            session.add(row)
            session.flush()
            return SavedFilter(row.id, name, _wanted(told))

    def forget(self, operator_id: int | None, filter_id: int) -> None:
        """Forget one of an operator's own."""
        with self._database.write() as session:
            session.execute(
                delete(IssueFilterRow).where(
                    IssueFilterRow.id == filter_id, IssueFilterRow.operator_id.is_(operator_id)
                )
            )


def _find(
    session: Session, operator_id: int | None, project_id: int | None, name: str
) -> IssueFilterRow | None:
    return session.scalars(
        select(IssueFilterRow).where(
            IssueFilterRow.operator_id.is_(operator_id),
            IssueFilterRow.project_id.is_(project_id),
            IssueFilterRow.name_key == name_key(name),
        )
    ).first()


def _wanted(told: dict[str, Any]) -> IssueFilter:
    """A filter as it was written down; what a newer version wrote and this one cannot is left."""
    known = {item.name for item in fields(IssueFilter)} - _PLACE
    values = {name: value for name, value in told.items() if name in known}
    try:
        values["state"] = IssueState(values["state"]) if values.get("state") else None
        values["sort"] = IssueSort(values.get("sort") or IssueSort.UPDATED)
    except ValueError:
        return IssueFilter(only_open=True)
    return IssueFilter(**values)
