"""After the computer was down: what ran is offered again, with its folder and program."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.waiting import until
from tests.support.work import Work, services, work


@pytest.fixture
def bench(layout: Layout, tmp_path: Path) -> Work:
    made = work(layout)
    program = tmp_path / "helper"
    program.write_text("#!/bin/sh\nexec sleep 300\n")
    program.chmod(0o755)
    made.chosen.assistants(codex_command=str(program), default_shell="/bin/bash --norc --noprofile")
    return made


@pytest.fixture
def tenant(bench: Work) -> Tenant:
    return bench.tenant()


@pytest.fixture
def project(bench: Work, tenant: Tenant) -> Project:
    return bench.project(tenant)


def server_of(bench: Work, tenant: Tenant) -> Tmux:
    return tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)


def restarted(bench: Work, tenant: Tenant) -> Work:
    """As after a restart of the computer."""
    server_of(bench, tenant).kill_server()
    until(lambda: not server_of(bench, tenant).sessions())
    anew = services(bench.ground, bench.chosen)
    anew.sessions.recover()
    return anew


def test_every_window_comes_back_with_its_program_and_name(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    first = bench.sessions.open(project.id)
    shell = bench.sessions.open(project.id, tool="shell", fresh=True)
    bench.sessions.rename(tenant.id, "acme-shell", "build", shell.window)
    anew = restarted(bench, tenant)
    lost = anew.sessions.lost(tenant.id)
    assert [(row.name, row.program, row.lost) for row in lost] == [
        ("site", "codex", True),
        ("build", "bash", True),
    ]
    assert lost[0].folder == project.checkout
    for row in reversed(lost):
        done = anew.sessions.bring_back(row)
        assert done.changes.project == project.id
    assert anew.sessions.lost() == []
    found = {w.name: w for s in anew.sessions.inventory().sessions for w in s.windows}
    assert {name: w.program for name, w in found.items()} == {"site": "codex", "build": "bash"}
    assert {w.path for w in found.values()} == {str(project.checkout)}
    assert {w.project_id for w in found.values()} == {project.id}
    events = [event.verb for event in bench.ground.history.all()]
    assert events.count("bring back session") == 2
    assert first.window


def test_a_terminal_that_is_opened_stands_for_one_that_was_lost(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    bench.sessions.open(project.id)
    bench.sessions.open(project.id, fresh=True)
    anew = restarted(bench, tenant)
    assert "has ended with the computer" in anew.sessions.open(project.id).note
    assert len(anew.sessions.lost()) == 1


def test_numbers_that_tmux_gives_again_confuse_nothing(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    other = bench.project(tenant, "other")
    before = bench.sessions.open(project.id)
    anew = restarted(bench, tenant)
    after = anew.sessions.open(other.id)
    assert after.window == before.window  # the same number, another window
    assert after.note == ""
    assert [row.project_id for row in anew.sessions.lost()] == [project.id]
    anew.sessions.recover()
    assert [row.project_id for row in anew.sessions.lost()] == [project.id]


def test_what_is_not_wanted_is_not_offered_again(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    bench.sessions.open(project.id)
    anew = restarted(bench, tenant)
    anew.sessions.forget(anew.sessions.lost()[0])
    assert anew.sessions.lost() == []
    assert anew.sessions.open(project.id).note == ""


def test_what_lives_or_was_ended_is_not_lost(bench: Work, tenant: Tenant, project: Project) -> None:
    bench.sessions.open(project.id)
    gone = bench.sessions.open(project.id, fresh=True)
    bench.sessions.kill(tenant.id, gone.session, gone.window)
    anew = services(bench.ground, bench.chosen)
    anew.sessions.recover()
    assert anew.sessions.lost() == []


def test_a_folder_that_is_gone_is_told(bench: Work, tenant: Tenant, project: Project) -> None:
    bench.sessions.open(project.id)
    anew = restarted(bench, tenant)
    project.checkout.rename(project.checkout.with_name("away"))
    with pytest.raises(Missing, match="is not there"):
        anew.sessions.bring_back(anew.sessions.lost()[0])
    assert len(anew.sessions.lost()) == 1


def test_tenants_lose_and_find_only_their_own(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    bolt = bench.tenant("Bolt")
    theirs = bench.project(bolt, "forge")
    bench.sessions.open(project.id)
    bench.sessions.open(theirs.id)
    anew = restarted(bench, tenant)
    assert [row.tenant_id for row in anew.sessions.lost()] == [tenant.id]
    assert anew.sessions.lost(bolt.id) == []
    assert len(anew.sessions.all(bolt.id)) == 1
