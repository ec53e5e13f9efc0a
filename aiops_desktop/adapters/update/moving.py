"""Moves the files of the program's own checkout to another commit, and back from anywhere."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from aiops_desktop.adapters.update import journal
from aiops_desktop.adapters.update.gitcall import Call
from aiops_desktop.domain.trouble import Clash, Refused, Trouble

#: Keeps the local changes while they are set aside.
STASH = "refs/aiops-update/stash"
#: Who makes the commits that nobody publishes.
_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "aiops desktop"), ("EMAIL", "aiops-desktop@localhost"))
}
#: What an operation that was cut off leaves behind in git's folder.
_LEFT = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


class Mover:
    """Sets local changes aside, moves, brings them back; `restore` undoes it all.

    The local changes are kept as a commit of git-stash(1)'s own shape (parents: HEAD and the index)
    whose tree holds the untracked files, too. Whatever happens they can be had back from it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git = Call(root, noted=True)

    def keep_changes(self, before: str) -> str:
        """Keep the local changes as a commit, nothing else; its id, "" when there are none."""
        if not self._git.run("status", "--porcelain").out:
            return ""
        index = self._git.text("write-tree")
        scratch = journal.folder(self.root) / "index"
        real = self.root / self._git.text("rev-parse", "--git-path", "index")
        shutil.copy2(real, scratch)
        env = {"GIT_INDEX_FILE": str(scratch)}
        self._git.run("add", "--all", "--", ":/", more=env)
        tree = os.fsdecode(self._git.run("write-tree", more=env).out).strip()
        scratch.unlink()
        staged = self._commit(index, "staged changes", before)
        made = self._commit(tree, "local changes, set aside by an update", before, staged)
        self._git.run("update-ref", STASH, made)
        return made

    def set_aside(self, before: str, stash: str) -> None:
        """Make the files those of HEAD; untracked ones that were kept are removed."""
        if stash:
            self._become(stash, before)

    def joined(self, before: str, target: str) -> str:
        """The commit to move to: the target, with own commits on top when there are any.

        They are put there in a work tree apart, so that a conflict never lies among the program.

        Raises:
            Clash: an own commit does not fit; names the files.
        """
        base = self._git.text("merge-base", before, target, ok=(0, 1))
        if base == before:
            return target
        if base == target:
            return before
        if not base:
            raise Refused(
                "The remote's history has nothing in common with this checkout's.",
                "Check the remote and branch in the settings, or clone the program anew.",
            )
        apart = journal.folder(self.root) / "rebase"
        self._leave(apart)
        self._git.run("worktree", "add", "--quiet", "--detach", str(apart), before)
        try:
            return self._rebased(apart, target)
        finally:
            self._leave(apart)

    def _rebased(self, apart: Path, target: str) -> str:
        who = {} if self._git.text("config", "user.email", ok=(0, 1)) else _committer()
        done = self._git.run("rebase", "--no-gpg-sign", target, cwd=apart, ok=(0, 1, 128), more=who)
        if done.code == 0:
            return os.fsdecode(self._git.run("rev-parse", "HEAD", cwd=apart).out).strip()
        found = self._git.run("diff", "--name-only", "--diff-filter=U", "-z", cwd=apart)
        files = [part for part in os.fsdecode(found.out).split("\0") if part]
        raise Clash(
            f"Commits of this computer do not fit the new version: {_few(files)}.",
            "Rebase them yourself in the program's checkout, then update again.",
            done.error_text[-2000:],
        )

    def in_the_way(self, before: str, target: str) -> tuple[str, ...]:
        """Ignored files of this computer that the new version brings as its own.

        To be looked at when the local changes are set aside, before anything is moved: what the
        new version brings and is not there yet may be removed when it is rolled back.
        """
        added = self._git.names(
            "diff-tree",
            "-r",
            "-z",
            "--no-renames",
            "--name-only",
            "--diff-filter=A",
            before,
            target,
        )
        return tuple(name for name in added if os.path.lexists(self.root / name))

    def switch(self, before: str, branch: str, target: str) -> None:
        """Move the files and the branch."""
        self._git.run("read-tree", "-m", "-u", before, target)
        self._git.run("update-ref", "-m", "update", branch or "HEAD", target)

    def bring_back(self, stash: str) -> None:
        """Put the local changes onto the new version, unstaged, as git-stash(1) does.

        Raises:
            Clash: they do not fit; names the files. They stay kept.
        """
        if not stash:
            return
        done = self._git.run(
            "cherry-pick", "--no-commit", "--mainline", "1", stash, ok=(0, 1, 128), more=_AUTHOR
        )
        if done.code:
            files = self._git.names("diff", "--name-only", "--diff-filter=U", "-z")
            raise Clash(
                f"Local changes do not fit the new version: {_few(files)}.",
                "Commit them or take them back in the program's checkout, then update again.",
                done.error_text[-2000:],
            )
        self._git.run("read-tree", "--reset", "HEAD")
        self._git.run("update-index", "-q", "--refresh", ok=(0, 1))

    def restore(self, before: str, branch: str, target: str, stash: str) -> None:
        """Make everything as it was: the branch, the files, the local changes and what was staged.

        Right from any place on the way, also when git itself was cut off; may be done twice.

        Raises:
            Failed: git cannot; the local changes are still kept.
        """
        for name in ("index", "HEAD", branch):
            if name:
                lock = self.root / f"{self._git.text('rev-parse', '--git-path', name)}.lock"
                lock.unlink(missing_ok=True)
        self._leave(journal.folder(self.root) / "rebase")
        for name in _LEFT:
            (self.root / self._git.text("rev-parse", "--git-path", name)).unlink(missing_ok=True)
        if branch:
            self._git.run("symbolic-ref", "HEAD", branch)
        # What the new version brought is known to git by its tree, so that it goes again.
        self._become(stash or target or before, before)
        if target:
            self._become(target, before)
        self._git.run("update-ref", "-m", "roll back", branch or "HEAD", before)
        if stash:
            self._become(before, stash)
            self._git.run("read-tree", "--reset", f"{stash}^2")
            self._git.run("update-index", "-q", "--refresh", ok=(0, 1))

    def forget(self) -> None:
        """The local changes are back; drop what was kept of them."""
        with contextlib.suppress(Trouble):
            self._git.run("update-ref", "-d", STASH)

    def _become(self, known: str, wanted: str) -> None:
        """Make the files those of `wanted`; files of `known` that it lacks are removed.

        Files of neither are left alone.
        """
        self._git.run("read-tree", "--reset", known)
        self._git.run("update-index", "-q", "--refresh", ok=(0, 1))
        self._git.run("read-tree", "--reset", "-u", wanted)

    def _commit(self, tree: str, about: str, *parents: str) -> str:
        words = [word for parent in parents for word in ("-p", parent)]
        done = self._git.run(
            "commit-tree", "--no-gpg-sign", tree, *words, "-m", about, more=_AUTHOR
        )
        return os.fsdecode(done.out).strip()

    def _leave(self, apart: Path) -> None:
        if apart.exists():
            self._git.run("worktree", "remove", "--force", "--force", str(apart), ok=(0, 128))
            shutil.rmtree(apart, ignore_errors=True)
        self._git.run("worktree", "prune")


def _committer() -> dict[str, str]:
    return {name: value for name, value in _AUTHOR.items() if "COMMITTER" in name}


def _few(files: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(files) - 5} more" if len(files) > 5 else ""
    return f"{', '.join(files[:5])}{more}" if files else "see the details"
