"""Assistants are found as a run would find them, and started with what keeps tenants apart."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants import Custom, Task, by_id, choose, known
from aiops_desktop.adapters.assistants.aider import Aider
from aiops_desktop.adapters.assistants.codex import Codex, native
from aiops_desktop.adapters.assistants.demo import Demo, demo_command
from aiops_desktop.adapters.assistants.demo_assistant import edited_playbook, edited_readme
from aiops_desktop.domain.settings import Assistants
from aiops_desktop.domain.trouble import Missing
from tests.support.assistants import need_aider, need_codex


@pytest.fixture
def task(tmp_path: Path) -> Task:
    for name in ("tree", "run", "home"):
        (tmp_path / name).mkdir()
    return Task(
        prompt="do\nit",
        worktree=tmp_path / "tree",
        folder=tmp_path / "run",
        home=tmp_path / "home",
        env=process.environment(),
    )


def _program(path: Path, body: str = "true") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_the_native_codex_stands_behind_the_wrapper(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    wrapper = modules / "@openai" / "codex" / "bin" / "codex.js"
    _program(wrapper)
    link = modules / ".bin" / "codex"
    link.parent.mkdir()
    link.symlink_to(wrapper)
    assert native(str(link)) == str(link)
    real = _program(modules / "@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")
    assert native(str(link)) == str(real)
    assert native(str(real)) == str(real)


def test_codex_reads_its_prompt_from_a_file_and_has_the_tenants_home(
    task: Task, tmp_path: Path
) -> None:
    program = _program(tmp_path / "codex")
    codex = Codex(f"{program} --profile p")
    launch = codex.launch(replace(task, model="m", sandbox="read-only"))
    assert launch.argv == (
        str(program),
        *("--profile", "p", "exec", "--json", "-s", "read-only", "-C", str(task.worktree)),
        *("-o", str(task.folder / "last.txt"), "--model=m", "-"),
    )
    assert launch.stdin_file is not None
    assert launch.stdin_file.read_text() == "do\nit"
    assert launch.stdin_file.stat().st_mode & 0o777 == 0o600
    assert launch.env["CODEX_HOME"] == str(task.home)
    again = codex.launch(replace(task, thread="t-9"))
    assert again.argv[-3:] == ("resume", "t-9", "-")


def test_aider_takes_the_tenants_settings_and_none_of_the_repository(
    task: Task, tmp_path: Path
) -> None:
    aider = Aider(str(_program(tmp_path / "aider")))
    argv = aider.launch(replace(task, files=("-odd.txt",), attempt=2)).argv
    assert argv[argv.index("--config") + 1].startswith(str(task.folder))
    assert "--env-file" not in argv
    assert "--restore-chat-history" in argv
    assert argv[-2:] == ("--", "-odd.txt")
    assert "do" not in " ".join(argv[-1:])
    for name in ("aider.conf.yml", ".env", "model-metadata.json"):
        (task.home / name).write_text("")
    argv = aider.launch(task).argv
    assert argv[argv.index("--config") + 1] == str(task.home / "aider.conf.yml")
    assert argv[argv.index("--env-file") + 1] == str(task.home / ".env")
    assert "--no-auto-commits" in argv


def test_what_is_not_there_has_a_reason_and_a_hint(task: Task) -> None:
    for cli in (Codex("no-such-tool"), Aider("no-such-tool"), Custom("no-such-tool -x")):
        found = cli.find(task.env, task.home)
        assert not found.available
        assert found.reason == "“no-such-tool” was not found on this computer."
        assert found.hint
        with pytest.raises(Missing):
            cli.launch(task)
    assert Codex("codex 'half").find(task.env, task.home).reason.endswith("not well quoted.")


def test_versions_are_asked_once(task: Task, tmp_path: Path) -> None:
    count = tmp_path / "count"
    program = _program(tmp_path / "codex", f"echo x >> {count}; echo codex-cli 1.2.3")
    for _ in range(3):
        assert Codex(str(program)).find(task.env, task.home).version == "1.2.3"
    assert count.read_text() == "x\n"


def test_a_login_that_is_missing_is_told_before_the_run(task: Task, tmp_path: Path) -> None:
    codex = Codex(str(_program(tmp_path / "codex")))
    assert "codex login" in codex.find(task.env, task.home).hint
    (task.home / "config.toml").write_text('model_provider = "own"\n')
    assert codex.find(task.env, task.home).hint == ""


def test_the_list_begins_with_the_default_and_offers_the_demo_only_when_asked() -> None:
    assert [cli.id for cli in known(Assistants())] == ["codex", "aider"]
    assert [cli.id for cli in known(Assistants(default_tool="aider", demo=True))] == [
        "aider",
        "codex",
        "demo",
    ]
    assert known(Assistants(default_tool="mytool -x"))[0].title == "mytool"
    assert by_id("demo", Assistants()) is not None
    assert by_id("nobody", Assistants()) is None


def test_a_command_of_ones_own_gets_the_prompt_on_standard_input(
    task: Task, tmp_path: Path
) -> None:
    program = _program(tmp_path / "mytool")
    launch = Custom(f"{program} -x").launch(task)
    assert (launch.argv, launch.reader) == ((str(program), "-x"), "plain")
    assert launch.stdin_file is not None


def test_words_with_quotes_reach_the_tool_whole(task: Task, tmp_path: Path) -> None:
    program = _program(tmp_path / "a tool", 'for one; do echo "<$one>"; done')
    choice = choose(f"'{program}' 'it''s $HOME' '; ls'", Assistants(default_shell="/bin/true"), {})
    told = subprocess.run(choice.argv, capture_output=True, text=True, check=True).stdout
    assert told.startswith("<its $HOME>\n<; ls>\n")


def test_a_terminal_gets_the_real_codex_without_its_daemon() -> None:
    env = process.environment()
    choice = choose("codex", Assistants(codex_command=str(need_codex())), env)
    assert choice.note == ""
    assert "--no-daemon" in choice.argv[-1]


@pytest.mark.assistants
def test_the_real_ones_tell_their_versions(task: Task) -> None:
    for cli in (Codex(str(need_codex())), Aider(str(need_aider()))):
        found = cli.find(task.env, task.home)
        assert found.available
        assert found.version.count(".") == 2


PLAY = """---
# A demo
- name: Demo
  hosts: all
  tasks:
    - name: One
      ansible.builtin.debug:
        msg: "1"
