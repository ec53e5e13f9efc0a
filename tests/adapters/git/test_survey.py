"""Glance, survey and status tell the same, whatever a checkout looks like."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aiops_desktop.adapters.git import Repository, glance, survey
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.jobs.job import Job
from tests.support import repos


def _nothing(folder: Path) -> None:
    """As it was cloned."""


def _every_change(folder: Path) -> None:
    repos.write(folder, {"a": "changed\n", "deep/er/new": "n", "staged": "s"})
    repos.git(folder, "add", "staged")
    (folder / "b").unlink()
    (folder / "c").unlink()
    (folder / "c").symlink_to("a")
    (folder / "d").chmod(0o755)
    repos.write(folder, {".gitignore": "ignored\n", "ignored": "i", "sp ace/ü": "u"})


def _both_sides(folder: Path) -> None:
    repos.write(folder, {"a": "one\n"})
    repos.git(folder, "add", "a")
    repos.write(folder, {"a": "two\n"})


def _ahead_and_behind(folder: Path) -> None:
    repos.git(folder, "reset", "-q", "--hard", "HEAD~1")
    repos.commit(folder, {"mine": "m"})


def _another_branch(folder: Path) -> None:
    repos.git(folder, "switch", "-q", "-c", "topic/x")
    repos.git(folder, "branch", "-q", "-u", "main")


def _in_a_merge(folder: Path) -> None:
    (folder / ".git/MERGE_HEAD").write_text(repos.git(folder, "rev-parse", "HEAD") + "\n")


def _nested(folder: Path) -> None:
    repos.repository(folder / "nested", {"x": "x"})
    (folder / "empty").mkdir()


#: States a glance must be able to tell by itself.
SIMPLE = [
    _nothing,
    _every_change,
    _both_sides,
    _ahead_and_behind,
    _another_branch,
    _in_a_merge,
    _nested,
]


def _renamed(folder: Path) -> None:
    repos.git(folder, "mv", "a", "z")


def _attributes(folder: Path) -> None:
    repos.write(folder, {".gitattributes": "* text=auto\n", "a": b"a\r\n"})


def _crlf(folder: Path) -> None:
    repos.git(folder, "config", "core.autocrlf", "true")
    repos.write(folder, {"a": b"a\r\n"})


def _detached(folder: Path) -> None:
    repos.git(folder, "switch", "-q", "--detach")


def _intended(folder: Path) -> None:
    repos.write(folder, {"new": "n"})
    repos.git(folder, "add", "-N", "new")


def _skipped(folder: Path) -> None:
    repos.git(folder, "sparse-checkout", "set", "--no-cone", "/a")


def _upstream_gone(folder: Path) -> None:
    repos.git(folder, "update-ref", "-d", "refs/remotes/origin/main")


def _conflict(folder: Path) -> None:
    repos.commit(folder, {"a": "ours"})
    with pytest.raises(AssertionError):
        repos.git(folder, "revert", "--no-edit", "HEAD~1")


def _no_commit(folder: Path) -> None:
    shutil.rmtree(folder)
    repos.repository(folder)


#: States only the program tells rightly.
HARD = [
    _renamed,
    _attributes,
    _crlf,
    _detached,
    _intended,
    _skipped,
    _upstream_gone,
    _conflict,
    _no_commit,
]


def _checkout(tmp_path: Path, room: TenantRoom, change: Callable[[Path], None]) -> Repository:
    remote = repos.bare(tmp_path / "remote.git", {n: f"{n}\n" for n in "abcd"})
    repos.push_more(remote, {"a": "more\n"})
    folder = tmp_path / change.__name__
    repos.git(tmp_path, "clone", "-q", str(remote), str(folder))
    change(folder)
    return Repository(folder, room)


@pytest.mark.parametrize("change", SIMPLE)
def test_a_glance_tells_what_the_program_tells(
    tmp_path: Path, room: TenantRoom, change: Callable[[Path], None]
) -> None:
    repo = _checkout(tmp_path, room, change)
    assert glance(repo) == repo.status(counts=False)


@pytest.mark.parametrize("change", HARD)
def test_a_glance_leaves_to_the_program_what_it_cannot_tell(
    tmp_path: Path, room: TenantRoom, change: Callable[[Path], None]
) -> None:
    assert glance(_checkout(tmp_path, room, change)) is None


def test_a_survey_tells_what_each_would_tell(tmp_path: Path, room: TenantRoom) -> None:
    found = [_checkout(tmp_path / c.__name__, room, c) for c in (*SIMPLE, *HARD)]
    broken = Repository(repos.repository(tmp_path / "broken", {"a": "a"}), room)
    (broken.folder / ".git/HEAD").write_text("nonsense")
    gone = Repository(tmp_path / "gone", room)
    odd = Repository(repos.repository(tmp_path / "$(touch x) 'q\" -n", {"a": "a"}), room)
    all_ = [broken, *found, gone, odd, broken]
    told: dict[int, CheckoutStatus | Trouble] = {}
    survey(all_, Job("Survey"), told.__setitem__)
    assert len(told) == len(all_)
    for place, repo in enumerate(all_):
        if repo in (broken, gone):
            assert isinstance(told[place], Missing)
            assert glance(repo) is None
        else:
            assert told[place] == repo.status(counts=False)
