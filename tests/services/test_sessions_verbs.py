"""Rename, move, end: what they do, what they refuse, and what they leave in the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.waiting import until
from tests.support.work import Work


def server_of(bench: Work, tenant: Tenant) -> Tmux:
    return tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)


def places(bench: Work) -> dict[str, str]:
    """Window's name → session:index."""
    return {
        window.name: f"{session.name}:{window.index}"
        for session in bench.sessions.inventory().sessions
        for window in session.windows
    }


def verbs(bench: Work) -> list[str]:
    return [event.verb for event in bench.ground.history.all()]


def test_a_window_gets_another_name_and_is_still_found(
    bench: Work, tenant: Tenant, project: Project, opening: Opening
) -> None:
    done = bench.sessions.rename(tenant.id, "acme-shell", "build #(touch x) #1", opening.window)
    assert done.summary == "“site” is now called “build #(touch x) #1”."
    assert list(places(bench)) == ["build #(touch x) #1"]
    assert bench.sessions.open(project.id).window == opening.window
    assert "rename window" in verbs(bench)


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "two\nlines", "bell\a"])
def test_a_name_that_is_none_is_refused(
    bench: Work, tenant: Tenant, opening: Opening, name: str
) -> None:
    with pytest.raises(Refused):
        bench.sessions.rename(tenant.id, "acme-shell", name, opening.window)
    assert list(places(bench)) == ["site"]


def test_a_session_that_is_ours_keeps_its_name_and_others_need_not(
    bench: Work, tenant: Tenant, opening: Opening, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="must keep its name"):
        bench.sessions.rename(tenant.id, "acme-shell", "other")
    server_of(bench, tenant).new_window("scratch", "notes", ["sleep", "300"], tmp_path)
    with pytest.raises(Refused, match="already"):
        bench.sessions.rename(tenant.id, "scratch", "acme-shell")
    with pytest.raises(Refused, match="no dot"):
        bench.sessions.rename(tenant.id, "scratch", "a.b")
    bench.sessions.rename(tenant.id, "scratch", "pad")
    assert places(bench)["notes"].startswith("pad:")


def test_windows_change_places_and_sessions(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, tmp_path: Path
) -> None:
    bench.sessions.rename(tenant.id, "acme-shell", "first", opening.window)
    other = bench.sessions.open(project.id, fresh=True)
    assert places(bench) == {"first": "acme-shell:0", "site": "acme-shell:1"}
    bench.sessions.move(tenant.id, "acme-shell", opening.window, "1")
    assert places(bench) == {"first": "acme-shell:1", "site": "acme-shell:0"}
    bench.sessions.move(tenant.id, "acme-shell", opening.window, "7")
    assert places(bench)["first"] == "acme-shell:7"
    server_of(bench, tenant).new_window("scratch", "notes", ["sleep", "300"], tmp_path)
    with pytest.raises(Refused, match="“notes” at this place"):
        bench.sessions.move(tenant.id, "acme-shell", other.window, "scratch:0")
    bench.sessions.move(tenant.id, "acme-shell", other.window, "scratch")
    assert places(bench)["site"] == "scratch:1"
    assert bench.sessions.open(project.id, window=other.window).session == "scratch"
    assert bench.sessions.recover()
    assert bench.sessions.lost() == []
    assert verbs(bench).count("move window") == 3


@pytest.mark.parametrize("to", ["", ":", "acme-shell:x", "1234567", "acme-shell:-1"])
def test_a_place_that_is_none_is_refused(
    bench: Work, tenant: Tenant, opening: Opening, to: str
) -> None:
    with pytest.raises((Refused, Missing)):
        bench.sessions.move(tenant.id, "acme-shell", opening.window, to)
    assert places(bench) == {"site": "acme-shell:0"}


def test_nothing_is_moved_to_another_tenant_or_into_a_view(
    bench: Work, tenant: Tenant, opening: Opening
) -> None:
    bolt = bench.tenant("Bolt")
    bench.sessions.open(bench.project(bolt, "forge").id)
    for there in ("bolt-shell", opening.view, "nowhere"):
        with pytest.raises(Missing, match="There is no session"):
            bench.sessions.move(tenant.id, "acme-shell", opening.window, there)


def test_what_an_end_would_end_is_named(
    bench: Work, tenant: Tenant, opening: Opening, tmp_path: Path
) -> None:
    server = server_of(bench, tenant)
    until(lambda: server.windows()[0].command == "bash")
    assert bench.sessions.running_in(tenant.id, "acme-shell") == ()
    busy = server.new_window("acme-shell", "tests", ["sh", "-c", "sleep 300; true"], tmp_path)
    until(lambda: bench.sessions.running_in(tenant.id, "acme-shell", busy))
    assert bench.sessions.running_in(tenant.id, "acme-shell") == ("sleep in “tests”",)
    assert bench.sessions.running_in(tenant.id, "acme-shell", opening.window) == ()
    with pytest.raises(Missing):
        bench.sessions.running_in(tenant.id, "acme-shell", "@99")


def test_an_assistant_is_named_by_its_name(bench: Work, tenant: Tenant, tmp_path: Path) -> None:
    program = tmp_path / "helper"
    program.write_text("#!/bin/sh\nexec sleep 300\n")
    program.chmod(0o755)
    bench.chosen.assistants(codex_command=str(program))
    opening = bench.sessions.open(bench.project(tenant).id, tool="codex")
    assert bench.sessions.running_in(tenant.id, opening.session) == ("codex in “site”",)
