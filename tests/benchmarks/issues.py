"""How fast 10,000 issues are read from a forge for the first time, searched and shown."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication
from sqlalchemy import or_, select

from aiops_desktop.app import build
from aiops_desktop.domain.integrations import IntegrationDraft, IntegrationKind
from aiops_desktop.domain.issues import IssueFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.storage import issues
from aiops_desktop.storage.database import Database
from aiops_desktop.storage.issue_tables import IssueRow
from aiops_desktop.storage.issues import IssueStore
from aiops_desktop.storage.open import open_database
from aiops_desktop.ui.application import application
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.issues.page import SHOWN, IssuesPage
from tests.benchmarks.result import Result, paired, seconds
from tests.support.fake_forge import TOKEN
from tests.support.fake_gitlab import FakeGitLab

ISSUES, ROUNDS = 10_000, 15
WORDS = (
    "checkout", "voucher", "basket", "timeout", "export", "invoice", "staging", "gateway",
    "migration", "session", "search", "deploy", "rollback", "webhook", "password", "currency",
)  # fmt: skip
SEARCHES = ("vouch time", "gateway", "rollback export", "webh", "slow voucher")


def measure(folder: Path) -> list[Result]:
    """Sync from a GitLab on loopback, then search in the database and show the page."""
    layout = Layout(folder / "data", is_default=False)
    layout.data.mkdir()
    house = build(layout, {})
    with FakeGitLab() as server:
        project = _linked(house, server)
        (state,) = house.issues.syncs(project_id=project)
        begun, used = time.perf_counter(), time.thread_time()
        done = house.issues.sync(state.link_id, Job("Sync"))
        used, took = time.thread_time() - used, time.perf_counter() - begun
    if done.fresh != ISSUES:
        raise RuntimeError(f"{done.fresh} issues came instead of {ISSUES}")
    each = used / (ISSUES / 1000)
    how = (
        f"processor time of the thread that syncs {ISSUES:,} issues of a GitLab on loopback, per "
        f"1,000: asking, reading, writing, indexing; {took:.1f} s in all with the server's share"
    )
    return [
        Result("issues.first_sync", each, "s", 1.0, "lower", how),
        *_search(layout, project),
        _view(house, layout, project),
    ]


def _linked(house: House, server: FakeGitLab) -> int:
    tenant = house.tenants.create(TenantDraft("Acme")).tenant
    project = house.projects.create(
        ProjectDraft(tenant.id, "git@h.example:a/b.git", "shop")
    ).project
    job = Job("Link")
    there = server.add_project("shop/web-shop")
    for number in range(ISSUES):
        one, two = WORDS[number % 16], WORDS[(number * 7 + number // 16) % 16]
        server.add_issue(
            there,
            f"{one} {two} fails in case {number}",
            body=f"When the {two} of case {number} is slow, the {one} stops.\n\n" * 6,
            labels=["bug"] if number % 3 else ["ops", "bug"],
        )
    made = house.integrations.add(
        IntegrationDraft(tenant.id, IntegrationKind.GITLAB, "GitLab", server.url, TOKEN), job
    )
    house.integrations.projects.link(project.id, made.integration.id, "shop/web-shop", job)
    return project.id


def _search(layout: Layout, project: int) -> list[Result]:
    """Words that begin words, in order, as issues; beside the LIKE a plain program would write."""
    database = open_database(layout)
    store = IssueStore(database)
    ours, theirs = [], []
    for text in SEARCHES:
        wanted = IssueFilter(project_id=project, text=text, limit=SHOWN)
        _ratio, mine, plain = paired(
            lambda wanted=wanted: seconds(lambda: store.all(wanted)),  # type: ignore[misc]  # bound
            lambda text=text: _like(database, project, text),  # type: ignore[misc]  # bound
            ROUNDS,
        )
        ours.append(mine)
        theirs.append(plain)
    database.close()
    mine, plain = statistics.median(ours), statistics.median(theirs)
    how = (
        f"text as it is typed, in {ISSUES:,} issues, at most {SHOWN} of them, as objects; median "
        f"of {len(SEARCHES)} searches × {ROUNDS}. Peer: LIKE over title and text, read the same way"
    )
    return [
        Result("issues.search_ms", mine * 1000, "ms", 20, "lower", how),
        Result("issues.search", mine / plain, "x", 1, "lower", f"{how}, {plain * 1000:.1f} ms"),
    ]


def _like(database: Database, project: int, text: str) -> float:
    """The same issues with LIKE; SQLAlchemy's icontains."""
    query = select(*issues._LISTED).where(IssueRow.project_id == project, IssueRow.gone.is_(None))
    for word in text.split():
        query = query.where(or_(IssueRow.title.icontains(word), IssueRow.body.icontains(word)))
    query = query.order_by(IssueRow.updated.desc()).limit(SHOWN)

    def find() -> None:
        with database.read() as session:
            found = [issues._issue(row) for row in session.execute(query)]
        if not found:
            raise RuntimeError(f"nothing was found with {text}")

    return seconds(find)


def _view(house: House, layout: Layout, project: int) -> Result:
    """From the question to the painted page; the first half of it runs in a worker."""
    app = application()
    desk = Desk(layout, Theme(app))
    desk.open_house(house)
    page = IssuesPage(desk)
    page.project = house.projects.get(project)
    page.resize(1440, 800)
    page.show()
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        page.fill(page.ask()(Job("Read")))
        page.grab()
        times.append(time.perf_counter() - begun)
        QApplication.processEvents()
    page.close()
    desk.close()
    how = (
        f"read, counted, listed and painted: the page of {ISSUES:,} issues, {SHOWN} in its list; "
        f"median of {ROUNDS}, worst {max(times) * 1000:.0f} ms"
    )
    return Result("issues.view_ms", statistics.median(times) * 1000, "ms", 100, "lower", how)
