"""Filters of issues that each operator keeps for himself: by name, and the last one of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import IssueFilter, SavedFilter
    from aiops_desktop.domain.operators import Operator
    from aiops_desktop.storage.issue_filters import IssueFilterStore


class IssueFilters:
    """Of the operator who acts."""

    def __init__(
        self, store: IssueFilterStore, acting: Callable[[], Operator | None] = lambda: None
    ) -> None:
        self._store = store
        self._acting = acting

    def all(self) -> list[SavedFilter]:
        """Those with a name, by name."""
        return self._store.named(self._me)

    def find(self, name: str) -> SavedFilter:
        """One by name, without case.

        Raises:
            Missing: there is none of this name.
        """
        for one in self.all():
            if one.name.casefold() == name.strip().casefold():
                return one
        raise Missing(
            f"There is no filter “{name[:60]}”.",
            "Keep one by this name, or choose another.",
        )

    def keep(self, name: str, wanted: IssueFilter) -> SavedFilter:
        """Give a filter a name; another one of the same name goes.

        Raises:
            Refused: the name is empty, or too long.
        """
        return self._store.keep(self._me, None, checked_name(name, "filter"), wanted)

    def forget(self, filter_id: int) -> Done:
        """Take a name away."""
        self._store.forget(self._me, filter_id)
        return Done(Changes())

    def last(self, project_id: int | None = None) -> IssueFilter | None:
        """What was looked for last in a project, or (None) over all; None: nothing yet."""
        return self._store.last(self._me, project_id)

    def remember(self, project_id: int | None, wanted: IssueFilter) -> Done:
        """What is looked for now; words that were typed are not kept."""
        self._store.keep(self._me, project_id, "", replace(wanted, text=""))
        return Done(Changes())

    @property
    def _me(self) -> int | None:
        who = self._acting()
        return who.id if who else None
