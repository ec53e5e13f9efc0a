"""The house's own rules: who imports whom, locks without hosts, one version."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import aiops_desktop

ROOT = Path(aiops_desktop.__file__).parent.parent
LOCKS = sorted(
    path
    for pattern in ("requirements*.lock", "tools/*/requirements.lock", "tools/*/package-lock.json")
    for path in ROOT.glob(pattern)
)
MODULES = sorted((ROOT / "aiops_desktop").rglob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _imports(path: Path) -> set[str]:
    """What a module imports when it runs; not what only type checkers read."""
    found: set[str] = set()
    waiting: list[ast.AST] = [_tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_only_one_file_starts_processes() -> None:
    users = {
        str(path.relative_to(ROOT / "aiops_desktop"))
        for path in MODULES
        if any(name.split(".")[0] == "subprocess" for name in _imports(path))
    }
    assert users == {"adapters/process.py"}


def test_no_process_gets_a_shell_line() -> None:
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                pytest.fail(f"{path}:{node.value.lineno} starts a shell")
            if isinstance(node, ast.Attribute) and node.attr in {"system", "popen"}:
                assert not (isinstance(node.value, ast.Name) and node.value.id == "os"), path


def test_every_module_says_what_it_is_for() -> None:
    assert MODULES
    silent = [path for path in MODULES if not ast.get_docstring(_tree(path))]
    assert silent == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_locks_name_no_host_and_pin_by_hash(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"(?m)^\s*(-i|--index-url|--extra-index-url|--find-links)\b", text)
    if lock.suffix == ".json":
        assert '"integrity"' in text
        assert '"resolved"' not in text
        return
    assert not re.search(r"https?://", text)
    pinned = re.findall(r"(?m)^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?==", text)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_locks_are_found() -> None:
    names = {path.name for path in LOCKS}
    assert {"requirements.lock", "requirements-dev.lock"} <= names


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", project["version"])
    assert aiops_desktop.__version__ == project["version"]
    told = (ROOT / "packaging" / "windows" / "version.txt").read_text()
    assert f'"FileVersion", "{project["version"]}"' in told
    assert (ROOT / "aiops_desktop" / "py.typed").exists()


def test_what_the_program_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {
        re.split(r"[<>=!~ \[;]", entry)[0].lower().replace("-", "_")
        for entry in project["dependencies"]
    }
    declared |= {"dotenv", "yaml", "pyside6", "shiboken6"}  # their import names
    declared.add("urllib3")  # part of requests' own interface: its exceptions come through
    foreign = set()
    for path in MODULES:
        for name in _imports(path):
            top = name.split(".")[0].lower()
            if top not in {"aiops_desktop", "__future__", *map(str.lower, sys.stdlib_module_names)}:
                foreign.add(top)
    assert foreign <= declared


def test_type_checks_are_not_relaxed() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert tools["mypy"]["strict"] is True
    assert "overrides" not in tools["mypy"]
    for path in MODULES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not re.search(r"#\s*type:\s*ignore(?!\[)", line), f"{path}:{number}"
            assert not re.search(r"#\s*noqa(?!:)", line), f"{path}:{number}"


def test_the_glossary_knows_every_noun() -> None:
    text = (ROOT / "docs" / "GLOSSARY.md").read_text().lower()
    for noun in (
        "tenant", "project", "checkout", "worktree", "key", "assistant", "assist run", "session",
        "job", "deployment", "issue", "integration", "operator", "event", "room",
    ):  # fmt: skip
        assert f"**{noun}**" in text, noun
