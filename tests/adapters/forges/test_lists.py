"""Long lists: paged in every way forges page, and complete while they change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aiops_desktop.adapters import forges
from aiops_desktop.domain.forges import Forge, Unanswered
from aiops_desktop.domain.integrations import IntegrationKind
from tests.support.fake_forge import TOKEN, Asked, FakeForge, FakeProject
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab


def numbers(forge: Forge, project: FakeProject) -> list[int]:
    return [one.number for page in forge.issues(str(project.id)) for one in page]


def test_all_pages_are_read_the_longest_unchanged_first(
    fake: FakeForge, project: FakeProject, forge: Forge
) -> None:
    made = [fake.add_issue(project, f"Issue {n}") for n in range(7)]
    fake.largest = 3
    fake.edit(made[0], title="Changed")
    assert numbers(forge, project) == [2, 3, 4, 5, 6, 7, 1]


def test_only_what_changed_since_is_asked_for(
    fake: FakeForge, project: FakeProject, forge: Forge
) -> None:
    made = [fake.add_issue(project) for _ in range(5)]
    since = made[3].updated.replace(microsecond=0)
    found = [one.number for page in forge.issues(str(project.id), since) for one in page]
    assert found == [4, 5]
    late = fake.time + timedelta(days=1)
    assert [one for page in forge.issues(str(project.id), late) for one in page] == []


def test_nothing_is_lost_when_issues_change_between_two_pages(
    fake: FakeForge, project: FakeProject, forge: Forge
) -> None:
    made = [fake.add_issue(project) for _ in range(9)]
    fake.largest = 3

    def change(asked: Asked) -> None:
        if asked.path.endswith("/issues") and len(fake.asked) == 1:
            fake.edit(made[0], title="Changed meanwhile")
            fake.edit(made[1], title="Changed meanwhile")

    fake.after = change
    found = numbers(forge, project)
    assert set(found) == set(range(1, 10))
    titles = {one.title for page in forge.issues(str(project.id)) for one in page}
    assert "Changed meanwhile" in titles


def test_many_issues_of_one_moment_are_all_read(
    fake: FakeForge, project: FakeProject, forge: Forge
) -> None:
    now = fake.tick()
    for _ in range(8):
        fake.add_issue(project, created=now, updated=now)
    fake.add_issue(project)
    fake.largest = 3
    assert numbers(forge, project) == list(range(1, 10))


def test_pull_requests_are_no_issues(github: FakeGitHub) -> None:
    project = github.add_project("acme/shop")
    github.largest = 2
    for pull in (False, True, True, True, False):
        github.add_issue(project, pull=pull)
    forge = forges.connect(IntegrationKind.GITHUB, github.url, TOKEN)
    assert numbers(forge, project) == [1, 5]


def test_a_cursor_leads_on_as_well_as_a_number(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/deep/shop")
    project.labels = {f"label {n}": "#111111" for n in range(7)}
    gitlab.largest, gitlab.keyset = 3, True
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    assert len(forge.labels("acme/deep/shop")) == 7
    assert any("cursor" in one.query for one in gitlab.asked)


@pytest.mark.parametrize("origin", ["https://wrong.example", "http://127.0.0.1:1"])
def test_links_that_name_a_wrong_host_lead_on_at_the_right_one(
    fake: FakeForge, project: FakeProject, forge: Forge, origin: str
) -> None:
    project.labels = {f"label {n}": "#111111" for n in range(7)}
    fake.largest, fake.link_origin = 3, origin
    assert len(forge.labels(str(project.id))) == 7


def test_a_link_that_leaves_the_api_is_not_followed(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    project.labels = {f"label {n}": "#111111" for n in range(7)}
    gitlab.largest, gitlab.root = 3, "/api/v4"
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    gitlab.link = lambda asked, **_: '<https://wrong.example/steal>; rel="next"'  # type: ignore[method-assign]  # a fault
    with pytest.raises(Unanswered, match="not its own"):
        forge.labels(str(project.id))


def test_pages_are_counted_where_no_link_is_told(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    project.labels = {f"label {n}": "#111111" for n in range(7)}
    gitlab.largest = 3
    gitlab.strip_links = True
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    assert len(forge.labels(str(project.id))) == 7


def test_a_list_that_leads_in_circles_ends(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    gitlab.link_origin = ""
    first = f'<{gitlab.url}/api/v4/projects/{project.id}/labels?per_page=100>; rel="next"'
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    project.labels = {f"label {n}": "#111111" for n in range(7)}
    gitlab.largest = 3
    gitlab.link = lambda asked, **_: first  # type: ignore[method-assign]  # a fault
    assert len(forge.labels(str(project.id))) == 3


def test_the_notes_gitlab_makes_itself_are_left_out(gitlab: FakeGitLab) -> None:
    project = gitlab.add_project("acme/shop")
    issue = gitlab.add_issue(project)
    gitlab.comment(issue, "changed the description", system=True)
    gitlab.comment(issue, "I see", internal=True)
    gitlab.largest = 1
    forge = forges.connect(IntegrationKind.GITLAB, gitlab.url, TOKEN)
    found = forge.comments(str(project.id), issue.number)
    assert [(one.body, one.author, one.internal) for one in found] == [("I see", "ben", True)]
