"""The Runs page on the real services: real git, real tmux, the demo assistant."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.runs import EventKind, RunState
from aiops_desktop.services.house import House
from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.assistants import git
from tests.support.runs import Some
from tests.support.work import Work, work
from tests.ui.runs.conftest import Opener
from tests.ui.runs.test_page import press

SITE = """# Roll the web shop out to its hosts
- name: Roll out the web shop
  hosts: web
  gather_facts: false
  tasks:
    - name: Make the folder
      ansible.builtin.file:
        path: /tmp/nowhere
        state: directory
    - name: Write the release
      ansible.builtin.copy:
        content: "1.4.2"
        dest: /tmp/nowhere/release.txt
"""


def house_of(bench: Work) -> House:
    made = bench.ground

    def status(project_id: int) -> object:
        project = made.projects.get(project_id)
        room = made.tenants.room(project.tenant_id)
        return Repository(project.checkout, room).status()

    return cast(
        House,
        Some(
            tenants=made.tenants,
            projects=made.projects,
            repositories=Some(status=status),
            runs=bench.runs,
        ),
    )


def start_demo_run(qtbot: QtBot, page: RunsPage) -> None:
    press(qtbot, page, "New run")
    form = page.form
    qtbot.waitUntil(lambda: form.chosen is not None)
    assert form.assistants.choose("demo")
    QTest.keyClicks(form.prompt, "Say when the play has ended")
    QTest.keyClick(form.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_from_the_prompt_to_the_merge(qtbot: QtBot, open_page: Opener, layout: Layout) -> None:
    bench = work(layout)
    bench.chosen.assistants(demo=True)
    project = bench.project(bench.tenant(), files={"site.yml": SITE, "README.md": "# Shop\n"})
    before = git(project.checkout, "rev-parse", "main")
    page = open_page(house_of(bench), project.id)

    start_demo_run(qtbot, page)
    view = page.view
    qtbot.waitUntil(lambda: view.isVisible() and view.timeline.steps.rowCount() > 0)
    qtbot.waitUntil(lambda: view.primary.text() == "Review 3 hunks")
    kinds = [step.kind for step in view.timeline.steps.steps]
    assert kinds.count(EventKind.CHANGE) == 2
    commands = [step for step in view.timeline.steps.steps if step.kind is EventKind.COMMAND]
    assert [(step.exit_code, step.lines) for step in commands] == [(0, ("README.md", "site.yml"))]
    assert "built in" in view._label.text()

    press(qtbot, page, "Review 3 hunks")
    review = page.review
    qtbot.waitUntil(lambda: len(review.list.paths) == 2)
    assert review.list.choose("site.yml")
    qtbot.waitUntil(lambda: review.diff.diff is not None and len(review.diff.diff.hunks) == 2)
    review.diff.act("discard", 0)
    press(qtbot, review, "Commit kept hunks")
    qtbot.waitUntil(lambda: view.primary.text() == "Merge into main")

    run = bench.runs.all(project.id)[0]
    committed = git(project.checkout, "show", f"{run.branch}:site.yml")
    assert committed.startswith(SITE.splitlines()[0] + "\n"), "the heading was discarded"
    assert "Say that the play has ended" in committed
    assert git(project.checkout, "log", "-1", "--format=%s|%an", run.branch) == (
        "Say when the play has ended|Ann"
    )
    assert git(project.checkout, "rev-parse", "main") == before

    press(qtbot, page, "Merge into main")
    qtbot.waitUntil(lambda: bench.runs.get(run.id).state is RunState.MERGED)
    assert git(project.checkout, "rev-parse", "main") == run.commit
    qtbot.waitUntil(lambda: view.primary.text() == "Retire run")
    press(qtbot, page, "Retire run")
    qtbot.waitUntil(lambda: bench.runs.get(run.id).state is RunState.RETIRED)
    assert not run.worktree.exists()


def test_a_run_goes_on_with_another_prompt(qtbot: QtBot, open_page: Opener, layout: Layout) -> None:
    bench = work(layout)
    bench.chosen.assistants(demo=True)
    project = bench.project(bench.tenant(), files={"site.yml": SITE})
    page = open_page(house_of(bench), project.id)
    start_demo_run(qtbot, page)
    view = page.view
    qtbot.waitUntil(lambda: view.primary.text().startswith("Review "))
    steps = view.timeline.steps.rowCount()
    view.say.setText("And once more")
    QTest.keyClick(view.say, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.run is not None and view.run.state.alive)
    qtbot.waitUntil(lambda: view.primary.isVisible())
    texts = [step.text for step in view.timeline.steps.steps]
    assert len(texts) > steps, "the steps of before stay"
    assert any("And once more" in text for text in texts[steps:])
