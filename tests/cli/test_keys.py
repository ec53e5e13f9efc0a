"""`key`, `host` and `seed-identities` as a script has them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.domain.layout import Layout
from tests.support import repos
from tests.support.authority import Authority
from tests.support.sshd import Sshd, needs_sshd


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
        return code

    def json(self, *words: str, typed: str = "") -> Any:
        assert self(*words, "--json", typed=typed) == 0, self.err
        assert "PRIVATE" not in self.out
        return json.loads(self.out)


@pytest.fixture
def cli(
    layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cli]:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    made = Cli(capsys, monkeypatch)
    for name in ("Acme", "Bolt"):
        assert made("tenant", "add", name) == 0
    yield made
    made("key", "lock")


def test_a_key_from_import_to_delete(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "id_work"
    make = ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "geheim", "-C", "me"]
    subprocess.run([*make, "-f", str(file)], check=True)
    crlf = tmp_path / "crlf"
    crlf.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").rstrip())
    assert cli("key", "import", str(crlf), "--tenant", "acme") == 4, "it needs its passphrase"
    words = ("key", "import", str(crlf), "--tenant", "acme", "--name", "work", "--passphrase")
    made = cli.json(*words, typed="geheim\n")
    assert (made["name"], made["bits"], made["encrypted"]) == ("work", 2048, True)
    shown = cli.json("key", "show", "acme", "work")
    assert shown["md5"].startswith("MD5:")
    assert "[RSA 2048]" in shown["randomart"]
    assert cli("key", "show", "acme", "work") == 0
    assert made["fingerprint"] in cli.out
    assert "[SHA256]" in cli.out
    assert cli("key", "passphrase", "acme", "work", typed="geheim\nneu-neu\n") == 0
    assert cli("key", "passphrase", "acme", "work", "--remove", typed="falsch\n") == 4
    assert cli("key", "passphrase", "acme", "work", "--remove", typed="neu-neu\n") == 0
    assert cli.json("key", "bind", "acme", "work", "--host", "*.acme.example")["hosts"] == [
        "*.acme.example"
    ]
    assert cli("key", "export", "acme", "work", str(tmp_path / "out.pub")) == 0
    assert (tmp_path / "out.pub").read_text().startswith("ssh-rsa ")
    assert cli("key", "move", "acme", "work", "bolt") == 3, "nobody was asked"
    assert cli("key", "move", "acme", "work", "bolt", "--yes") == 0
    assert [one["name"] for one in cli.json("key", "list", "bolt")] == ["work"]
    assert cli("key", "list", "bolt") == 0
    assert "work" in cli.out
    assert cli("key", "delete", "bolt", "work", "--yes") == 0
    assert cli.json("key", "list", "bolt") == []


def test_permissions_rules_and_choice(cli: Cli) -> None:
    made = cli.json("key", "generate", "acme", "k", "--type", "ecdsa", "--bits", "384")
    Path(made["path"]).chmod(0o644)
    assert cli("key", "repair") == 0
    assert "open to others" in cli.err
    assert Path(made["path"]).stat().st_mode & 0o777 == 0o600
    rules = cli.json("key", "rules", "acme", "--own-agent", "yes", "--agent-minutes", "9")
    assert (rules["own_agent"], rules["own_config"], rules["agent_minutes"]) == (True, False, 9)
    assert cli.json("key", "rules", "bolt")["own_agent"] is False
    assert cli("project", "add", "acme", "git@h.example:a/site.git") == 0
    assert cli("key", "choice", "acme/site") == 0
    assert "oldest first" in cli.out


@needs_sshd
def test_a_host_is_met_tested_and_left_and_a_key_rotated(cli: Cli, tmp_path: Path) -> None:
    old = cli.json("key", "generate", "acme", "deploy")
    remote = repos.bare(tmp_path / "remote.git", {"a": "1"})
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(old["public"])
        place = ("127.0.0.1", "--port", str(server.port))
        assert cli("project", "add", "acme", server.url(remote), "--name", "site") == 0
        assert cli("key", "test", "acme/site") == 4
        assert server.host_fingerprint() in cli.err
        assert cli("host", "trust", "acme", *place) == 4
        assert server.host_fingerprint() in cli.out
        assert "[ED25519 256]" in cli.out
        shown = cli.json("host", "show", "acme", *place)
        assert shown["standing"] == "unknown"
        trust = ("host", "trust", "acme", *place, "--fingerprint", server.host_fingerprint())
        assert cli(*trust) == 0
        assert cli.json("host", "list", "bolt") == []
        report = cli.json("key", "test", "acme/site")
        assert report["good"] is True
        where = ("127.0.0.1", "--tenant", "acme", "--port", str(server.port))
        assert cli("key", "test", *where, "--user", server.account) == 0
        assert "accepted" in cli.out

        new = cli.json("key", "rotate", "acme", "deploy")
        assert "--registered" in cli.err
        assert cli("key", "rotate", "acme", "deploy", "--registered") == 4
        server.authorize(new["public"])
        assert cli("key", "rotate", "acme", "deploy", "--registered") == 0
        (left,) = cli.json("key", "list", "acme")
        assert (left["name"], left["fingerprint"]) == ("deploy", new["fingerprint"])

        loaded = cli.json("key", "load", "acme", "--minutes", "1")
        assert Path(loaded["socket"]).exists()
        assert cli("key", "lock", "--tenant", "acme") == 0
        assert not Path(loaded["socket"]).exists()

        known = server.host_fingerprint()
        server.new_host_key()
        server.restart()
        fresh = ("--fingerprint", server.host_fingerprint())
        assert cli("host", "trust", "acme", *place, *fresh) == 4
        assert cli("host", "trust", "acme", *place, *fresh, "--replace", known) == 0
        other = tmp_path / "other_hosts"
        other.write_text(server.known_line)
        assert cli("host", "import", "bolt", "--file", str(other)) == 0
        assert len(cli.json("host", "import", "bolt", "--file", str(other), "--dry-run")) == 1
        assert cli("host", "remove", "bolt", server.known_name) == 0
        assert cli("host", "remove", "bolt", server.known_name) == 5


def test_a_keys_owner_and_certificate_in_the_shell(cli: Cli, tmp_path: Path) -> None:
    assert cli("operator", "add", "Bob", "bob@acme.example", "--account", "bob") == 0, cli.err
    assert cli("key", "generate", "acme", "deploy") == 0
    assert cli("key", "generate", "acme", "mine", "--personal") == 0
    assert cli("key", "give", "acme", "deploy", "--operator", "BOB@acme.example") == 0, cli.err
    assert [key["name"] for key in cli.json("key", "list", "acme", "--operator", "bob")] == [
        "deploy"
    ]
    assert cli("key", "list", "acme") == 0
    assert "Bob" in cli.out
    assert "alone" in cli.out
    assert cli("key", "list", "acme", "--operator", "nobody") != 0
    assert "no operator" in cli.err
    assert cli("key", "give", "acme", "deploy", "--personal") != 0
    assert "needs an owner" in cli.err
    public = cli.json("key", "public", "acme", "deploy")["public"]
    signed = Authority(tmp_path / "ca").sign(public, "git", serial=42)
    assert cli("key", "certify", "acme", "deploy", str(signed)) == 0, cli.err
    assert cli("key", "show", "acme", "deploy") == 0
    for part in ("ann@acme, serial 42, valid", "for git", "Signed by", "Bob"):
        assert part in cli.out, part
    told = cli.json("key", "show", "acme", "deploy")["entry"]["certificate"]
    assert (told["serial"], told["principals"]) == (42, ["git"])
    assert cli("key", "certify", "acme", "mine", str(signed)) != 0
    assert "another key" in cli.err
    assert cli("key", "certify", "acme", "deploy") != 0
    assert cli("key", "certify", "acme", "deploy", "--remove") == 0
    assert cli.json("key", "list", "acme")[0]["certificate"] == ""


def test_seed_identities_names_the_owner(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "syseng"
    folder.mkdir()
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", ""]
    subprocess.run([*make, "-f", str(folder / "id_ed25519-acme-syseng")], check=True)
    words = ("seed-identities", "--source-dir", str(folder), "--owner-email", "Ann@acme.example")
    assert cli(*words, "--dry-run") == 0
    assert cli.json("key", "list", "acme") == []
    assert cli(*words) == 0, cli.err
    people = [entry["operator"] for entry in cli.json("operator", "list")]
    owners = [one["id"] for one in people if one["email"] == "ann@acme.example"]
    (key,) = cli.json("key", "list", "acme", "--operator", "ann@acme.example")
    assert [key["owner_id"]] == owners
