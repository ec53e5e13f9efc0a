"""The issues pages: what they show, what their buttons do on the forge, and what stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from aiops_desktop.domain.forges import Rejected, Unreachable
from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.issues import Issue, IssueFilter, IssueState
from aiops_desktop.domain.projects import Project
from aiops_desktop.jobs.job import Job
from aiops_desktop.storage.database import now
from aiops_desktop.storage.integrations import IntegrationStore
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.views.issues.everywhere import AllIssuesPage
from aiops_desktop.ui.views.issues.kept import KeepFilterDialog
from aiops_desktop.ui.views.issues.page import IssuesPage
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.memory_forge import MemoryDoors, MemoryForge
from tests.support.stage import Stage


class Scene:
    """A window on projects that are linked to forges in memory."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.doors = MemoryDoors()
        service: Any = stage.house.issues
        self.issues = getattr(service, "_service", service)
        self.issues._ways.doors = self.doors

    def linked(self, project: Project, name: str = "GitLab") -> MemoryForge:
        store = IntegrationStore(self.issues._store._database)
        url, kind = "https://git.acme.example", IntegrationKind.GITLAB
        server = store.add(Integration(0, project.tenant_id, kind, name, url, "ann", now()))
        link = store.add_link(
            Link(0, project.id, server.id, project.tenant_id, "77", "a/b", "", now())
        )
        self.doors.integrations[server.id] = server
        self.doors.known.append(link)
        self.doors.forges[server.id] = made = MemoryForge()
        return made

    def sync(self) -> None:
        for link in self.doors.known:
            self.stage.house.issues.sync(link.id, Job("Sync"))
        self.stage.desk.refresh_issues()

    def open(self, project: Project) -> IssuesPage:
        """Go to the project's issues; its page once it has read."""
        self.stage.desk.select(project.id, "issues")
        page = self.stage.window.page
        assert isinstance(page, IssuesPage)
        self.stage.settle()
        return page

    def wait(self, condition: Callable[[], bool]) -> None:
        self.stage.wait(condition)


@pytest.fixture
def scene(stage: Stage) -> Scene:
    return Scene(stage)


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.project(stage.tenant())


@pytest.fixture
def forge(scene: Scene, project: Project) -> MemoryForge:
    made = scene.linked(project)
    made.add(
        "Voucher is slow", body="It **breaks** ![x](http://127.0.0.1:1/x.png)", labels=("bug",)
    )
    made.add("Search is odd", assignees=("ann",), labels=("ops",))
    made.add("Old", state="closed", closed=True)
    made.say(1, "Two `seconds`.")
    scene.sync()
    return made


def titles(page: IssuesPage) -> list[str]:
    return [item.title for item in page.list.rows.items if isinstance(item, Issue)]


def texts(widget: QWidget) -> str:
    found = [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]
    return "\n".join(found)


def buttons(page: QWidget, words: str) -> list[QPushButton]:
    return [one for one in page.findChildren(QPushButton) if one.text() == words]


def press(page: QWidget, words: str) -> None:
    shown = [one for one in buttons(page, words) if one.isVisible()]
    assert shown, words
    shown[0].click()


def test_a_project_that_is_not_linked_says_what_to_do(scene: Scene, project: Project) -> None:
    page = scene.open(project)
    scene.wait(lambda: "not linked to a forge" in texts(page))
    assert not page.filters.new_button.isEnabled()
    assert page.filters.new_button.toolTip()


def test_open_issues_are_listed_and_one_is_shown_without_loading_anything(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: titles(page) == ["Voucher is slow", "Search is odd"])
    assert page.list.choose(page.board.issues[0].id)
    scene.wait(lambda: "Voucher is slow" in texts(page.view))
    body = page.view._body
    assert body.toPlainText().strip() == "It breaks [x]"
    assert body.loadResource(QTextDocument.ResourceType.ImageResource, QUrl("http://h/x")) is None
    scene.wait(lambda: "Mira" in texts(page.view) or "mira" in texts(page.view))
    scene.wait(lambda: scene.stage.window.tabs.tabText(5) == "Issues  2")