"""


def test_the_prepared_change_is_a_valid_playbook_and_made_once() -> None:
    after = edited_playbook(PLAY)
    plays = yaml.safe_load(after)
    assert [one["name"] for one in plays[0]["tasks"]] == ["One", "Say that the play has ended"]
    assert plays[0]["tasks"][1]["ansible.builtin.debug"]["msg"] == (
        "The play has ended on {{ inventory_hostname }}."
    )
    assert after.splitlines()[1] != PLAY.splitlines()[1]
    assert edited_playbook(after) == after
    assert edited_readme(edited_readme("# Hi\n")) == edited_readme("# Hi\n")
    quoted = edited_playbook('- name: "Quoted"\n  hosts: all\n')
    assert yaml.safe_load(quoted)[0]["name"].startswith("Quoted (")


def test_the_demo_assistant_works_in_any_folder(task: Task) -> None:
    done = subprocess.run(
        [*demo_command(), str(task.worktree)],
        input="hello",
        capture_output=True,
        text=True,
        check=True,
        cwd=task.worktree,
    )
    told = [json.loads(line) for line in io.StringIO(done.stdout)]
    assert told[0]["type"] == "thread.started"
    assert told[-1]["type"] == "turn.completed"
    assert [path.name for path in task.worktree.iterdir()] == ["README.md"]
    assert Demo("demo").find({}, task.home).path == sys.executable
