"""How Alembic runs a migration: on the connection that storage/open.py hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from aiops_desktop.storage.database import UtcTime
from aiops_desktop.storage.tables import all_tables, is_modelled


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:  # noqa: ANN401 - Alembic's hook
    """Revisions name plain SQLAlchemy types, so that they outlive changes of ours."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,
    render_item=_render,
    include_name=is_modelled,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
