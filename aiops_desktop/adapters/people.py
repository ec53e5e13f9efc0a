"""Who sits at this computer, as its account and git's own configuration tell."""

from __future__ import annotations

import getpass
import os

from aiops_desktop.adapters import process
from aiops_desktop.domain.trouble import Trouble


def account() -> tuple[str, str]:
    """(login name, full name) of the account; the full name is "" when the system has none."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        login = f"uid-{os.getuid()}" if hasattr(os, "getuid") else "operator"
    try:
        import pwd

        full = pwd.getpwnam(login).pw_gecos.split(",")[0].strip()
    except (ImportError, KeyError):
        full = ""
    return login, full


def git_identity() -> tuple[str, str]:
    """(name, e-mail) of git's global configuration, "" for what is not set there."""
    return _global("user.name"), _global("user.email")


def _global(name: str) -> str:
    argv = ["git", "config", "--global", "--get", name]
    try:
        finished = process.run(argv, env=process.environment(), timeout=5)
    except Trouble:
        return ""
    return finished.text.strip() if finished.code == 0 else ""
