"""The round in the shell: clone, change, push, delete, with real git and nothing faked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.domain.layout import Layout


def _git(*words: str, cwd: Path | None = None) -> str:
    who = ["-c", "user.name=Seed", "-c", "user.email=seed@acme.example"]
    argv = ["git", *who, *words]
    return subprocess.run(argv, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository with one commit."""
    bare, work = tmp_path / "site.git", tmp_path / "work"
    _git("init", "-q", "--bare", "-b", "main", str(bare))
    _git("init", "-q", "-b", "main", str(work))
    (work / "site.yml").write_text("- hosts: all\n")
    _git("add", ".", cwd=work)
    _git("commit", "-q", "-m", "First", cwd=work)
    _git("push", "-q", str(bare), "main", cwd=work)
    return bare


def test_the_round_in_the_shell(
    layout: Layout,
    remote: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    monkeypatch.setattr(sys, "stdin", None)

    def call(*words: str, code: int = 0) -> Any:
        assert main([*words, "--json"]) == code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return json.loads(out) if out.strip() else err

    call("tenant", "add", "Acme", "--author-name", "Ann", "--author-email", "ann@acme.example")
    call("project", "add", "acme", str(remote))
    call("push", "acme/site", code=5)
    cloned = call("clone", "acme/site")
    checkout = Path(cloned["path"])
    assert checkout == layout.checkouts / "acme" / "site"
    assert cloned["branch"] == "main"
    assert call("status", "acme/site")["branch"] == "main"

    (checkout / "new.txt").write_text("new\n")
    assert "new.txt" in json.dumps(call("status", "acme/site"))
    assert "1 changed file" in call("project", "delete", "acme/site", code=3)
    _git("add", ".", cwd=checkout)
    _git("commit", "-q", "-m", "Second", cwd=checkout)
    (one,) = call("status", "--all")
    assert one["status"]["ahead"] == 1
    assert "1 commit not pushed" in call("tenant", "delete", "acme", code=3)

    assert len(call("push", "acme/site", "--dry-run")["commits"]) == 1
    pushed = call("push", "acme/site")
    assert _git("rev-parse", "main", cwd=remote) == pushed["new_id"]
    call("push", "acme/site", code=3)

    _git("pull", "-q", str(remote), "main", cwd=tmp_path / "work")
    (tmp_path / "work" / "third").write_text("3")
    _git("add", ".", cwd=tmp_path / "work")
    _git("commit", "-q", "-m", "Third", cwd=tmp_path / "work")
    _git("push", "-q", str(remote), "main", cwd=tmp_path / "work")
    assert call("pull", "acme/site")["kind"] == "fast-forward"

    moved = tmp_path / "moved.git"
    remote.rename(moved)
    call("project", "edit", "acme/site", "--address", str(moved))
    assert _git("remote", "get-url", "origin", cwd=checkout) == str(moved)

    call("project", "delete", "acme/site", "--yes")
    assert not checkout.exists()
    (kept,) = layout.trash.glob("*/checkout")
    assert _git("log", "-1", "--format=%s", cwd=kept) == "Third"
    told = [(event["verb"], event["outcome"]) for event in reversed(call("history"))]
    assert told[0] == ("create tenant", "done")
    assert ("clone", "done") in told
    assert ("push", "done") in told
    assert told[-1] == ("delete project", "done")
