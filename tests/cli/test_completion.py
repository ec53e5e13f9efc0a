"""Completion scripts in the shells they are made for, and the manual page as man reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.cli.completion import SHELLS
from aiops_desktop.cli.help import commands
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.settings import schema
from tests.support.shell import Shell

Complete = Callable[[str], set[str]]


@pytest.fixture
def scripts(tmp_path: Path) -> dict[str, Path]:
    made = {}
    for shell, write in SHELLS.items():
        made[shell] = tmp_path / f"completion.{shell}"
        made[shell].write_text(write(commands()))
    return made


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the name the scripts call, which knows two tenants."""
    fake = tmp_path / "bin" / "aiops-desktop"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\n[ "$1" = names ] && printf "a-%s\\nb-%s\\n" "$2" "$2"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")


def _lines(argv: list[str]) -> set[str]:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


def _in_bash(script: Path) -> Complete:
    def complete(line: str) -> set[str]:
        words = line.split(" ")
        array = " ".join(f"'{word}'" for word in words)
        code = (
            f"source '{script}'; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; "
            'compopt() { :; }; _aiops_desktop; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        return _lines(["bash", "--norc", "-c", code]) - {""}

    return complete


def _in_fish(script: Path) -> Complete:
    return lambda line: _lines(
        ["fish", "--no-config", "-c", f"source '{script}'; complete -C '{line}'"]
    )


_ZSH = """
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; source '$1'"
zpty -w z "dump() { print -r -- \\$BUFFER > '$2'; exit }; zle -N dump; bindkey '^G' dump"
zpty -w z "print rea''dy"
while zpty -r z line; do [[ $line == *ready* ]] && break; done
zpty -n -w z "$3"$'\\t\\a'
while zpty -r z line; do :; done
"""


def _typed_in_zsh(script: Path, line: str) -> str:
    """What stands in zsh's line editor after this was typed, and Tab."""
    out = Path(f"{script}.out")
    argv = ["zsh", "-f", "-c", _ZSH, "zsh", str(script), str(out), line]
    subprocess.run(argv, capture_output=True, timeout=60, check=False)
    return out.read_text().rstrip("\n")


_DOORS = {"bash": _in_bash, "fish": _in_fish}


@pytest.fixture(params=["bash", "fish"])
def complete(request: pytest.FixtureRequest, scripts: dict[str, Path], path: None) -> Complete:
    shell = str(request.param)
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    return _DOORS[shell](scripts[shell])


def test_nouns_and_verbs_are_offered(complete: Complete) -> None:
    nouns = complete("aiops-desktop ")
    assert {"tenant", "project", "setting", "doctor", "start", "restart"} <= nouns
    assert "names" not in nouns, "it is for completion alone"
    assert complete("aiops-desktop ten") == {"tenant"}
    assert complete("aiops-desktop tenant ") == {"list", "show", "add", "edit", "delete"}


def test_options_and_choices_are_offered(complete: Complete) -> None:
    assert {"--json", "--author-email", "--guarded"} <= complete("aiops-desktop tenant add --")
    assert complete("aiops-desktop secret change ") >= {"keyring", "passphrase", "file"}
    assert complete("aiops-desktop key generate acme deploy --type ") >= {"ed25519", "rsa"}


def test_names_are_asked_from_the_program(complete: Complete) -> None:
    assert complete("aiops-desktop tenant show ") == {"a-tenant", "b-tenant"}
    assert complete("aiops-desktop project show ") == {"a-project", "b-project"}
    assert complete("aiops-desktop project list --tenant ") == {"a-tenant", "b-tenant"}
    assert complete("aiops-desktop setting show ") == {"a-setting", "b-setting"}
    assert "a-setting" not in complete("aiops-desktop backup "), "an archive is a file"


@pytest.mark.skipif(not shutil.which("zsh"), reason="there is no zsh here")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ten", "tenant "),
        ("tenant sh", "tenant show "),
        ("--vers", "--version "),
        ("tenant add --author-e", "tenant add --author-email "),
        ("tenant show b", "tenant show b-tenant "),
        ("project list --tenant a", "project list --tenant a-tenant "),
        ("secret change pass", "secret change passphrase "),
    ],
)
def test_zsh_completes_what_is_typed(
    scripts: dict[str, Path], path: None, typed: str, completed: str
) -> None:
    line = _typed_in_zsh(scripts["zsh"], f"aiops-desktop {typed}")
    assert line == f"aiops-desktop {completed}"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_can_read_its_script(scripts: dict[str, Path], shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    done = subprocess.run(
        [shell, "-n", str(scripts[shell])], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_stands_in_every_script(
    scripts: dict[str, Path], shell: str
) -> None:
    script = scripts[shell].read_text()
    for command in commands():
        assert "/".join(command.path) in script
        for word in command.options:
            assert word.names[-1].lstrip("-") in script


def test_names_come_from_the_data_folder_and_make_none(
    layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data / "new"))
    assert main(["names", "tenant"]) == 0
    assert capsys.readouterr().out == ""
    assert not (layout.data / "new").exists()
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    assert main(["tenant", "add", "Acme Works"]) == 0
    assert main(["project", "add", "acme-works", "git@h.example:a/Site"]) == 0
    capsys.readouterr()
    assert main(["names", "tenant"]) == 0
    assert capsys.readouterr().out == "acme-works\n"
    assert main(["names", "project"]) == 0
    assert capsys.readouterr().out == "acme-works/site\n"
    assert main(["names", "setting"]) == 0
    assert capsys.readouterr().out.split() == [item.path for item in schema()]


def test_the_manual_has_every_command_code_and_variable(layout: Layout) -> None:
    page = Shell(layout)("manual", "--date", "2026-11-23").out
    plain = page.replace("\\-", "-")
    for command in commands():
        assert " ".join(command.path) in plain
    for item in schema():
        assert item.option.env in plain
    for code in (0, 1, 2, 3, 4, 5, 130):
        assert f".B {code}\n" in page
    assert '"2026\\-11\\-23"' in page or '"2026-11-23"' in page


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff here")
def test_the_manual_is_sound_roff(layout: Layout) -> None:
    page = Shell(layout)("manual").out
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", "-t", "-K", "utf8"],
        input=page,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
