"""Worktrees of assist runs: review against a base, commit, merge, snapshot, rescue."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.git import Repository
from aiops_desktop.domain.repositories import FileState
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Clash, Failed, Missing, Refused
from aiops_desktop.jobs.job import Job
from tests.support import repos


@pytest.fixture
def run(repo: Repository, room: TenantRoom) -> Repository:
    """A worktree on a branch of its own."""
    return repo.add_worktree(room.worktrees / "run-1", "aiops/run-1")


def test_a_worktree_has_its_own_branch_at_the_base(repo: Repository, run: Repository) -> None:
    assert (run.branch(), run.head()) == ("aiops/run-1", repo.head())
    assert repo.worktrees() == (repo.folder, run.folder)
    assert repo.branch() == "main"
    repos.commit(repo.folder, {"later": "l"})
    older = repo.add_worktree(run.folder.with_name("run-2"), "aiops/run-2", run.head())
    assert older.head() == run.head()


def test_names_and_folders_in_use_are_refused(repo: Repository, run: Repository) -> None:
    spare = run.folder.with_name("spare")
    with pytest.raises(Refused, match="already"):
        repo.add_worktree(spare, "aiops/run-1")
    with pytest.raises(Refused, match="already"):
        repo.add_worktree(run.folder, "aiops/other")
    with pytest.raises(Refused):
        repo.add_worktree(spare, "-d")
    with pytest.raises(Refused):
        repo.add_worktree(spare, "ok", "--detach")
    assert not spare.exists()
    assert repo.resolve("refs/heads/ok") == ""


def test_no_worktree_before_the_first_commit(tmp_path: Path, room: TenantRoom) -> None:
    fresh = Repository(repos.repository(tmp_path / "fresh"), room)
    with pytest.raises(Refused, match="no commit yet"):
        fresh.add_worktree(tmp_path / "w", "b")


def test_the_review_shows_every_kind_of_change(repo: Repository, run: Repository) -> None:
    base, folder = run.head(), run.folder
    repos.commit(folder, {"committed.txt": "1\n"})
    repos.write(folder, {"staged.txt": "2\n"})
    repos.git(folder, "add", "staged.txt")
    repos.write(folder, {"intended.txt": "3\n"})
    repos.git(folder, "add", "-N", "intended.txt")
    repos.write(folder, {"untracked/x.txt": "4\n", "b.txt": "b\nmore\n", "bin": b"\0\1"})
    repos.write(folder, {".gitignore": "ignored\n", "ignored": "no"})
    (folder / "sub/c.txt").unlink()
    (folder / "a.txt").rename(folder / "renamed.txt")
    before = repos.git(folder, "status", "--porcelain")
    files = {file.path: file for file in run.diff_against(base)}
    assert {path: file.state.value for path, file in files.items()} == {
        ".gitignore": "A",
        "b.txt": "M",
        "bin": "A",
        "committed.txt": "A",
        "intended.txt": "A",
        "renamed.txt": "R",
        "staged.txt": "A",
        "sub/c.txt": "D",
        "untracked/x.txt": "A",
    }
    assert files["bin"].binary
    assert files["renamed.txt"].old_path == "a.txt"
    assert (files["b.txt"].before, files["b.txt"].after) == ("b\n", "b\nmore\n")
    assert files["b.txt"].hunks[0].lines[1].new == 2
    assert repos.git(folder, "status", "--porcelain") == before, "looking changes nothing"


def test_what_git_cannot_add_does_not_hide_the_rest(repo: Repository, run: Repository) -> None:
    repos.repository(run.folder / "nested")
    repos.write(run.folder, {"x": "x\n"})
    assert [file.path for file in run.diff_against(run.head())] == ["x"]


def test_parts_and_files_are_discarded_against_the_base(repo: Repository, run: Repository) -> None:
    base, folder = run.head(), run.folder
    text = (folder / "a.txt").read_text()
    repos.commit(folder, {"a.txt": text.replace("line 2\n", "two\n")})
    repos.write(folder, {"a.txt": (folder / "a.txt").read_text() + "tail\n", "new": "n\n"})
    repos.git(folder, "add", "new")
    (folder / "b.txt").rename(folder / "moved.txt")
    diffs = {file.path: file for file in run.diff_against(base)}
    token = run.discard_against(base, diffs["a.txt"], {0: None})
    assert (folder / "a.txt").read_text() == text + "tail\n"
    with pytest.raises(Clash):
        run.discard_against(base, diffs["a.txt"])
    run.restore(token)
    run.discard_against(base, diffs["a.txt"])
    assert (folder / "a.txt").read_text() == text
    run.discard_against(base, diffs["new"])
    moved = run.discard_against(base, diffs["moved.txt"])
    assert run.diff_against(base) == ()
    assert run.restore(moved) == ("moved.txt", "b.txt")
    assert (folder / "moved.txt").exists()
    assert not (folder / "b.txt").exists()


def test_commit_all_and_merge_fast_forward(repo: Repository, run: Repository) -> None:
    repos.write(run.folder, {"new.txt": "n\n"})
    (run.folder / "b.txt").unlink()
    made = run.commit_all("Add new.txt\n\nBecause.\n", Job("Commit"))
    assert (made.summary, made.body, made.author_name) == (
        "Add new.txt",
        "Because.",
        "Ann Engineer",
    )
    with pytest.raises(Refused, match="Nothing is staged"):
        run.commit_all("Again", Job("Commit"))
    merged = repo.merge("aiops/run-1", Job("Merge"))
    assert (merged.kind, merged.commits, repo.head()) == ("fast-forward", 1, made.id)
    assert (repo.folder / "new.txt").exists()
    assert repo.merge("aiops/run-1", Job("Merge")).kind == "up to date"
    assert repo.is_merged(made.id)


def test_a_real_merge_and_a_conflict_that_changes_nothing(
    repo: Repository, run: Repository
) -> None:
    repos.write(run.folder, {"new.txt": "n\n"})
    run.commit_all("Run", Job("Commit"))
    repos.commit(repo.folder, {"mine.txt": "m\n"})
    merged = repo.merge("aiops/run-1", Job("Merge"), message="Merge the run")
    assert merged.kind == "merge"
    assert repo.log(limit=1)[0].summary == "Merge the run"
    repos.write(run.folder, {"b.txt": "run\n", "c x.txt": "c\n"})
    run.commit_all("Run again", Job("Commit"))
    assert not repo.is_merged(run.head())
    repos.commit(repo.folder, {"b.txt": "mine\n"})
    repos.write(repo.folder, {"untouched.txt": "u\n", "sub/c.txt": "edited\n"})
    head, before = repo.head(), repos.tree(repo.folder)
    with pytest.raises(Clash, match=r"b\.txt.*Nothing was changed"):
        repo.merge("aiops/run-1", Job("Merge"))
    assert (repo.head(), repos.tree(repo.folder)) == (head, before)
    assert repo.status().operation == ""


def test_changes_in_the_way_of_a_merge_are_named(repo: Repository, run: Repository) -> None:
    repos.write(run.folder, {"b.txt": "run\n"})
    run.commit_all("Run", Job("Commit"))
    repos.write(repo.folder, {"b.txt": "unsaved\n"})
    with pytest.raises(Refused, match=r"b\.txt"):
        repo.merge("aiops/run-1", Job("Merge"))
    repos.git(repo.folder, "stash", "-q")
    repos.commit(repo.folder, {"other": "o"})
    repos.git(repo.folder, "stash", "pop", "-q")
    with pytest.raises(Refused, match=r"b\.txt"):
        repo.merge("aiops/run-1", Job("Merge"))
    assert (repo.folder / "b.txt").read_text() == "unsaved\n"
    repos.git(repo.folder, "switch", "-q", "--detach")
    with pytest.raises(Refused, match="No branch"):
        repo.merge("aiops/run-1", Job("Merge"))


def test_a_snapshot_holds_everything_and_moves_nothing(repo: Repository) -> None:
    repos.write(repo.folder, {"b.txt": "changed\n", "new/x": "x"})
    repos.git(repo.folder, "add", "b.txt")
    before = repos.git(repo.folder, "status", "--porcelain")
    made = repo.snapshot("Now")
    assert repos.git(repo.folder, "show", f"{made}:new/x") == "x"
    assert repos.git(repo.folder, "show", f"{made}:b.txt") == "changed"
    assert repos.git(repo.folder, "rev-parse", f"{made}^") == repo.head()
    assert repos.git(repo.folder, "status", "--porcelain") == before
    assert repo.rescue("run 1/x", made) == "refs/aiops/rescue/run-1/x"
    assert repo.rescue("run 1/x", made) == "refs/aiops/rescue/run-1/x"
    assert repo.rescue("run 1/x", repo.head()) == "refs/aiops/rescue/run-1/x-2"


def test_removing_a_worktree_refuses_unsaved_work_and_keeps_all(
    repo: Repository, run: Repository
) -> None:
    repos.write(run.folder, {"precious.txt": "p\n"})
    with pytest.raises(Refused, match="not committed"):
        repo.remove_worktree(run.folder, rescue="run-1")
    assert run.folder.exists()
    ref = repo.remove_worktree(run.folder, rescue="run-1", even_unsaved=True)
    assert ref == "refs/aiops/rescue/run-1"
    assert not run.folder.exists()
    assert repos.git(repo.folder, "show", f"{ref}:precious.txt") == "p"
    repo.delete_branch("aiops/run-1")
    repo.delete_branch("aiops/run-1")
    assert repo.branches() == ("main",)
    assert repo.remove_worktree(run.folder, rescue="run-1") == ""


def test_only_worktrees_are_removed(repo: Repository, tmp_path: Path) -> None:
    for folder in (repo.folder, tmp_path):
        with pytest.raises(Refused, match="no worktree"):
            repo.remove_worktree(folder, rescue="x", even_unsaved=True)
    assert (repo.folder / "a.txt").exists()


def test_a_worktree_whose_folder_is_gone_is_forgotten(repo: Repository, run: Repository) -> None:
    import shutil

    shutil.rmtree(run.folder)
    with pytest.raises(Missing):
        run.head()
    repo.prune_worktrees()
    assert repo.worktrees() == (repo.folder,)
    repo.delete_branch("aiops/run-1")


def test_hooks_and_missing_authors_stop_a_commit(repo: Repository, tmp_path: Path) -> None:
    repos.write(repo.folder, {"b.txt": "x\n"})
    repos.hook(repo.folder / ".git", "pre-commit", "echo 'Run the linter'; exit 1")
    with pytest.raises(Failed, match="hook") as caught:
        repo.commit_all("Message", Job("Commit"))
    assert "Run the linter" in caught.value.detail
    nobody = repos.room(tmp_path / "n", author_name="", author_email="")
    with pytest.raises(Refused, match="no author"):
        Repository(repo.folder, nobody).commit_all("Message", Job("Commit"))


def test_the_index_of_a_file_type_is_told(repo: Repository, run: Repository) -> None:
    (run.folder / "b.txt").chmod(0o755)
    (run.folder / "link").symlink_to("a.txt")
    files = {file.path: file for file in run.diff_against(run.head())}
    assert files["b.txt"].note == "The file was made executable."
    assert files["link"].state is FileState.ADDED
    token = run.discard_against(run.head(), files["b.txt"])
    assert not (run.folder / "b.txt").stat().st_mode & 0o100
    run.restore(token)
    assert (run.folder / "b.txt").stat().st_mode & 0o100
