"""What may stand in an archive, the same for who writes and who reads."""

from __future__ import annotations

import posixpath

from aiops_desktop.domain.trouble import Refused

ABOUT, MANIFEST = "about.json", "manifest.json"
#: Bytes of a tar block; headers and the ends of files fill whole ones.
BLOCK = 512
#: Bytes read or written at a time.
PIECE = 1 << 20
DATABASE = "aiops.db"
#: Files at the top of a data folder that belong into a backup.
TOP = (DATABASE, "settings.toml", ".env", "secret.key", "window.ini")
#: Those of them that are in a snapshot.
SNAPSHOT = (DATABASE, "settings.toml", ".env")
TENANTS, CHECKOUTS, WORKTREES = "tenants", "checkouts", "worktrees"


def checked(name: str) -> str:
    """A name as it stands in an archive, when it stays inside the folder and is one of ours.

    Raises:
        Refused: it would lead out, or lies where no backup puts anything.
    """
    parts = name.split("/")
    inside = (
        name
        and "\0" not in name
        and "\\" not in name
        and not any(part in ("", ".", "..") for part in parts)
        and len(name.encode("utf-8", "surrogateescape")) < 4096
    )
    known = (len(parts) == 1 and name in TOP) or (len(parts) > 1 and parts[0] in _TREES)
    if not inside or not (known or name in _TREES):
        raise Refused(
            f"The backup holds “{name[:80]}”, which does not belong into one. Nothing was done.",
            "Take a backup that this program made.",
        )
    return name


def links(name: str, target: str) -> bool:
    """Whether a link may be in a backup: in a checkout or worktree, and leading no further."""
    parts = name.split("/")
    if parts[0] == CHECKOUTS:
        root = parts[:3]
    elif parts[0] == TENANTS and parts[2:3] == [WORKTREES]:
        root = parts[:5]
    else:
        return False
    if len(parts) <= len(root) or not target or target.startswith("/") or "\0" in target:
        return False
    end = posixpath.normpath(posixpath.join(posixpath.dirname(name), target)).split("/")
    return end[: len(root)] == root and ".git" not in end[len(root) :]


_TREES = (TENANTS, CHECKOUTS)
