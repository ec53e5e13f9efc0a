"""A quick look at a small, plain checkout by libgit2; everything else is the program's.

libgit2 needs half of the program's time for a few hundred files, but holds Python's lock meanwhile
and does not know filters, sparse checkouts or renames. So it looks only where neither can matter:
what it is asked for here, the program would answer in the same words.
"""

from __future__ import annotations

from pathlib import Path

import pygit2
from pygit2.enums import FileStatus

from aiops_desktop.adapters.git.engines import LibGit2
from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.adapters.git.status import under_way, written
from aiops_desktop.domain.repositories import CheckoutStatus, FileChange, FileState

#: Bytes of an index up to which a look takes a few milliseconds (some 1200 files).
SMALL = 128 * 1024
#: A header of the plain format: without files that are skipped or only intended (gitformat-index).
_PLAIN = b"DIRC\0\0\0\2"
#: Settings that change what a file's content is, or which files there are.
_SETTINGS = ("core.autocrlf", "core.attributesfile", "core.sparsecheckout", "core.worktree")

# Plain numbers: the flags of an enum take longer to compare than the look takes.
_STAGED = tuple(
    (int(flag), state)
    for flag, state in (
        (FileStatus.INDEX_NEW, FileState.ADDED),
        (FileStatus.INDEX_MODIFIED, FileState.MODIFIED),
        (FileStatus.INDEX_DELETED, FileState.DELETED),
        (FileStatus.INDEX_TYPECHANGE, FileState.TYPE),
    )
)
_WORK = tuple(
    (int(flag), state)
    for flag, state in (
        (FileStatus.WT_NEW, FileState.UNTRACKED),
        (FileStatus.WT_MODIFIED, FileState.MODIFIED),
        (FileStatus.WT_DELETED, FileState.DELETED),
        (FileStatus.WT_TYPECHANGE, FileState.TYPE),
    )
)
_KNOWN = sum(flag for flag, _ in (*_STAGED, *_WORK))


def glance(repository: Repository) -> CheckoutStatus | None:
    """The state without counts; None when the program should look."""
    if not repository.folder.is_dir():
        return None
    try:
        return _look(repository.folder, LibGit2.opened(repository.folder))
    except Exception as error:
        # Whatever libgit2 stumbles over, the program puts into words.
        if isinstance(error, OSError) or "pygit2" in type(error).__module__:
            return None
        if isinstance(error, (KeyError, ValueError)):
            return None
        raise


def _look(folder: Path, repo: pygit2.Repository) -> CheckoutStatus | None:
    git_dir = Path(repo.path)
    if not _plain(folder, git_dir, repo) or repo.head_is_unborn or repo.head_is_detached:
        return None
    staged, work = [], []
    for path, told in repo.status(untracked_files="all").items():
        flags = int(told)
        if flags & ~_KNOWN or "\ufffd" in path or path.endswith(".gitattributes"):
            return None
        staged += [FileChange(path, s, staged=True) for bit, s in _STAGED if flags & bit]
        work += [FileChange(path, s) for bit, s in _WORK if flags & bit]
    states = {change.state for change in staged}
    if {FileState.ADDED, FileState.DELETED} <= states:
        return None  # it may be a rename
    head = repo.head
    branch = head.shorthand
    upstream, ahead, behind = _against(repo, branch)
    return CheckoutStatus(
        branch=branch,
        head=LibGit2.read(repo[head.target].peel(pygit2.Commit)),
        upstream=upstream,
        ahead=ahead,
        behind=behind,
        staged=tuple(sorted(staged, key=lambda change: change.path)),
        unstaged=tuple(sorted(work, key=lambda change: change.path)),
        operation=under_way(git_dir),
        fetched=written(git_dir / "FETCH_HEAD"),
        remote=upstream.partition("/")[0] or "origin",
    )


def _plain(folder: Path, git_dir: Path, repo: pygit2.Repository) -> bool:
    with (git_dir / "index").open("rb") as file:
        data = file.read(SMALL + 1)
    if (
        len(data) > SMALL
        or not data.startswith(_PLAIN)
        or b".gitattributes" in data
        or b".gitmodules" in data
    ):
        return False
    attributes = (folder / ".gitattributes", _common(git_dir) / "info/attributes")
    if any(place.exists() for place in attributes):
        return False
    config = repo.config
    return not any(name in config for name in _SETTINGS)


def _common(git_dir: Path) -> Path:
    """Where all worktrees of a repository keep what they share."""
    if git_dir.parent.name != "worktrees":
        return git_dir
    return git_dir / (git_dir / "commondir").read_text().strip()


def _against(repo: pygit2.Repository, branch: str) -> tuple[str, int, int]:
    """(what the branch follows, commits ahead, commits behind)."""
    local = repo.branches.local[branch]
    try:
        name = local.upstream_name
    except KeyError:
        return "", 0, 0
    there = repo.references[name]  # gone: a KeyError, and the program says how it is
    ahead, behind = repo.ahead_behind(local.target, there.target)
    return name.removeprefix("refs/remotes/").removeprefix("refs/heads/"), ahead, behind
