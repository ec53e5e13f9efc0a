"""Which events are wanted, as the database is asked for them: newest first, a page at a time."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, select, table
from sqlalchemy.orm import InstrumentedAttribute

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.storage.event_rows import EventRow, facet

_INDEX = table("events_search", column("rowid"), column("events_search"))
#: A clock that was set back leaves events out of order; so many are looked at to find the first.
_DISORDER = 1_000


def narrowed(query: Select[Any], wanted: EventFilter) -> Select[Any]:
    """The query for what is wanted, newest first, `wanted.limit` at most."""
    match = _match(wanted)
    number: ColumnElement[int] = EventRow.id.expression
    if match:
        query = query.join(_INDEX, _INDEX.c.rowid == EventRow.id)
        query = query.where(_INDEX.c.events_search.op("MATCH")(match))
        number = _INDEX.c.rowid  # the index is walked from its end
    if wanted.before is not None:
        query = query.where(number < wanted.before)
    if wanted.since is not None:
        first = select(EventRow.id).where(EventRow.started >= wanted.since)
        early = first.order_by(EventRow.started).limit(_DISORDER).subquery()
        query = query.where(
            number >= select(func.min(early.c.id)).scalar_subquery(),
            EventRow.started >= wanted.since,
        )
    if wanted.subject:
        query = query.where(EventRow.subject == wanted.subject)
    return query.order_by(number.desc()).limit(wanted.limit)


def distinct(attribute: InstrumentedAttribute[str]) -> Select[str]:
    """The different values of an indexed column, in order: a hop from each to the next.

    DISTINCT would read the whole index.
    """
    hop = select(func.min(attribute).label("value")).cte("hop", recursive=True)
    after = select(func.min(attribute)).where(attribute > hop.c.value).scalar_subquery()
    hop = hop.union_all(select(after).where(hop.c.value.is_not(None)))
    return select(hop.c.value).where(hop.c.value.is_not(None))


def _match(wanted: EventFilter) -> str:
    """The filter in the words of FTS5 (sqlite.org/fts5.html, 3); "" when nothing narrows it."""
    facets = [
        f"t{wanted.tenant_id}" if wanted.tenant_id is not None else "",
        f"p{wanted.project_id}" if wanted.project_id is not None else "",
        f"o{wanted.outcome}" if wanted.outcome else "",
        facet("a", wanted.actor) if wanted.actor else "",
        facet("v", wanted.verb) if wanted.verb else "",
    ]
    asked = [f"facets : {word}" for word in facets if word]
    asked += [f"words : {_quoted(word)} *" for word in wanted.text.split() if _speaks(word)]
    if _speaks(wanted.subject):
        asked.append(f"words : {_quoted(wanted.subject)}")
    return " AND ".join(asked)


def _quoted(text: str) -> str:
    text = text.replace("\0", " ").replace('"', '""')
    return f'"{text}"'


def _speaks(text: str) -> bool:
    """Whether anything is left of it in the index, which holds letters and digits only."""
    return bool(re.search(r"[^\W_]", text))
