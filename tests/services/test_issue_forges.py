"""Issues through real clients: GitLab and GitHub on loopback, with their faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aiops_desktop.domain.forges import Rejected
from aiops_desktop.domain.integrations import IntegrationDraft, IntegrationKind
from aiops_desktop.domain.issues import IssueDraft, IssueFilter, IssueState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.fake_forge import TOKEN, FakeProject
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab
from tests.support.shell import house as opened

Fake = FakeGitLab | FakeGitHub


class Bench:
    """A project linked to a forge."""

    def __init__(self, house: House, fake: Fake) -> None:
        self.issues, self.fake = house.issues, fake
        self.there: FakeProject = fake.add_project("acme/shop")
        tenant = house.tenants.create(TenantDraft("Acme")).tenant
        self.project = house.projects.create(
            ProjectDraft(tenant.id, "git@h.example:a/b.git", "shop")
        ).project
        kind = IntegrationKind.GITHUB if isinstance(fake, FakeGitHub) else IntegrationKind.GITLAB
        draft = IntegrationDraft(tenant.id, kind, "Work", fake.url, TOKEN)
        server = house.integrations.add(draft, Job("Add")).integration
        links = house.integrations.projects
        self.link = links.link(self.project.id, server.id, "acme/shop", Job("Link")).link

    def sync(self, *, sweep: bool = False) -> None:
        self.issues.sync(self.link.id, Job("Sync"), sweep=sweep)

    def titles(self, **wanted: object) -> list[str]:
        board = self.issues.board(IssueFilter(**wanted))  # type: ignore[arg-type]  # by name
        return sorted(one.title for one in board.issues)


@pytest.fixture(params=[FakeGitLab, FakeGitHub])
def bench(request: pytest.FixtureRequest, layout: Layout) -> Iterator[Bench]:
    with request.param() as fake:
        yield Bench(opened(layout), fake)


def test_first_sync_delta_and_look_around(bench: Bench) -> None:
    first = bench.fake.add_issue(bench.there, "first", labels=["bug"], assignees=["ann"])
    second = bench.fake.add_issue(bench.there, "second", body=None, author=None)
    bench.fake.add_issue(bench.there, "closed", open=False)
    bench.sync()
    assert bench.titles() == ["closed", "first", "second"]
    assert bench.titles(state=IssueState.CLOSED) == ["closed"]
    assert bench.titles(assignee="- me") == ["first"]
    bench.fake.edit(second, title="renamed")
    bench.fake.comment(first, "Two seconds.")
    bench.sync()
    assert bench.titles() == ["closed", "first", "renamed"]
    assert bench.titles(text="seconds") == ["first"]
    elsewhere = bench.fake.add_project("acme/other")
    bench.fake.delete(bench.there, second)
    bench.fake.move(bench.there, first, elsewhere)
    bench.sync(sweep=True)
    assert bench.titles() == ["closed"]


def test_what_is_changed_here_is_changed_there(bench: Bench) -> None:
    draft = IssueDraft(bench.project.id, "made here", "Text", ("bug",), ("ann",))
    issue = bench.issues.create(draft, Job("Create")).issue
    there = bench.there.issues[issue.number]
    assert (there.title, there.labels, there.assignees) == ("made here", ["bug"], ["ann"])
    bench.issues.comment(issue.id, "Said here.", Job("Comment"))
    assert [said.body for said in there.comments] == ["Said here."]
    bench.issues.close(issue.id, Job("Close"))
    assert not there.open
    assert bench.issues.reopen(issue.id, Job("Reopen")).issue.state is IssueState.OPEN
    assert bench.issues.set_labels(issue.id, ("ops",), Job("Label")).issue.labels == ("ops",)
    assert bench.issues.assign(issue.id, (), Job("Assign")).issue.assignees == ()
    bench.sync()
    assert bench.titles() == ["made here"]
    assert [said.body for said in bench.issues.detail(issue.id).talk] == ["Said here."]


def test_a_revoked_token_is_told_apart_and_nothing_is_lost(bench: Bench) -> None:
    bench.fake.add_issue(bench.there, "kept")
    bench.sync()
    bench.fake.tokens[TOKEN].revoked = True
    with pytest.raises(Rejected):
        bench.sync()
    (state,) = bench.issues.syncs()
    assert state.failures == 1
    assert state.what
    assert bench.titles() == ["kept"]


@pytest.mark.parametrize("kind", ["html", "broken", "503", "500"])
def test_faults_of_servers_end_in_a_sentence(bench: Bench, kind: str) -> None:
    bench.fake.add_issue(bench.there, "kept")
    bench.sync()
    bench.fake.fail(kind)
    with pytest.raises(Trouble) as caught:
        bench.sync()
    assert caught.value.what.endswith(".")
    bench.fake.heal()
    bench.sync()
    assert bench.titles() == ["kept"]
