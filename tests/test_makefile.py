"""The make targets of the seed, and set-up, tried with stand-ins for what it installs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout

ROOT = Path(__file__).parents[1]
#: What set-up itself calls, apart from what it looks for.
_TOOLS = "bash cat chmod cksum cp dirname env grep id ln mkdir sed".split()  # noqa: SIM905 - a list
_UV = """#!/bin/sh
echo "$*" >>"$LOG"
case "$1 $2" in "python find") echo 3.12;; "venv -q")
  mkdir -p .venv/bin; ln -sf "$REAL" .venv/bin/python;;
esac
"""
_PYTHON = """#!/bin/sh
echo "python3 $*" >>"$LOG"
mkdir -p .tools/uv/bin
cd .tools/uv
printf '#!/bin/sh\\necho "pip $*" >>"$LOG"\\ncp "$FAKE_UV" .tools/uv/bin/uv\\n' >bin/python
chmod +x bin/python
"""


def _make(*words: str, **environment: str) -> str:
    """Run a target without setting up anything; what was said."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--no-print-directory", "-o", "sync", *words],
        cwd=ROOT,
        env={**outer, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The parts of the source that set-up looks at, and a folder of stand-ins."""
    made = tmp_path / "source"
    for name in (
        "scripts/setup.sh",
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
    ):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, made / name)
    stands = made / "bin"
    stands.mkdir()
    for name in _TOOLS:
        found = shutil.which(name)
        assert found, name
        (stands / name).symlink_to(found)
    for name, script in (
        ("uname", "#!/bin/sh\necho Elsewhere\n"),  # no system packages are installed
        ("ansible-playbook", "#!/bin/sh\n"),
        ("uv", _UV),
        ("python3", _PYTHON),
    ):
        (stands / name).write_text(script)
        (stands / name).chmod(0o755)
    return made


def _set_up(copy: Path, **more: str) -> list[str]:
    """Run set-up in the copy; the calls of the stand-ins, one a line."""
    done = _run_set_up(copy, **more)
    assert done.returncode == 0, done.stderr
    return (copy / "calls").read_text().splitlines()


def _run_set_up(copy: Path, **more: str) -> subprocess.CompletedProcess[str]:
    log = copy / "calls"
    return subprocess.run(
        ["bash", "scripts/setup.sh", "run"],
        cwd=copy,
        env={
            "PATH": str(copy / "bin"),
            "LOG": str(log),
            "REAL": sys.executable,
            "FAKE_UV": str(copy / "fake-uv"),
            **more,
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def debian(copy: Path) -> Path:
    """The copy on a Debian that has no packages, for a person who may not install any."""
    for name, script in (
        ("uname", "echo Linux"),
        ("id", "echo 1000"),
        ("dpkg-query", 'case "$*" in *" $HAS") echo installed;; *) exit 1;; esac'),
        ("apt-get", 'echo "apt-get $*" >>"$LOG"'),
        ("sudo", "exit 1"),
    ):
        (copy / "bin" / name).unlink(missing_ok=True)
        (copy / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (copy / "bin" / name).chmod(0o755)
    return copy


def test_every_target_of_the_seed_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wanted = (
        "sync sync-dev seed seed-identities all format lint test check start stop restart status"
    )
    assert set(wanted.split()) <= targets
    for target in ("all", "format", "lint", "test", "check"):
        said = _make("-n", target)
        assert "scripts/setup.sh dev" in said, f"make {target} sets up what it needs"
    assert "pytest" in _make("-n", "check")
    assert "ruff" in _make("-n", "check")
    assert "mypy" in _make("-n", "lint")


def test_another_interpreter_can_be_chosen(copy: Path) -> None:
    calls = _set_up(copy, PYTHON_SPEC="3.13")
    assert any("venv" in call and "--python 3.13" in call for call in calls)
    again = len(calls)
    assert len(_set_up(copy, PYTHON_SPEC="3.13")) == again, "nothing changed: nothing is done"
    assert any("--python 3.11" in call for call in _set_up(copy, PYTHON_SPEC="3.11")[again:])


def test_missing_system_packages_are_named_in_one_line_to_copy(debian: Path) -> None:
    done = _run_set_up(debian, HAS="git")
    assert done.returncode == 5
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("sudo ")]
    words = line.split()
    assert words[:4] == ["sudo", "apt-get", "install", "-y"]
    assert {"libegl1", "tmux", "libxcb-cursor0"} <= set(words)
    assert "git" not in words, "it is there"
    assert done.stderr == ""
    assert not (debian / "calls").exists(), "nothing was begun"


def test_what_the_program_can_do_without_is_named_once(debian: Path) -> None:
    enough = '#!/bin/sh\ncase "$*" in *tmux*) exit 1;; *) echo installed;; esac\n'
    (debian / "bin" / "dpkg-query").write_text(enough)
    first, second = _run_set_up(debian), _run_set_up(debian)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "sudo apt-get install -y tmux\n" in first.stdout
    assert second.stdout == ""


def test_set_up_brings_uv_along_when_there_is_none(copy: Path) -> None:
    (copy / "bin" / "uv").rename(copy / "fake-uv")
    calls = _set_up(copy)
    assert "python3 -m venv .tools/uv" in calls
    assert any(call.startswith("pip ") and "uv>=" in call for call in calls)
    assert any("pip sync" in call and "--require-hashes" in call for call in calls)


def test_make_seed_plants_the_three_tenants_for_their_owner(layout: Layout) -> None:
    said = _make("seed", "AIOPS_ADMIN_EMAIL=You@Example.com", AIOPS_DATA_DIR=str(layout.data))
    assert "Added dcx/flamelet-dcx." in said
    house = build(layout, {})
    assert [tenant.slug for tenant in house.tenants.all()] == ["dcx", "iwf", "kbe"]
    assert house.operators.find("you@example.com") is not None
    again = _make("seed", "AIOPS_ADMIN_EMAIL=you@example.com", AIOPS_DATA_DIR=str(layout.data))
    assert "All was there." in again


def test_make_seed_identities_brings_in_the_keys_of_a_folder(
    layout: Layout, tmp_path: Path
) -> None:
    source = tmp_path / "syseng keys"
    source.mkdir()
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-f",
            str(source / "id_ed25519-kbe-syseng"),
        ],
        check=True,
    )
    _make(
        "seed-identities",
        "AIOPS_ADMIN_EMAIL=you@example.com",
        f"SEED_SOURCE={source}",
        AIOPS_DATA_DIR=str(layout.data),
    )
    house = build(layout, {})
    (tenant,) = house.tenants.all()
    assert tenant.slug == "kbe"
    assert [key.name for key in house.keys.all(tenant.id)] == ["syseng-kbe"]


def test_make_status_and_stop_ask_the_window(layout: Layout) -> None:
    assert "not running" in _make("stop", AIOPS_DATA_DIR=str(layout.data))
    assert "aiops_desktop status" in _make("-n", "status")
    assert "aiops_desktop start" in _make("-n", "start")
    assert "not running" in _make("status", AIOPS_DATA_DIR=str(layout.data)), "an answer, no error"


def test_a_dry_run_of_restart_only_shows_what_it_would_do(layout: Layout) -> None:
    layout.socket.parent.mkdir(parents=True, exist_ok=True)
    layout.socket.write_text("left by a window that was killed")
    said = _make("-n", "restart", AIOPS_DATA_DIR=str(layout.data))
    assert "aiops_desktop stop" in said
    assert "aiops_desktop start" in said
    assert layout.socket.exists(), "stopping would have removed it"
    assert "stale" in _make("status", AIOPS_DATA_DIR=str(layout.data))
    assert "removed" in _make("stop", AIOPS_DATA_DIR=str(layout.data))
    assert "is not running.\n" in _make("status", AIOPS_DATA_DIR=str(layout.data))


def test_no_runtime_data_is_kept_by_git() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    runtime = (".env", "instance/app.db", "instance/keys/id", ".venv/x", "build/x")
    ignored = subprocess.run(
        ["git", "check-ignore", *runtime], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert tuple(ignored.stdout.split()) == runtime
    kept = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert not [name for name in kept if name.endswith((".db", ".env", ".key", ".pem"))]
