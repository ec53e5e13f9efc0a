"""Issues as synced from a forge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a project. `external_id` is the server's own id, `number` the one people see."""

    id: int
    project_id: int
    external_id: str
    number: int
    title: str
    state: str
    url: str
    updated: datetime | None
