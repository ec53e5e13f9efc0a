"""Tenants are walls: nothing of one is found in another's room."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, ProjectDraft
from aiops_desktop.domain.tenants import KeyFile, TenantDraft, TenantRoom
from aiops_desktop.domain.trouble import Failed, Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.tenants import Neighbours
from tests.support.ground import Ground, ground

#: What two rooms may have in common: nothing that a process or a file could meet through.
_COMMON = {"colour", "author_name", "author_email", "keys"}


def _values(room: TenantRoom) -> set[str]:
    told = {str(getattr(room, item.name)) for item in fields(room) if item.name not in _COMMON} - {
        str(room.environment)
    }
    shared = {"false", "Ann Operator", "ann@desk.example"}
    return told | (set(room.environment.values()) - shared)


def test_two_rooms_share_no_path_socket_or_variable(layout: Layout) -> None:
    near = Neighbours(
        author=lambda: ("Ann Operator", "ann@desk.example"),
        agent=lambda slug: layout.data / f"agent-{slug}",
    )
    base = ground(layout, near)
    one = base.tenants.room(base.tenant("Acme").id)
    two = base.tenants.room(base.tenant("Acme 2").id)
    assert not _values(one) & _values(two)
    assert set(one.environment) == set(two.environment)
    for room, other in ((one, two), (two, one)):
        for name in ("folder", "checkouts", "worktrees", "runs", "keys_folder", "assistants"):
            path: Path = getattr(room, name)
            assert not path.is_relative_to(other.folder), name
            assert not path.is_relative_to(other.checkouts), name


def test_two_profiles_share_no_socket(tmp_path: Path) -> None:
    names = set()
    for folder in ("one", "two"):
        base = ground(Layout(tmp_path / folder, is_default=False))
        names.add(base.tenants.room(base.tenant().id).tmux_socket)
    assert len(names) == 2


def test_the_rooms_folders_are_there_and_private(layout: Layout) -> None:
    base = ground(layout)
    room = base.tenants.room(base.tenant().id)
    assert room.environment["CODEX_HOME"] == str(room.assistants / "codex")
    for folder in (room.folder, room.checkouts, room.keys_folder, room.assistants / "codex"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_author_is_the_tenants_else_the_operator(layout: Layout) -> None:
    base = ground(layout)
    own = base.tenant("Own", author_name="Cy Own", author_email="cy@own.example")
    none, half = base.tenant("None"), base.tenant("Half", author_name="Di Half")
    rooms = [base.tenants.room(tenant.id) for tenant in (own, none, half)]
    assert [(room.author_name, room.author_email) for room in rooms] == [
        ("Cy Own", "cy@own.example"),
        ("Ann Operator", "ann@desk.example"),
        ("Di Half", "ann@desk.example"),
    ]
    assert rooms[0].environment["GIT_COMMITTER_EMAIL"] == "cy@own.example"


@pytest.mark.parametrize("name", ["", " ", "../x", "x" * 101, "a\nb", "a/b"])
def test_bad_names_are_refused_and_leave_nothing(layout: Layout, name: str) -> None:
    base = ground(layout)
    with pytest.raises(Refused) as caught:
        base.tenants.create(TenantDraft(name))
    assert caught.value.field == "name"
    assert base.tenants.all() == []
    assert not (layout.data / "tenants").exists()


@pytest.mark.parametrize("name", ["日本語", "🚀", "-rf", "--upload-pack=x", "Ünal & Söhne"])
def test_odd_names_get_a_tame_folder(layout: Layout, name: str) -> None:
    base = ground(layout)
    tenant = base.tenant(name)
    room = base.tenants.room(tenant.id)
    assert tenant.name == name
    assert room.folder.parent == layout.data / "tenants"
    assert room.folder.name.replace("-", "a").isalnum()
    assert not room.folder.name.startswith("-")


def test_names_that_become_the_same_folder_do_not_share_it(layout: Layout) -> None:
    base = ground(layout)
    rooms = [base.tenants.room(base.tenant(n).id) for n in ("A B", "A-B", "a_b", "Ä b")]
    assert len({room.folder for room in rooms}) == 4
    assert len({room.tmux_socket for room in rooms}) == 4


def test_a_folder_nobody_knows_is_not_taken_over(layout: Layout) -> None:
    left = layout.tenant("acme") / "keys"
    left.mkdir(parents=True)
    (left / "id").write_text("somebody's")
    base = ground(layout)
    assert base.tenant("Acme").slug == "acme-2"


def test_a_taken_name_is_refused_and_the_history_says_so(layout: Layout) -> None:
    base = ground(layout)
    base.tenant("Acme")
    with pytest.raises(Refused) as caught:
        base.tenant("aCME")
    assert caught.value.field == "name"
    outcomes = [event.outcome for event in base.history.all()]
    assert outcomes == [Outcome.REFUSED, Outcome.DONE]


def test_editing_keeps_the_folder(layout: Layout) -> None:
    base = ground(layout)
    tenant = base.tenant("Acme")
    saved = base.tenants.edit(tenant.id, TenantDraft("Brix", "new", "#123456")).tenant
    assert (saved.name, saved.slug, saved.colour) == ("Brix", "acme", "#123456")
    assert base.tenants.find("BRIX").id == base.tenants.find("acme").id
    with pytest.raises(Missing):
        base.tenants.find("nobody")
    assert base.history.all()[0].facts["name"] == "Acme → Brix"


def test_the_question_names_all_that_goes(layout: Layout) -> None:
    key = KeyFile("deploy", layout.data / "k", "SHA256:x")
    near = Neighbours(
        keys=lambda _tenant: (key,),
        key_names=lambda _tenant: ("deploy",),
        sessions=lambda _tenant: ("acme-shell",),
        counts=lambda _tenant, _project: (3, 4),
        unsaved=lambda project: ("2 changed files",) if project.name == "site" else (),
    )
    base = ground(layout, near)
    tenant = base.tenant()
    project, other = base.project(tenant), base.project(tenant, "app")
    project.checkout.mkdir(parents=True)
    doomed = base.tenants.doomed(tenant.id)
    assert asdict(doomed) == {
        "title": "Acme",
        "projects": ("app", "site"),
        "checkouts": (str(project.checkout),),
        "keys": ("deploy",),
        "sessions": ("acme-shell",),
        "runs": 3,
        "deployments": 4,
        "unsaved": ("site: 2 changed files",),
        "way_back": doomed.way_back,
    }
    assert str(layout.trash) in doomed.way_back
    assert other.name == "app"


def _full(layout: Layout, calls: list[str]) -> tuple[Ground, int]:
    near = Neighbours(
        stop_runs=lambda tenant, project, _job: calls.append(f"runs {tenant} {project}"),
        end_sessions=lambda room: calls.append(f"sessions {room.tmux_socket}"),
    )
    base = ground(layout, near)
    tenant = base.tenant()
    project = base.project(tenant)
    project.checkout.mkdir(parents=True)
    (project.checkout / "work.txt").write_text("work")
    room = base.tenants.room(tenant.id)
    (room.keys_folder / "deploy").write_text("private")
    base.secrets.put(f"tenant:{tenant.id}/https/h.example", "ann\ntoken-of-acme")
    base.secrets.put(f"tenant:{tenant.id}0/https/h.example", "bob\ntoken-of-another")
    return base, tenant.id


def test_deleting_ends_everything_and_moves_it_where_it_can_be_fetched(layout: Layout) -> None:
    calls: list[str] = []
    base, tenant_id = _full(layout, calls)
    room = base.tenants.room(tenant_id)
    base.tenants.delete(tenant_id, Job("Delete"))
    assert calls == [f"runs {tenant_id} None", f"sessions {room.tmux_socket}"]
    assert base.tenants.all() == []
    assert base.projects.all() == []
    assert not room.folder.exists()
    assert not room.checkouts.exists()
    assert not base.secrets.has(f"tenant:{tenant_id}/https/h.example")
    assert base.secrets.has(f"tenant:{tenant_id}0/https/h.example")
    (place,) = layout.trash.iterdir()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    told = json.loads((place / "manifest.json").read_text())
    assert told["tenant"]["name"] == "Acme"
    assert told["projects"][0]["remote_url"] == "git@git.acme.example:a/b.git"
    # Bring it back by hand, as the manifest says.
    for name, origin in told["folders"].items():
        shutil.move(place / name, origin)
    assert (room.checkouts / "site" / "work.txt").read_text() == "work"
    assert (room.keys_folder / "deploy").read_text() == "private"


def test_the_name_of_a_deleted_tenant_is_free_again(layout: Layout) -> None:
    base, tenant_id = _full(layout, [])
    base.tenants.delete(tenant_id, Job("Delete"))
    again = base.tenant("Acme")
    assert again.slug == "acme"
    assert again.id != tenant_id
    assert list(base.tenants.room(again.id).keys_folder.iterdir()) == []


def test_a_tenant_is_not_deleted_under_a_running_clone(layout: Layout) -> None:
    calls: list[str] = []
    base, tenant_id = _full(layout, calls)
    base.project_store.set_state(base.projects.all()[0].id, CheckoutState.CLONING)
    with pytest.raises(Refused, match="being cloned"):
        base.tenants.delete(tenant_id, Job("Delete"))
    assert calls == []
    assert base.tenants.room(tenant_id).folder.exists()


def _cannot(calls: list[str]) -> Callable[..., None]:
    def move(source: Path, target: Path) -> None:
        if target.name == "checkouts":
            raise PermissionError(13, "Permission denied")
        calls.append(source.name)
        source.rename(target)

    return move


def test_a_folder_that_cannot_be_moved_leaves_everything(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, tenant_id = _full(layout, [])
    room = base.tenants.room(tenant_id)
    moved: list[str] = []
    monkeypatch.setattr(shutil, "move", _cannot(moved))
    with pytest.raises(Failed, match="could not be moved"):
        base.tenants.delete(tenant_id, Job("Delete"))
    assert moved[0] == "acme", "one folder had been moved already"
    assert (room.keys_folder / "deploy").exists()
    assert base.tenants.get(tenant_id).name == "Acme"
    assert base.history.all(EventFilter(verb="delete tenant"))[0].outcome is Outcome.FAILED


def test_an_adopted_checkout_stays_when_its_tenant_goes(layout: Layout, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / ".git").mkdir(parents=True)
    base = ground(layout)
    tenant = base.tenant()
    base.projects.create(ProjectDraft(tenant.id, "git@h.example:a/b", checkout=str(mine)))
    assert base.tenants.doomed(tenant.id).checkouts == ()
    base.tenants.delete(tenant.id, Job("Delete"))
    assert (mine / ".git").is_dir()


def test_tenants_without_a_chosen_colour_get_different_ones(layout: Layout) -> None:
    tenants = ground(layout).tenants
    colours = [tenants.create(TenantDraft(f"t{number}")).tenant.colour for number in range(4)]
    assert len(set(colours)) == 4


def test_an_edit_without_a_colour_keeps_the_colour(layout: Layout) -> None:
    tenants = ground(layout).tenants
    before = tenants.create(TenantDraft("acme", colour="#3B8F7A")).tenant
    assert tenants.edit(before.id, TenantDraft("acme")).tenant.colour == "#3B8F7A"
