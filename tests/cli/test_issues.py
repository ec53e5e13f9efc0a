"""`issue`, `sync-issues` and `create-issue` as a script has them, on a GitLab on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from aiops_desktop.domain.layout import Layout
from tests.cli.test_integrations import Cli
from tests.support.fake_forge import TOKEN, FakeProject
from tests.support.fake_gitlab import FakeGitLab


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        made.add_project("acme/shop")
        yield made


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    return Cli(capsys, monkeypatch)


def linked(cli: Cli, gitlab: FakeGitLab, tenant: str = "Acme") -> FakeProject:
    slug = tenant.lower()
    assert cli("tenant", "add", tenant) == 0
    assert cli("project", "add", slug, f"{gitlab.url}/acme/shop.git", "--name", "shop") == 0
    words = ("integration", "add", slug, "--name", f"GitLab {tenant}", "--url", gitlab.url)
    assert cli(*words, typed=f"{TOKEN}\n") == 0, cli.err
    assert cli("integration", "link", f"{slug}/shop") == 0, cli.err
    return next(iter(gitlab.projects.values()))


def numbers(found: Any) -> list[int]:
    return sorted(one["number"] for one in found)


def test_issues_from_sync_to_reopen(cli: Cli, gitlab: FakeGitLab) -> None:
    there = linked(cli, gitlab)
    first = gitlab.add_issue(there, "Voucher is slow", body="\x1b[2J**Slow**", labels=["bug"])
    gitlab.add_issue(there, "Old", open=False)
    gitlab.comment(first, "Two seconds it is.")
    (line,) = cli.json("sync-issues")
    assert (line["ok"], line["seen"], line["changed"]) == (True, 2, 2)
    assert cli("issue", "list", "--project", "acme/shop") == 0
    assert "#1" in cli.out
    assert "Old" not in cli.out
    assert numbers(cli.json("issue", "list", "--state", "all")) == [1, 2]
    assert numbers(cli.json("issue", "list", "--search", "seconds")) == [1]
    assert numbers(cli.json("issue", "list", "--label", "bug", "--assignee", "nobody")) == [1]
    assert cli("issue", "list", "--label", "bug", "--keep-as", "Bugs") == 0
    assert numbers(cli.json("issue", "list", "--filter", "bugs", "--reverse")) == [1]
    assert cli("issue", "list", "--filter", "nothing") == 5
    assert cli("issue", "show", "acme/shop", "#1") == 0
    assert "Two seconds it is." in cli.out
    assert "\x1b" not in cli.out, "an issue does not steer the terminal"
    assert cli("issue", "comment", "acme/shop", "1", "-", typed="From the shell.\n") == 0, cli.err
    assert first.comments[-1].body == "From the shell."
    assert cli("issue", "label", "acme/shop", "1", "ops") == 0
    assert cli("issue", "assign", "acme/shop", "1", "ben") == 0
    assert (first.labels, first.assignees) == (["ops"], ["ben"])
    words = ("--title", "Voucher is very slow", "--milestone", "June")
    assert cli.json("issue", "edit", "acme/shop", "1", *words)["milestone"] == "June"
    assert (first.title, first.milestone) == ("Voucher is very slow", "June")
    assert cli("issue", "edit", "acme/shop", "1", "--milestone", "none") == 0
    assert first.milestone == ""
    assert cli.json("issue", "close", "acme/shop", "1")["state"] == "closed"
    assert not first.open
    assert cli.json("issue", "reopen", "acme/shop", "1")["state"] == "open"
    assert first.open


def test_an_issue_is_created_and_deleted_ones_are_found(cli: Cli, gitlab: FakeGitLab) -> None:
    there = linked(cli, gitlab)
    words = ("create-issue", "acme/shop", "--title", "From the shell", "--label", "bug")
    made = cli.json(*words, "--milestone", "June", "--body", "-", typed="Steps\n")
    issue = there.issues[made["number"]]
    assert (issue.title, issue.body, issue.labels) == ("From the shell", "Steps", ["bug"])
    assert issue.milestone == "June"
    assert cli("sync-issues", "--tenant", "acme", "--integration", "GitLab Acme") == 0
    gitlab.delete(there, issue)
    assert cli("sync-issues", "--sweep") == 0
    assert cli.json("issue", "list") == []
    assert numbers(cli.json("issue", "list", "--state", "gone")) == [issue.number]
    assert cli("issue", "brief", "acme/shop", str(issue.number)) == 0
    assert "Settle issue" in cli.out


def test_one_dead_server_does_not_stop_the_others(cli: Cli, gitlab: FakeGitLab) -> None:
    gitlab.add_issue(linked(cli, gitlab), "Alive")
    with FakeGitLab() as other:
        other.add_project("acme/shop")
        linked(cli, other, "Bolt")
    assert cli("sync-issues") == 1
    assert "GitLab Bolt: acme/shop: " in cli.err
    assert "1 of 2 syncs failed." in cli.err
    assert [one["title"] for one in cli.json("issue", "list")] == ["Alive"]
    assert cli("issue", "list", "--tenant", "bolt") == 0
    assert "GitLab Bolt: acme/shop: " in cli.err, "the failure stands at its link"


def test_what_is_wrong_ends_with_its_code(cli: Cli, gitlab: FakeGitLab) -> None:
    assert cli("sync-issues") == 5
    linked(cli, gitlab)
    assert cli("issue", "show", "acme/shop", "7") == 5
    assert cli("issue", "show", "acme/shop", "seven") == 3
    assert cli("create-issue", "acme/shop", "--title", "  ") == 3
    assert cli("issue", "edit", "acme/shop", "7") == 3
    assert cli("sync-issues", "--integration", "nothing") == 5
    gitlab.tokens[TOKEN].revoked = True
    assert cli("sync-issues") == 4
