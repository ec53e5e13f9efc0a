"""What forges do with us: against the fakes, and against real servers when they are named.

AIOPS_TEST_GITLAB_URL and _TOKEN (or AIOPS_TEST_GITHUB_…) name a real server and an account that may
write to the project AIOPS_TEST_GITLAB_PROJECT ("group/name"; by default the first one it has).
Closed issues stay behind there, and nothing else.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from aiops_desktop.adapters import forges, ssh
from aiops_desktop.domain.forges import (
    Forge,
    ForgeIssue,
    Hidden,
    IssueEdit,
    Need,
    NewIssue,
    NotAccepted,
    Rejected,
)
from aiops_desktop.domain.integrations import IntegrationKind
from aiops_desktop.domain.keys import KeyType
from tests.adapters.forges.conftest import FAKES
from tests.support.fake_forge import TOKEN


@dataclass(frozen=True)
class Place:
    """A server, an account on it, and a project of that one."""

    kind: IntegrationKind
    url: str
    token: str
    path: str

    def forge(self, token: str = "") -> Forge:
        """A client."""
        return forges.connect(self.kind, self.url, token or self.token)


@pytest.fixture(params=["gitlab", "github", "real gitlab", "real github"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    real, _, name = request.param.rpartition(" ")
    kind = IntegrationKind(name)
    if not real:
        with FAKES[kind]() as fake:
            fake.add_project("acme/other")
            fake.add_project("acme/shop")
            yield Place(kind, fake.url, TOKEN, "acme/shop")
        return
    told = [os.environ.get(f"AIOPS_TEST_{name.upper()}_{what}", "") for what in ("URL", "TOKEN")]
    if not all(told):
        pytest.skip("no real server is named")
    path = os.environ.get(f"AIOPS_TEST_{name.upper()}_PROJECT", "")
    if not path:
        path = next(forges.connect(kind, told[0], told[1]).projects())[0].path
    yield Place(kind, told[0], told[1], path)


@pytest.fixture
def forge(place: Place) -> Forge:
    return place.forge()


@pytest.fixture
def project(forge: Forge, place: Place) -> str:
    return forge.project(place.path).external_id


@pytest.fixture
def issue(forge: Forge, project: str) -> Iterator[ForgeIssue]:
    made = forge.create_issue(project, NewIssue(f"A test {uuid.uuid4().hex[:8]}", "Line\n"))
    yield made
    forge.close(project, made.number)


def test_it_says_whose_token_it_is(forge: Forge, place: Place) -> None:
    account = forge.account()
    assert account.person.login
    assert account.person.external_id
    assert Need.READ not in account.lacking


def test_a_wrong_token_is_rejected(place: Place) -> None:
    with pytest.raises(Rejected, match="does not accept the token") as caught:
        place.forge("wrong-token-0123456789").account()
    assert "wrong-token" not in f"{caught.value} {caught.value.detail}"


def test_a_project_is_found_by_path_and_by_id(forge: Forge, place: Place) -> None:
    by_path = forge.project(place.path)
    assert by_path.path == place.path
    assert forge.project(by_path.external_id) == by_path
    assert by_path.clone_https.endswith(f"{place.path}.git")
    assert by_path.clone_ssh.endswith(f"{place.path}.git")
    name = place.path.rsplit("/", 1)[-1]
    assert place.path in [one.path for page in forge.projects(name) for one in page]


def test_a_project_that_is_not_there_is_said(forge: Forge) -> None:
    with pytest.raises(Hidden, match="does not have this, or hides it"):
        forge.project(f"no-such-{uuid.uuid4().hex}/thing")


def test_an_issue_is_made_shown_and_listed(forge: Forge, project: str, issue: ForgeIssue) -> None:
    assert issue.number
    assert issue.body.strip() == "Line"
    assert not issue.closed
    assert issue.url.endswith(str(issue.number))
    shown = forge.issue(project, issue.number)
    assert (shown.external_id, shown.title) == (issue.external_id, issue.title)
    assert shown.author == forge.account().person.login
    listed = [one for page in forge.issues(project, issue.updated) for one in page]
    assert issue.external_id in [one.external_id for one in listed]


def test_comments_are_written_and_read(forge: Forge, project: str, issue: ForgeIssue) -> None:
    said = forge.comment(project, issue.number, "First\n\n/close it not")
    forge.comment(project, issue.number, "Second")
    found = forge.comments(project, issue.number)
    assert [one.body.splitlines()[0] for one in found] == ["First", "Second"]
    assert found[0].external_id == said.external_id
    assert not forge.issue(project, issue.number).closed


def test_labels_are_replaced(forge: Forge, project: str, issue: ForgeIssue) -> None:
    def labelled(*names: str) -> tuple[str, ...]:
        return forge.edit_issue(project, issue.number, IssueEdit(labels=names)).labels

    assert set(labelled("aiops-one", "aiops-two")) == {"aiops-one", "aiops-two"}
    assert labelled("aiops-two") == ("aiops-two",)
    assert labelled() == ()
    known = {one.name: one.colour for one in forge.labels(project)}
    assert known["aiops-one"].startswith("#")


def test_somebody_is_assigned_and_taken_off(forge: Forge, project: str, issue: ForgeIssue) -> None:
    login = forge.account().person.login
    assert login in [one.login for one in forge.members(project)]
    for people in ((login,), ()):
        made = forge.edit_issue(project, issue.number, IssueEdit(assignees=people))
        assert made.assignees == people


def test_title_text_and_milestone_are_changed_and_the_rest_stays(
    forge: Forge, project: str, issue: ForgeIssue
) -> None:
    made = forge.edit_issue(project, issue.number, IssueEdit("Another title", "Other words"))
    assert (made.title, made.body) == ("Another title", "Other words")
    for stone in [one.title for one in forge.milestones(project)][:1]:
        for title in (stone, ""):
            made = forge.edit_issue(project, issue.number, IssueEdit(milestone=title))
            assert (made.milestone, made.title) == (title, "Another title")
    with pytest.raises(NotAccepted, match="no open milestone"):
        forge.edit_issue(project, issue.number, IssueEdit(milestone="no such one"))


def test_a_new_issue_takes_a_milestone(forge: Forge, project: str) -> None:
    stones = [one.title for one in forge.milestones(project)]
    if not stones:
        pytest.skip("the project has no milestone")
    made = forge.create_issue(project, NewIssue("With a milestone", milestone=stones[0]))
    assert made.milestone == stones[0]
    forge.close(project, made.number)


def test_an_issue_is_closed_and_opened_again(forge: Forge, project: str, issue: ForgeIssue) -> None:
    closed = forge.close(project, issue.number)
    assert closed.closed
    assert forge.close(project, issue.number).closed
    assert closed.closed_at is not None
    assert not forge.reopen(project, issue.number).closed


@pytest.mark.parametrize("deploy", [False, True])
def test_a_key_is_registered_once_and_taken_away(
    forge: Forge, project: str, *, deploy: bool
) -> None:
    public = ssh.generate(KeyType.ED25519, comment="aiops test").public
    where = project if deploy else ""
    made = forge.add_key("aiops test", public, where)
    try:
        assert forge.add_key("another title", public, where).external_id == made.external_id
        assert [k.title for k in forge.keys(where) if k.external_id == made.external_id] == [
            "aiops test"
        ]
    finally:
        forge.delete_key(made.external_id, where)
    assert made.external_id not in [one.external_id for one in forge.keys(where)]
    forge.delete_key(made.external_id, where)  # gone already: no trouble
