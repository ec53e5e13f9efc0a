"""Projects: created, changed, adopted, deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft
from aiops_desktop.domain.trouble import Failed, Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.tenants import Neighbours
from tests.support.ground import ground

URL = "git@git.acme.example:a/site.git"
TOKEN = "glpat-0123456789abcdefghij"


def test_equal_names_in_two_tenants_never_share_a_folder(layout: Layout) -> None:
    base = ground(layout)
    one, two = base.tenant("One"), base.tenant("Two")
    first, second = base.project(one, "site"), base.project(two, "site")
    assert first.checkout != second.checkout
    assert first.checkout.is_relative_to(base.tenants.room(one.id).checkouts)
    assert base.projects.find("two", "SITE").id == second.id
    with pytest.raises(Missing, match="no project"):
        base.projects.find("one", "other")
    with pytest.raises(Missing, match="no tenant"):
        base.projects.find("three", "site")


def test_the_name_is_suggested_from_the_address(layout: Layout) -> None:
    base = ground(layout)
    project = base.projects.create(ProjectDraft(base.tenant().id, URL)).project
    assert (project.name, project.state) == ("site", CheckoutState.ABSENT)
    assert not project.checkout.exists(), "nothing is cloned yet, and no folder stands in the way"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"remote_url": "nonsense"}, "remote_url"),
        ({"remote_url": "-oProxyCommand=x:y"}, "remote_url"),
        ({"name": "../x"}, "name"),
        ({"default_branch": "a..b"}, "default_branch"),
        ({"checkout": "relative"}, "checkout"),
        ({"checkout": "/not/there"}, "checkout"),
    ],
)
def test_bad_drafts_are_refused_at_their_field(
    layout: Layout, draft: dict[str, str], field: str
) -> None:
    base = ground(layout)
    with pytest.raises(Refused) as caught:
        base.projects.create(
            replace(ProjectDraft(base.tenant().id, URL), **draft)  # type: ignore[arg-type]  # text only
        )
    assert caught.value.field == field
    assert base.projects.all() == []


def test_a_folder_in_the_way_is_not_taken_over(layout: Layout) -> None:
    base = ground(layout)
    tenant = base.tenant()
    (base.tenants.room(tenant.id).checkouts / "site" / "x").mkdir(parents=True)
    assert base.project(tenant, "site").checkout.name == "site-2"


def test_an_existing_checkout_is_adopted_and_survives(layout: Layout, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / ".git").mkdir(parents=True)
    base = ground(layout)
    tenant = base.tenant()
    project = base.projects.create(ProjectDraft(tenant.id, URL, checkout=str(mine))).project
    assert (project.checkout, project.state) == (mine, CheckoutState.READY)
    doomed = base.projects.doomed(project.id)
    assert doomed.checkouts == ()
    assert "stays" in doomed.way_back
    for taken in (mine, mine / ".git", tmp_path):
        (taken / ".git").mkdir(exist_ok=True)
        with pytest.raises(Refused) as caught:
            base.projects.create(ProjectDraft(tenant.id, URL, "again", checkout=str(taken)))
        assert caught.value.field == "checkout"
    base.projects.delete(project.id, Job("Delete"))
    assert (mine / ".git").is_dir()


def test_no_folder_of_the_program_and_none_without_git_is_adopted(
    layout: Layout, tmp_path: Path
) -> None:
    base = ground(layout)
    tenant, other = base.tenant(), base.tenant("Other")
    plain = tmp_path / "plain"
    plain.mkdir()
    inside = base.tenants.room(other.id).worktrees / "x"
    (inside / ".git").mkdir(parents=True)
    (layout.data / ".git").mkdir()
    for folder in (plain, inside, layout.data):
        with pytest.raises(Refused):
            base.projects.create(ProjectDraft(tenant.id, URL, checkout=str(folder)))


def test_a_typed_token_goes_to_the_store_and_nowhere_else(layout: Layout) -> None:
    base = ground(layout)
    tenant = base.tenant()
    url = f"https://ann:{TOKEN}@git.acme.example/a/site.git"
    project = base.projects.create(ProjectDraft(tenant.id, url)).project
    assert project.remote_url == "https://ann@git.acme.example/a/site.git"
    owner = f"tenant:{tenant.id}/https/git.acme.example"
    assert base.secrets.get(owner) == f"ann\n{TOKEN}"
    base.projects.edit(
        project.id, ProjectDraft(tenant.id, f"https://{TOKEN}X@git.acme.example/a/site.git", "site")
    )
    assert base.secrets.get(owner) == f"\n{TOKEN}X"
    base.database.close()
    for path in layout.data.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


def test_a_new_address_reaches_the_checkouts_remote(layout: Layout) -> None:
    told: list[tuple[str, str]] = []
    near = Neighbours(set_remote=lambda project, url: told.append((project.name, url)))
    base = ground(layout, near)
    project = base.project(base.tenant())
    draft = ProjectDraft(project.tenant_id, "git@h.example:new/site.git", "site")
    base.projects.edit(project.id, draft)
    assert told == [], "there is no checkout yet"
    base.project_store.set_state(project.id, CheckoutState.READY)
    base.projects.edit(project.id, replace(draft, description="same address"))
    assert told == []
    base.projects.edit(project.id, replace(draft, remote_url="git@h.example:newer/site.git"))
    assert told == [("site", "git@h.example:newer/site.git")]


def test_an_address_the_checkout_does_not_take_is_not_kept(layout: Layout) -> None:
    def fail(_project: Project, _url: str) -> None:
        raise Failed("The remote could not be written.")

    base = ground(layout, Neighbours(set_remote=fail))
    project = base.project(base.tenant())
    base.project_store.set_state(project.id, CheckoutState.READY)
    with pytest.raises(Failed):
        base.projects.edit(project.id, ProjectDraft(project.tenant_id, "git@h.example:x", "site"))
    assert base.projects.get(project.id).remote_url == project.remote_url


def test_a_project_stays_with_its_tenant(layout: Layout) -> None:
    base = ground(layout)
    project, other = base.project(base.tenant()), base.tenant("Other")
    with pytest.raises(Refused):
        base.projects.edit(project.id, ProjectDraft(other.id, URL, "site"))


def test_deleting_moves_the_checkout_to_the_trash(layout: Layout) -> None:
    calls: list[tuple[int, int | None]] = []
    near = Neighbours(
        stop_runs=lambda tenant, project, _job: calls.append((tenant, project)),
        unsaved=lambda _project: ("1 commit not pushed",),
    )
    base = ground(layout, near)
    tenant = base.tenant()
    project, other = base.project(tenant), base.project(tenant, "other")
    for one in (project, other):
        one.checkout.mkdir(parents=True)
        (one.checkout / "file").write_text(one.name)
    assert base.projects.doomed(project.id).unsaved == ("1 commit not pushed",)
    base.projects.delete(project.id, Job("Delete"))
    assert calls == [(tenant.id, project.id)]
    assert [p.name for p in base.projects.all()] == ["other"]
    assert (other.checkout / "file").exists()
    (place,) = layout.trash.iterdir()
    told = json.loads((place / "manifest.json").read_text())
    assert told["folders"] == {"checkout": str(project.checkout)}
    assert (place / "checkout" / "file").read_text() == "site"


def test_folders_of_runs_go_along_but_never_the_data_folder(layout: Layout) -> None:
    work = layout.tenant("acme") / "worktrees" / "site" / "1"
    near = Neighbours(folders=lambda _project: {"worktree-1": work, "run-1": layout.data})
    base = ground(layout, near)
    project = base.project(base.tenant())
    work.mkdir(parents=True)
    base.projects.delete(project.id, Job("Delete"))
    assert not work.exists()
    (place,) = layout.trash.iterdir()
    assert (place / "worktree-1").is_dir()
    assert layout.database.exists()


def test_a_project_is_not_deleted_while_it_is_cloned(layout: Layout) -> None:
    base = ground(layout)
    project = base.project(base.tenant())
    base.project_store.set_state(project.id, CheckoutState.CLONING)
    with pytest.raises(Refused, match="being cloned"):
        base.projects.delete(project.id, Job("Delete"))
    (event,) = base.history.all(EventFilter(verb="delete project"))
    assert event.outcome is Outcome.REFUSED
    assert base.projects.recover() == [], "this process still clones it"


def test_a_star_is_kept(layout: Layout) -> None:
    base = ground(layout)
    project = base.project(base.tenant())
    assert base.projects.favourite(project.id, True).project.favourite
    assert base.projects.get(project.id).favourite
    assert not base.projects.favourite(project.id, False).project.favourite
