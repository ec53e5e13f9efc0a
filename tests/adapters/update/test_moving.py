"""A checkout is moved and brought back; whatever is cut off, local changes are never lost."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from aiops_desktop.adapters.process import Finished
from aiops_desktop.adapters.update import journal
from aiops_desktop.adapters.update.checkout import Checkout
from aiops_desktop.adapters.update.gitcall import Call
from aiops_desktop.adapters.update.moving import Mover
from aiops_desktop.domain.trouble import Clash, Refused
from aiops_desktop.jobs.job import Job
from tests.support.repos import commit, git, repository, write

_FIRST = {
    ".gitignore": "*.log\n.venv/\n",
    "app.py": "one\ntwo\nthree\nfour\nfive\n",
    "hosts.ini": "a\nb\nc\n",
    "old/gone.py": "gone\n",
    "keep.py": "keep\n",
}


@dataclass(frozen=True)
class Ground:
    """A clone with local changes of every kind, and its server one commit ahead."""

    server: Path
    root: Path
    before: str
    target: str

    def picture(self) -> dict[str, object]:
        """All that an update must not lose: files, what is staged, the branch."""
        files = {
            str(path.relative_to(self.root)): path.read_bytes()
            if not path.is_symlink()
            else str(path.readlink())
            for path in sorted(self.root.rglob("*"))
            if ".git" not in path.parts and (path.is_file() or path.is_symlink())
        }
        return {
            "files": files,
            "status": git(self.root, "status", "--porcelain", "--untracked-files=all"),
            "head": git(self.root, "rev-parse", "HEAD"),
            "branch": git(self.root, "symbolic-ref", "-q", "HEAD"),
        }


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    server = repository(tmp_path / "server", _FIRST)
    git(tmp_path, "clone", "-q", str(server), "mine")
    before = git(server, "rev-parse", "HEAD")
    (server / "old" / "gone.py").unlink()
    target = commit(
        server, {"app.py": "ONE\ntwo\nthree\nfour\nfive\n", "new/file.py": "new\n"}, "Second"
    )
    return Ground(server, tmp_path / "mine", before, target)


def _change(root: Path) -> None:
    """Modified, staged, deleted, untracked, ignored; a link and a file that can be run."""
    write(
        root,
        {
            "app.py": "one\ntwo\nthree\nfour\nFIVE of mine\n",
            "hosts.ini": "a\nb\nc\nmine, staged\n",
            "notes/übung 1.txt": "untracked\n",
            "debug.log": "ignored\n",
        },
    )
    git(root, "add", "hosts.ini")
    write(root, {"hosts.ini": "a\nb\nc\nmine, staged\nand more\n"})
    (root / "keep.py").unlink()
    (root / "link").symlink_to("app.py")
    write(root, {"run.sh": "#!/bin/sh\n"})
    (root / "run.sh").chmod(0o755)


def _fetched(ground: Ground, branch: str = "main") -> str:
    checkout = Checkout(ground.root)
    checkout.fetch("origin", branch, Job("Fetch"))
    return checkout.target("origin", branch, releases=False)


def _there(ground: Ground, target: str, noted: list[str] | None = None) -> str:
    """Carry the moving half of an update out, as the service does; the stash, `noted` at once."""
    mover = Mover(ground.root)
    journal.folder(ground.root).mkdir(exist_ok=True)
    stash = mover.keep_changes(ground.before)
    if noted is not None:
        noted.append(stash)
    mover.set_aside(ground.before, stash)
    final = mover.joined(ground.before, target)
    assert mover.in_the_way(ground.before, final) == ()
    mover.switch(ground.before, "refs/heads/main", final)
    mover.bring_back(stash)
    return stash


def test_local_changes_of_every_kind_come_along(ground: Ground) -> None:
    _change(ground.root)
    _there(ground, _fetched(ground))
    root = ground.root
    assert git(root, "rev-parse", "HEAD", "main").split() == [ground.target] * 2
    assert (root / "app.py").read_text() == "ONE\ntwo\nthree\nfour\nFIVE of mine\n"
    assert (root / "hosts.ini").read_text() == "a\nb\nc\nmine, staged\nand more\n"
    assert (root / "notes/übung 1.txt").read_text() == "untracked\n"
    assert (root / "new/file.py").exists()
    assert not (root / "old").exists()
    assert not (root / "keep.py").exists()
    assert (root / "link").readlink() == Path("app.py")
    assert os.access(root / "run.sh", os.X_OK)
    assert (root / "debug.log").read_text() == "ignored\n"
    assert "?? run.sh" in git(root, "status", "--porcelain"), "it is untracked again"
    assert git(root, "fsck", "--no-dangling", "--no-progress") == ""


def test_back_from_the_new_version_everything_is_as_it_was(ground: Ground) -> None:
    _change(ground.root)
    before = ground.picture()
    target = _fetched(ground)
    stash = _there(ground, target)
    assert ground.picture() != before
    Mover(ground.root).restore(ground.before, "refs/heads/main", target, stash)
    assert ground.picture() == before


def test_a_conflict_leads_back(ground: Ground) -> None:
    write(ground.root, {"app.py": "another one\ntwo\n", "new/file.py": "mine\n"})
    before = ground.picture()
    target = _fetched(ground)
    with pytest.raises(Clash, match=r"app\.py, new/file\.py"):
        _there(ground, target)
    stash = git(ground.root, "rev-parse", "refs/aiops-update/stash")
    Mover(ground.root).restore(ground.before, "refs/heads/main", target, stash)
    assert ground.picture() == before


class Cut(BaseException):
    """The process is killed."""


def test_cut_off_between_any_two_calls_of_git_nothing_is_lost(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(ground.root)
    before, target = ground.picture(), _fetched(ground)
    sound = tmp_path / "sound"
    shutil.copytree(ground.root, sound, symlinks=True)
    real, most = Call.run, 0
    noted: list[str] = []

    def attempt(at: int) -> bool:
        """Whether it came to its end before the cut."""
        calls = 0
        noted.clear()

        def run(self: Call, *args: str, **more: object) -> Finished:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Cut
            return real(self, *args, **more)  # type: ignore[arg-type]  # handed on

        monkeypatch.setattr(Call, "run", run)
        try:
            _there(ground, target, noted)
        except Cut:
            return False
        finally:
            monkeypatch.setattr(Call, "run", real)
        return True

    while not attempt(most := most + 1):
        if noted:  # before that the journal says that no file was moved
            Mover(ground.root).restore(ground.before, "refs/heads/main", target, noted[0])
        assert ground.picture() == before, f"cut off at call {most}"
        shutil.rmtree(ground.root)
        shutil.copytree(sound, ground.root, symlinks=True)
    assert most > 15


def test_a_git_that_was_killed_itself_leaves_a_lock_and_half_the_files(ground: Ground) -> None:
    _change(ground.root)
    before, target = ground.picture(), _fetched(ground)
    stash = _there(ground, target)
    (ground.root / ".git/index.lock").write_bytes(b"half")
    (ground.root / ".git/refs/heads/main.lock").write_bytes(b"")
    (ground.root / "app.py").write_text("ONE\ntw")
    (ground.root / "new/file.py").unlink()
    Mover(ground.root).restore(ground.before, "refs/heads/main", target, stash)
    assert ground.picture() == before


def test_own_commits_are_put_on_top_and_a_conflict_among_them_touches_nothing(
    ground: Ground,
) -> None:
    own = commit(ground.root, {"mine.py": "mine\n"}, "Mine")
    target, mover = _fetched(ground), Mover(ground.root)
    journal.folder(ground.root).mkdir()
    joined = mover.joined(own, target)
    assert git(ground.root, "log", "--format=%s", f"{ground.before}..{joined}").split() == [
        "Mine",
        "Second",
    ]
    assert git(ground.root, "rev-parse", "HEAD") == own
    assert mover.joined(joined, target) == joined, "nothing to do twice"
    other = commit(ground.root, {"app.py": "mine\n"}, "Against it")
    with pytest.raises(Clash, match=r"app\.py"):
        mover.joined(other, target)
    assert git(ground.root, "status", "--porcelain") == ""
    assert len(git(ground.root, "worktree", "list").splitlines()) == 1


def test_a_strange_history_is_refused(ground: Ground) -> None:
    journal.folder(ground.root).mkdir()
    strange = repository(ground.root.parent / "strange", {"x": "y"})
    git(ground.root, "fetch", "-q", str(strange), "main")
    with pytest.raises(Refused, match="nothing in common"):
        Mover(ground.root).joined(ground.before, git(ground.root, "rev-parse", "FETCH_HEAD"))


def test_ignored_files_that_the_new_version_brings_are_named(ground: Ground) -> None:
    write(ground.server, {".gitignore": "*.log\n"})
    git(ground.server, "add", "-f", ".")
    target = commit(ground.server, {".venv/own.txt": "theirs\n"}, "Third")
    write(ground.root, {".venv/own.txt": "mine\n"})
    assert _fetched(ground) == target
    assert Mover(ground.root).in_the_way(ground.before, target) == (".venv/own.txt",)


@pytest.mark.parametrize(
    ("remote", "branch", "said"),
    [
        ("nowhere", "main", "no remote “nowhere”. It has: origin."),
        ("origin", "nothing", "has no branch “nothing”"),
        ("origin", "--upload-pack=touch x", "no name of a branch"),
        ("--all", "main", "no remote"),
    ],
)
def test_what_cannot_be_followed_is_named(
    ground: Ground, remote: str, branch: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        Checkout(ground.root).fetch(remote, branch, Job("Fetch"))


def test_the_newest_release_of_the_branch_is_found_and_own_tags_are_left_alone(
    ground: Ground,
) -> None:
    git(ground.root, "tag", "v9.0", ground.before)
    for tag in ("v0.9.0", "v0.10.0", "nightly"):
        git(ground.server, "tag", "-a", "-m", tag, tag)
    git(ground.server, "tag", "v0.11.0rc1")
    commit(ground.server, {"later.py": ""}, "Later")
    git(ground.server, "checkout", "-q", "-b", "side")
    commit(ground.server, {"side.py": ""}, "Side")
    git(ground.server, "tag", "v2.0.0")
    _fetched(ground)
    checkout = Checkout(ground.root)
    assert checkout.target("origin", "main", releases=True) == ground.target
    assert git(ground.root, "tag") == "v9.0"
    news = checkout.news(ground.before, ground.target)
    assert (news.subjects, news.count, news.own) == (("Second",), 1, 0)


def test_a_branch_without_a_release_says_so(ground: Ground) -> None:
    _fetched(ground)
    with pytest.raises(Refused, match="no release yet"):
        Checkout(ground.root).target("origin", "main", releases=True)


def test_somebody_in_the_middle_of_a_merge_is_not_disturbed(ground: Ground) -> None:
    checkout = Checkout(ground.root)
    assert checkout.blocked() == ""
    (ground.root / ".git/MERGE_HEAD").write_text(ground.before)
    assert "A merge or rebase is under way" in checkout.blocked()
