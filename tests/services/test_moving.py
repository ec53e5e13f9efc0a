"""The data folder moves to another place, and everything in it works on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.runs import RunDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.services.restoring import Restoring
from tests.support.repos import bare, git


@pytest.fixture
def worked(layout: Layout) -> House:
    """A tenant with a key, a secret, a clone, and a run that waits for review in its worktree."""
    house = build(layout, {})
    house.settings.save({"assistants.demo": True, "terminal.use_tmux": False})
    tenant = house.tenants.create(
        TenantDraft("acme", author_name="Ann", author_email="ann@acme.example")
    ).tenant
    house.keys.generate(tenant.id, "deploy")
    house.secrets.put("tenant:1/https/git.acme.example", "token")
    remote = bare(layout.data.parent / "remote.git", {"README.md": "hello\n"})
    house.projects.create(ProjectDraft(1, str(remote), name="site"))
    house.repositories.clone(1, Job("Clone"))
    run = house.runs.start(RunDraft(1, "Say more", assistant="demo"), Job("Run")).run
    house.runs.follow(run.id, Job("Follow"), lambda _update: None)
    assert house.runs.review(run.id).files
    return house


def _works(house: House, layout: Layout) -> None:
    """Key, secret, checkout and worktree are used, and the run ends as a commit."""
    assert house.keys.all(1)[0].path.is_relative_to(layout.data)
    assert house.keys.all(1)[0].path.exists()
    assert house.secrets.get("tenant:1/https/git.acme.example") == "token"
    assert house.repositories.status(1).branch == "main"
    run = house.runs.all()[0]
    assert run.worktree.is_relative_to(layout.data)
    assert house.runs.review(run.id).files
    house.runs.commit(run.id, "Say more", Job("Commit"))
    house.runs.merge(run.id, Job("Merge"))
    checkout = house.projects.get(1).checkout
    assert git(checkout, "log", "-1", "--format=%s").strip() == "Say more"
    house.repositories.push(1, Job("Push"))


def test_a_moved_data_folder_works_on(worked: House, layout: Layout, tmp_path: Path) -> None:
    worked.backups._close()
    there = Layout(tmp_path / "elsewhere" / "data", is_default=False)
    there.data.parent.mkdir()
    shutil.move(layout.data, there.data)
    _works(build(there, {}), there)


def test_a_backup_restored_elsewhere_works_on(
    worked: House, layout: Layout, tmp_path: Path
) -> None:
    made = worked.backups.make(Job("Back up"), tmp_path / "all.tar", checkouts=True)
    worked.backups._close()
    shutil.rmtree(layout.data)
    there = Layout(tmp_path / "elsewhere", is_default=False)
    Restoring(there).restore(made.backup.path, "", Job("Restore"))
    _works(build(there, {}), there)
