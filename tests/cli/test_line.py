"""The one command line: every command says what it is, speaks JSON, and refuses what it cannot."""

from __future__ import annotations

import re

import pytest

import aiops_desktop
from aiops_desktop.__main__ import main
from aiops_desktop.cli.described import Command
from aiops_desktop.cli.help import commands
from aiops_desktop.cli.line import parser
from aiops_desktop.domain.layout import Layout

LEAVES = [command for command in commands() if command.path and not command.commands]


@pytest.mark.parametrize("command", LEAVES, ids=lambda command: " ".join(command.path))
def test_every_command_says_what_it_does_and_speaks_json(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.about
    names = {name for word in command.options for name in word.names}
    assert "--json" in names
    assert main([*command.path, "--help"]) == 0
    assert " ".join(command.path) in capsys.readouterr().out


@pytest.mark.parametrize("command", LEAVES, ids=lambda command: " ".join(command.path))
def test_a_wrong_option_is_exit_code_two(
    command: Command, layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    if command.path in (("start",), ("restart",)):
        return  # done before the command line is read; tests/cli/test_window.py
    needed = ["x" for word in command.arguments if not word.optional]
    assert main([*command.path, *needed, "--no-such-option"]) == 2
    assert "usage:" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"aiops-desktop {aiops_desktop.__version__}\n"


def test_the_exit_codes_are_in_the_help() -> None:
    told = parser().epilog or ""
    assert re.findall(r"\b(\d+) [a-z]", told) == ["0", "1", "2", "3", "4", "5", "130"]


def test_the_verbs_of_the_seed_are_there() -> None:
    there = {" ".join(command.path) for command in commands()}
    wanted = "db-init create-admin seed-data seed-identities sync-issues create-issue"
    assert {*wanted.split(), "start", "stop", "restart", "status"} <= there
