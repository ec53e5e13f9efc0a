"""The daily round by shell commands alone: no display, no Qt, a real server at the other end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.domain.layout import Layout
from tests.support.deploying import TOOLS
from tests.support.repos import bare, commit, git, push_more
from tests.support.shell import Said, Shell
from tests.support.sshd import Sshd, needs_sshd

pytestmark = [
    pytest.mark.journey,
    needs_sshd,
    pytest.mark.skipif(not TOOLS.exists(), reason="ansible-core was not set up"),
]

SITE = """- name: Write the version
  hosts: localhost
  gather_facts: false
  vars_prompt:
    - {name: word, prompt: Word, private: true}
  tasks:
    - name: Write it
      ansible.builtin.copy:
        dest: "{{ playbook_dir }}/written.txt"
        content: "written\\n"
    - name: Say it
      ansible.builtin.debug:
        msg: "the word is {{ word }}"
"""
PASSPHRASE = "correct horse battery"
WORD = "hunter2-and-more"


def test_the_daily_round(layout: Layout, tmp_path: Path) -> None:
    shell = Shell(layout)
    remote = bare(tmp_path / "srv" / "shop.git", {"README.md": "# Shop\n", "site.yml": SITE})

    shell("tenant", "add", "Acme", "--author-name", "Ann", "--author-email", "ann@acme.example")
    with Sshd(tmp_path / "sshd") as server:
        made = shell(
            *("key", "generate", "acme", "main", "--passphrase", "--remember"), stdin=PASSPHRASE
        )
        assert made.out.startswith("ssh-ed25519 ")
        server.authorize(made.out)
        shell("project", "add", "acme", server.url(remote))

        asked = shell("clone", "acme/shop", code=4)
        assert server.host_fingerprint() in asked.err, "the fingerprint is there to be compared"
        wrong = shell("clone", "acme/shop", "--trust", "SHA256:another", code=4)
        assert "Do not go on" in wrong.err
        cloned = shell("clone", "acme/shop", "--trust", server.host_fingerprint())
        checkout = Path(shell.json("project", "show", "acme/shop")["checkout"])
        assert f"Cloned to {checkout}, branch main" in cloned.out
        assert shell.json("host", "list", "acme")[0]["fingerprint"] == server.host_fingerprint()

        change_by_hand(shell, checkout)
        assist(shell, checkout)
        push(shell, server, remote, checkout)
        deploy(shell, checkout)
        history(shell)
    nothing_secret(shell)


def change_by_hand(shell: Shell, checkout: Path) -> None:
    opened = shell.json("session", "open", "shop", "--tool", "shell")
    assert opened["session"] == "acme-shell"
    assert [one["name"] for one in shell.json("session", "list")] == ["acme-shell"]
    (checkout / "notes.txt").write_text("by hand\n")
    assert "notes.txt" in shell("status", "acme/shop").out
    commit(checkout, {}, "By hand")
    assert shell.json("status", "acme/shop")["ahead"] == 1


def assist(shell: Shell, checkout: Path) -> None:
    shell("run", "start", "acme/shop", "Tidy up", "--assistant", "nobody", code=3)
    shell("setting", "set", "assistants.demo", "true")
    run = str(
        shell.json("run", "start", "acme/shop", "Tidy up the playbook", "--assistant", "demo")["id"]
    )
    followed = shell("run", "follow", run)
    assert "is ready for review: Tidy up the playbook" in followed.out
    assert "I am the demo assistant" in followed.err
    review = shell("run", "review", run).out
    assert "M README.md" in review
    assert "+The playbook says on each host when it has ended." in review
    shell("run", "merge", run, code=3)
    shell("run", "commit", run, "-m", "Tidy up")
    shell("run", "commit", run, "-m", "", code=3)
    shell("run", "merge", run)
    assert git(checkout, "log", "-1", "--format=%an <%ae> %s") == "Ann <ann@acme.example> Tidy up"
    shell("run", "retire", run)
    assert [one["state"] for one in shell.json("run", "list")] == ["retired"]


def push(shell: Shell, server: Sshd, remote: Path, checkout: Path) -> None:
    before = git(remote, "rev-parse", "main")
    planned = shell("push", "acme/shop", "--dry-run")
    assert "key “main” · author Ann <ann@acme.example> · 127.0.0.1" in planned.err
    assert git(remote, "rev-parse", "main") == before
    theirs = push_more(remote, {"other.txt": "by somebody else\n"})
    rejected = shell("push", "acme/shop", code=3)
    assert "Pushed" not in rejected.out
    assert git(remote, "rev-parse", "main") == theirs
    shell("pull", "acme/shop", code=3)
    assert "rebase" in shell("pull", "acme/shop", "--how", "rebase").out
    assert "Pushed 2 commits to origin main." in shell("push", "acme/shop").out
    assert git(remote, "rev-parse", "main") == git(checkout, "rev-parse", "HEAD")
    assert "Nothing to push" in shell("push", "acme/shop", code=3).err
    (mine,) = shell.json("key", "list", "acme")
    assert server.offered() == {mine["fingerprint"]}


def deploy(shell: Shell, checkout: Path) -> None:
    assert "site.yml" in shell("deploy", "templates", "acme/shop").out
    asked = shell("deploy", "start", "acme/shop", "site.yml", code=3)
    assert "“Word” needs an answer." in asked.err
    shell("deploy", "start", "acme/shop", "nothing.yml", code=5)
    done = shell("deploy", "start", "acme/shop", "site.yml", "-e", f"word={WORD}", limit=120)
    assert "has succeeded" in done.out
    assert "TASK [Write it]" in done.err
    assert (checkout / "written.txt").read_text() == "written\n"
    assert "the word is ••••" in shell("deploy", "log", "1").out
    found = [step for step in shell.json("doctor") if step["title"] == "ansible-playbook"]
    assert [step["ok"] for step in found] == [True]


def history(shell: Shell) -> None:
    events: list[dict[str, Any]] = list(reversed(shell.json("history")))
    told = [(event["verb"], event["outcome"]) for event in events]
    wanted = [
        ("create tenant", "done"),
        ("generate key", "done"),
        ("create project", "done"),
        ("clone", "refused"),
        ("clone", "refused"),
        ("clone", "done"),
        ("open session", "done"),
        ("run", "done"),
        ("commit", "done"),
        ("merge", "done"),
        ("retire", "done"),
        ("push", "refused"),
        ("pull", "refused"),
        ("pull", "done"),
        ("push", "done"),
        ("deploy", "done"),
    ]
    assert [one for one in told if one in wanted] == wanted, told
    failed = [(e["verb"], e["note"]) for e in events if e["outcome"] not in {"done", "refused"}]
    assert failed == [("launch deployment", "The playbook “nothing.yml” is not in this checkout.")]
    assert all(event["actor"] and event["started"] for event in events)
    assert all(event["seconds"] is not None for event in events)
    assert len(shell.json("history", "--verb", "push", "--outcome", "done")) == 1
    exported: Said = shell("history", "--export", "json", "--limit", "1000")
    assert len(json.loads(exported.out)) == len(events)


def nothing_secret(shell: Shell) -> None:
    private = next(
        path
        for path in (shell.layout.tenant("acme") / "keys").iterdir()
        if path.suffix != ".pub" and path.is_file()
    )
    heart = private.read_text().splitlines()[2]
    for secret in (PASSPHRASE, WORD, heart):
        assert secret not in shell.all_said
    for path in shell.layout.data.rglob("*"):
        if path.is_file() and not path.is_symlink() and path != private:
            data = path.read_bytes()
            for secret in (PASSPHRASE, WORD):
                assert secret.encode() not in data, path
    assert private.stat().st_mode & 0o077 == 0
