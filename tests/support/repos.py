"""Real repositories, made with the git program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from aiops_desktop.domain.tenants import TenantRoom

PERSON = {
    "GIT_AUTHOR_NAME": "Somebody Else",
    "GIT_AUTHOR_EMAIL": "else@elsewhere.example",
    "GIT_COMMITTER_NAME": "Somebody Else",
    "GIT_COMMITTER_EMAIL": "else@elsewhere.example",
    "LC_ALL": "C.UTF-8",
}


def git(folder: Path, *args: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> str:
    """Run git as a third party would; what it printed, without the last newline."""
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        env={**os.environ, **PERSON, **(more or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"git {args}: {done.stderr.decode(errors='replace')}"
    return done.stdout.decode(errors="surrogateescape").rstrip("\n")


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files, folders and all."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())


def commit(folder: Path, files: Mapping[str, str | bytes], message: str = "Change") -> str:
    """Write files and commit everything; the commit's id."""
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A repository with one commit (none when `files` is None)."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    if files is not None:
        commit(folder, files, "First")
    return folder


def bare(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A bare repository, as a server has it, with one commit on main (none when None)."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "--bare", "-b", "main")
    if files is not None:
        source = folder.with_name(f".{folder.name}.source")
        repository(source, files)
        git(source, "push", "-q", str(folder), "main:main")
    return folder


def push_more(remote: Path, files: Mapping[str, str | bytes], message: str = "More") -> str:
    """Somebody else pushes to a bare repository; the new commit's id."""
    other = remote.with_name(f".{remote.name}.other")
    if not other.exists():
        git(remote.parent, "clone", "-q", str(remote), str(other))
    git(other, "pull", "-q", "--ff-only")
    made = commit(other, files, message)
    git(other, "push", "-q", "origin", "HEAD")
    return made


def hook(folder: Path, name: str, script: str) -> None:
    """Install a hook; `folder` is git's own folder."""
    place = folder / "hooks" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a work tree but git's own."""
    return {
        str(place.relative_to(folder)): place.read_bytes()
        for place in sorted(folder.rglob("*"))
        if place.is_file() and ".git" not in place.relative_to(folder).parts
    }


def room(folder: Path, slug: str = "acme", **more: object) -> TenantRoom:
    """A tenant's room under a folder, with an author."""
    home = folder / slug
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts: dict[str, object] = {
        "tenant_id": 1,
        "slug": slug,
        "name": slug.title(),
        "colour": "#D9663D",
        "author_name": "Ann Engineer",
        "author_email": f"ann@{slug}.example",
        "folder": home,
        "checkouts": home / "checkouts",
        "worktrees": home / "worktrees",
        "runs": home / "runs",
        "trash": home / "trash",
        "keys_folder": home / "keys",
        "known_hosts": home / "known_hosts",
        "assistants": home / "assistants",
        "tmux_socket": f"aiops-t-{slug}",
        "shell_session": f"{slug}-shell",
    }
    return TenantRoom(**{**facts, **more})  # type: ignore[arg-type]  # facts are checked by use
