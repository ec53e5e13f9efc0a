"""The review: what is pressed there is exactly what is discarded and committed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.repositories import FileDiff, FileState
from aiops_desktop.domain.runs import RunState
from aiops_desktop.domain.trouble import Clash, Failed
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.views.runs.page import RunsPage
from aiops_desktop.ui.views.runs.review import ReviewView
from aiops_desktop.ui.views.runs.review_files import ReviewFile
from tests.support.diffs import diff_of
from tests.support.runs import NOW, FakeRuns, a_run
from tests.ui.runs.conftest import Opener
from tests.ui.runs.test_page import banners, press

OLD = "\n".join(f"line {n}" for n in range(60))
NEW = OLD.replace("line 5\n", "line five\nand more\n").replace("line 30", "line thirty")
SITE = diff_of("deploy/site.yml", OLD, NEW)
NOTES = diff_of("README.md", "a\nb", "a\nc")
LOGO = FileDiff("logo.png", FileState.ADDED, binary=True)


def review_of(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> tuple[RunsPage, ReviewView]:
    runs.files = (SITE, NOTES, LOGO)
    runs.put(a_run(1, RunState.READY, finished=NOW, files=3))
    page = open_page()
    qtbot.waitUntil(lambda: page.view.primary.text() == "Review 4 hunks")
    press(qtbot, page, "Review 4 hunks")
    qtbot.waitUntil(lambda: len(page.review.list.paths) == 3)
    return page, page.review


def test_every_hunk_is_kept_until_it_is_discarded(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns, bare_desk: Desk
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    assert review.foot.tally.text() == "4 of 4 hunks kept"
    assert review.foot.message.text() == "Roll out to the web hosts in batches"
    review.list.choose("deploy/site.yml")
    review.diff.act("discard", 1)
    assert review.foot.tally.text() == "3 of 4 hunks kept"
    review.list.choose("logo.png")
    press(qtbot, review, "Discard file")
    assert review.foot.tally.text() == "2 of 4 hunks kept"
    page.primary()
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.COMMITTED)
    assert runs.calls == [
        ("discard", 1, "deploy/site.yml", {1: None}),
        ("discard", 1, "logo.png", None),
        ("commit", 1, "Roll out to the web hosts in batches"),
    ]
    qtbot.waitUntil(lambda: page.view.primary.text() == "Merge into main")
    assert page.view.isVisible()
    assert bare_desk.run is not None
    assert bare_desk.run.state is RunState.COMMITTED


def test_undo_before_the_commit_takes_everything_back(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    press(qtbot, review, "Discard rest")
    assert review.foot.tally.text() == "0 of 4 hunks kept"
    assert not review.foot.commit.isEnabled(), "nothing is left to commit"
    assert review.foot.retire.isVisible()
    for path in review.list.paths:
        review.list.choose(path)
        press(qtbot, review, "Undo")
    assert review.foot.tally.text() == "4 of 4 hunks kept"
    page.primary()
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.COMMITTED)
    assert [call[0] for call in runs.calls] == ["commit"]


def test_selected_lines_are_discarded_alone(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    review.list.choose("deploy/site.yml")
    lines = SITE.hunks[0].lines
    extra = next(n for n, line in enumerate(lines) if line.text == "and more")
    review.diff.pick(0, extra, extra)
    review.diff.act("discard", 0)
    assert review.foot.tally.text() == "4 of 4 hunks kept", "the rest of the hunk stays"
    verdict = review.diff._verdict(0)
    assert verdict is not None
    assert verdict.text == "1 line discarded"
    page.primary()
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.COMMITTED)
    assert runs.calls[0] == ("discard", 1, "deploy/site.yml", {0: frozenset({extra})})


def test_files_are_ticked_off_with_the_keyboard(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    first = review.list.current()
    assert isinstance(first, ReviewFile)
    QTest.keyClick(review.list, Qt.Key.Key_Space)
    assert review.decisions.viewed(first.path)
    QTest.keyClick(review.list, Qt.Key.Key_Space)
    assert not review.decisions.viewed(first.path)
    press(qtbot, review, "Mark as viewed")
    assert review.list.current() != first, "on to the next one"
    assert page.back()
    assert page.view.isVisible()


def test_decisions_are_still_there_after_a_look_at_the_run(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    review.list.choose("deploy/site.yml")
    review.diff.act("discard", 0)
    page.back()
    page.open_argument(("review", 1))
    qtbot.waitUntil(lambda: review.isVisible() and len(review.list.paths) == 3)
    assert review.foot.tally.text() == "3 of 4 hunks kept"


def test_a_worktree_that_moved_on_is_loaded_again(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    review.list.choose("deploy/site.yml")
    review.diff.act("discard", 0)
    runs.fails["discard"] = Clash("deploy/site.yml has changed since it was shown.")
    grown = NEW.replace("line 50", "line fifty")
    runs.files = (diff_of("deploy/site.yml", OLD, grown), NOTES)
    page.primary()
    qtbot.waitUntil(lambda: banners(review) == ["deploy/site.yml has changed since it was shown."])
    qtbot.waitUntil(lambda: review.foot.tally.text() == "3 of 4 hunks kept")
    qtbot.waitUntil(lambda: len(review.list.paths) == 2)
    assert not any(call[0] == "commit" for call in runs.calls)
    runs.fails.clear()
    press(qtbot, review, "Load again")
    assert banners(review) == []
    page.primary()
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.COMMITTED)


def test_a_commit_that_fails_says_why_and_can_be_tried_again(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page, review = review_of(qtbot, open_page, runs)
    runs.fails["commit"] = Failed("A hook said no.", detail="line too long")
    review.foot.message.setText("")
    assert not review.foot.commit.isEnabled()
    assert review.foot.commit.toolTip() == "The commit needs a message."
    review.foot.message.setText("Roll out in batches")
    press(qtbot, review, "Add description")
    review.foot.body.setPlainText("Four at a time.")
    page.primary()
    qtbot.waitUntil(lambda: banners(review) == ["A hook said no."])
    runs.fails.clear()
    qtbot.waitUntil(review.foot.commit.isEnabled)
    page.primary()
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.COMMITTED)
    assert runs.calls[-1] == ("commit", 1, "Roll out in batches\n\nFour at a time.")


def test_keep_and_discard_with_the_mouse(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> None:
    page, review = review_of(qtbot, open_page, runs)
    review.list.choose("deploy/site.yml")
    page.grab()
    hit = next(hit for hit in review.diff._hits if hit.action == "discard")
    QTest.mouseClick(
        review.diff.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(hit.rect.center())
    )
    assert review.foot.tally.text() == "3 of 4 hunks kept"


def test_nothing_left_to_review(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> None:
    page, review = review_of(qtbot, open_page, runs)
    runs.files = ()
    runs.runs[1] = replace(runs.runs[1], files=0)
    review.reload()
    qtbot.waitUntil(lambda: review.foot.commit.toolTip() == "There is nothing to commit.")
    page.grab()
