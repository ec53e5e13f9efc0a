"""docs/seed-coverage.md and docs/keys.md keep their word: what they name exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from aiops_desktop.cli.help import commands
from aiops_desktop.domain.settings import schema
from aiops_desktop.ui.actions.all import every_action
from aiops_desktop.ui.views.settings.sections import SECTIONS, SHEETS

ROOT = Path(__file__).parents[1]
#: What the seed's README names as a variable of the program.
VARIABLES = re.findall(
    r"\w+",
    """
    DATABASE_URL REPO_STORAGE_PATH CODEX_COMMAND AIDER_COMMAND DEFAULT_AI_TOOL DEFAULT_AI_SHELL
    USE_TMUX_FOR_AI_SESSIONS TMUX_CONFIG_PATH ANSIBLE_PLAYBOOK_DIR SEMAPHORE_BASE_URL
    SEMAPHORE_API_TOKEN SEMAPHORE_DEFAULT_PROJECT_ID SEMAPHORE_VERIFY_TLS SEMAPHORE_HTTP_TIMEOUT
    SEMAPHORE_TASK_TIMEOUT SEMAPHORE_POLL_INTERVAL UPDATE_RESTART_COMMAND AIOPS_UPDATE_REMOTE
    AIOPS_UPDATE_BRANCH AIOPS_ADMIN_EMAIL
""",
)


@dataclass(frozen=True)
class Line:
    """A row of a table. `window` and `shell` are "" in the table of faults."""

    number: int
    says: str
    window: str
    shell: str
    tests: str


def lines() -> Iterator[Line]:
    text = (ROOT / "docs" / "seed-coverage.md").read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if not line.startswith("|") or cells[-1] in ("Tests", "---") or set(line) <= set("|-"):
            continue
        assert len(cells) in (2, 4), f"line {number} has {len(cells)} cells"
        says, *between, tests = cells
        window, shell = between or ("", "")
        yield Line(number, says, window, shell, tests)


LINES = list(lines())


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_of_the_page_of_keys_exists() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / "docs" / "keys.md").read_text("utf-8"))
    assert len(named) > 40
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        assert not test or test in names_in(path), name


def test_there_are_enough_rows_to_be_the_whole_seed() -> None:
    assert len(LINES) > 70
    assert len([line for line in LINES if re.match(r"\d+\. ", line.says)]) == 8 + 19


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"line {line.number}")
def test_every_test_it_names_exists(line: Line) -> None:
    named = codes(line.tests)
    assert named, f"“{line.says}” has no test"
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), f"{path} is not there"
        assert not test or test in names_in(path), f"{name} is not there"


def test_every_action_and_section_it_names_exists() -> None:
    there = {action.id for action in every_action()}
    there |= {f"settings/{name}" for name in (*SECTIONS, *SHEETS)}
    named = {name for line in LINES for name in codes(line.window)}
    assert named - there == set()
    for line in LINES:
        assert line.window or re.match(r"\d+\. ", line.says), f"“{line.says}” has no place"


def test_every_command_target_and_file_it_names_exists() -> None:
    paths = {command.path: command for command in commands()}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    variables = {item.option.env for item in schema()}
    for line in LINES:
        for name in codes(line.shell):
            words = name.removeprefix("aiops-desktop ").split()
            options = {word for word in words if word.startswith("--")}
            path = tuple(word for word in words if word not in options)
            if name.startswith("make "):
                assert words[1] in targets, f"{name} is no target"
            elif name in variables or (ROOT / name).is_file():
                continue
            else:
                assert path in paths, f"{name} is no command"
                known = {one for word in paths[path].options for one in word.names}
                assert options <= known, f"{name}: no such option"


def test_every_variable_of_the_seed_is_a_setting_and_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    settings = {item.option.env for item in schema()}
    for name in VARIABLES:
        assert name in settings
        assert f"{name}=" in example
