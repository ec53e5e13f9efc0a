"""Sessions from a shell, with real tmux."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.cli import Cli
from tests.support.waiting import until
from tests.support.work import Work, work


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    monkeypatch.setenv("DEFAULT_AI_TOOL", "shell")
    monkeypatch.setenv("DEFAULT_AI_SHELL", "/bin/bash --norc --noprofile")
    monkeypatch.setattr(sys, "stdin", None)  # nobody can be asked
    return Cli(capsys)


@pytest.fixture
def bench(layout: Layout) -> Work:
    made = work(layout)
    made.project(made.tenant())
    return made


def test_a_session_from_its_beginning_to_its_end(cli: Cli, bench: Work) -> None:
    opened = cli.json("session", "open", "acme/site")
    assert (opened["session"], opened["program"]) == ("acme-shell", "bash")
    assert cli("session", "list") == 0
    assert "acme-shell:0" in cli.out
    assert "idle" in cli.out
    window = opened["window"]
    assert cli("session", "rename", "acme", "acme-shell", "build", "--window", window) == 0
    assert cli("session", "move", "acme", "acme-shell", window, "4") == 0
    (session,) = cli.json("session", "list", "--tenant", "acme")
    assert [(w["name"], w["index"]) for w in session["windows"]] == [("build", 4)]
    assert cli("session", "kill", "acme", "acme-shell") == 3
    assert "Nobody can answer" in cli.err
    assert cli("session", "kill", "acme", "acme-shell", "--yes") == 0
    assert cli("session", "list") == 0
    assert "No session lives." in cli.err
    assert cli("session", "rename", "acme", "acme-shell", "x", "--window", "@9") == 5


def test_an_end_names_what_runs(cli: Cli, bench: Work, tmp_path: Path) -> None:
    tenant = bench.tenant("Bolt")
    server = tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)
    server.new_window("bolt-shell", "tests", ["sh", "-c", "sleep 300; true"], tmp_path)
    until(lambda: bench.sessions.running_in(tenant.id, "bolt-shell"))
    assert cli("session", "kill", "bolt", "bolt-shell", "--yes") == 0
    assert "this ends sleep in “tests”" in cli.err


def test_history_is_printed_and_searched(cli: Cli, bench: Work, tmp_path: Path) -> None:
    tenant = bench.tenant("Bolt")
    server = tenant_tmux(bench.room(tenant), bench.chosen.current().terminal)
    script = r"printf '\033[31mred\033[0m\n'; seq 1 200; exec sleep 300"
    window = server.new_window("bolt-shell", "out", ["sh", "-c", script], tmp_path)
    until(lambda: "200" in server.capture(window))
    assert cli("session", "log", "bolt", window) == 0
    assert cli.out.splitlines()[:3] == ["red", "1", "2"]
    assert cli("session", "log", "bolt", window, "--find", "150") == 0
    assert [line.split() for line in cli.out.splitlines()] == [["LINE", "TEXT"], ["150", "150"]]
    assert cli("session", "log", "bolt", "@99") == 5


def test_what_was_lost_comes_back_or_is_forgotten(cli: Cli, bench: Work) -> None:
    cli("session", "open", "acme/site")
    cli("session", "open", "acme/site", "--fresh")
    tenant = bench.ground.tenants.all()[0]
    tenant_tmux(bench.room(tenant), bench.chosen.current().terminal).kill_server()
    lost = cli.json("session", "lost")
    assert [one["program"] for one in lost] == ["bash", "bash"]
    assert cli("session", "restore", "999") == 5
    assert cli("session", "restore", str(lost[0]["id"])) == 0
    assert "runs bash again" in cli.out
    assert cli("session", "forget") == 0
    assert cli.out.startswith("1 session will not be offered")
    assert cli.json("session", "lost") == []
    (session,) = cli.json("session", "list")
    assert len(session["windows"]) == 1
