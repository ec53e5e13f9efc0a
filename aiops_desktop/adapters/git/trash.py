"""Discarded work, kept as commits under `refs/aiops/trash/` until it is wanted back or old."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.files import LINK, File, read_file, write_file
from aiops_desktop.adapters.git.staging import store
from aiops_desktop.domain.trouble import Clash, Missing

PREFIX = "refs/aiops/trash/"
#: How long discarded work is kept.
KEPT = timedelta(days=30)
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file before and after; `blob` is its place in the kept tree, "" when there was no file."""

    path: str
    mode: str
    blob: str
    after: str


def discarding(git: Git, paths: Sequence[str], discard: Callable[[], None]) -> str:
    """Keep the files, discard, and remember how they look then.

    What was there is in the repository before anything is thrown away; the token is given out when
    all went well, otherwise the files are put back.

    Returns:
        The token for `restore`.
    """
    before = {path: read_file(git.folder, path) for path in dict.fromkeys(paths)}
    blobs = _store(git, before)
    token = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    _keep(git, token, before, blobs, after=None)
    try:
        discard()
        _keep(
            git, token, before, blobs, after={p: _digest(read_file(git.folder, p)) for p in before}
        )
    except BaseException:
        for path, file in before.items():
            write_file(git.folder, path, file)
        raise
    _forget_old(git)
    return token


def restore(git: Git, token: str) -> tuple[str, ...]:
    """Bring back what was kept under a token; the files.

    Raises:
        Missing: there is nothing under it.
        Clash: a file is not as the discard left it.
    """
    ref = PREFIX + token
    known = re.fullmatch(r"[0-9A-Za-z-]+", token) and git.text(
        "rev-parse", "--verify", "--quiet", ref, ok=(0, 1)
    )
    if not known:
        raise Missing(
            "There is nothing to bring back any more.", "Discarded work is kept for 30 days."
        )
    kept = [
        _Kept(**item) for item in json.loads(git.run("cat-file", "blob", f"{ref}:{_MANIFEST}").out)
    ]
    moved = [k.path for k in kept if k.after and _digest(read_file(git.folder, k.path)) != k.after]
    if moved:
        raise Clash(
            f"Changed since it was discarded: {', '.join(moved[:5])}.",
            "Commit or discard these changes first, then bring the old ones back.",
        )
    for item in kept:
        data = git.run("cat-file", "blob", f"{ref}:{item.blob}").out if item.blob else b""
        write_file(git.folder, item.path, File(item.mode, data) if item.blob else None)
    git.run("update-ref", "-d", ref)
    return tuple(item.path for item in kept)


def _keep(
    git: Git,
    token: str,
    before: dict[str, File | None],
    blobs: dict[str, str],
    after: dict[str, str] | None,
) -> None:
    kept, tree = [], ""
    for number, (path, file) in enumerate(before.items()):
        name = str(number) if file else ""
        mode = file.mode if file else ""
        kept.append(
            {"path": path, "mode": mode, "blob": name, "after": after[path] if after else ""}
        )
        if file:
            tree += f"100644 blob {blobs[path]}\t{name}\0"
    manifest = store(git, json.dumps(kept).encode())
    tree += f"100644 blob {manifest}\t{_MANIFEST}\0"
    made = git.run("mktree", "-z", stdin=tree.encode()).text.strip()
    commit = git.run("commit-tree", made, "-m", "Discarded", more=git.anybody()).text.strip()
    git.run("update-ref", PREFIX + token, commit)


def _store(git: Git, files: dict[str, File | None]) -> dict[str, str]:
    """The files' contents as blobs, many with one process."""
    there = {path: file for path, file in files.items() if file}
    plain = [p for p, file in there.items() if file.mode != LINK and "\n" not in p]
    names = b"".join(os.fsencode(path) + b"\n" for path in plain)
    ids = git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=names).text.split()
    made = dict(zip(plain, ids, strict=True))
    return made | {p: store(git, file.data) for p, file in there.items() if p not in made}


def _digest(file: File | None) -> str:
    return file.digest if file else "none"


def _forget_old(git: Git) -> None:
    limit = (datetime.now(UTC) - KEPT).timestamp()
    listing = git.text("for-each-ref", "--format=%(committerdate:unix) %(refname)", PREFIX)
    for line in listing.splitlines():
        written, ref = line.split(" ", 1)
        if int(written) < limit:
            git.run("update-ref", "-d", ref)