def test_filters_narrow_the_list_and_say_when_nothing_fits(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    page.filters.search.setText("seconds")
    scene.wait(lambda: titles(page) == ["Voucher is slow"])
    page.filters.search.setText("nowhere")
    scene.wait(lambda: "No issue fits the filter." in texts(page))
    press(page, "Show all issues")
    scene.wait(lambda: len(titles(page)) == 3)
    headings = [item.title for item in page.list.rows.items if isinstance(item, Section)]
    assert headings == ["Open", "Closed"]
    press(page, "Mine  1")
    scene.wait(lambda: titles(page) == ["Search is odd"])
    page.filters.reset()
    scene.wait(lambda: len(titles(page)) == 2)
    page.filters.label.setCurrentIndex(page.filters.label.findData("bug"))
    page.filters.changed.emit()
    scene.wait(lambda: titles(page) == ["Voucher is slow"])


def test_a_comment_goes_to_the_forge_and_stays_a_draft_when_it_cannot(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: page.view.issue is not None)
    assert page.view.issue
    number, box = page.view.issue.number, page.view.comment

    def away(name: str) -> None:
        if name == "comment":
            raise Unreachable("Nobody answers.")

    forge.before = away
    box.edit.setPlainText("Two it is.")
    box.button.click()
    scene.wait(lambda: "Nobody answers." in texts(scene.stage.window))
    scene.wait(box.button.isEnabled)
    assert box.edit.toPlainText() == "Two it is."
    forge.before = lambda _name: None
    box.button.click()
    scene.wait(lambda: box.edit.toPlainText() == "")
    assert forge.talk[number][-1].body == "Two it is."


def test_a_draft_is_there_again_when_one_comes_back_to_its_issue(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2 and page.view.issue is not None)
    first, second = (item for item in page.list.rows.items if isinstance(item, Issue))
    page.list.choose(first.id)
    scene.wait(lambda: page.view.issue is not None and page.view.issue.id == first.id)
    page.view.comment.edit.setPlainText("half a")
    page.list.choose(second.id)
    scene.wait(lambda: page.view.issue is not None and page.view.issue.id == second.id)
    assert page.view.comment.edit.toPlainText() == ""
    scene.stage.settle()
    page.list.choose(first.id)
    scene.wait(lambda: page.view.comment.edit.toPlainText() == "half a")


def test_closing_and_reopening_happens_on_the_forge(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: page.view.issue is not None)
    assert page.view.issue
    number = page.view.issue.number
    page.view.close_button.click()
    scene.wait(lambda: forge.items[number].closed)
    scene.wait(lambda: len(titles(page)) == 1)
    page.filters.reset("all")
    scene.wait(lambda: len(titles(page)) == 3)
    closed = next(one for one in page.board.issues if one.number == number)
    page.list.choose(closed.id)
    scene.wait(lambda: page.view.close_button.text() == "Reopen issue")
    page.view.close_button.click()
    scene.wait(lambda: not forge.items[number].closed)


def test_labels_and_people_are_ticked_in_the_menu(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: page.view.issue is not None)
    assert page.view.issue
    number = page.view.issue.number
    menu = QMenu(page)
    page._fill_menu(menu)
    inner = menu.findChildren(QMenu)
    names = {action.text(): action for box in inner for action in box.actions()}
    names["Jonas"].trigger()
    scene.wait(lambda: "jonas" in forge.items[number].assignees)


def test_a_sync_that_fails_is_said_by_name_until_it_works(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    def refuse(_name: str) -> None:
        raise Rejected("GitLab refuses the token.", "Rotate it.")

    forge.before = refuse
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    page.filters.sync_button.click()
    scene.wait(lambda: len(page.findChildren(Banner)) == 1)
    (strip,) = page.findChildren(Banner)
    assert "GitLab refuses the token." in texts(strip)
    assert "GitLab: a/b, tried once" in texts(strip)
    assert len(titles(page)) == 2, "what is known stays"
    forge.before = lambda _name: None
    forge.add("Fresh")
    scene.wait(lambda: any(one.isVisible() for one in buttons(page, "Try again")))
    press(page, "Try again")
    scene.wait(lambda: not page.findChildren(Banner))
    scene.wait(lambda: "Fresh" in titles(page))


def test_a_new_issue_is_made_from_the_form(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: page.filters.new_button.isEnabled())
    page.filters.new_button.click()
    scene.wait(page.form.isVisible)
    page.primary()
    assert "Say what it is about." in texts(page.form)
    page.form.title.setText("From the window")
    page.form.text.setPlainText("Steps")
    page.form.labels.choose(("bug",))
    page.form.milestone.setCurrentIndex(page.form.milestone.findData("June"))
    page.primary()
    scene.wait(lambda: any(one.title == "From the window" for one in forge.items.values()))
    scene.wait(lambda: page.view.isVisible() and "From the window" in texts(page.view))
    made = next(one for one in forge.items.values() if one.title == "From the window")
    assert (made.body, made.labels, made.milestone) == ("Steps", ("bug",), "June")


def test_an_issue_is_written_anew_in_the_form(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    assert page.list.choose(page.board.issues[0].id)
    scene.wait(page.view.edit.isEnabled)
    page.view.edit.click()
    scene.wait(page.editor.isVisible)
    form = page.editor
    assert (form.title.text(), form.labels.chosen) == ("Voucher is slow", ("bug",))
    form.title.setText("Voucher is very slow")
    form.milestone.setCurrentIndex(form.milestone.findData("July"))
    assert page.back()
    scene.wait(page.view.isVisible)
    page.view.edit.click()
    scene.wait(form.isVisible)
    assert form.title.text() == "Voucher is very slow", "what was typed is still there"
    page.primary()
    scene.wait(lambda: forge.items[1].milestone == "July")
    scene.wait(lambda: "Voucher is very slow" in texts(page.view))
    assert forge.items[1].labels == ("bug",)
    assert "breaks" in forge.items[1].body, "what was not touched is not sent"


def test_what_others_wrote_meanwhile_is_shown_before_mine_goes_over_it(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    assert page.list.choose(page.board.issues[0].id)
    scene.wait(page.view.edit.isEnabled)
    page.view.edit.click()
    scene.wait(page.editor.isVisible)
    form = page.editor
    form.text.setPlainText("Mine")
    forge.edit(1, body="Theirs")
    page.primary()
    scene.wait(lambda: "Somebody else changed this issue" in texts(form))
    press(form, "Take their title and text")
    assert form.text.toPlainText() == "Theirs"
    form.text.undo()
    assert form.text.toPlainText() == "Mine"
    scene.wait(form.make.isEnabled)
    page.primary()
    scene.wait(lambda: forge.items[1].body == "Mine")


def test_start_run_fills_the_form_in_and_the_run_knows_its_issue(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: page.view.issue is not None and page.view.start.isEnabled())
    assert page.view.issue
    issue = page.view.issue
    page.primary()
    scene.wait(lambda: isinstance(scene.stage.window.page, RunsPage))
    runs = scene.stage.window.page
    assert isinstance(runs, RunsPage)
    scene.wait(lambda: runs.form.prompt.toPlainText().startswith(f"Settle issue #{issue.number}"))
    assert f"#{issue.number} {issue.title}" in texts(runs.form)
    assert runs.form._filled.issue_id == issue.id


def test_the_page_of_all_tenants_says_where_each_issue_belongs(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    stage = scene.stage
    other = stage.project(stage.tenant("brix"), "edge", clone=False)
    scene.linked(other, "Other").add("Theirs")
    scene.sync()
    stage.desk.run_action("view.all_issues")
    page = stage.window.page
    assert isinstance(page, AllIssuesPage)
    scene.wait(lambda: len(titles(page)) == 3)
    theirs = next(one for one in page.board.issues if one.title == "Theirs")
    page.list.choose(theirs.id)
    scene.wait(lambda: "brix / edge" in texts(page.view))
    scene.wait(lambda: not page.view.start.isEnabled())
    assert "not cloned" in page.view.start.toolTip()


def test_links_are_synced_in_the_background_when_their_time_has_come(
    scene: Scene, project: Project
) -> None:
    forge = scene.linked(project)
    forge.add("Comes by itself")
    page = scene.open(project)
    scene.stage.window.issue_sync.look()
    scene.wait(lambda: titles(page) == ["Comes by itself"])
    assert scene.issues.board(IssueFilter()).issues[0].state is IssueState.OPEN
    assert not [record for record in scene.stage.desk.jobs.shown if "Sync" in record.title]


def test_the_keyboard_reaches_list_and_field(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    for widget in (page.filters.search, page.list, page.view.comment.edit, page.filters.state):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    QApplication.processEvents()


def test_what_was_looked_for_is_there_again_and_can_have_a_name(
    scene: Scene, project: Project, forge: MemoryForge
) -> None:
    page = scene.open(project)
    scene.wait(lambda: len(titles(page)) == 2)
    box = page.filters.label
    box.setCurrentIndex(box.findData("ops"))
    box.activated.emit(box.currentIndex())
    scene.wait(lambda: titles(page) == ["Search is odd"])
    page.filters.turn.click()
    filters = scene.issues.filters
    scene.wait(lambda: (last := filters.last(project.id)) is not None and last.backwards)
    menu = page.kept.menu(page.wanted)
    next(act for act in menu.actions() if act.text() == "Keep this filter…").trigger()
    dialog = page.findChild(KeepFilterDialog)
    assert dialog is not None
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText("My ops")
    dialog.accept_button.click()
    scene.wait(lambda: [one.name for one in filters.all()] == ["My ops"])
    page.filters.reset()
    scene.wait(lambda: len(titles(page)) == 2)
    page.kept.named = tuple(filters.all())
    menu = page.kept.menu(page.wanted)
    next(act for act in menu.actions() if act.text() == "My ops").trigger()
    scene.wait(lambda: titles(page) == ["Search is odd"])
    assert page.filters.turn.isChecked()
    scene.wait(lambda: (last := filters.last(project.id)) is not None and last.label == "ops")
    other = scene.stage.project(scene.stage.desk.tenants[project.tenant_id], "other")
    scene.open(other)
    scene.wait(lambda: page.filters.label.currentData() == "")
    scene.open(project)
    scene.wait(lambda: titles(page) == ["Search is odd"])
    page.kept.forget(filters.all()[0])
    scene.wait(lambda: filters.all() == [])
