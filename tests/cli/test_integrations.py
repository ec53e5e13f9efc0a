"""`integration` as a script has it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.domain.layout import Layout
from tests.support.fake_forge import TOKEN, FakeToken
from tests.support.fake_gitlab import FakeGitLab
from tests.support.repos import bare, git


class Cli:
    """Calls the program as a script would, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.out = ""
        self.err = ""

    def __call__(self, *words: str, typed: str = "") -> int:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.out + self.err
        assert "error of the program" not in self.err, self.err
        assert TOKEN not in self.out + self.err
        return code

    def json(self, *words: str, typed: str = "") -> Any:
        assert self(*words, "--json", typed=typed) == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        made.add_project("acme/shop")
        yield made


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    made = Cli(capsys, monkeypatch)
    assert made("tenant", "add", "Acme") == 0
    return made


def added(cli: Cli, gitlab: FakeGitLab) -> Any:
    words = ("integration", "add", "acme", "--name", "Work", "--url", gitlab.url)
    return cli.json(*words, typed=f"{TOKEN}\n")["integration"]


def test_an_integration_from_add_to_remove(cli: Cli, gitlab: FakeGitLab) -> None:
    assert cli("integration", "list") == 0
    assert "No integration yet" in cli.err
    assert added(cli, gitlab)["username"] == "ann"
    assert cli("integration", "list", "--tenant", "acme") == 0
    assert "Work" in cli.out
    assert "working" in cli.out
    assert cli("integration", "test", "acme", "work") == 0
    assert "Verified as Ann" in cli.out
    gitlab.tokens["new"] = FakeToken("ann", ("api",))
    assert cli("integration", "rotate", "acme", "work", typed="new\n") == 0, cli.err
    assert cli("integration", "disable", "acme", "work") == 0
    assert cli.json("integration", "list")[0]["integration"]["enabled"] is False
    assert cli("integration", "enable", "acme", "work") == 0
    assert cli("integration", "edit", "acme", "work", "--name", "Mine") == 0, cli.err
    gitlab.tokens["new"].revoked = True
    assert cli("integration", "test", "acme", "mine") == 4
    assert "it was revoked" in cli.out
    assert cli("integration", "remove", "acme", "mine") == 3, "nobody can answer"
    assert cli("integration", "remove", "acme", "mine", "--yes") == 0
    assert "Nothing changes on 127.0.0.1" in cli.err
    assert cli.json("integration", "list") == []


def test_what_is_wrong_ends_with_its_code(cli: Cli, gitlab: FakeGitLab) -> None:
    add = ("integration", "add", "acme", "--url", gitlab.url)
    assert cli(*add, typed="") == 3
    assert cli(*add, typed="mistyped\n") == 4
    assert "does not accept the token" in cli.err
    assert cli(*add[:3], "--url", f"{gitlab.url}/no", typed="x y\n") == 4
    assert cli("integration", "test", "acme", "nothing") == 5


def test_projects_are_linked(cli: Cli, gitlab: FakeGitLab) -> None:
    cli("project", "add", "acme", f"{gitlab.url}/acme/shop.git", "--name", "shop")
    cli("project", "add", "acme", "git@elsewhere.example:a/b.git", "--name", "other")
    assert cli("integration", "link", "acme/shop") == 3, "there is none"
    added(cli, gitlab)
    assert cli.json("integration", "projects", "acme", "work")[0]["path"] == "acme/shop"
    assert cli.json("integration", "link", "acme/shop")["path"] == "acme/shop"
    assert cli("integration", "link", "acme/other") == 3, "nothing suggests itself"
    words = ("integration", "link", "acme/other", "--to", "acme/shop", "--integration", "Work")
    assert cli(*words) == 0, cli.err
    assert cli("integration", "links") == 0
    assert cli.out.count("acme/shop") == 2
    assert cli("integration", "unlink", "acme/other") == 0
    assert cli("integration", "links") == 0
    assert cli.out.count("acme/shop") == 1


def test_keys_are_registered(cli: Cli, gitlab: FakeGitLab) -> None:
    added(cli, gitlab)
    assert cli("key", "generate", "acme", "deploy") == 0
    assert cli("integration", "add-key", "acme", "work", "deploy") == 0, cli.err
    assert len(gitlab.user_keys) == 1
    assert cli("integration", "find-keys", "acme") == 0
    assert "1 registration was found" in cli.out
    assert cli("integration", "remove-key", "acme", "work", "deploy") == 0
    assert gitlab.user_keys == {}
    words = ("acme", "work", "deploy", "--project", "acme/shop")
    assert cli("integration", "add-key", *words, "--write") == 0
    assert cli("integration", "remove-key", *words) == 0


def test_tokens_are_taken_out_of_remotes(cli: Cli, tmp_path: Path) -> None:
    remote = bare(tmp_path / "srv.git", {"a.txt": "a\n"})
    cli("project", "add", "acme", str(remote), "--name", "shop")
    assert cli("clone", "acme/shop") == 0, cli.err
    checkout = Path(cli.json("project", "show", "acme/shop")["checkout"])
    git(checkout, "remote", "add", "fork", "https://me:topsecret123@git.example/a/b.git")
    found = cli.json("integration", "clean-remotes", "--dry-run")
    assert found[0]["address"] == "https://me@git.example/a/b.git"
    assert cli("integration", "clean-remotes") == 0
    assert "topsecret123" not in cli.out + cli.err
    assert "topsecret123" not in (checkout / ".git" / "config").read_text()


def test_the_way_to_a_token_is_told(cli: Cli) -> None:
    assert cli("integration", "token-help", "--for", "push", "--for", "read") == 0
    assert "grant read_api and write_repository" in cli.out
    assert len(cli.out.splitlines()) == 5
    assert cli.json("integration", "token-help", "--kind", "github")["scopes"] == ["repo"]
