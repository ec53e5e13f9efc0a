"""tmux: servers of two tenants stay apart, views do not mirror each other, nothing is typed."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux import Tmux, find_tmux, launch, own_config
from aiops_desktop.adapters.tmux.version import OLDEST
from aiops_desktop.domain.trouble import Missing
from tests.support.waiting import until


def _server(name: str, **variables: str) -> Tmux:
    env = process.environment(variables)
    return Tmux(find_tmux(env), f"aiops-{name}", own_config(), env)


@pytest.fixture
def acme() -> Tmux:
    return _server("acme", TENANT="acme", CODEX_HOME="/acme/codex")


@contextmanager
def attached(server: Tmux, window: str, view: str) -> Iterator[int]:
    """A terminal that looks at a window; the master side of its PTY."""
    master, slave = pty.openpty()
    argv = server.attach_argv("acme-shell", window, view)
    client = subprocess.Popen(
        argv,
        env=server.client_environment(),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    until(lambda: any(s.name == view and s.attached for s in server.sessions()))
    try:
        yield master
    finally:
        os.close(master)
        client.wait(10)


def test_without_a_server_there_is_nothing(acme: Tmux) -> None:
    assert not acme.running()
    assert acme.sessions() == []
    assert acme.windows() == []
    acme.kill_session("acme-shell")
    acme.kill_server()
    with pytest.raises(Missing):
        acme.capture("@0")


def test_a_window_runs_its_program_in_its_folder(acme: Tmux, tmp_path: Path) -> None:
    folder = tmp_path / "a #(touch pwned) #{q} $HOME ;x;"
    folder.mkdir()
    script = 'pwd; echo "$PWD|$MORE|$1"; exec sleep 300'
    window = acme.new_window(
        "acme-shell",
        "wäb #(touch pwned) $PWD;",
        ["sh", "-c", script, "sh", "a;b;"],
        folder,
        owner="project:7",
        env={"MORE": "x y"},
    )
    until(lambda: acme.windows()[0].command == "sleep")
    (found,) = acme.windows()
    assert (found.id, found.session, found.owner) == (window, "acme-shell", "project:7")
    assert found.path == str(folder)
    assert found.name == "wäb #(touch pwned) $PWD;"
    assert (found.dead, found.active) == (False, True)
    assert acme.capture(window).split("\n")[:2] == [str(folder), f"{folder}|x y|a;b;"]
    assert list(folder.iterdir()) == []


def test_two_tenants_do_not_meet(acme: Tmux, tmp_path: Path) -> None:
    bolt = _server("bolt", TENANT="bolt", BOLT_ONLY="1")
    script = "env > env-$TENANT.txt; exec sleep 300"
    acme.new_window("acme-shell", "one", ["sh", "-c", script], tmp_path)
    bolt.new_window("bolt-shell", "one", ["sh", "-c", script], tmp_path)
    for name in ("acme", "bolt"):
        until(lambda name=name: (tmp_path / f"env-{name}.txt").exists())  # type: ignore[misc]  # mypy cannot see through the default
    until(lambda: all(w.command == "sleep" for w in acme.windows() + bolt.windows()))
    told = {name: (tmp_path / f"env-{name}.txt").read_text() for name in ("acme", "bolt")}
    assert "CODEX_HOME=/acme/codex" in told["acme"]
    assert "CODEX_HOME" not in told["bolt"]
    assert "BOLT_ONLY" not in told["acme"]
    assert [s.name for s in acme.sessions()] == ["acme-shell"]
    assert [s.name for s in bolt.sessions()] == ["bolt-shell"]
    acme.kill_server()
    assert [s.name for s in bolt.sessions()] == ["bolt-shell"]


def test_variables_of_the_persons_shell_do_not_pass(
    acme: Tmux, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "private")
    monkeypatch.setenv("TMUX", "/somewhere,1,0")
    window = acme.new_window("acme-shell", "one", ["sh", "-c", "env; exec sleep 300"], tmp_path)
    until(lambda: "TENANT=acme" in acme.capture(window))
    assert "GITHUB_TOKEN" not in acme.capture(window, history=True)


def test_secrets_are_not_among_the_arguments(tmp_path: Path) -> None:
    env = process.environment({"OPENAI_API_KEY": "s3cret", "PLAIN": "seen"})
    given = launch.variables(env, {"MY_TOKEN": "s3cret"}, tmp_path)
    assert given["PLAIN"] == "seen"
    assert "s3cret" not in given.values()


def test_two_views_show_different_windows_and_end_with_their_tabs(
    acme: Tmux, tmp_path: Path
) -> None:
    one = acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    two = acme.new_window("acme-shell", "two", ["sleep", "300"], tmp_path)
    with attached(acme, one, "acme-view-1"), attached(acme, two, "acme-view-2"):
        active = {w.session: w.id for w in acme.windows() if w.active}
        assert active["acme-view-1"] == one
        assert active["acme-view-2"] == two
    until(lambda: [s.name for s in acme.sessions()] == ["acme-shell"])
    assert {w.id for w in acme.windows()} == {one, two}


def test_ending_a_session_ends_its_views_too(acme: Tmux, tmp_path: Path) -> None:
    one = acme.new_window("acme-shell", "one", ["sleep", "300"], tmp_path)
    acme.new_window("acme-runs", "run-1", ["sleep", "300"], tmp_path)
    with attached(acme, one, "acme-view-1"):
        acme.kill_group("acme-shell")
        assert [s.name for s in acme.sessions()] == ["acme-runs"]
    acme.kill_window(acme.windows()[0].id)
    until(lambda: acme.sessions() == [])
    acme.kill_window("@99")


def test_history_is_captured_from_its_beginning(acme: Tmux, tmp_path: Path) -> None:
    window = acme.new_window(
        "acme-shell", "one", ["sh", "-c", "seq 1 500; exec sleep 300"], tmp_path
    )
    until(lambda: "500" in acme.capture(window))
    assert "1\n2\n3\n" not in acme.capture(window)
    assert acme.capture(window, history=True).startswith("1\n2\n3\n")


def test_our_configuration_has_no_error(acme: Tmux, tmp_path: Path) -> None:
    window = acme.new_window("acme-shell", "one", ["sh", "-c", "echo $TERM; sleep 300"], tmp_path)
    until(lambda: acme.capture(window).strip())
    assert acme.capture(window).strip() in {"tmux-256color", "screen-256color"}
    shown = {
        name: process.run(
            [*acme._caller.base(), "show-options", "-gqv", name],
            env=acme._caller.env,
            cwd=tmp_path,
        ).text.strip()
        for name in ("status", "mouse", "history-limit", "update-environment")
    }
    assert shown == {
        "status": "off",
        "mouse": "off",
        "history-limit": "50000",
        "update-environment": "",
    }
    said = process.run(
        [*acme._caller.base(), "show-messages"], env=acme._caller.env, cwd=tmp_path
    ).text
    assert "tmux.conf:" not in said


def test_a_missing_folder_is_told(acme: Tmux, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="is not there"):
        acme.new_window("acme-shell", "one", ["sh"], tmp_path / "gone")


def test_tmux_must_be_there_and_new_enough(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="was not found"):
        find_tmux({"PATH": str(tmp_path)})
    old = tmp_path / "tmux"
    old.write_text("#!/bin/sh\necho tmux 2.8\n")
    old.chmod(0o755)
    with pytest.raises(Missing, match="too old"):
        find_tmux({"PATH": str(tmp_path)})
    assert OLDEST <= (3, 0)
    for number, version in enumerate(("3.0a", "next-3.5", "master")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "tmux").write_text(f"#!/bin/sh\necho tmux {version}\n")
        (folder / "tmux").chmod(0o755)
        assert find_tmux({"PATH": str(folder)}) == str(folder / "tmux")
