"""The demo's repositories are real: git clones them, and their playbooks change files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aiops_desktop import app
from aiops_desktop.adapters.ansible import Ansible
from aiops_desktop.adapters.assistants.demo_assistant import edited_playbook
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.jobs.job import Job
from aiops_desktop.services import demo
from aiops_desktop.services.demo_files import REPOSITORIES
from aiops_desktop.services.house import House
from tests.support.assistants import git
from tests.support.diffs import diff_of


@pytest.fixture
def house(layout: Layout) -> House:
    return app.build(layout, {})


def test_two_tenants_and_five_projects(house: House) -> None:
    seeded = demo.seed(house, Job("Demo"))
    assert [tenant.name for tenant in seeded.tenants] == ["Demo", "Demo two"]
    assert len(seeded.projects) == 5
    assert house.settings.current().assistants.demo
    for project in seeded.projects:
        place = seeded.remotes[project.id]
        assert project.remote_url == str(place)
        assert git(place, "rev-parse", "--is-bare-repository") == "true"
        assert git(place, "log", "-1", "--format=%an <%ae>", "main") == (
            "Demo <demo@example.invalid>"
        )
    assert sorted(p.name for p in demo.remotes(house).iterdir()) == sorted(
        place.name for place in seeded.remotes.values()
    ), "nothing half-made is left"


def test_loading_it_again_changes_nothing(house: House) -> None:
    first = demo.seed(house, Job("Demo"))
    heads = [git(place, "rev-parse", "main") for place in first.remotes.values()]
    second = demo.seed(house, Job("Demo"))
    assert [p.id for p in second.projects] == [p.id for p in first.projects]
    assert [git(place, "rev-parse", "main") for place in second.remotes.values()] == heads


def test_every_playbook_runs_on_this_computer_only(house: House, tmp_path: Path) -> None:
    seeded = demo.seed(house, Job("Demo"))
    try:
        program = Ansible().program(house.tenants.room(seeded.tenants[0].id))
    except Missing:
        pytest.skip("There is no ansible-playbook.")
    place = seeded.remotes[seeded.projects[0].id]
    checkout = tmp_path / "web-shop"
    git(tmp_path, "clone", "-q", str(place), str(checkout))
    done = subprocess.run(
        [program, "site.yml"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / demo.PLAYBOOK_OUTPUT).read_text() == (
        "Web shop\nrelease: 2.14.0\nhost: localhost\n"
    )
    assert git(checkout, "status", "--porcelain") == "", "what it writes is ignored by git"


def test_the_demo_assistants_change_comes_in_several_hunks() -> None:
    site = REPOSITORIES["web-shop"][1][1]["site.yml"]
    assert len(diff_of("site.yml", site, edited_playbook(site)).hunks) == 2


def test_codex_is_pointed_at_one_model(house: House) -> None:
    tenant = demo.seed(house, Job("Demo")).tenants[0]
    demo.use_model(house, tenant.id, "http://127.0.0.1:9/v1", "/opt/codex")
    config = house.tenants.room(tenant.id).assistants / "codex" / "config.toml"
    assert 'base_url = "http://127.0.0.1:9/v1"' in config.read_text()
    assert house.settings.current().assistants.codex_command == "/opt/codex"
