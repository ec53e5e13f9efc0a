"""A data folder with a little of everything, and what must be in it afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from aiops_desktop.app import build
from aiops_desktop.domain.integrations import IntegrationDraft, IntegrationKind
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from tests.support.fake_forge import TOKEN
from tests.support.fake_gitlab import FakeGitLab

Rows = dict[str, list[tuple[Any, ...]]]

_EVENTS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO events"
    " (started, actor, verb, subject, outcome, tenant_id, note, facts, output, process)"
    " SELECT datetime('2026-01-01', i || ' minutes'), 'Ann', 'push', 'site ' || i, 'done', 1,"
    " 'as deploy', '{}', '', '1:0' FROM n"
)


def stock(
    layout: Layout, gitlab: FakeGitLab, *, name: str = "Acme", events: int = 3000, sync: bool = True
) -> None:
    """Make tenants, keys, a linked project with its issues, and a history."""
    there = gitlab.find("acme/shop") or gitlab.add_project("acme/shop")
    house = build(layout, {})
    tenant = house.tenants.create(TenantDraft(name)).tenant
    other = house.tenants.create(TenantDraft(f"{name} two")).tenant
    for one in (tenant, other):
        house.keys.generate(one.id, "deploy")
        house.projects.create(ProjectDraft(one.id, f"{gitlab.url}/acme/shop.git", "shop"))
    draft = IntegrationDraft(tenant.id, IntegrationKind.GITLAB, base_url=gitlab.url, token=TOKEN)
    server = house.integrations.add(draft, Job("Add")).integration
    project = house.projects.find(tenant.slug, "shop")
    link = house.integrations.projects.link(project.id, server.id, there.path, Job("Link")).link
    house.secrets.put("tenant:1/https/git.acme.example", SECRET)
    if sync:
        house.issues.sync(link.id, Job("Sync"))
        issue = house.issues.find(project.id, 1)
        house.issues.keep_draft(issue.id, "A draft that nobody sent yet.")
    house.history._store._database.close()
    with sqlite3.connect(layout.database) as base:
        base.execute(_EVENTS, (events,))
    base.close()


#: A token of the stock.
SECRET = "a-token-that-must-not-lie-in-clear-anywhere"


def rows(database: Path) -> Rows:
    """All rows of all tables but those of search indexes; the database is whole."""
    base = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        query = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        found = base.execute(query).fetchall()
        virtual = tuple(name for name, sql in found if sql.startswith("CREATE VIRTUAL"))
        return {
            name: base.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for name, _sql in found
            if not name.startswith(virtual)
        }
    finally:
        base.close()


def assert_kept(before: Rows, after: Rows, *, but: tuple[str, ...] = ()) -> None:
    """Every row is as it was; events may have come, and the tables in `but` may differ."""
    assert before.keys() == after.keys()
    for table, wanted in before.items():
        if table == "events":
            assert after[table][: len(wanted)] == wanted, "events are lost"
        elif table not in but:
            assert after[table] == wanted, table


def holding(folder: Path, text: str) -> list[str]:
    """The files below a folder that hold a text in clear."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and text.encode() in path.read_bytes()
    ]
