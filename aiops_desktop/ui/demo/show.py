"""Opens the real window on a data folder of its own and goes round in it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.layout import Layout

if TYPE_CHECKING:
    from aiops_desktop.services.house import House

#: Where a Codex gets its model from in the demo; without it the built-in demo assistant works.
MODEL_URL, CODEX = "AIOPS_DEMO_CODEX_URL", "AIOPS_DEMO_CODEX"
#: Seconds anything in the window may take before the demo gives up.
WAIT = "AIOPS_DEMO_LIMIT"
_OURS = ("data", "home", "report.json", ".aiops-demo")
_FOREIGN = (
    "AIOPS_",
    "SEMAPHORE_",
    "CODEX_",
    "AIDER_",
    "DEFAULT_AI_",
    "GIT_",
    "SSH_",
    "OPENAI_",
    "ANSIBLE_",
    "DATABASE_URL",
    "REPO_STORAGE_PATH",
    "XDG_",
    "TMUX_CONFIG_PATH",
    "USE_TMUX",
)
_MORE_PATH = ("~/.local/bin", "~/.npm-global/bin")


def run(argv: Sequence[str], build: Callable[..., House]) -> int:
    """Parse the words, go round, say what came of it; the exit code."""
    words = argparse.ArgumentParser(
        prog="aiops-desktop demo",
        description="Drive the real window through the whole round, without server or account.",
    )
    words.add_argument("--out", default="build/demo", help="folder for pictures and report")
    folder = Path(words.parse_args(list(argv)).out).expanduser().absolute()
    refusal = prepare(folder)
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    model = (os.environ.get(MODEL_URL, ""), os.environ.get(CODEX, "codex"))
    limit = _seconds(os.environ.get(WAIT, ""))
    make_private(folder)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from aiops_desktop.ui.demo.open import go_round  # Qt reads the environment when it is loaded

    print(f"The demo goes round in {folder}:")
    layout = Layout(folder / "data", is_default=False)
    return go_round(folder, layout, build, *model, limit)


def prepare(folder: Path) -> str:
    """Make the demo's folder anew; a sentence when it is not ours to empty."""
    if folder.exists():
        if not folder.is_dir():
            return f"{folder} is a file. Choose a folder with --out."
        inside = list(folder.iterdir())
        if inside and not any((folder / name).exists() for name in _OURS):
            return f"{folder} holds other files. Choose an empty folder with --out."
        shutil.rmtree(folder)
    for part in (folder, folder / "data", folder / "home"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / ".aiops-demo").write_text("Made by the demo; a new demo makes it anew.\n")
    return ""


def make_private(folder: Path) -> None:
    """A home of its own: nothing of the person at this computer is read or changed."""
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path += [full for name in _MORE_PATH if Path(full := os.path.expanduser(name)).is_dir()]  # noqa: PTH111 - as text
    for name in list(os.environ):
        if name.startswith(_FOREIGN) and not name.startswith(("GIT_SSL_", "XDG_RUNTIME")):
            del os.environ[name]
    home = folder / "home"
    os.environ.update(
        PATH=os.pathsep.join(dict.fromkeys(path)),
        HOME=str(home),
        SHELL="/bin/bash",
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
    )
    (home / ".bashrc").write_text("PS1='\\W \\$ '\n")
    (home / ".gitconfig").write_text("[init]\n\tdefaultBranch = main\n")


def _seconds(text: str) -> float:
    try:
        return max(1.0, float(text))
    except ValueError:
        return 90.0  # generous: the computer may be busy
