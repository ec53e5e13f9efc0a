"""Status, log, branches and diffs; and that both engines answer alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.git import Repository
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import LibGit2, Program, engine
from aiops_desktop.domain.repositories import FileState
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Clash, Missing, Refused
from aiops_desktop.jobs.job import Job
from tests.support import repos


def test_both_engines_answer_alike(repo: Repository, tmp_path: Path, room: TenantRoom) -> None:
    remote = repos.bare(tmp_path / "r.git", {"x": "1"})
    clone = tmp_path / "clone"
    repos.git(tmp_path, "clone", "-q", str(remote), str(clone))
    repos.push_more(remote, {"y": "2"}, "Ünï\ncode\n\n body \n more\n")
    repos.git(clone, "fetch", "-q")
    repos.commit(clone, {"z": "3"}, "Mine")
    repos.git(clone, "branch", "lone")
    repos.git(clone, "tag", "-a", "v1", "-m", "tagged")
    repos.git(clone, "worktree", "add", "-q", str(tmp_path / "wt"), "lone")
    fresh = repos.repository(tmp_path / "fresh")
    repos.git(clone, "worktree", "add", "-q", "--detach", str(tmp_path / "detached"))
    for folder in (clone, tmp_path / "wt", fresh, tmp_path / "detached"):
        git = Git(folder, room)
        one, two = LibGit2(git), Program(git)
        assert one.git_dir.resolve() == two.git_dir.resolve()
        assert one.branch() == two.branch()
        assert one.branches() == two.branches()
        for name in ("HEAD", "main", "v1", "refs/remotes/origin/main", "nope", "--all", "a b"):
            assert one.resolve(name) == two.resolve(name), name
            for since in ("", "refs/remotes/origin/main", "nope"):
                assert one.log(name, 10, since) == two.log(name, 10, since)
        for name in ("main", "lone", "nope"):
            assert one.upstream(name) == two.upstream(name)
    head, theirs = one.resolve("main"), one.resolve("refs/remotes/origin/main")
    assert one.count(theirs, head) == two.count(theirs, head) == (1, 1)


def test_a_repository_libgit2_refuses_is_read_all_the_same(
    tmp_path: Path, room: TenantRoom
) -> None:
    folder = tmp_path / "sha256"
    folder.mkdir()
    repos.git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    head = repos.commit(folder, {"a": "1\n"})
    repo = Repository(folder, room)
    assert isinstance(engine(Git(folder, room)), Program)
    assert (repo.head(), len(head), repo.branch()) == (head, 64, "main")
    repos.write(folder, {"a": "2\n", "b": "b\n"})
    repo.stage_part(repo.diff("a", staged=False), {0: None})
    assert [c.path for c in repo.status().staged] == ["a"]
    assert len(repo.diff_against(head)) == 2
    assert repo.diff_commits("", head)[0].state is FileState.ADDED
    token = repo.discard(["b"])
    assert repo.restore(token) == ("b",)


def test_status_tells_all_there_is(repo: Repository) -> None:
    folder = repo.folder
    repos.write(folder, {"b.txt": "b\nx\n", "new.txt": "1\n2\n", "bin": b"\0"})
    repos.git(folder, "mv", "a.txt", "moved name.txt")
    (folder / "sub/c.txt").unlink()
    status = repo.status()
    assert [(c.path, c.state, c.old_path) for c in status.staged] == [
        ("moved name.txt", FileState.RENAMED, "a.txt")
    ]
    assert [(c.path, c.state.value, c.added, c.removed) for c in status.unstaged] == [
        ("b.txt", "M", 1, 0),
        ("bin", "?", None, None),
        ("new.txt", "?", 2, 0),
        ("sub/c.txt", "D", 0, 1),
    ]
    assert (status.branch, status.upstream, status.changed, status.clean) == ("main", "", 5, False)
    assert status.head is not None
    assert status.head.summary == "First"


def test_a_merge_in_conflict_is_told_and_guarded(repo: Repository) -> None:
    folder = repo.folder
    repos.git(folder, "switch", "-q", "-c", "other")
    repos.commit(folder, {"b.txt": "theirs\n"})
    repos.git(folder, "switch", "-q", "main")
    repos.commit(folder, {"b.txt": "ours\n"})
    with pytest.raises(AssertionError):
        repos.git(folder, "merge", "other")
    status = repo.status()
    assert (status.operation, [c.path for c in status.conflicts]) == ("merge", ["b.txt"])
    assert repo.diff("b.txt", staged=False).added > 0
    for verb in (
        lambda: repo.commit("Message", Job("Commit")),
        lambda: repo.commit_all("Message", Job("Commit")),
        lambda: repo.discard(["b.txt"]),
    ):
        with pytest.raises(Refused, match="conflict"):
            verb()
    repos.write(folder, {"b.txt": "both\n"})
    repo.stage(["b.txt"])
    repo.commit("Merged", Job("Commit"))
    assert repo.status().clean


def test_a_checkout_that_lost_its_git_folder_does_not_reach_its_parents(
    repo: Repository, room: TenantRoom
) -> None:
    inner = repo.folder / "inner"
    repos.write(inner, {"x": "x"})
    for verb in (
        lambda: Repository(inner, room).status(),
        lambda: Repository(inner, room).stage(["x"]),
        lambda: Repository(inner, room).head(),
    ):
        with pytest.raises(Missing, match="no Git repository"):
            verb()
    with pytest.raises(Missing, match="is not there"):
        Repository(repo.folder / "none", room).status()


def test_switch_names_what_is_in_the_way(repo: Repository) -> None:
    repos.git(repo.folder, "switch", "-q", "-c", "other")
    repos.commit(repo.folder, {"b.txt": "other\n"})
    repo.switch("main", Job("Switch"))
    assert repo.branches() == ("main", "other")
    repos.write(repo.folder, {"b.txt": "mine\n"})
    with pytest.raises(Refused, match=r"overwritten: b\.txt"):
        repo.switch("other", Job("Switch"))
    for name in ("nope", "-f", "--detach", ""):
        with pytest.raises(Refused):
            repo.switch(name, Job("Switch"))
    assert repo.branch() == "main"


def test_amend_keeps_the_author_and_needs_no_change(repo: Repository) -> None:
    made = repo.commit("Better words", Job("Amend"), amend=True)
    assert (made.summary, made.author_name) == ("Better words", "Somebody Else")
    with pytest.raises(Refused, match="message"):
        repo.commit("  \n", Job("Commit"))
    with pytest.raises(Refused, match="Nothing is staged"):
        repo.commit("Words", Job("Commit"))


def test_a_message_may_begin_with_a_number_sign(repo: Repository) -> None:
    repos.write(repo.folder, {"b.txt": "x\n"})
    assert repo.commit_all("#42 fix\n\n# not a comment", Job("Commit")).body == "# not a comment"


def test_rebase_keeps_authors_and_undoes_a_conflict(
    repo: Repository, tmp_path: Path, room: TenantRoom
) -> None:
    from aiops_desktop.adapters.git import writes

    repos.git(repo.folder, "switch", "-q", "-c", "topic")
    repos.commit(repo.folder, {"t": "t"}, "Topic")
    repos.git(repo.folder, "switch", "-q", "main")
    repos.commit(repo.folder, {"m": "m"}, "Main")
    repo.switch("topic", Job("Switch"))
    git = Git(repo.folder, room)
    assert writes.rebase(git, "main", Job("Rebase")).kind == "rebase"
    top = repos.git(repo.folder, "log", "-1", "--format=%s %an %cn")
    assert top == "Topic Somebody Else Ann Engineer"
    repos.commit(repo.folder, {"b.txt": "topic\n"})
    repo.switch("main", Job("Switch"))
    repos.commit(repo.folder, {"b.txt": "main\n"})
    repo.switch("topic", Job("Switch"))
    head = repo.head()
    with pytest.raises(Clash, match=r"b\.txt"):
        writes.rebase(git, "main", Job("Rebase"))
    assert (repo.head(), repo.status().operation, repo.branch()) == (head, "", "topic")


def test_diffs_that_cannot_be_read_say_so(repo: Repository) -> None:
    folder = repo.folder
    repos.commit(folder, {"long.txt": "x\n", "bin": b"\0a", "big.txt": "y\n", "empty": ""})
    repos.write(folder, {"long.txt": "".join(f"{n}\n" for n in range(25_000))})
    repos.write(folder, {"bin": b"\0b", "big.txt": "z" * 9_000_000, "blank": ""})
    (folder / "empty").unlink()
    long, big = repo.diff("long.txt", staged=False), repo.diff("big.txt", staged=False)
    assert (long.too_large, long.hunks, big.too_large, big.after) == (True, (), True, None)
    binary = repo.diff("bin", staged=False)
    assert (binary.binary, binary.too_large, binary.hunks) == (True, False, ())
    assert repo.diff("blank", staged=False).note == "The file is empty."
    assert repo.diff("empty", staged=False).note == "The file was empty."
    with pytest.raises(Clash, match="no such changes"):
        repo.diff("a.txt", staged=False)


def test_settings_of_the_person_do_not_change_what_is_read(
    repo: Repository, private_home: Path
) -> None:
    with (private_home / ".gitconfig").open("a") as file:
        file.write(
            "[diff]\n\tnoprefix = true\n\texternal = false\n\trenames = false\n\tcontext = 9\n"
            "[color]\n\tui = always\n[status]\n\tshowUntrackedFiles = no\n\tbranch = false\n"
            "[core]\n\tquotePath = true\n[log]\n\tshowSignature = true\n[diff]\n\tcontext = 0\n"
        )
    text = (repo.folder / "a.txt").read_text()
    repos.write(repo.folder, {"a.txt": text.replace("line 9\n", "nine\n"), "ü": "1\n"})
    assert [c.path for c in repo.status().unstaged] == ["a.txt", "ü"]
    diff = repo.diff("a.txt", staged=False)
    assert [len(h.lines) for h in diff.hunks] == [8]


def test_the_readme_is_found_but_not_outside(repo: Repository, tmp_path: Path) -> None:
    assert repo.readme() == ("", "")
    repos.write(repo.folder, {"ReadMe.MD": "# Hi\n", "README": "plain"})
    assert repo.readme() == ("ReadMe.MD", "# Hi\n")
    (repo.folder / "ReadMe.MD").unlink()
    (tmp_path / "secret").write_text("s")
    (repo.folder / "README").unlink()
    (repo.folder / "README").symlink_to(tmp_path / "secret")
    assert repo.readme() == ("", "")


def test_another_git_at_work_is_a_clash(repo: Repository) -> None:
    (repo.folder / ".git/index.lock").touch()
    repos.write(repo.folder, {"b.txt": "x\n"})
    assert repo.status().changed == 1, "looking needs no lock"
    with pytest.raises(Clash, match="Another git process"):
        repo.stage(["b.txt"])
