"""Staging, discarding and committing on a real checkout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.repositories import FileChange
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.views.changes.commitbox import Draft
from aiops_desktop.ui.views.changes.page import ChangesPage
from tests.support.git_pages import idle, project
from tests.support.real_house import Real
from tests.support.repos import git, push_more
from tests.ui.changes.conftest import LINES

HEALTH = "deploy/health.py"
TWO = LINES.replace("line 5\n", "five\nmore\n").replace("line 40\n", "forty\n")


@pytest.fixture
def look(qtbot: QtBot, desk: Desk, page: ChangesPage) -> Callable[[], None]:
    """Wait until the page shows what is on disk."""

    def again() -> None:
        page.refresh()
        idle(qtbot, desk)

    return again


def listed(page: ChangesPage) -> list[str]:
    """The list as read from top to bottom."""
    made = []
    for item in page.files.rows.items:
        if isinstance(item, Section):
            made.append(f"{item.title} {item.count}")
        elif isinstance(item, FileChange):
            made.append(f"{item.state.value} {item.path} +{item.added} -{item.removed}")
    return made


def choose(qtbot: QtBot, desk: Desk, page: ChangesPage, path: str, *, staged: bool = False) -> None:
    assert page.files.choose((path, staged))
    QTest.qWait(80)
    idle(qtbot, desk)


def button(page: ChangesPage, words: str) -> QPushButton:
    (found,) = [b for b in page.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    return found


def said(page: ChangesPage) -> str:
    strips = [b for b in page.findChildren(Banner) if b.isVisible()]
    return " | ".join(one.text() for b in strips for one in b.findChildren(QLabel))


def test_a_clean_checkout_says_so_and_offers_a_step(page: ChangesPage) -> None:
    words = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert "Nothing to commit. The checkout is clean." in words
    assert button(page, "New run").isEnabled()


def test_changed_files_are_listed_and_the_first_one_is_shown(
    page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    QAbstractItemModelTester(
        page.files.rows, QAbstractItemModelTester.FailureReportingMode.Warning, page
    )
    real.write({HEALTH: TWO, "notes.md": "new\n"})
    real.git("mv", "old.txt", "older.txt")
    (real.checkout / "README.md").unlink()
    look()
    assert listed(page) == [
        "Staged 1",
        "R older.txt +0 -0",
        "Changes 3",
        "D README.md +0 -1",
        f"M {HEALTH} +3 -2",
        "? notes.md +1 -0",
    ]
    assert page.files.file is not None
    assert page.files.file.path == "README.md"


def test_a_hunk_is_staged_and_the_next_one_is_left(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    page.shown.diff.act("stage", 0)
    idle(qtbot, desk)
    assert real.git("show", f":{HEALTH}") + "\n" == LINES.replace("line 5\n", "five\nmore\n")
    assert listed(page) == ["Staged 1", f"M {HEALTH} +2 -1", "Changes 1", f"M {HEALTH} +1 -1"]
    assert page.files.file is not None
    assert not page.files.file.staged
    assert len(page.shown.diff.diff.hunks if page.shown.diff.diff else ()) == 1


def test_selected_lines_are_staged_and_unstaged(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    diff = page.shown.diff.diff
    assert diff is not None
    more = next(n for n, line in enumerate(diff.hunks[0].lines) if line.text == "more")
    page.shown.diff.pick(0, more, more)
    page.shown.diff.act("stage")
    idle(qtbot, desk)
    assert real.git("show", f":{HEALTH}") + "\n" == LINES.replace("line 5\n", "line 5\nmore\n")
    choose(qtbot, desk, page, HEALTH, staged=True)
    page.shown.diff.act("unstage", 0)
    idle(qtbot, desk)
    assert real.git("diff", "--cached") == ""


def test_discarded_work_comes_back_with_undo(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    page.shown.diff.act("discard", 1)
    idle(qtbot, desk)
    assert (real.checkout / HEALTH).read_text() == LINES.replace("line 5\n", "five\nmore\n")
    assert f"Discarded changes in {HEALTH}" in said(page)
    button(page, "Undo").click()
    idle(qtbot, desk)
    assert (real.checkout / HEALTH).read_text() == TWO
    assert said(page) == ""


def test_a_whole_file_is_discarded_by_its_button_and_brought_back(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({"notes.md": "new\n"})
    look()
    button(page, "Delete file").click()
    idle(qtbot, desk)
    assert not (real.checkout / "notes.md").exists()
    button(page, "Undo").click()
    idle(qtbot, desk)
    assert (real.checkout / "notes.md").read_text() == "new\n"


def test_space_stages_a_file_and_the_selection_goes_to_its_neighbour(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({"a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n"})
    look()
    choose(qtbot, desk, page, "b.txt")
    QTest.keyClick(page.files, Qt.Key.Key_Space)
    idle(qtbot, desk)
    assert real.git("diff", "--cached", "--name-only") == "b.txt"
    assert page.files.file is not None
    assert page.files.file.path in {"a.txt", "c.txt"}
    assert not page.files.file.staged


def test_all_files_are_staged_and_unstaged_from_the_heading(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO, "notes.md": "new\n"})
    real.git("mv", "old.txt", "older.txt")
    look()
    stage = next(i for i in page.files.rows.items if isinstance(i, Section) and "Stage" in i.action)
    page.files.acted.emit(stage)
    idle(qtbot, desk)
    assert len(real.git("diff", "--cached", "--name-only").split()) == 3
    unstage = next(i for i in page.files.rows.items if isinstance(i, Section))
    page.files.acted.emit(unstage)
    idle(qtbot, desk)
    assert real.git("diff", "--cached", "--name-only") == ""


def test_the_verbs_beside_a_hunk_follow_when_its_file_is_staged(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({"README.md": "# The shop\n"})
    look()
    diff = page.shown.diff
    qtbot.waitUntil(lambda: {hit.action for hit in diff._hits} >= {"stage", "discard"})
    button(page, "Stage file").click()
    idle(qtbot, desk)
    qtbot.waitUntil(lambda: {hit.action for hit in diff._hits} == {"unstage"})


def test_a_file_that_changed_meanwhile_is_a_clash_and_shown_anew(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    later = TWO.replace("line 20\n", "twenty\n")
    real.write({HEALTH: later})
    page.shown.diff.act("discard", 0)
    idle(qtbot, desk)
    assert (real.checkout / HEALTH).read_text() == later
    assert "changed" in said(page)
    diff = page.shown.diff.diff
    assert diff is not None
    assert any(line.text == "twenty" for hunk in diff.hunks for line in hunk.lines)


def test_a_commit_carries_the_tenants_author_and_empties_the_box(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    real.git("add", HEALTH)
    look()
    assert page.box.author.text() == "Ann <ann@acme.example>"
    page.box.subject.setText("Wait longer")
    page.box.body.setPlainText("Hosts restart slowly.")
    page.box.only.click()
    idle(qtbot, desk)
    told = real.git("log", "-1", "--format=%an <%ae>|%s|%b")
    assert told.strip() == "Ann <ann@acme.example>|Wait longer|Hosts restart slowly."
    assert page.box.draft == Draft()
    assert button(page, "Push 1 commit").isEnabled()


def test_commit_and_push_arrives_at_the_server(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({"notes.md": "new\n"})
    real.git("add", "notes.md")
    look()
    page.box.subject.setText("Write notes")
    page.primary()
    idle(qtbot, desk)
    assert git(real.remote, "log", "-1", "--format=%s", "main") == "Write notes"


def test_a_rejected_push_leaves_the_commit_and_asks_for_the_next_step(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    theirs = push_more(real.remote, {"other.txt": "theirs\n"})
    real.write({"notes.md": "new\n"})
    real.git("add", "notes.md")
    look()
    page.box.subject.setText("Write notes")
    with qtbot.waitSignal(desk.banner_wanted, timeout=10_000) as caught:
        page.box.both.click()
    assert caught.args is not None
    assert "git.fetch_rebase" in caught.args[1].steps
    assert git(real.remote, "rev-parse", "main") == theirs
    idle(qtbot, desk)
    assert real.git("log", "-1", "--format=%s") == "Write notes"


def test_nothing_staged_and_no_subject_are_said_where_they_belong(
    page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    assert not page.box.only.isEnabled()
    assert "Nothing is staged yet" in page.box.only.toolTip()
    page.primary()
    assert "Nothing is staged yet" in page.box.said.text()
    real.git("add", "-A")
    look()
    assert page.box.only.isEnabled()
    assert page.box.said.isHidden()
    page.primary()
    assert page.box.said.text() == "The commit needs a subject."
    assert page.box.subject.property("wrong") == "true"


def test_a_hook_that_says_no_is_shown_with_its_words_and_the_message_stays(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    hook = real.checkout / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no tabs please\nexit 1\n")
    hook.chmod(0o755)
    real.write({HEALTH: TWO})
    real.git("add", "-A")
    look()
    page.box.subject.setText("Wait longer")
    page.box.only.click()
    idle(qtbot, desk)
    assert said(page) != ""
    assert page.box.subject.text() == "Wait longer"


def test_amend_takes_the_last_message_and_gives_ones_own_back(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({HEALTH: TWO})
    look()
    page.box.amend.setChecked(True)
    assert page.box.subject.text() == "First"
    assert "on the server already" in page.box.said.text()
    assert page.box.only.isEnabled()  # a message may be mended without any file
    page.box.amend.setChecked(False)
    assert page.box.subject.text() == ""
    page.box.amend.setChecked(True)
    page.box.subject.setText("Begin")
    page.box.only.click()
    idle(qtbot, desk)
    assert real.git("log", "--format=%s") == "Begin"


def test_the_subject_is_counted_and_a_long_one_is_marked(page: ChangesPage) -> None:
    page.box.subject.setText("x" * 73)
    assert page.box._counter.text() == "73/72"
    assert page.box._counter.property("tone") == "warning"


def test_conflicts_come_first_and_are_marked_as_solved(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.git("checkout", "-q", "-b", "side")
    real.write({"README.md": "# Theirs\n"})
    real.git("commit", "-qam", "Theirs")
    real.git("checkout", "-q", "main")
    real.write({"README.md": "# Ours\n"})
    real.git("commit", "-qam", "Ours")
    with pytest.raises(AssertionError):
        real.git("merge", "-q", "side")
    look()
    assert listed(page)[0] == "Conflicts 1"
    assert "Solve the conflicts" in page.box.reason()
    real.write({"README.md": "# Both\n"})
    button(page, "Mark as solved").click()
    idle(qtbot, desk)
    assert page.box.reason() == ""


def test_the_draft_stays_with_its_project(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    page.box.subject.setText("Half a thought")
    other = project(CheckoutState.ABSENT, number=77)
    page.show_project(other)
    assert page.box.subject.text() == ""
    page.box.subject.setText("Another")
    page.show_project(desk.project)
    idle(qtbot, desk)
    assert page.box.subject.text() == "Half a thought"
    page.show_project(other)
    assert page.box.subject.text() == "Another"


def test_files_changed_outside_are_seen_when_the_window_is_looked_at(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real
) -> None:
    real.write({"notes.md": "new\n"})
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    idle(qtbot, desk)
    assert listed(page) == ["Changes 1", "? notes.md +1 -0"]
    page.hide()
    real.write({"more.md": "new\n"})
    page.show()
    idle(qtbot, desk)
    assert len(listed(page)) == 3


def test_a_folder_that_is_gone_is_said_and_can_be_tried_again(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, tmp_path: Path
) -> None:
    real.checkout.rename(tmp_path / "elsewhere")
    page.refresh()
    idle(qtbot, desk)
    assert said(page) != ""
    (tmp_path / "elsewhere").rename(real.checkout)
    button(page, "Try again").click()
    idle(qtbot, desk)
    assert said(page) == ""


def test_without_a_checkout_the_page_offers_to_clone(
    qtbot: QtBot, desk: Desk, page: ChangesPage
) -> None:
    absent = project(CheckoutState.ABSENT, number=99)
    desk.project = absent
    page.show_project(absent)
    idle(qtbot, desk)
    assert button(page, "Clone").isEnabled()


def test_the_action_commits_or_asks_for_a_subject(
    qtbot: QtBot, desk: Desk, page: ChangesPage, real: Real, look: Callable[[], None]
) -> None:
    real.write({"notes.md": "new\n"})
    real.git("add", "-A")
    look()
    page.open_argument("commit")
    assert page.box.subject.hasFocus() or page.focusWidget() is page.box.subject
    page.box.subject.setText("Write notes")
    page.open_argument("commit")
    idle(qtbot, desk)
    assert real.git("log", "-1", "--format=%s") == "Write notes"
