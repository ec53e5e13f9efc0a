"""What comes by itself goes by itself and stands in nobody's way: drawer, banner, toast, focus."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyleOptionButton

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.trouble import Clash
from tests.support.stage import Stage


def test_a_clash_goes_when_what_came_between_is_fetched_elsewhere(stage: Stage) -> None:
    desk, window = stage.desk, stage.window
    project = stage.project(stage.tenant())
    desk.select(project.id, "overview")
    stage.settle()
    desk.banner_wanted.emit(project.id, Clash("Commits came.", steps=("git.fetch_rebase",)))
    desk.announce(Changes(Touched.WORKDIR | Touched.REFS, project.id))  # a commit solves nothing
    stage.settle()
    assert window.notices.shown
    desk.start("Fetch web-shop", lambda job: desk.house.repositories.fetch(project.id, job))
    stage.wait(lambda: not window.notices.shown)
    stage.settle()


def test_a_narrow_banner_keeps_its_words_readable(stage: Stage) -> None:
    desk, window = stage.desk, stage.window
    desk.select(stage.project(stage.tenant()).id, "overview")
    steps = ("git.fetch_rebase", "git.show_incoming", "git.push_lease")
    what = "The server has commits on main that you do not have."
    desk.banner_wanted.emit(None, Clash(what, "Rebase yours on top.", "said git", steps=steps))
    for width, beside in ((1024, False), (1440, True)):
        window.resize(width, 700)
        QApplication.processEvents()
        slot = window.notices.slot
        said = next(one for one in slot.findChildren(QLabel) if one.text() == what)
        button = next(b for b in slot.findChildren(QPushButton) if b.text() == "Fetch and rebase")
        assert said.width() >= 320
        under = said.mapTo(slot, said.rect().bottomLeft()).y() <= button.mapTo(slot, QPoint()).y()
        assert under is not beside
    stage.settle()


def test_focus_that_lost_its_place_stays_in_the_page(stage: Stage) -> None:
    window = stage.window
    stage.desk.select(stage.project(stage.tenant()).id, "overview")
    stage.settle()
    window.go("changes")
    stage.wait(lambda: not window.header.isAncestorOf(QApplication.focusWidget() or window))
    window.header.search.setFocus()
    window.header.branch.setFocus()
    assert window.header.branch.hasFocus(), "who goes there by keys, stays there"
    stage.settle()


def test_the_drawer_that_came_by_itself_goes_by_itself(stage: Stage) -> None:
    drawer, jobs = stage.window.drawer, stage.desk.jobs
    drawer._rest.setInterval(50)
    stage.desk.start("Clone infra", lambda job: job.pause(60))
    stage.wait(drawer.isVisible)
    stage.desk.start("Fetch infra", lambda _job: None)
    jobs.shown[0].stop()
    stage.wait(lambda: not drawer.isVisible())
    drawer.open()
    stage.desk.start("Fetch infra", lambda _job: None)
    stage.settle()
    stage.qtbot.wait(100)  # longer than it rests: a drawer somebody opened stays
    assert drawer.isVisible()


def test_a_toast_leaves_the_buttons_at_the_foot_alone(stage: Stage) -> None:
    desk, window = stage.desk, stage.window
    project = stage.project(stage.tenant())
    (project.checkout / "README.md").write_text("# changed\n")
    desk.select(project.id, "changes")
    stage.wait(lambda: any("Commit" in b.text() for b in _foot(stage)))
    desk.toast("info", "web-shop is cloned", "main is checked out.")
    toast = window.toasts.shown[0]
    for button in _foot(stage):
        area = QRect(button.mapTo(window.right, QPoint()), button.size())
        assert not area.intersects(toast.geometry()), button.text()
    stage.settle()


def _foot(stage: Stage) -> list[QPushButton]:
    page = stage.window.page
    assert page is not None
    found = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    return [b for b in found if b.mapTo(page, QPoint()).y() > page.height() - 100]


def test_long_words_on_a_button_give_way_in_the_middle(stage: Stage) -> None:
    kit = stage.desk.kit
    name = "Push feature/a-very-long-branch-name-for-the-quarterly-release-of-the-portal"
    button = kit.button(name, primary=True)
    assert button.sizeHint().width() < 340
    assert button.toolTip() == name
    button.resize(button.sizeHint())
    option = QStyleOptionButton()
    button.initStyleOption(option)
    assert "…" in option.text
    assert option.text.startswith("Push feat")
    assert 200 < button.fontMetrics().horizontalAdvance(option.text) < button.width() - 20
    assert button.minimumSizeHint() == button.sizeHint()
    short = kit.button("Push 2 commits")
    short.resize(short.sizeHint())
    short.initStyleOption(option)
    assert option.text == "Push 2 commits"
    stage.settle()


def test_the_switcher_is_as_high_as_its_list_after_a_longer_one(stage: Stage) -> None:
    palette = stage.window.palette_
    stage.project(stage.tenant())
    stage.desk.run_action("view.palette")
    palette.shut()
    stage.desk.run_action("view.projects")
    QApplication.processEvents()
    assert palette.rows.mapTo(palette, QPoint()).y() - palette.field.geometry().bottom() < 140
    assert palette.rows.y() <= 8
    stage.settle()
