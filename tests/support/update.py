"""A server with two versions of the program, older clones of it, and a uv without network."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters import living
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.settings import Settings
from aiops_desktop.services.updates import Updates
from aiops_desktop.storage.open import REVISION
from tests.support.ground import ground
from tests.support.repos import commit, git, repository

ROOT = Path(__file__).parents[2]
#: The database's revision that the newer version brings.
NEWER = "9999"
_COPIED = (
    "aiops_desktop",
    "scripts/setup.sh",
    "scripts/update.sh",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
    "tools/ansible/requirements.lock",
    ".gitignore",
)
#: Does what setup.sh asks of uv, with the packages that are here already.
_UV = """#!/bin/bash
echo "uv $*" >>"$UV_FAKE/calls"
case "$1 $2" in
  "python find") echo "$UV_FAKE_PYTHON" ;;
  venv*)
    place="${@: -1}"; rm -rf "$place"
    "$UV_FAKE_PYTHON" -m venv --without-pip "$place"
    for site in "$place"/lib/python*/site-packages; do
      echo "$UV_FAKE_SITE" >"$site/there.pth"
    done ;;
  "pip sync")
    if [ -e "$UV_FAKE/hold" ]; then
      touch "$UV_FAKE/holding"
      while [ -e "$UV_FAKE/hold" ]; do sleep 0.05; done
    fi
    if [ -e "$UV_FAKE/broken" ]; then
      echo "error: Failed to fetch: no route to the index" >&2
      exit 2
    fi ;;
esac
"""
_MIGRATION = f'''"""What the newer version brings."""

import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "{REVISION}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("newer", sa.Column("id", sa.Integer(), primary_key=True))
'''


@dataclass(frozen=True)
class Server:
    """The repository of the program.

    `main` has version 0.2.0 (tagged) and a commit behind it; further branches are broken in one
    way each. `older` is a clone of 0.1.0 with its environment, to be copied.
    """

    folder: Path
    older: Path
    tools: Path


def serve(folder: Path) -> Server:
    """Make it; the program is this work tree's."""
    tools = folder / "tools"
    tools.mkdir(parents=True)
    # Nothing is missing on this computer, so that nothing is asked of the system's packages.
    found = "#!/bin/sh\necho installed\n"
    for name, text in (("uv", _UV), ("ansible-playbook", "#!/bin/sh\n"), ("dpkg-query", found)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    server = repository(folder / "server")
    for name in _COPIED:
        target = server / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, target)
    (server / "hosts.ini").write_text("one\ntwo\nthree\nfour\n")
    _replace(server / "pyproject.toml", 'version = "', 'version = "0.1.0" # "')
    commit(server, {}, "The older version")
    git(server, "tag", "v0.1.0")
    older = folder / "older"
    git(folder, "clone", "-q", str(server), str(older))
    _newer(server)
    _broken(server)
    subprocess.run(
        ["bash", "scripts/setup.sh", "run"],
        cwd=older,
        env={**os.environ, **environment(tools)},
        check=True,
        capture_output=True,
    )
    # What is compiled once need not be compiled in each copy.
    subprocess.run(
        [older / ".venv/bin/python", "-m", "aiops_desktop", "start", "--self-test"],
        cwd=older,
        env={
            **{name: value for name, value in os.environ.items() if "BYTECODE" not in name},
            "AIOPS_DATA_DIR": str(folder / "compiling"),
            "QT_QPA_PLATFORM": "offscreen",
        },
        check=True,
        capture_output=True,
        timeout=180,
    )
    return Server(server, older, tools)


def _newer(server: Path) -> None:
    versions = server / "aiops_desktop/storage/migrations/versions"
    (versions / f"{NEWER}_newer.py").write_text(_MIGRATION)
    opening = server / "aiops_desktop/storage/open.py"
    _replace(opening, f'REVISION = "{REVISION}"', f'REVISION = "{NEWER}"')
    _replace(opening, "KNOWN = (", f'KNOWN = ("{NEWER}", ')
    _replace(server / "pyproject.toml", "0.1.0", "0.2.0")
    commit(server, {"hosts.ini": "ONE\ntwo\nthree\nfour\n"}, "The newer version")
    git(server, "tag", "v0.2.0")
    git(server, "checkout", "-q", "-b", "stable")
    git(server, "checkout", "-q", "main")
    commit(server, {"NEWS": "news\n"}, "News behind the release")


