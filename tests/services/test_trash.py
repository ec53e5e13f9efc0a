"""The trash: what was deleted comes back, with its rows, folders and secrets."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Failed, Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.archives import contents, remembered
from tests.support.repos import bare

_RUN = """INSERT INTO runs (tenant_id, project_id, assistant, title, prompt, state, worktree,
folder, branch, base_branch, base_commit, operator, created, model, sandbox, named_files, thread,
tokens_in, tokens_cached, tokens_out, added, removed, files, last, error, "commit", rescue_ref,
session, attempt) VALUES (1, 1, 'codex', 'Fix it', 'Fix it', 'retired',
'tenants/acme/worktrees/site/1-fix', 'tenants/acme/runs/1', '', '', '', 'Ann',
'2026-01-01 00:00:00', '', '', '[]', '', 0, 0, 0, 0, 0, 0, '', '', '', '', '', 1)"""


@pytest.fixture
def house(layout: Layout) -> House:
    """A tenant with key, token, a cloned project and a run of it."""
    made = build(layout, {})
    tenant = made.tenants.create(TenantDraft("acme", description="first")).tenant
    made.keys.generate(tenant.id, "deploy", passphrase="correct horse", remember=True)
    made.secrets.put("tenant:1/https/git.acme.example", "token-of-acme")
    remote = bare(layout.data.parent / "remote.git", {"README.md": "hello\n"})
    project = made.projects.create(ProjectDraft(1, str(remote), name="site", key_id=1)).project
    made.repositories.clone(project.id, job())
    base = sqlite3.connect(layout.database)
    with base:
        base.execute(_RUN)
    base.close()
    (layout.data / "tenants/acme/runs/1").mkdir()
    (layout.data / "tenants/acme/runs/1/events.jsonl").write_text("{}\n")
    return made


def job() -> Job:
    return Job("Trash")


def deleted(house: House, noun: str = "tenant", number: int = 1) -> str:
    """Delete it; its name in the trash."""
    if noun == "tenant":
        house.tenants.delete(number, job())
    else:
        house.projects.delete(number, job())
    return house.trash.all()[0].name


def test_a_deleted_tenant_comes_back_as_it_was(house: House, layout: Layout) -> None:
    rows, files = remembered(layout), contents(layout.data / "tenants")
    name = deleted(house)
    assert remembered(layout)["tenants"] == []
    found = house.trash.get("ACME")
    assert (found.name, found.what, found.title, found.obstacle) == (name, "tenant", "acme", "")
    house.trash.restore(name, job())
    assert remembered(layout) == rows
    assert contents(layout.data / "tenants") == files
    assert house.trash.all() == []
    assert house.secrets.get("tenant:1/https/git.acme.example") == "token-of-acme"
    assert house.repositories.status(1).branch == "main"
    assert house.runs.get(1).folder == layout.data / "tenants/acme/runs/1"


def test_a_deleted_project_comes_back_as_it_was(house: House, layout: Layout) -> None:
    rows = remembered(layout)
    name = deleted(house, "project")
    assert remembered(layout)["runs"] == []
    assert (house.trash.all()[0].title, house.trash.all()[0].of) == ("site", "acme")
    house.trash.restore(name, job())
    assert remembered(layout) == rows
    assert house.repositories.status(1).branch == "main"
    assert (layout.data / "tenants/acme/runs/1/events.jsonl").read_text() == "{}\n"


def test_what_took_its_name_and_place_meanwhile_stays(house: House, layout: Layout) -> None:
    name = deleted(house)
    other = house.tenants.create(TenantDraft("Acme")).tenant
    assert other.slug == "acme"
    house.keys.generate(other.id, "other")
    house.trash.restore(name, job())
    back = house.tenants.get(1)
    assert (back.name, back.slug) == ("acme (2)", "acme-2")
    assert house.keys.get(1).path == layout.data / "tenants/acme-2/keys/deploy"
    assert house.keys.get(1).path.exists()
    assert house.repositories.status(1).branch == "main"
    assert house.runs.get(1).folder == layout.data / "tenants/acme-2/runs/1"
    assert house.keys.get(2).path.exists()


def test_a_project_beside_another_of_its_name(house: House) -> None:
    name = deleted(house, "project")
    house.projects.create(ProjectDraft(1, "git@git.acme.example:a/b.git", name="Site"))
    house.trash.restore(name, job())
    assert (house.projects.get(1).name, house.projects.get(1).slug) == ("site (2)", "site-2")
    assert house.repositories.status(1).branch == "main"


def test_a_project_without_its_tenant_says_so(house: House) -> None:
    name = deleted(house, "project")
    house.tenants.delete(1, job())
    with pytest.raises(Refused, match="Bring that back first"):
        house.trash.restore(name, job())
    house.trash.restore(house.trash.get("acme").name, job())
    house.trash.restore(name, job())
    assert house.projects.get(1).name == "site"


def test_a_key_deleted_meanwhile_is_not_missed(house: House) -> None:
    name = deleted(house, "project")
    house.keys.delete(1)
    house.trash.restore(name, job())
    assert house.projects.get(1).key_id is None


def test_secrets_nobody_can_open_any_more_stay_away(house: House) -> None:
    name = deleted(house)
    house.safe.start_over()
    house.secrets.put("settings/semaphore.api_token", "new key")
    house.trash.restore(name, job())
    assert not house.secrets.has("tenant:1/https/git.acme.example")
    assert house.secrets.get("settings/semaphore.api_token") == "new key"


def test_something_in_the_way_changes_nothing(house: House, layout: Layout) -> None:
    name = deleted(house, "project")
    (layout.data / "tenants/acme/runs/1").mkdir(parents=True)
    (layout.data / "tenants/acme/runs/1/other").write_text("other")
    with pytest.raises(Failed, match="could not be brought back"):
        house.trash.restore(name, job())
    assert remembered(layout)["projects"] == []
    assert (layout.data / "trash" / name / "checkout" / "README.md").exists()
    assert (layout.data / "tenants/acme/runs/1/other").read_text() == "other"
    (layout.data / "tenants/acme/runs/1/other").unlink()
    house.trash.restore(name, job())
    assert house.repositories.status(1).branch == "main"


def test_cut_off_between_folders_and_rows_it_can_be_done_again(
    house: House, layout: Layout
) -> None:
    rows = remembered(layout)
    name = deleted(house)
    place = layout.data / "trash" / name
    (layout.data / "tenants").mkdir(exist_ok=True)
    (place / "tenant").rename(layout.data / "tenants/acme")
    house.trash.restore(name, job())
    assert remembered(layout) == rows
    assert house.repositories.status(1).branch == "main"


def test_cut_off_while_it_was_deleted_only_the_folders_come_back(
    house: House, layout: Layout
) -> None:
    rows = remembered(layout)
    name = deleted(house)
    house.trash.restore(name, job())
    deleted_again = deleted(house)
    manifest = layout.data / "trash" / deleted_again
    kept = json.loads((manifest / "rows.json").read_text())
    house.trash._leftovers.put_back(kept, (), layout)
    house.trash.restore(deleted_again, job())
    assert remembered(layout) == rows
    assert house.repositories.status(1).branch == "main"


def test_emptying_removes_for_good(house: House, layout: Layout) -> None:
    name = deleted(house)
    house.trash.empty([name], job())
    assert list((layout.data / "trash").iterdir()) == []
    with pytest.raises(Missing):
        house.trash.restore(name, job())


def test_what_is_old_goes_by_itself(house: House, layout: Layout) -> None:
    name = deleted(house)
    assert house.trash.tidy(job()).summary.startswith("Nothing")
    manifest = layout.data / "trash" / name / "manifest.json"
    told = json.loads(manifest.read_text())
    told["deleted"] = str(datetime.now(UTC) - timedelta(days=31))
    manifest.write_text(json.dumps(told))
    house.settings.save({"backup.trash_days": 0})
    assert house.trash.tidy(job()).summary.startswith("Nothing")
    house.settings.save({"backup.trash_days": 30})
    house.trash.tidy(job())
    assert house.trash.all() == []


@pytest.mark.parametrize("raw", ["", "[]", "{}", '{"what": "tenant"}', '{"what": 3, "places": []}'])
def test_what_cannot_be_read_says_so(raw: str, house: House, layout: Layout) -> None:
    place = layout.data / "trash" / "20260101-000000-x"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text(raw)
    for one in house.trash.all():
        assert one.obstacle
        with pytest.raises(Refused):
            house.trash.restore(one.name, job())


def test_a_name_cannot_lead_out_of_the_trash(house: House, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("../../mine", str(tmp_path / "mine"), "..", "."):
        with pytest.raises(Missing):
            house.trash.empty([name], job())
    assert (tmp_path / "mine").exists()
