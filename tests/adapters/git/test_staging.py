"""Staging, unstaging and discarding by file, hunk and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiops_desktop.adapters.git import Repository
from aiops_desktop.domain.repositories import DiffLine, FileDiff, FileState
from aiops_desktop.domain.trouble import Clash, Missing, Refused
from tests.support import repos


def _index(repo: Repository) -> str:
    return repos.git(repo.folder, "ls-files", "-s")


def _added(repo: Repository) -> str:
    """The index as `git add -A` would make it, made on a copy."""
    copy = repo.folder.parent / "index.copy"
    copy.write_bytes((repo.folder / ".git" / "index").read_bytes())
    more = {"GIT_INDEX_FILE": str(copy)}
    repos.git(repo.folder, "add", "-A", more=more)
    return repos.git(repo.folder, "ls-files", "-s", more=more)


def _stage_all_by_line(repo: Repository, path: str) -> None:
    for _ in range(200):
        if not any(change.path == path for change in repo.status(counts=False).unstaged):
            return
        diff = repo.diff(path, staged=False)
        hunk = diff.hunks[-1]
        chosen = next(n for n, line in enumerate(hunk.lines) if line.kind != " ")
        repo.stage_part(diff, {len(diff.hunks) - 1: frozenset({chosen})})
    pytest.fail("line by line never came to an end")


def test_middle_lines_of_a_hunk_are_staged_alone(repo: Repository) -> None:
    text = (repo.folder / "a.txt").read_text().replace("line 5\n", "five\nfive and a half\n")
    repos.write(repo.folder, {"a.txt": text})
    diff = repo.diff("a.txt", staged=False)
    wanted = [n for n, line in enumerate(diff.hunks[0].lines) if line.text == "five and a half"]
    repo.stage_part(diff, {0: frozenset(wanted)})
    staged = repos.git(repo.folder, "show", ":a.txt").splitlines()
    assert staged[4:6] == ["line 5", "five and a half"]
    assert (repo.folder / "a.txt").read_text() == text


def test_one_of_two_hunks_is_staged_and_unstaged_again(repo: Repository) -> None:
    text = (repo.folder / "a.txt").read_text().replace("line 2\n", "two\n")
    repos.write(repo.folder, {"a.txt": text.replace("line 28\n", "twenty-eight\n")})
    diff = repo.diff("a.txt", staged=False)
    assert [hunk.new_start for hunk in diff.hunks] == [1, 25]
    repo.stage_part(diff, {1: None})
    staged = repo.diff("a.txt", staged=True)
    assert [line.text for line in staged.hunks[0].lines if line.kind == "+"] == ["twenty-eight"]
    repo.unstage_part(staged, {0: None})
    assert repo.status().staged == ()
    assert len(repo.diff("a.txt", staged=False).hunks) == 2


def test_a_new_file_is_staged_by_lines_and_unstaged_to_nothing(repo: Repository) -> None:
    repos.write(repo.folder, {"new.txt": "one\ntwo\nthree\n"})
    diff = repo.diff("new.txt", staged=False)
    assert diff.state is FileState.ADDED
    repo.stage_part(diff, {0: frozenset({1})})
    assert repos.git(repo.folder, "show", ":new.txt") == "two"
    staged = repo.diff("new.txt", staged=True)
    repo.unstage_part(staged, {0: None})
    assert [c.state for c in repo.status().unstaged] == [FileState.UNTRACKED]


def test_a_deletion_is_staged_by_lines_until_the_file_is_gone(repo: Repository) -> None:
    (repo.folder / "a.txt").unlink()
    diff = repo.diff("a.txt", staged=False)
    repo.stage_part(diff, {0: frozenset(range(29))})
    assert repos.git(repo.folder, "show", ":a.txt") == "line 30"
    repo.stage_part(repo.diff("a.txt", staged=False), {0: None})
    assert [c.state for c in repo.status().staged] == [FileState.DELETED]


def test_crlf_and_a_missing_last_newline_survive(repo: Repository) -> None:
    repos.commit(repo.folder, {"w.txt": b"one\r\ntwo\r\nthree"})
    repos.write(repo.folder, {"w.txt": b"ONE\r\ntwo\r\nTHREE"})
    diff = repo.diff("w.txt", staged=False)
    assert [line.text for line in diff.hunks[0].lines if line.kind == "+"] == ["ONE", "THREE"]
    assert diff.hunks[0].lines[-1].no_newline
    first = next(n for n, line in enumerate(diff.hunks[0].lines) if line.text == "THREE")
    last = next(n for n, line in enumerate(diff.hunks[0].lines) if line.text == "three")
    repo.stage_part(diff, {0: frozenset({first, last})})
    assert repo_blob(repo, ":w.txt") == b"one\r\ntwo\r\nTHREE"


def repo_blob(repo: Repository, name: str) -> bytes:
    text = repos.git(repo.folder, "cat-file", "blob", name)
    return text.encode(errors="surrogateescape")


def test_a_change_of_line_ends_alone_is_said(repo: Repository) -> None:
    repos.write(repo.folder, {"b.txt": b"b\r\n"})
    assert repo.diff("b.txt", staged=False).note == "Only the line ends change."


def test_a_filtered_file_is_discarded_in_its_work_tree_form(repo: Repository) -> None:
    repos.commit(repo.folder, {".gitattributes": "*.win text eol=crlf\n", "x.win": "1\n2\n3\n"})
    (repo.folder / "x.win").unlink()
    repos.git(repo.folder, "checkout", "--", "x.win")
    repos.write(repo.folder, {"x.win": b"one\r\n2\r\n3\r\nfour\r\n"})
    diff = repo.diff("x.win", staged=False)
    four = next(n for n, line in enumerate(diff.hunks[0].lines) if line.text == "four")
    repo.discard_part(diff, {0: frozenset({four})})
    assert (repo.folder / "x.win").read_bytes() == b"one\r\n2\r\n3\r\n"
    repo.stage_part(repo.diff("x.win", staged=False), {0: None})
    assert repo_blob(repo, ":x.win") == b"one\n2\n3"
    assert repo.status().unstaged == ()


def test_what_changed_since_the_diff_was_read_is_a_clash(repo: Repository) -> None:
    repos.write(repo.folder, {"b.txt": "b\nmore\n"})
    diff = repo.diff("b.txt", staged=False)
    repos.write(repo.folder, {"b.txt": "b\nother\n"})
    before = _index(repo)
    with pytest.raises(Clash):
        repo.stage_part(diff, {0: None})
    with pytest.raises(Clash):
        repo.discard_part(diff, {0: None})
    assert _index(repo) == before
    assert (repo.folder / "b.txt").read_text() == "b\nother\n"


def test_unusual_names_are_staged_as_they_are(repo: Repository) -> None:
    names = ["-rf", "*.txt", 'quo"te', "new\nline", "tab\there", "ünïcode 🙂", ":(top)x", " lead"]
    repos.write(repo.folder, {name: "text\n" for name in names})
    repo.stage(["*.txt"])
    assert [change.path for change in repo.status().staged] == ["*.txt"]
    repo.stage(names)
    status = repo.status()
    assert {change.path for change in status.staged} == set(names)
    for name in names:
        assert repo.diff(name, staged=True).added == 1
    repo.unstage(names)
    token = repo.discard(names)
    assert repo.status().clean
    assert set(repo.restore(token)) == set(names)
    assert {change.path for change in repo.status().unstaged} == set(names)


def test_names_that_are_no_utf_8_work(repo: Repository) -> None:
    import os

    name = os.fsdecode(b"latin-\xe9.txt")
    repos.write(repo.folder, {name: b"caf\xe9\n"})
    diff = repo.diff(name, staged=False)
    assert diff.hunks[0].lines[0].text == "café"
    repo.stage_part(diff, {0: None})
    assert [change.path for change in repo.status().staged] == [name]
    assert repo_blob(repo, f":{name}") == b"caf\xe9"


def test_unstaging_a_rename_takes_both_names(repo: Repository) -> None:
    repos.git(repo.folder, "mv", "a.txt", "z.txt")
    assert repo.status().staged[0].old_path == "a.txt"
    assert repo.diff("z.txt", staged=True).note == "Renamed from a.txt only."
    repo.unstage(["z.txt"])
    assert repo.status().staged == ()


def test_everything_works_before_the_first_commit(tmp_path: Path, repo: Repository) -> None:
    fresh = Repository(repos.repository(tmp_path / "fresh"), repo.room)
    assert (fresh.head(), fresh.branch(), fresh.log()) == ("", "main", [])
    repos.write(fresh.folder, {"x": "1\n2\n"})
    fresh.stage(["x"])
    diff = fresh.diff("x", staged=True)
    fresh.unstage_part(diff, {0: frozenset({0})})
    assert repos.git(fresh.folder, "show", ":x") == "2"
    fresh.unstage(["x"])
    assert fresh.status().staged == ()


def test_discard_of_every_kind_of_change_can_be_brought_back(repo: Repository) -> None:
    folder = repo.folder
    repos.write(folder, {"a.txt": b"\x00binary", "deep/er/new.txt": "n"})
    (folder / "b.txt").unlink()
    (folder / "link").symlink_to("a.txt")
    (folder / "sub/c.txt").chmod(0o755)
    paths = [change.path for change in repo.status().unstaged]
    assert set(paths) == {"a.txt", "deep/er/new.txt", "b.txt", "link", "sub/c.txt"}
    token = repo.discard(paths)
    assert repo.status().clean
    assert not (folder / "deep").exists()
    assert set(repo.restore(token)) == set(paths)
    assert (folder / "a.txt").read_bytes() == b"\x00binary"
    assert not (folder / "b.txt").exists()
    assert (folder / "link").is_symlink()
    assert (folder / "sub/c.txt").stat().st_mode & 0o100
    with pytest.raises(Missing):
        repo.restore(token)


def test_restore_over_new_work_is_a_clash(repo: Repository) -> None:
    repos.write(repo.folder, {"b.txt": "mine\n"})
    token = repo.discard(["b.txt"])
    repos.write(repo.folder, {"b.txt": "newer\n"})
    with pytest.raises(Clash, match=r"b\.txt"):
        repo.restore(token)
    assert (repo.folder / "b.txt").read_text() == "newer\n"


def test_a_path_that_leads_out_is_refused(repo: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    (repo.folder / "out").symlink_to(tmp_path)
    for path in ("../outside.txt", str(outside), "out/outside.txt", ".git/config", ""):
        with pytest.raises(Refused):
            repo.discard([path])
    assert outside.read_text() == "precious"
    with pytest.raises(Missing):
        repo.restore("../../heads/main")


def test_a_type_change_is_a_note_and_goes_whole(repo: Repository) -> None:
    (repo.folder / "b.txt").unlink()
    (repo.folder / "b.txt").symlink_to("a.txt")
    diff = repo.diff("b.txt", staged=False)
    assert (diff.state, diff.note) == (FileState.TYPE, "The file became a symbolic link.")
    repo.stage(["b.txt"])
    assert repo.status().staged[0].state is FileState.TYPE


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "x y", "\tt"]), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def _texts(draw: st.DrawFn) -> bytes:
    lines, end, ended = draw(LINES), draw(ENDS), draw(st.booleans())
    text = end.join(lines) + (end if lines and ended else "")
    return text.encode()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(old=_texts(), new=_texts())
def test_staging_all_lines_one_by_one_equals_git_add(
    repo: Repository, old: bytes, new: bytes
) -> None:
    repos.commit(repo.folder, {"p": old})
    repos.write(repo.folder, {"p": new})
    wanted = _added(repo)
    _stage_all_by_line(repo, "p")
    assert _index(repo) == wanted


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(old=_texts(), new=_texts(), chosen=st.sets(st.integers(0, 30)))
def test_discarding_lines_and_restoring_is_a_round_trip(
    repo: Repository, old: bytes, new: bytes, chosen: set[int]
) -> None:
    repos.commit(repo.folder, {"p": old})
    repos.write(repo.folder, {"p": new})
    if old == new:
        return
    diff = repo.diff("p", staged=False)
    pick = {0: frozenset(chosen)}
    token = repo.discard_part(diff, pick)
    left = _changes(repo)
    undone = {n for n in chosen if n < len(diff.hunks[0].lines)}
    expected = sum(
        line.kind != " " and not (number == 0 and n in undone)
        for number, hunk in enumerate(diff.hunks)
        for n, line in enumerate(hunk.lines)
    )
    # A last line without a newline that is no longer the last one gets one, and so differs itself.
    open_ends = sum(line.no_newline for hunk in diff.hunks for line in hunk.lines)
    assert left <= expected + 2 * open_ends
    repo.restore(token)
    assert (repo.folder / "p").read_bytes() == new


def _changes(repo: Repository) -> int:
    if not repo.status(counts=False).unstaged:
        return 0
    diff: FileDiff = repo.diff("p", staged=False)
    changed: list[DiffLine] = [x for h in diff.hunks for x in h.lines if x.kind != " "]
    return len(changed)
