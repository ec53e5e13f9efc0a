"""The watch: told at once, costs no processes, and survives whatever happens to a server."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux import Snapshot, Tmux
from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Attention, AttentionKind, Opening
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.services import sessions_watch
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.tmux import terminal
from tests.support.waiting import until
from tests.support.work import Work


class Ear:
    """Hears what is told."""

    def __init__(self) -> None:
        self.told: list[Changes | Attention] = []

    def __call__(self, told: Changes | Attention) -> None:
        self.told.append(told)

    def of(self, kind: AttentionKind) -> list[Attention]:
        return [one for one in self.told if isinstance(one, Attention) and one.kind is kind]


@pytest.fixture
def ear(bench: Work, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    monkeypatch.setattr(sessions_watch, "SEARCH", 0.1)
    monkeypatch.setattr(sessions_watch, "TENANTS", 1)
    made = Ear()
    end = bench.sessions.watch(made)
    yield made
    end()
    assert not [one for one in threading.enumerate() if one.name.startswith(("sessions", "tmux"))]


def server_of(bench: Work, tenant: Tenant) -> Tmux:
    return tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)


def snapshot(bench: Work, tenant: Tenant) -> Snapshot | None:
    return bench.sessions._watch.snapshot(tenant.id)


def followed(bench: Work, tenant: Tenant) -> bool:
    return snapshot(bench, tenant) is not None


def add(bench: Work, tenant: Tenant, script: str, folder: Path, project: Project) -> str:
    """Another window of a project."""
    return server_of(bench, tenant).new_window(
        "acme-shell",
        "more",
        ["sh", "-c", script],
        folder,
        owner=f"project:{project.id}",
        keep=True,
    )


def test_a_window_that_comes_and_goes_is_told(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear, tmp_path: Path
) -> None:
    until(lambda: followed(bench, tenant) and ear.told)  # the first of all is told on following
    ear.told.clear()
    window = add(bench, tenant, "exec sleep 300", tmp_path, project)
    until(lambda: any(isinstance(one, Changes) for one in ear.told))
    seen = until(lambda: snapshot(bench, tenant))
    assert seen is not None
    assert window in {one.id for one in seen.windows}  # its end is news to the watch, too
    ear.told.clear()
    bench.sessions.kill(tenant.id, "acme-shell", window)
    until(lambda: any(isinstance(one, Changes) for one in ear.told))
    assert not ear.of(AttentionKind.SERVER)


def test_a_bell_is_told_with_whose_it_is(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear, tmp_path: Path
) -> None:
    until(lambda: followed(bench, tenant))
    gate = tmp_path / "gate"
    script = rf"until [ -e {gate} ]; do sleep 0.05; done; printf '\a'; exec sleep 300"
    window = add(bench, tenant, script, tmp_path, project)
    until(lambda: len(bench.sessions.inventory().sessions[0].windows) == 2)
    gate.touch()
    (bell,) = until(lambda: ear.of(AttentionKind.BELL))
    assert (bell.window, bell.name, bell.project_id) == (window, "more", project.id)
    assert bell.sentence == "“more” rang the bell."


def test_a_bell_in_the_window_in_front_is_heard_too(
    bench: Work, tenant: Tenant, project: Project, ear: Ear, tmp_path: Path
) -> None:
    """tmux sets no flag there, because our own connection looks at that session."""
    gate = tmp_path / "gate"
    script = rf"until [ -e {gate} ]; do sleep 0.05; done; printf '\a'; exec sleep 300"
    add(bench, tenant, script, tmp_path, project)
    until(lambda: followed(bench, tenant))
    gate.touch()
    until(lambda: ear.of(AttentionKind.BELL))


def test_an_end_is_told_and_the_window_stays_to_be_seen(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear, tmp_path: Path
) -> None:
    until(lambda: followed(bench, tenant))
    gate = tmp_path / "gate"
    script = f"until [ -e {gate} ]; do sleep 0.05; done; exit 7"
    window = add(bench, tenant, script, tmp_path, project)
    until(lambda: len(bench.sessions.inventory().sessions[0].windows) == 2)
    gate.touch()
    (ended,) = until(lambda: ear.of(AttentionKind.ENDED))
    assert ended.window == window
    assert ended.exit_code in {7, None}  # tmux 3.3a does not learn every exit code
    found = {w.id: w for w in bench.sessions.inventory().sessions[0].windows}
    assert found[window].dead


def test_a_tab_whose_shell_was_left_shows_no_other_window(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    other = bench.project(tenant, "other")
    bench.sessions.open(other.id)
    until(lambda: followed(bench, tenant))
    with terminal(opening.argv, opening.environment) as shown:
        until(lambda: b"bash-" in shown.out)
        shown.type("exit\n")
        until(lambda: ear.of(AttentionKind.ENDED))
        now = server_of(bench, tenant).look()
        assert {w.id for w in now.windows if w.session == opening.view and w.active} == {
            opening.window
        }
        again = bench.sessions.open(project.id, window=opening.window)
        assert (again.window, again.reused) == (opening.window, False)
        until(lambda: shown.out.count(b"bash-") > 1)


def test_a_window_that_was_left_and_nobody_looks_at_is_swept(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    other = bench.project(tenant, "other")
    bench.sessions.open(other.id)
    until(lambda: followed(bench, tenant))
    with terminal(opening.argv, opening.environment) as shown:
        until(lambda: b"bash-" in shown.out)
        shown.type("exit\n")
        until(lambda: ear.of(AttentionKind.ENDED))
    until(lambda: [w.name for w in bench.sessions.inventory().sessions[0].windows] == ["other"])
    assert bench.sessions.lost() == []
    bench.sessions.recover()
    assert bench.sessions.lost() == []


def test_a_server_that_dies_is_told_with_what_was_in_it(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    until(lambda: followed(bench, tenant))
    (server,) = bench.sessions.inventory().servers
    os.kill(server.pid, signal.SIGKILL)
    (told,) = until(lambda: ear.of(AttentionKind.SERVER))
    assert told.sentence.startswith("The tmux server of Acme has ended with a session in it.")
    assert [row.name for row in bench.sessions.lost()] == ["site"]
    bench.sessions.bring_back(bench.sessions.lost()[0])
    until(lambda: followed(bench, tenant))


def test_a_server_that_died_before_anybody_followed_it_is_told(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_watch, "SEARCH", 0.1)
    (server,) = bench.sessions.inventory().servers
    os.kill(server.pid, signal.SIGKILL)
    until(
        lambda: not psutil.pid_exists(server.pid) or psutil.Process(server.pid).status() == "zombie"
    )
    ear = Ear()
    end = bench.sessions.watch(ear)
    until(lambda: ear.of(AttentionKind.SERVER))
    assert [row.name for row in bench.sessions.lost()] == ["site"]
    end()


def test_a_server_that_follows_a_dead_one_is_followed_at_once(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_watch, "SEARCH", 0.1)
    monkeypatch.setattr(sessions_watch, "PATIENCE", (3600.0, 3600.0))
    (server,) = bench.sessions.inventory().servers
    os.kill(server.pid, signal.SIGKILL)
    end = bench.sessions.watch(Ear())
    until(lambda: bool(bench.sessions._watch._retry))
    bench.sessions.open(project.id)
    until(lambda: followed(bench, tenant))
    end()


def test_a_tenant_made_meanwhile_is_watched_from_its_first_window(
    bench: Work, tenant: Tenant, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_watch, "SEARCH", 3600.0)
    end = bench.sessions.watch(Ear())
    bench.sessions.open(project.id)
    until(lambda: followed(bench, tenant))
    end()


def test_ending_the_last_session_on_purpose_is_no_news_of_the_server(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    until(lambda: followed(bench, tenant))
    bench.sessions.kill(tenant.id, "acme-shell")
    until(lambda: not followed(bench, tenant))
    bench.sessions.open(project.id)
    until(lambda: followed(bench, tenant))
    assert ear.of(AttentionKind.SERVER) == []


def test_a_removed_socket_is_made_again_without_being_asked(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    until(lambda: followed(bench, tenant))
    server = server_of(bench, tenant)
    server._caller.path.unlink()
    (told,) = until(lambda: ear.of(AttentionKind.SERVER))
    assert "made again" in told.sentence
    assert [w.id for w in server.windows()] == [opening.window]


def test_a_client_that_is_killed_is_replaced(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear, tmp_path: Path
) -> None:
    until(lambda: followed(bench, tenant))
    for child in psutil.Process().children():
        if "-C" in child.cmdline():
            child.kill()
    until(lambda: not followed(bench, tenant))
    until(lambda: followed(bench, tenant))
    assert ear.of(AttentionKind.SERVER) == []


def test_a_session_of_runs_alone_is_watched_too(
    bench: Work, tenant: Tenant, project: Project, ear: Ear, tmp_path: Path
) -> None:
    server = server_of(bench, tenant)
    run = server.new_window("acme-runs", "run-1", ["sleep", "300"], tmp_path, owner="run:1:1")
    until(lambda: followed(bench, tenant))
    bench.sessions.open(project.id)
    server.kill_window(run)
    until(lambda: [s.name for s in bench.sessions.inventory().sessions] == ["acme-shell"])
    until(lambda: followed(bench, tenant))


def test_a_view_is_neither_kept_nor_watched(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear
) -> None:
    with terminal(opening.argv, opening.environment):
        until(lambda: followed(bench, tenant))
        until(lambda: bench.sessions.all()[0].attached == 1)
    until(lambda: [s.name for s in server_of(bench, tenant).sessions()] == ["acme-shell"])
    until(lambda: bench.sessions.all()[0].attached == 0)


def test_watching_starts_no_processes(
    bench: Work,
    tenant: Tenant,
    opening: Opening,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    until(lambda: followed(bench, tenant))
    started: list[tuple[str, ...]] = []
    run: Callable[..., process.Finished] = process.run

    def count(argv: tuple[str, ...], **more: object) -> process.Finished:
        started.append(tuple(argv))
        return run(argv, **more)

    monkeypatch.setattr(process, "run", count)
    looked = [bench.sessions.inventory(tenant.id) for _ in range(5)]
    until(lambda: any(isinstance(one, Changes) for one in ear.told))
    assert all(len(one.sessions) == 1 for one in looked)
    assert started == []


def test_nothing_is_left_of_many_watches(
    bench: Work, tenant: Tenant, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_watch, "SEARCH", 0.05)

    def once() -> None:
        end = bench.sessions.watch(Ear())
        until(lambda: followed(bench, tenant))
        end()

    def left() -> tuple[int, int, int]:
        gc.collect()  # of tests before
        return me.num_fds(), threading.active_count(), len(me.children())

    me = psutil.Process()
    once()
    before = left()
    for _ in range(8):
        once()
    descriptors, threads, children = left()
    assert (threads, children) == before[1:]
    assert descriptors < before[0] + 4  # the database keeps a few connections open


def test_several_listen_and_one_that_fails_keeps_nobody_from_hearing(
    bench: Work, tenant: Tenant, project: Project, opening: Opening, ear: Ear, tmp_path: Path
) -> None:
    def bad(_told: Changes | Attention) -> None:
        raise RuntimeError("not my day")

    end = bench.sessions.watch(bad)
    until(lambda: followed(bench, tenant))
    ear.told.clear()
    add(bench, tenant, "exec sleep 300", tmp_path, project)
    until(lambda: any(isinstance(one, Changes) for one in ear.told))
    end()
    assert followed(bench, tenant)