def _broken(server: Path) -> None:
    migration = f"aiops_desktop/storage/migrations/versions/{NEWER}_newer.py"
    imports = "import annotations\n"
    layout = "    layout = shell.house.layout\n"
    for branch, name, old, new in (
        ("bad-migration", migration, "    op.create", "    raise KeyError(1)\n    op.create"),
        ("bad-window", "aiops_desktop/ui/window.py", imports, f"{imports}import not_there\n"),
        (
            # The copy can be upgraded; the database itself is, and then something fails.
            "bad-end",
            "aiops_desktop/cli/people.py",
            layout,
            f'{layout}    assert layout.data.name == "update-trial", "not so far"\n',
        ),
    ):
        git(server, "checkout", "-q", "-b", branch, "main")
        _replace(server / name, old, new)
        commit(server, {}, f"Broken: {branch}")
    git(server, "checkout", "-q", "main")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file.name} has no {old!r} any more"
    file.write_text(text.replace(old, new, 1))


def without_window(clone: Clone) -> None:
    """As on a computer without a desktop: the new window is not tried, which takes seconds."""
    (site,) = clone.root.glob(".venv/lib/python*/site-packages")
    (site / "PySide6.py").write_text("raise ImportError('there is no desktop here')\n")


def environment(tools: Path) -> dict[str, str]:
    """The variables with which setup.sh finds the uv of these tests."""
    return {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "UV_FAKE": str(tools),
        "UV_FAKE_PYTHON": str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"),
        "UV_FAKE_SITE": sysconfig.get_path("purelib"),
    }


@dataclass
class Clone:
    """An older clone of the program with a data folder, and the service that updates it."""

    root: Path
    layout: Layout
    updates: Updates
    settings: Settings

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Its own program, as a person starts it in a shell."""
        return subprocess.run(
            [self.root / ".venv/bin/python", "-m", "aiops_desktop", *words],
            cwd=self.root,
            env={**os.environ, "AIOPS_DATA_DIR": str(self.layout.data)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def version(self) -> str:
        """The number in its pyproject.toml."""
        return self.updates.standing().running.number

    @property
    def revision(self) -> str:
        """Of the database."""
        base = sqlite3.connect(self.layout.database)
        try:
            assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return str(base.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        finally:
            base.close()

    def picture(self) -> dict[str, object]:
        """All that a failed update must bring back."""
        left = [*self.layout.data.glob("update-trial"), *self.root.glob(".git/aiops-update")]
        return {
            "head": git(self.root, "rev-parse", "HEAD"),
            "branch": git(self.root, "symbolic-ref", "HEAD"),
            "status": git(self.root, "status", "--porcelain", "--untracked-files=all"),
            "changes": git(self.root, "diff", "HEAD"),
            "venv": (self.root / ".venv/.stamp").read_text(),
            "mine": (self.root / ".venv/mine").exists(),
            "revision": self.revision,
            "left": [str(one) for one in left],
        }


def older_clone(server: Server, folder: Path, layout: Layout) -> Clone:
    """A clone of the older version, ready to be updated."""
    root = folder / "program"
    shutil.copytree(server.older, root, symlinks=True)
    (root / ".venv/mine").touch()
    base = ground(layout)
    clone = Clone(root, layout, None, Settings())  # type: ignore[arg-type]  # made next
    clone.updates = Updates(
        layout,
        root / "aiops_desktop",
        lambda: clone.settings,
        base.history,
        database=lambda: layout.database,
        scrub=base.secrets.scrub,
        mark=living.mark(),
        environ={},
    )
    return clone
