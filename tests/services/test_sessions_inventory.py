"""The list of all that lives in tmux, with its states, whatever state the servers are in."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import ServerState, SessionState, SessionWindow
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.tmux import terminal
from tests.support.waiting import until
from tests.support.work import Work, work


@pytest.fixture
def bench(layout: Layout) -> Work:
    made = work(layout)
    made.chosen.assistants(default_tool="shell", default_shell="/bin/bash --norc --noprofile")
    return made


@pytest.fixture
def tenant(bench: Work) -> Tenant:
    return bench.tenant()


@pytest.fixture
def project(bench: Work, tenant: Tenant) -> Project:
    return bench.project(tenant)


def server_of(bench: Work, tenant: Tenant) -> Tmux:
    return tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)


def windows(bench: Work) -> dict[str, SessionWindow]:
    found = bench.sessions.inventory().sessions
    return {window.name: window for session in found for window in session.windows}


def test_a_window_is_listed_with_all_there_is_to_say(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    opening = bench.sessions.open(project.id)
    with terminal(opening.argv, opening.environment):
        until(lambda: windows(bench)["site"].views == 1)
        until(lambda: windows(bench)["site"].command == "bash")
        told = bench.sessions.inventory(tenant.id)
        (session,) = told.sessions
        (window,) = session.windows
    assert (session.name, session.attached) == ("acme-shell", 1)
    assert (window.id, window.project_id, window.program) == (opening.window, project.id, "bash")
    assert (window.state, window.dead, window.exit_code) == (SessionState.IDLE, False, None)
    assert window.path == str(project.checkout)
    assert window.opened is not None
    assert abs((told.taken - window.opened).total_seconds()) < 60
    assert (window.columns > 0, window.rows > 0) == (True, True)
    assert [pane.command for pane in window.panes] == ["bash"]
    (server,) = told.servers
    assert server.state is ServerState.RUNNING
    assert (server.note, server.version) == ("", server_of(bench, tenant).version.text)
    assert server.pid


def test_states_follow_what_runs(
    bench: Work, tenant: Tenant, project: Project, tmp_path: Path
) -> None:
    server = server_of(bench, tenant)

    def run(name: str, script: str) -> None:
        server.new_window("acme-shell", name, ["sh", "-c", script], tmp_path, keep=True)

    run("works", "exec sleep 300")
    run("rings", r"printf '\a'; exec sleep 300")
    run("fails", "exit 3")
    run("dies", "kill -9 $$")
    run("draws", r"printf '\033[?1049h\033[?1002h'; exec sleep 300")
    until(lambda: windows(bench)["draws"].wants_mouse)
    until(lambda: windows(bench)["rings"].bell)
    until(lambda: windows(bench)["fails"].dead and windows(bench)["dies"].dead)
    found = windows(bench)
    assert found["works"].state is SessionState.WORKING
    assert found["rings"].state is SessionState.BELL
    assert found["fails"].state is SessionState.DEAD
    assert found["fails"].exit_code in {3, None}  # tmux 3.3a does not learn every exit code
    assert found["dies"].exit_code in {-9, None}
    assert found["draws"].alternate
    assert not found["works"].wants_mouse
    assert all(window.project_id is None for window in found.values())


def test_a_bell_is_over_when_somebody_looked(
    bench: Work, tenant: Tenant, project: Project, tmp_path: Path
) -> None:
    opening = bench.sessions.open(project.id)
    server = server_of(bench, tenant)
    ring = ["sh", "-c", r"sleep 0.1; printf '\a'; exec sleep 300"]
    window = server.new_window("acme-shell", "rings", ring, tmp_path, owner="project:1")
    with terminal(opening.argv, opening.environment):  # somebody looks at another window
        until(lambda: windows(bench)["rings"].bell)
        bench.sessions.seen(tenant.id, window)
        assert not windows(bench)["rings"].bell


def test_a_server_that_died_is_told_and_no_trouble(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    (server,) = bench.sessions.inventory().servers
    assert (server.state, server.note) == (ServerState.NONE, "")
    bench.sessions.open(project.id)
    (server,) = bench.sessions.inventory().servers
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: bench.sessions.inventory().servers[0].state is ServerState.STALE)
    told = bench.sessions.inventory()
    assert told.sessions == ()
    assert "has died" in told.servers[0].note
    again = bench.sessions.open(project.id)
    assert "has ended with the computer" in again.note
    assert bench.sessions.inventory().servers[0].state is ServerState.RUNNING


def test_a_socket_that_was_removed_is_made_again(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    opening = bench.sessions.open(project.id)
    server_of(bench, tenant)._caller.path.unlink()
    assert bench.sessions.open(project.id).window == opening.window
    server_of(bench, tenant)._caller.path.unlink()
    (window,) = windows(bench).values()
    assert window.id == opening.window


def test_a_tmux_that_was_upgraded_is_told(
    bench: Work,
    tenant: Tenant,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.sessions.open(project.id)
    real = server_of(bench, tenant).program
    folder = tmp_path / "newer"
    folder.mkdir()
    (folder / "tmux").write_text(
        f'#!/bin/sh\n[ "$1" = -V ] && echo tmux 9.1 && exit\nexec {real} "$@"\n'
    )
    (folder / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    (server,) = bench.sessions.inventory().servers
    assert server.state is ServerState.RUNNING
    assert "upgraded to 9.1" in server.note
    assert len(windows(bench)) == 1


def test_a_tmux_that_speaks_another_protocol_is_told(
    bench: Work,
    tenant: Tenant,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.sessions.open(project.id)
    folder = tmp_path / "newer"
    folder.mkdir()
    (folder / "tmux").write_text(
        '#!/bin/sh\n[ "$1" = -V ] && echo tmux 9.1 && exit\n'
        "echo 'protocol version mismatch (client 9, server 8)' >&2\nexit 1\n"
    )
    (folder / "tmux").chmod(0o755)
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{folder}:{path}")
    (server,) = bench.sessions.inventory().servers
    assert server.state is ServerState.MISMATCH
    assert "tmux was upgraded" in server.note
    assert "earlier tmux" in server.hint
    assert bench.sessions.recover() == []
    monkeypatch.setenv("PATH", path)  # so that its server is ended


def test_without_tmux_the_list_says_why_it_is_empty(
    bench: Work, tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    (server,) = bench.sessions.inventory().servers
    assert server.state is ServerState.OFF
    assert server.note == "tmux was not found on this computer."
    assert server.hint


def test_two_tenants_lists_do_not_mix(bench: Work, project: Project) -> None:
    other = bench.tenant("Bolt")
    theirs = bench.project(other, "forge")
    bench.sessions.open(project.id)
    bench.sessions.open(theirs.id)
    for tenant_id, mine in ((project.tenant_id, project), (other.id, theirs)):
        told = bench.sessions.inventory(tenant_id)
        assert [s.tenant_id for s in told.servers] == [tenant_id]
        assert {w.project_id for s in told.sessions for w in s.windows} == {mine.id}
    assert len(bench.sessions.inventory().sessions) == 2


def test_two_hundred_windows_are_listed_quickly(
    bench: Work, tenant: Tenant, project: Project
) -> None:
    opening = bench.sessions.open(project.id)
    server = server_of(bench, tenant)
    many = [["new-window", "-d", "-t", "=acme-shell:", "--", "sleep", "300"] for _ in range(199)]
    for start in range(0, len(many), 50):
        server._caller.call(*many[start : start + 50])
    with terminal(opening.argv, opening.environment):
        until(lambda: server.look().clients)
        begun = time.perf_counter()
        told = bench.sessions.inventory(tenant.id)
        seconds = time.perf_counter() - begun
    assert len(told.sessions[0].windows) == 200
    assert seconds < 10.0
