"""Operators and the history, from the shell."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.domain.layout import Layout
from tests.support.cli import Cli

PHRASE = "correct horse"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase, "MEMORY", 64)
    monkeypatch.setattr(phrase, "PASSES", 1)
    monkeypatch.setattr(phrase, "LANES", 1)


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    monkeypatch.setattr(sys, "stdin", None)  # nobody can be asked
    return Cli(capsys)


def test_operators_from_beginning_to_end(cli: Cli) -> None:
    assert (
        cli("create-admin", "--email", "Ann@X.example", "--name", "Ann", "--password", PHRASE) == 0
    )
    assert cli("operator", "add", "Bob", "bob@x.example", "--role", "viewer",
               "--password", PHRASE) == 0  # fmt: skip
    told = {one["operator"]["name"]: one for one in cli.json("operator", "list")}
    assert told["Ann"]["here"]
    assert told["Ann"]["last_admin"]
    assert told["Ann"]["operator"]["email"] == "ann@x.example"
    assert (told["Bob"]["operator"]["role"], told["Bob"]["operator"]["locks"]) == ("viewer", True)
    assert cli.json("operator", "promote", "BOB@x.example")["role"] == "operator"
    assert cli.json("operator", "promote", "bob", "--to", "admin")["role"] == "admin"
    assert cli("operator", "promote", "bob") == 3
    assert cli.json("operator", "demote", "bob", "--to", "viewer")["role"] == "viewer"
    assert cli("operator", "demote", "bob") == 3
    assert cli("operator", "reset", "bob", "--password", "battery staple") == 0
    assert cli("operator", "reset", "bob", "--remove") == 3, "he comes in by it alone"
    assert cli("operator", "delete", "bob") == 3, "nobody was asked"
    assert cli("operator", "delete", "bob", "--yes") == 0
    assert cli("operator", "delete", "bob", "--yes") == 5
    assert cli("operator", "delete", "ann", "--yes") == 3
    assert PHRASE not in cli.out + cli.err
    assert cli("history", "export", "json") == 0
    assert PHRASE not in cli.out


def test_create_admin_needs_an_email_and_takes_a_passphrase_from_who_can_be_asked(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("create-admin") == 3
    assert "--email" in cli.err
    typed = iter([PHRASE, "another one", PHRASE, PHRASE])
    monkeypatch.setattr("getpass.getpass", lambda *_words, **_named: next(typed))
    monkeypatch.setattr("aiops_desktop.cli.shell.Shell.asks", True)
    monkeypatch.setattr("sys.stdin", io.StringIO("Ann@X.example\nAnn@X.example\n"))
    assert cli("create-admin") == 3, "typed differently the second time"
    assert cli("create-admin") == 0
    (entry,) = cli.json("operator", "list")
    assert (entry["operator"]["email"], entry["operator"]["locks"]) == ("ann@x.example", True)


def test_a_viewer_looks_and_does_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("tenant", "add", "Acme") == 0
    monkeypatch.setattr("aiops_desktop.adapters.people.account", lambda: ("bob", "Bob"))
    assert [one["name"] for one in cli.json("tenant", "list")] == ["Acme"]
    assert cli("tenant", "delete", "acme", "--yes") == 3
    assert "needs the role admin" in cli.err
    assert "Bob" in cli.err
    assert "viewer" in cli.err
    assert cli("project", "add", "acme", "git@h.example:a/b.git") == 3
    assert cli("operator", "promote", "Bob") == 3
    assert [one["name"] for one in cli.json("tenant", "list")] == ["Acme"]


def test_the_history_is_listed_shown_and_exported(cli: Cli, tmp_path: Path) -> None:
    for name in ("Acme", "Brix"):
        assert cli("tenant", "add", name) == 0
    assert cli("tenant", "add", "ACME") == 3
    assert [event["subject"] for event in cli.json("history", "list")] == ["ACME", "Brix", "Acme"]
    assert cli.json("history") == cli.json("history", "list")
    (refused,) = cli.json("history", "list", "--outcome", "refused")
    assert cli("history", "show", str(refused["id"])) == 0
    assert "outcome: refused" in cli.out
    assert cli.json("history", "show", str(refused["id"]))["note"]
    assert len(cli.json("history", "list", "--on", "Brix")) == 1
    assert len(cli.json("history", "list", "--text", "bri")) == 1
    assert cli("history", "show", "one") == 3
    assert cli("history", "show", "99") == 5
    assert cli("history", "export", "csv") == 0
    head, *rows = csv.reader(io.StringIO(cli.out, newline=""))
    assert (head[0], len(rows)) == ("id", 3)
    place = tmp_path / "history.json"
    assert cli("history", "export", "json", "--verb", "create tenant", "--limit", "2", "--into",
               str(place)) == 0  # fmt: skip
    assert [event["subject"] for event in json.loads(place.read_text())] == ["ACME", "Brix"]
    assert cli("history", "export", "json", "--into", str(place)) == 3, "it is there already"
    assert cli("history", "export", "json", "--into", str(tmp_path / "no" / "x")) == 1
