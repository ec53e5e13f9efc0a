"""Backups, restores and the trash from a shell."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from aiops_desktop.adapters.secrets import phrase
from tests.support.cli import Cli

PHRASE = "seven words are easy"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY", 64), ("PASSES", 1), ("LANES", 1)):
        monkeypatch.setattr(phrase, name, value)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(tmp_path / "data"))
    made = Cli(capsys)
    assert made("tenant", "add", "acme") == 0
    assert made("key", "generate", "acme", "deploy") == 0
    return made


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def into(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(folder))


def test_a_backup_is_made_verified_and_listed(cli: Cli, tmp_path: Path) -> None:
    assert cli("backup") == 0
    assert "1 private key" in cli.out
    listed = cli.json("backups", "list")
    assert [one["check"] for one in listed] == ["whole"]
    name = Path(listed[0]["path"]).name
    assert cli.json("verify", name)["about"]["counts"]["tenants"] == 1
    assert cli("backups", "delete", name, "--yes") == 0
    assert cli.json("backups", "list") == []


def test_an_encrypted_one_goes_into_a_fresh_folder(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, PHRASE)
    assert cli("backup", str(tmp_path / "x"), "--encrypt") == 0
    typed(monkeypatch, "wrong words")
    assert cli("verify", str(tmp_path / "x")) == 4
    assert "does not open" in cli.err
    into(monkeypatch, tmp_path / "fresh")
    typed(monkeypatch, PHRASE)
    assert cli("restore", str(tmp_path / "x")) == 0, cli.err
    assert [one["name"] for one in cli.json("tenant", "list")] == ["acme"]
    assert "restore" in [one["verb"] for one in cli.json("history", "list")]
    assert PHRASE not in json.dumps(cli.json("history", "list"))


def test_a_restore_says_what_goes_and_asks(cli: Cli, tmp_path: Path) -> None:
    assert cli("backup", str(tmp_path / "x")) == 0
    assert cli("tenant", "add", "later") == 0
    found = cli.json("restore", str(tmp_path / "x"), "--preview")
    assert found["differences"][0]["gone"] == ["later"]
    assert cli("restore", str(tmp_path / "x")) == 3
    assert "Nobody can answer here" in cli.err
    assert len(cli.json("tenant", "list")) == 2


def test_what_is_no_backup_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("no backup")
    assert cli("verify", str(tmp_path / "x")) in (1, 3)
    assert cli("restore", str(tmp_path / "x"), "--yes") in (1, 3)
    assert cli("verify", str(tmp_path / "none")) == 5
    assert cli("backup", str(tmp_path / "x")) == 3


def test_what_is_due_is_made_once(cli: Cli) -> None:
    assert [one["backup"]["kind"] for one in cli.json("backups", "due")] == ["snapshot"]
    assert cli.json("backups", "due") == []


def test_a_deleted_tenant_comes_back(cli: Cli) -> None:
    assert cli("tenant", "delete", "acme", "--yes") == 0
    assert [one["title"] for one in cli.json("trash", "list")] == ["acme"]
    assert cli("trash", "restore", "acme") == 0
    assert [one["name"] for one in cli.json("key", "list", "acme")] == ["deploy"]
    assert cli("trash", "restore", "acme") == 5


def test_the_trash_is_emptied(cli: Cli) -> None:
    assert cli("tenant", "delete", "acme", "--yes") == 0
    assert cli("trash", "empty") == 3
    assert cli("trash", "empty", "--yes") == 0
    assert cli.json("trash", "list") == []
