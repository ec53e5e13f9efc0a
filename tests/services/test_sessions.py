"""Sessions: a terminal is found again, shared by nobody by accident, and never typed into."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters.tmux import Tmux
from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.assistants import need_codex, point_codex
from tests.support.waiting import until
from tests.support.work import Work, services, work


@pytest.fixture
def bench(layout: Layout) -> Work:
    return work(layout)


@pytest.fixture
def tool(tmp_path: Path, bench: Work) -> Path:
    """An assistant that writes down what it reads; the file it writes to."""
    log = tmp_path / "typed.txt"
    program = _program(tmp_path / "listener", f'echo started >> {log}; exec cat >> "{log}"')
    bench.chosen.assistants(codex_command=str(program))
    return log


def _program(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def _server(bench: Work, tenant: Tenant) -> Tmux:
    return tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)


def _commands(bench: Work, tenant: Tenant) -> dict[str, str]:
    return {w.name: w.command for w in _server(bench, tenant).windows()}


@contextmanager
def shown(bench: Work, tenant: Tenant, opening: Opening) -> Iterator[int]:
    """A tab that shows a session; the master side of its PTY."""
    master, slave = pty.openpty()
    client = subprocess.Popen(
        opening.argv,
        env=opening.environment,
        cwd=opening.folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    server = _server(bench, tenant)
    until(lambda: any(s.name == opening.view and s.attached for s in server.sessions()))
    try:
        yield master
    finally:
        os.close(master)
        client.wait(10)


def test_a_second_open_attaches_and_types_nothing(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    project = bench.project(tenant)
    first = bench.sessions.open(project.id)
    assert (first.session, first.program, first.lasting) == ("acme-shell", "codex", True)
    assert (first.note, first.reused) == ("", False)
    assert first.changes.touched & Touched.SESSIONS
    until(lambda: tool.exists())
    with shown(bench, tenant, first):
        second = bench.sessions.open(project.id, tool="shell")
        assert second.reused
        assert (second.window, second.program) == (first.window, "codex")
        assert second.view != first.view
        assert not second.changes.touched
        with shown(bench, tenant, second):
            (session,) = bench.sessions.all(tenant.id)
            assert session.attached == 2
            assert len(session.windows) == 1
    assert tool.read_text() == "started\n"
    assert [e.verb for e in bench.ground.history.all()].count("open session") == 1


def test_two_tabs_of_two_projects_do_not_mirror_each_other(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    projects = [bench.project(tenant, name) for name in ("one", "two")]
    one, two = (bench.sessions.open(project.id) for project in projects)
    with shown(bench, tenant, one), shown(bench, tenant, two):
        active = {w.session: w.name for w in _server(bench, tenant).windows() if w.active}
        assert (active[one.view], active[two.view]) == ("one", "two")
        assert [s.name for s in bench.sessions.all()] == ["acme-shell"]
    until(lambda: len(_server(bench, tenant).sessions()) == 1)
    paths = {w.name: w.path for w in bench.sessions.all(tenant.id)[0].windows}
    assert paths == {p.slug: str(p.checkout) for p in projects}


def test_tabs_opened_at_once_share_one_window(bench: Work, tool: Path) -> None:
    project = bench.project(bench.tenant())
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(bench.sessions.open(project.id).window))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_closed_view_leaves_the_window(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    project = bench.project(tenant)
    opening = bench.sessions.open(project.id)
    bench.sessions.close_view(tenant.id, opening.view)  # not even attached yet
    with shown(bench, tenant, opening):
        bench.sessions.close_view(tenant.id, opening.view)
        until(lambda: len(_server(bench, tenant).sessions()) == 1)
    assert bench.sessions.open(project.id).reused


def test_fresh_opens_another_window_and_any_can_be_chosen(bench: Work, tool: Path) -> None:
    project = bench.project(bench.tenant())
    first = bench.sessions.open(project.id)
    other = bench.sessions.open(project.id, fresh=True, tool="shell")
    assert other.window != first.window
    assert not other.reused
    again = bench.sessions.open(project.id, window=other.window)
    assert (again.window, again.program) == (other.window, "bash")
    with pytest.raises(Missing):
        bench.sessions.open(project.id, window="@99")


def test_the_shell_follows_when_the_assistant_ends(bench: Work, tmp_path: Path) -> None:
    program = _program(tmp_path / "brief", "echo hello")
    bench.chosen.assistants(codex_command=f"{program} --flag 'two words'")
    tenant = bench.tenant()
    opening = bench.sessions.open(bench.project(tenant).id)
    server = _server(bench, tenant)
    until(lambda: "Codex has ended; this is a shell." in server.capture(opening.window))
    until(lambda: _commands(bench, tenant) == {"site": "bash"})
    assert "hello" in server.capture(opening.window)


def test_a_tool_that_is_not_there_becomes_a_shell_with_a_note(bench: Work) -> None:
    bench.chosen.assistants(codex_command="no-such-codex")
    tenant = bench.tenant()
    opening = bench.sessions.open(bench.project(tenant).id)
    assert opening.program == "bash"
    assert opening.note.startswith("“no-such-codex” was not found, so this is a shell.")
    assert "npm install -g @openai/codex" in opening.note
    until(lambda: _commands(bench, tenant) == {"site": "bash"})


def test_a_chosen_shell_needs_no_note(bench: Work, tmp_path: Path) -> None:
    own = _program(tmp_path / "mysh", 'echo "mine $1"; exec sleep 300')
    bench.chosen.assistants(default_tool="shell", default_shell=f"{own} -x")
    tenant = bench.tenant()
    opening = bench.sessions.open(bench.project(tenant).id)
    assert (opening.program, opening.note) == ("mysh", "")
    until(lambda: "mine -x" in _server(bench, tenant).capture(opening.window))


def test_a_dead_pane_is_started_anew_and_not_shown_as_living(
    bench: Work, tool: Path, tmp_path: Path
) -> None:
    config = tmp_path / "tmux.conf"
    config.write_text("set -g remain-on-exit on\n")
    bench.chosen.terminal(tmux_config_path=str(config))
    bench.chosen.assistants(default_shell=str(_program(tmp_path / "ends", "exit 0")))
    tenant = bench.tenant()
    project = bench.project(tenant)
    first = bench.sessions.open(project.id, tool="shell")
    until(lambda: all(w.dead for w in _server(bench, tenant).windows()))
    assert bench.sessions.all(tenant.id) == []
    second = bench.sessions.open(project.id)
    assert (second.window, second.reused, second.program) == (first.window, False, "codex")
    until(lambda: tool.exists())
    assert len(bench.sessions.all(tenant.id)) == 1


def test_without_tmux_it_ends_with_the_program_and_says_so(
    bench: Work, tool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = bench.tenant()
    project = bench.project(tenant)
    bench.chosen.terminal(use_tmux=False)
    off = bench.sessions.open(project.id)
    assert not off.lasting
    assert "turned off" in off.note
    assert (off.argv[0], off.program, off.folder) == ("/bin/sh", "codex", project.checkout)
    assert off.environment["CODEX_HOME"] == str(bench.room(tenant).assistants / "codex")
    assert (off.view, off.attach_command) == ("", "")
    bench.chosen.terminal(use_tmux=True)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    none = bench.sessions.open(project.id)
    assert not none.lasting
    assert "tmux was not found on this computer" in none.note
    assert bench.sessions.all() == []


def test_a_project_that_is_not_cloned_is_refused(bench: Work) -> None:
    project = bench.ground.project(bench.tenant())
    with pytest.raises(Missing, match="not cloned yet"):
        bench.sessions.open(project.id)
    bench.ground.project_store.set_state(project.id, CheckoutState.READY)
    with pytest.raises(Missing, match="is not there"):
        bench.sessions.open(project.id)
    assert bench.sessions.all() == []


def test_nothing_of_one_tenant_is_seen_by_another(bench: Work, tmp_path: Path) -> None:
    program = _program(tmp_path / "envs", "env > env.txt; exec sleep 300")
    bench.chosen.assistants(codex_command=str(program))
    tenants = [bench.tenant(name) for name in ("Acme", "Bolt")]
    projects = [bench.project(tenant) for tenant in tenants]
    openings = [bench.sessions.open(project.id) for project in projects]
    assert openings[0].attach_command != openings[1].attach_command
    for tenant, project in zip(tenants, projects, strict=True):
        told = project.checkout / "env.txt"
        until(lambda told=told: told.exists() and "CODEX_HOME" in told.read_text())  # type: ignore[misc]  # mypy cannot see through the default
        others = {"acme", "bolt"} - {tenant.slug}
        assert f"tenants/{tenant.slug}/assistants/codex" in told.read_text()
        assert f"tenants/{others.pop()}/" not in told.read_text()
        (session,) = bench.sessions.all(tenant.id)
        assert [w.path for w in session.windows] == [str(project.checkout)]
    bench.sessions.end_all(bench.room(tenants[0]))
    assert bench.sessions.all(tenants[0].id) == []
    assert len(bench.sessions.all(tenants[1].id)) == 1


def test_the_session_is_found_again_after_a_restart_of_the_program(bench: Work, tool: Path) -> None:
    project = bench.project(bench.tenant())
    first = bench.sessions.open(project.id)
    anew = services(bench.ground, bench.chosen)
    assert [s.name for s in anew.sessions.recover()] == ["acme-shell"]
    again = anew.sessions.open(project.id)
    assert (again.reused, again.window, again.program, again.note) == (
        True,
        first.window,
        "codex",
        "",
    )


def test_a_session_that_ended_with_the_computer_is_told_once(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    project = bench.project(tenant)
    bench.sessions.open(project.id)
    _server(bench, tenant).kill_server()
    assert bench.sessions.recover() == []
    again = bench.sessions.open(project.id)
    assert not again.reused
    assert "has ended with the computer" in again.note
    assert bench.sessions.open(project.id, fresh=True).note == ""


def test_ending_is_recorded_and_no_surprise_later(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    project = bench.project(tenant)
    opening = bench.sessions.open(project.id)
    other = bench.sessions.open(project.id, fresh=True)
    done = bench.sessions.kill(tenant.id, opening.session, opening.window)
    assert done.changes.touched & Touched.SESSIONS
    assert [w.id for w in bench.sessions.all(tenant.id)[0].windows] == [other.window]
    bench.sessions.kill(tenant.id, opening.session)
    assert bench.sessions.all(tenant.id) == []
    assert [e.verb for e in bench.ground.history.all()].count("end session") == 2
    bench.sessions.recover()
    assert bench.sessions.open(project.id).note == ""


def test_ending_what_does_not_live_says_so_and_is_no_event(bench: Work, tool: Path) -> None:
    tenant = bench.tenant()
    with pytest.raises(Missing, match="There is no session"):
        bench.sessions.kill(tenant.id, "acme-shell")
    opening = bench.sessions.open(bench.project(tenant).id)
    with pytest.raises(Missing, match="@99"):
        bench.sessions.kill(tenant.id, opening.session, "@99")
    assert not [e for e in bench.ground.history.all() if e.verb == "end session"]


@pytest.mark.assistants
def test_the_real_codex_opens_in_a_pane_and_leaves_no_daemon(bench: Work) -> None:
    bench.chosen.assistants(codex_command=str(need_codex()))
    tenant = bench.tenant()
    point_codex(bench.room(tenant), "http://127.0.0.1:9/v1")
    opening = bench.sessions.open(bench.project(tenant).id)
    server = _server(bench, tenant)
    with shown(bench, tenant, opening):
        until(lambda: "codex" in server.capture(opening.window).lower())
        home = str(bench.room(tenant).assistants / "codex")
        assert any("--no-daemon" in p.cmdline() for p in _of(home))
    bench.sessions.kill(tenant.id, opening.session)
    until(lambda: not _of(home))


def _of(home: str) -> list[psutil.Process]:
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.environ().get("CODEX_HOME") == home and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found
