"""The daily round in the real window, from an empty data folder to a deployment.

Every step is done by what is written on the screen and checked at the far end: in the server's
repository and log, in tmux, in the worktree, in the deployment server's own record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters import process
from aiops_desktop.domain.deployments import DeploymentState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.runs import Run, RunState
from aiops_desktop.ui.dialogs.host_key import HostKeyDialog
from aiops_desktop.ui.dialogs.keeping import Keeping
from aiops_desktop.ui.dialogs.key import NewKeyDialog, PublicKeyDialog
from aiops_desktop.ui.dialogs.push import PushDialog
from aiops_desktop.ui.dialogs.secret import SecretDialog
from aiops_desktop.ui.dialogs.tenant import TenantDialog
from aiops_desktop.ui.parts.controls import Switch
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.views.deploy.running import Running
from aiops_desktop.ui.views.history.table import HistoryTable
from aiops_desktop.ui.views.overview.page import OverviewPage
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.assistants import git, need_aider, need_codex, point_aider, point_codex
from tests.support.fake_semaphore import CONFIRM, ENDLESS, GOOD, FakeSemaphore
from tests.support.model import Script, ScriptedModel
from tests.support.repos import bare, push_more
from tests.support.round import Engineer, files_with, path_without, processes_in, rows_of, tmux
from tests.support.sshd import Sshd, needs_sshd

pytestmark = [
    pytest.mark.journey,
    pytest.mark.assistants,
    pytest.mark.timeout(400),
    needs_sshd,
]

HEADING = "# Deploy the shop\n"
END = "        msg: The shop is out.\n"
PLAY = (
    HEADING
    + "- name: Deploy\n  hosts: all\n  gather_facts: false\n  tasks:\n"
    + "".join(f"    - name: Step {n}\n      ansible.builtin.ping:\n" for n in range(1, 9))
    + "    - name: Say it\n      ansible.builtin.debug:\n"
    + END
)
MORE = "    - name: Say goodbye\n      ansible.builtin.debug:\n        msg: Goodbye.\n"
PASSPHRASE = "correct-horse-battery-of-a-test"
TOKEN = "tok3n-of-a-journey-bbbbbbbbbbbbbbbbbbbbbbbb="


def script(gate: Path) -> Script:
    """What the model does; at the gate it waits, so that its steps can be seen while it works."""
    wait = f"until [ -e {gate} ]; do sleep 0.05; done; cat site.yml"
    codex: list[dict[str, Any]] = [
        {"say": "I look at the playbook.", "shell": wait},
        {"edit": {"path": "site.yml", "old": HEADING, "new": "# Rolled out by a robot\n"}},
        {"edit": {"path": "site.yml", "old": END, "new": END + MORE}},
        {"say": "It says goodbye now."},
    ]
    aider: list[dict[str, Any]] = [
        {"edit": {"path": "notes.txt", "old": "helo", "new": "hello"}},
        {"say": "Fixed the typo."},
    ]
    hanging: list[dict[str, Any]] = [{"shell": "touch begun; sleep 300"}, {"say": "Slept."}]
    return Script({"goodbye": codex, "typo": aider, "sleep": hanging})


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as made:
        yield made


@pytest.fixture
def model(gate: Path) -> Iterator[ScriptedModel]:
    with ScriptedModel(script(gate), api_key=None) as made:
        yield made


@pytest.fixture
def semaphore() -> Iterator[FakeSemaphore]:
    with FakeSemaphore("2.10", token=TOKEN) as made:
        made.add_template(2, "Restart the web servers", "playbooks/restart.yml")
        yield made


@pytest.fixture
def ann(
    qapp: QApplication,
    qtbot: QtBot,
    layout: Layout,
    tmp_path: Path,
    private_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Engineer:
    """An engineer before an empty data folder; no assistant is on the PATH of this computer."""
    need_codex()
    need_aider()
    monkeypatch.setenv("PATH", path_without({"codex", "aider"}, tmp_path / "bin"))
    monkeypatch.setattr(process, "_MORE_PATH", ())
    monkeypatch.setenv("SHELL", "/bin/bash")
    (private_home / ".bashrc").write_text("PS1='\\W \\$ '\n")
    return Engineer(qapp, qtbot, layout)


def test_the_daily_round(
    ann: Engineer,
    server: Sshd,
    model: ScriptedModel,
    semaphore: FakeSemaphore,
    gate: Path,
    tmp_path: Path,
) -> None:
    remote = bare(tmp_path / "srv" / "shop.git", {"site.yml": PLAY, "notes.txt": "helo\nworld\n"})
    from_nothing_to_a_cloned_project(ann, server, remote)
    a_terminal_that_outlives_the_window(ann)
    said = runs_of_two_assistants_and_one_that_hangs(ann, model, gate)
    review_commit_merge_retire(ann, *said)
    pushes_and_a_rejection(ann, server, remote, said[1])
    deployments(ann, semaphore)
    the_history_without_secrets(ann)
    ann.leave()


# 1 -----------------------------------------------------------------------------------------------


def from_nothing_to_a_cloned_project(ann: Engineer, server: Sshd, remote: Path) -> None:
    hand = ann.hand
    ann.reads("Set up your first project")
    hand.fill("Name", "acme")
    hand.press("Create tenant")
    hand.press("Create key")
    ann.reads("ssh-ed25519 ")
    public = QGuiApplication.clipboard().text()
    assert public.startswith("ssh-ed25519 "), "the public key is ready to be pasted at the server"

    hand.fill("Address", server.url(remote))
    hand.press("Create and clone")
    dialog = ann.dialog(HostKeyDialog)
    shown = server.host_fingerprint()
    wrong = shown[:12] + ("A" if shown[12] != "A" else "B") + shown[13:]
    hand.fill("Compare with", wrong, dialog)
    ann.reads("Differs at character", dialog)
    assert not dialog.accept_button.isEnabled(), "whom one does not know one cannot trust"
    hand.fill("Compare with", shown, dialog)
    ann.reads("Matches, all 43 characters", dialog)
    hand.press("Trust for tenant acme", dialog)

    # The server does not know the key yet: the failure stays until it is solved.
    overview = ann.see(OverviewPage)
    ann.reads("shop could not be cloned", overview)
    assert ann.project.state is CheckoutState.FAILED
    assert not ann.project.checkout.exists(), "nothing half-made is left"
    assert server.known_line.strip() in ann.room.known_hosts.read_text()
    server.authorize(public)
    hand.press("Try again", overview)
    hand.see("the clone", lambda: ann.project.state is CheckoutState.READY)
    assert git(ann.project.checkout, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
    assert (ann.project.checkout / "site.yml").read_text() == PLAY
    key = ann.house.keys.all(ann.project.tenant_id)[0]
    assert server.offered() == {key.fingerprint}

    ann.command("Edit tenant")
    dialog = ann.dialog(TenantDialog)
    hand.fill("Author name", "Ann Berger", dialog)
    hand.fill("Author e-mail", "ann@acme.example", dialog)
    hand.press("Save tenant", dialog)
    ann.no_dialog()
    hand.calm()


# 2 -----------------------------------------------------------------------------------------------


def a_terminal_that_outlives_the_window(ann: Engineer) -> None:
    hand = ann.hand
    hand.tab("Terminal")
    hand.press("Open terminal")
    ann.reads("“codex” was not found, so this is a shell.")
    first = ann.type_line('echo "six times seven is $((6*7)) in $(basename "$PWD")"')
    answer = "six times seven is 42 in shop"
    hand.see("the answer", lambda: answer in first.text().splitlines())
    assert "acme-shell" in tmux(ann.room, "list-sessions", "-F", "#{session_name}")

    hand.press("New terminal")
    hand.see("another terminal", lambda: ann.terminal() is not first)
    second = ann.type_line("echo $((100+11)) is mine; read -p 'go on? '")
    hand.see("its answer", lambda: "111 is mine" in second.text())
    hand.press("Terminal acme-shell")
    hand.see("the first terminal", lambda: ann.terminal() is first)
    ann.type_line("echo still $((40+2))")
    hand.see("its own answer", lambda: "still 42" in first.text())
    assert "111 is mine" not in first.text(), "two tabs never mirror each other"
    assert "still 42" not in second.text()

    windows = ("list-windows", "-t", "acme-shell", "-F", "#{window_id} #{pane_pid}")
    before = tmux(ann.room, *windows)
    assert len(before) == 2
    room = ann.room
    ann.leave()
    assert tmux(room, *windows) == before, "the terminals live on without the window"
    assert tmux(room, "list-clients") == [], "and nobody looks at them"

    ann.come_back()
    hand = ann.hand
    again = ann.terminal()
    hand.see("what was there", lambda: answer in again.text())
    ann.type_line("echo back $((40+2))")
    hand.see("the same shell", lambda: "back 42" in again.text())
    assert tmux(room, *windows) == before, "found again, not made again"


# 3 -----------------------------------------------------------------------------------------------


def runs_of_two_assistants_and_one_that_hangs(
    ann: Engineer, model: ScriptedModel, gate: Path
) -> tuple[Run, Run]:
    hand = ann.hand
    point_codex(ann.room, model.base_url)
    point_aider(ann.room, model.base_url)
    ann.set_("Assistants", {"Codex command": str(need_codex()), "Aider command": str(need_aider())})
    hand.press("Save 2 changes")
    settings = ann.house.settings
    hand.see("them in force", lambda: settings.current().assistants.codex_command != "codex")
    ann.open_project("shop")

    codex = ann.start_run("Let the playbook say goodbye", "Codex")
    page = ann.see(RunsPage)
    ann.reads("I look at the playbook.", page.view.timeline)
    assert ann.house.runs.get(codex.id).state is RunState.WORKING, "seen while it works"
    gate.touch()
    ann.reads("Ready for review", page.view)
    ann.reads("It says goodbye now.", page.view.timeline)
    assert re.search(r"[1-9]\d* tokens in.* out", ann.reads("tokens in", page.view))
    assert MORE in (codex.worktree / "site.yml").read_text()
    assert (ann.project.checkout / "site.yml").read_text() == PLAY, "the checkout is untouched"

    aider = ann.start_run("Fix the typo", "Aider", files="notes.txt")
    ann.reads("Ready for review", page.view)
    assert re.search(r"[1-9]\d* tokens in.* out", ann.reads("tokens in", page.view))
    assert (aider.worktree / "notes.txt").read_text() == "hello\nworld\n"

    hanging = ann.start_run("Go to sleep", "Codex")
    hand.see("its command", (hanging.worktree / "begun").exists)
    mine = processes_in(hanging.worktree)
    assert any("sleep" in " ".join(one.cmdline()) for one in mine)
    hand.press("Stop", page.view)
    ann.reads("Stopped", page.view)
    hand.see("no process of it", lambda: not processes_in(hanging.worktree))
    assert not any(one.is_running() and one.status() != "zombie" for one in mine)
    runs = {run.id: run for run in ann.house.runs.all()}
    assert runs[hanging.id].state is RunState.STOPPED
    assert runs[codex.id].usage.tokens_in > 0
    return runs[codex.id], runs[aider.id]


# 4 -----------------------------------------------------------------------------------------------


def review_commit_merge_retire(ann: Engineer, run: Run, _later: Run) -> None:
    hand = ann.hand
    page = ann.see(RunsPage)
    choose_run(ann, run)
    hand.press("Review", page.view)
    review = page.review
    hand.see("the files of the run", lambda: review.isVisible() and review.list.paths)
    hand.row("Files of the run", "site.yml")
    hand.see("its diff", lambda: review.diff.diff and review.diff.diff.path == "site.yml")
    QTest.keyClick(review.list, Qt.Key.Key_Return)
    hand.see("the first hunk in focus", review.diff.hasFocus)
    QTest.keyClick(review.diff, Qt.Key.Key_Delete)
    ann.reads("1 of 2 hunks kept", review)
    hand.fill("Commit message", "Say goodbye", review)
    hand.press("Commit kept hunks", review)
    ann.reads("Committed", page.view)

    head = git(run.worktree, "log", "-1", "--format=%an <%ae>|%cn|%s", run.branch)
    assert head == "Ann Berger <ann@acme.example>|Ann Berger|Say goodbye"
    committed = git(run.worktree, "show", f"{run.branch}:site.yml") + "\n"
    assert committed == PLAY + MORE, "one hunk was kept, the other is gone"

    hand.press("Merge into main", page.view)
    ann.reads("Merged", page.view)
    now = ann.house.runs.get(run.id)
    assert git(ann.project.checkout, "rev-parse", "main") == now.commit

    hand.press("Retire", page.view)
    ann.reads("Retired", page.view)
    retired = ann.house.runs.get(run.id)
    assert not retired.worktree.exists()
    assert retired.rescue_ref
    saved = git(ann.project.checkout, "rev-parse", f"{retired.rescue_ref}^{{tree}}")
    assert saved == git(ann.project.checkout, "rev-parse", f"{now.commit}^{{tree}}")
    hand.calm()


def choose_run(ann: Engineer, run: Run) -> None:
    ann.hand.row("Assist runs", run.title)
    ann.hand.see(run.title, lambda: ann.desk.run and ann.desk.run.id == run.id)


# 5 -----------------------------------------------------------------------------------------------


def pushes_and_a_rejection(ann: Engineer, server: Sshd, remote: Path, aider: Run) -> None:
    hand, project = ann.hand, ann.project
    locked = a_key_with_a_passphrase(ann, server)
    ann.command("Push 1 commit")
    dialog = ann.dialog(PushDialog)
    ann.reads("acme-deploy", dialog)
    ann.reads("Ann Berger <ann@acme.example>", dialog)
    ann.reads("git push", dialog)
    ann.reads("Fast-forward, nothing is overwritten", dialog)
    hand.press("Push 1 commit", dialog)
    secret = ann.dialog(SecretDialog)
    hand.fill(secret.heading.text(), PASSPHRASE, secret)
    keeping = secret.findChildren(Keeping)[0]
    QTest.keyClick(keeping.choice, Qt.Key.Key_End)
    assert keeping.store
    hand.press("Go on", secret)
    head = git(project.checkout, "rev-parse", "main")
    hand.see("the push", lambda: git(remote, "rev-parse", "main") == head)
    hand.calm()

    choose_run(ann, aider)
    page = ann.see(RunsPage)
    hand.press("Review", page.view)
    hand.press("Commit kept hunks", page.review)
    hand.press("Merge into main", page.view)
    ann.reads("Merged", page.view)
    theirs = push_more(remote, {"other.txt": "somebody else\n"}, "Somebody was faster")
    hand.press("Push 2 commits", page.view)  # the run's, and the merge
    hand.press("Push 2 commits", ann.dialog(PushDialog))
    ann.reads("The server has commits on main that you do not have.")
    assert git(remote, "rev-parse", "main") == theirs, "a rejected push changes nothing"
    hand.press("Fetch and rebase")
    hand.see("the rebase", lambda: git(project.checkout, "rev-parse", "main~1") == theirs)
    hand.calm()
    hand.press("Push 1 commit")
    hand.press("Push 1 commit", ann.dialog(PushDialog))
    head = git(project.checkout, "rev-parse", "main")
    hand.see("the push", lambda: git(remote, "rev-parse", "main") == head)
    assert git(remote, "show", "main:notes.txt") == "hello\nworld"
    assert git(remote, "show", "main:other.txt") == "somebody else"
    hand.calm()
    hand.see("no banner of what is solved", lambda: not ann.shown(Banner))
    mine = {key.fingerprint for key in ann.house.keys.all(project.tenant_id)}
    assert server.offered() == mine, "no key but the tenant's was shown to the server"
    assert locked in mine


def a_key_with_a_passphrase(ann: Engineer, server: Sshd) -> str:
    """The server takes another key from now on, one that is locked; its fingerprint."""
    hand = ann.hand
    ann.command("New key")
    dialog = ann.dialog(NewKeyDialog)
    hand.fill("Name", "acme-locked", dialog)
    hand.fill("Passphrase", PASSPHRASE, dialog)
    hand.fill("Passphrase again", PASSPHRASE, dialog)
    hand.press("Create key", dialog)
    hand.press("Copy and close", ann.dialog(PublicKeyDialog))
    ann.no_dialog()
    server.deauthorize()
    server.authorize(QGuiApplication.clipboard().text())
    return ann.house.keys.all(ann.project.tenant_id)[-1].fingerprint


# 6 -----------------------------------------------------------------------------------------------


def deployments(ann: Engineer, semaphore: FakeSemaphore) -> None:
    hand = ann.hand
    ann.set_(
        "Semaphore",
        {
            "Address": semaphore.url,
            "API token": TOKEN,
            "Default project": "7",
            "Poll interval": "0.2",
        },
    )
    hand.press("Test")
    ann.reads("Web shop")
    hand.press("Save 4 changes")
    hand.see("the saved settings", lambda: ann.house.settings.current().semaphore.base_url)
    hand.calm()
    ann.open_project("shop")
    hand.tab("Deploy")
    ann.reads("Restart the web servers")
    hand.fill("Filter templates", "deploy")
    hand.see("a shorter list", lambda: not any("Restart the" in t for t in ann.texts()))

    semaphore.story = GOOD
    launch(ann, limit="web1", dry=True)
    running = ann.see(Running)
    hand.see("the log while it runs", lambda: "Write the version" in log_of(running))
    ends(ann, DeploymentState.SUCCESS, "Succeeded")
    hand.see("the whole log", lambda: "PLAY RECAP" in log_of(running))
    (asked,) = semaphore.bodies("/tasks")
    assert asked["template_id"] == 1
    assert (asked["limit"], asked["dry_run"]) == ("web1", True), "as old servers read it"
    assert asked["params"]["dry_run"] is True, "as new servers read it"
    assert asked["params"]["limit"] in ("web1", ["web1"])
    assert semaphore.tasks[41].row["limit"] == "web1"
    assert semaphore.tasks[41].row["status"] == "success"

    semaphore.story = ENDLESS
    launch(ann)
    hand.see("the log while it runs", lambda: "Write the version" in log_of(running))
    hand.press("Stop", running)
    ends(ann, DeploymentState.STOPPED, "Stopped")
    assert semaphore.tasks[42].stop_asked

    semaphore.story = CONFIRM
    launch(ann)
    ann.reads("Waits for you", running)
    hand.press("Confirm", running)
    ends(ann, DeploymentState.SUCCESS, "Succeeded")
    assert semaphore.tasks[43].row["status"] == "success"
    assert len(semaphore.paths("POST")) == 5, "three launches, one stop, one confirmation"
    assert {one.authorization for one in semaphore.asked if one.authorization} == {
        f"Bearer {TOKEN}"
    }


def launch(ann: Engineer, *, limit: str = "", dry: bool = False) -> None:
    hand = ann.hand
    if shown := [one for one in ann.stage.window.findChildren(Running) if one.isVisible()]:
        hand.press("Back to templates", shown[0])
    hand.row("Templates", "Deploy the shop")
    if limit:
        hand.fill("Limit", limit)
    switch = hand.see("Dry run", lambda: hand.find(Switch, "Dry run"))
    if switch.isChecked() != dry:
        hand.click(switch)
    hand.press("Try" if dry else "Deploy the")


def ends(ann: Engineer, state: DeploymentState, words: str) -> None:
    running = ann.see(Running)
    ann.hand.see(words, lambda: running.state.text().startswith(words))
    # The page may know from the server what is written down a moment later.
    ann.hand.see("the row", lambda: ann.house.deployments.all(ann.project.id)[0].state is state)


def log_of(running: Running) -> str:
    lines = running.log.lines
    return lines.text(range(len(lines)))


# 7 -----------------------------------------------------------------------------------------------


def the_history_without_secrets(ann: Engineer) -> None:
    hand = ann.hand
    hand.tab("History")
    table = ann.see(HistoryTable)
    actor = ann.house.operators.at_desk().name
    wanted = [
        ("clone", "refused"),
        ("clone", "done"),
        ("open session", "done"),
        ("run", "done"),
        ("run", "stopped"),
        ("discard", "done"),
        ("commit", "done"),
        ("merge", "done"),
        ("retire", "done"),
        ("push", "done"),
        ("push", "refused"),
        ("deploy", "done"),
        ("deploy", "stopped"),
    ]

    def ended() -> bool:
        events = ann.house.history.all()
        found = {(event.verb, event.outcome.value) for event in events}
        return set(wanted) <= found and all(event.seconds is not None for event in events)

    hand.see("the end of the last deployment, when its last lines have come", ended)
    events = ann.house.history.all()
    assert all(event.actor == actor for event in events)
    hand.see("all rows", lambda: len(rows_of(table)) > len(wanted))
    rows = rows_of(table)
    for verb, outcome in wanted:
        row = f"{actor} | {verb.capitalize()} | .* | {outcome.capitalize()} | [0-9.]+ s"
        assert any(re.search(row.replace("|", r"\|"), text) for text in rows), f"{row}: {rows}"

    data = ann.desk.layout.data
    for secret in (PASSPHRASE, TOKEN):
        for event in events:
            whole = ann.house.history.get(event.id)
            assert secret not in repr(whole)
        assert files_with(data, secret) == []
        assert not any(secret in text for text in ann.texts())
