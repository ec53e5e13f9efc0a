"""The Runs page with a house that remembers what it was asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.runs import EventKind, RunEvent, RunState
from aiops_desktop.domain.trouble import Clash, Failed, Refused
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.views.runs.new_run import Filled
from tests.support.runs import NOW, FakeRuns, a_run, a_story, fake_house
from tests.support.stage import Stage
from tests.ui.runs.conftest import Opener


def press(qtbot: QtBot, within: QWidget, words: str) -> None:
    """Press the button with these words as soon as it is seen."""

    def found() -> list[QPushButton]:
        return [b for b in within.findChildren(QPushButton) if b.text() == words and b.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def banners(within: QWidget) -> list[str]:
    return [b.accessibleName() for b in within.findChildren(Banner) if b.isVisible()]


def test_without_runs_one_sentence_and_one_button(qtbot: QtBot, open_page: Opener) -> None:
    page = open_page()
    press(qtbot, page, "New run")
    assert page.form.isVisible()
    assert page.back()
    press(qtbot, page, "New run")


def test_the_newest_run_is_shown_with_its_steps(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns, bare_desk: Desk
) -> None:
    runs.put(a_run(1, RunState.MERGED, title="Older"))
    runs.put(a_run(2, finished=NOW), *a_story())
    page = open_page()
    qtbot.waitUntil(lambda: page.view.timeline.steps.rowCount() == 11)
    assert page.view.title.text() == "Roll out to the web hosts in batches"
    assert page.view.prompt.text().startswith("Update the web hosts four")
    assert "from main 8e41c07b · started by Ann" in page.view.facts.text()
    assert "86,420 tokens in, 61 % from cache · 7,310 out" in page.view.usage.text()
    assert page.view.usage.text().endswith("about $0.38 · 4 files changed")
    assert bare_desk.run is not None
    assert bare_desk.run.id == 2


def test_a_living_run_is_followed_until_it_is_ready(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns, bare_desk: Desk
) -> None:
    story = a_story()
    run = runs.put(a_run(1, RunState.WORKING, files=0), *story[:2])
    page = open_page()
    qtbot.waitUntil(lambda: page.view.timeline.steps.rowCount() == 1)
    assert page.view.stop.isVisible()
    assert not page.view.primary.isVisible()
    announced: list[Any] = []
    bare_desk.changed.connect(announced.append)
    runs.events[1] += story[2:]
    runs.runs[1] = replace(run, state=RunState.READY, finished=NOW, files=4)
    qtbot.waitUntil(lambda: page.view.timeline.steps.rowCount() == 11)
    qtbot.waitUntil(lambda: page.view.primary.isVisible())
    assert not page.view.stop.isVisible()
    assert [changes.project for changes in announced][:1] == [7]
    qtbot.waitUntil(lambda: page.list.rows.items[0] == runs.runs[1])
    reads = runs.reads
    qtbot.wait(700)
    assert runs.reads <= reads + 1, "a run that is over is not read again and again"


def test_nobody_reads_while_nobody_looks(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> None:
    runs.put(a_run(1, RunState.WORKING), *a_story()[:2])
    page = open_page()
    qtbot.waitUntil(lambda: page.view.timeline.steps.rowCount() == 1)
    page.hide()
    qtbot.wait(100)  # a read may be under way
    reads = runs.reads
    qtbot.wait(700)
    assert runs.reads == reads
    page.show()
    qtbot.waitUntil(lambda: runs.reads > reads)


def test_a_run_that_ends_elsewhere_says_so(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns, bare_desk: Desk
) -> None:
    run = runs.put(a_run(1, RunState.WORKING))
    page = open_page()
    page.hide()
    bare_desk.page = "overview"
    qtbot.waitUntil(lambda: bool(bare_desk.living_runs))
    toasts: list[tuple[object, ...]] = []
    bare_desk.toast_wanted.connect(lambda *what: toasts.append(what))
    runs.runs[1] = replace(run, state=RunState.READY)
    qtbot.waitUntil(lambda: bool(toasts))
    assert toasts[0][1:] == (
        "Codex is done; its changes wait for review",
        "web-shop: Roll out to the web hosts in batches",
        "runs.attention",
    )


def test_the_demo_assistant_is_labelled_wherever_it_appears(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, assistant="demo"))
    page = open_page()
    qtbot.waitUntil(lambda: "built in" in _texts(page.view))
    assert "Demo assistant · own copy" in page.view.facts.text()
    page.start_new()
    qtbot.waitUntil(lambda: page.form.chosen is not None)
    page.form.assistants.choose("demo")
    assert "only makes a prepared change" in page.form.hint.text()


def _texts(within: QWidget) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(one.text() for one in within.findChildren(QLabel) if one.isVisible())


def test_a_new_run_starts_with_ctrl_enter_and_is_shown(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, RunState.MERGED))
    page = open_page()
    page.open_argument(Filled("Update the hosts", "codex"))
    form = page.form
    qtbot.waitUntil(lambda: form.chosen is not None)
    assert form.prompt.toPlainText() == "Update the hosts"
    form.prompt.setPlainText("Update the hosts in batches")
    form.sandbox.setCurrentIndex(1)
    QTest.keyClick(form.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.isVisible() and page.view.run is not None)
    qtbot.waitUntil(lambda: page.view.run is not None and page.view.run.id == 2)
    draft = runs.calls[0][1]
    assert (draft.prompt, draft.assistant, draft.sandbox) == (  # type: ignore[attr-defined]  # a RunDraft
        "Update the hosts in batches",
        "codex",
        "read-only",
    )
    assert form.prompt.toPlainText() == ""


def test_what_is_wrong_with_a_new_run_stands_at_its_field(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page = open_page()
    page.start_new()
    form = page.form
    qtbot.waitUntil(lambda: form.chosen is not None)
    assert form.chosen is not None
    assert form.chosen.id == "codex"
    page.primary()
    assert "needs to know what to do" in _texts(form)
    form.prompt.setPlainText("Do it")
    runs.fails["start"] = Refused("Codex knows no model “x”.", "Choose another.", field="model")
    page.primary()
    qtbot.waitUntil(lambda: "knows no model" in _texts(form))
    runs.fails["start"] = Failed("The disk is full.", "Free some space.")
    page.primary()
    qtbot.waitUntil(lambda: banners(form) == ["The disk is full."])
    assert form.prompt.toPlainText() == "Do it", "what was typed stays"


def test_a_missing_assistant_says_why_and_how_to_get_it(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    page = open_page()
    page.start_new()
    qtbot.waitUntil(lambda: page.form.chosen is not None)
    page.form.assistants.choose("aider")
    assert "pipx install" in page.form.hint.text()
    assert not page.form.start.isEnabled()
    assert page.form.files.isVisible()
    page.form.prompt.setPlainText("Do it")
    QTest.keyClick(page.form.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "Choose an assistant that is installed." in _texts(page.form)
    assert runs.calls == []


def test_stop_resume_merge_push_and_retire_in_this_order(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns, bare_desk: Desk
) -> None:
    runs.put(a_run(1, RunState.WORKING, files=0))
    page = open_page(fake_house(runs, ahead=2))
    actions: list[str] = []
    bare_desk.run_action = actions.append
    qtbot.waitUntil(lambda: page.view.stop.isVisible())
    press(qtbot, page, "Stop")
    qtbot.waitUntil(lambda: page.view.say.isVisible())
    page.view.say.setText("Also the tests")
    QTest.keyClick(page.view.say, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view.stop.isVisible())
    runs.runs[1] = replace(runs.runs[1], state=RunState.COMMITTED, finished=NOW)
    qtbot.waitUntil(lambda: page.view.primary.text() == "Merge into main")
    press(qtbot, page, "Merge into main")
    qtbot.waitUntil(lambda: page.view.primary.text() == "Push 2 commits")
    press(qtbot, page, "Push 2 commits")
    assert actions == ["git.push"]
    press(qtbot, page, "Retire")
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.RETIRED)
    verbs = [call[0] for call in runs.calls]
    assert verbs == ["stop", "resume", "merge", "retire"]
    assert runs.calls[1] == ("resume", 1, "Also the tests")
    qtbot.waitUntil(lambda: not page.view.retire.isVisible())
    assert not page.view.primary.isVisible()


def test_a_conflict_stays_above_the_run_with_the_next_step(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, RunState.COMMITTED, finished=NOW))
    runs.fails["merge"] = Clash("deploy/rollout.py was changed on main, too.")
    page = open_page()
    qtbot.waitUntil(lambda: page.view.primary.text() == "Merge into main")
    press(qtbot, page, "Merge into main")
    qtbot.waitUntil(lambda: len(banners(page.view)) == 1)
    press(qtbot, page, "Ask Codex to resolve it")
    assert "deploy/rollout.py was changed on main" in page.view.say.text()
    page.refresh()
    qtbot.wait(200)
    assert banners(page.view), "the banner stays until the conflict is solved"


def test_work_that_is_nowhere_else_is_retired_only_when_said_again(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, RunState.READY, finished=NOW))
    runs.fails["retire"] = Refused("The run has changes that are not committed.")
    page = open_page()
    qtbot.waitUntil(lambda: page.view.retire.isVisible())
    press(qtbot, page, "Retire")
    qtbot.waitUntil(lambda: len(banners(page.view)) == 1)
    assert runs.runs[1].state is RunState.READY
    press(qtbot, page, "Retire anyway")
    qtbot.waitUntil(lambda: runs.runs[1].state is RunState.RETIRED)
    assert runs.calls == [("retire", 1, False), ("retire", 1, True)]


def test_why_a_run_failed_stands_above_its_steps(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, RunState.FAILED, error="401 Unauthorized.", files=0, finished=NOW))
    page = open_page()
    qtbot.waitUntil(lambda: banners(page.view) == ["Codex failed"])
    assert "401 Unauthorized." in _texts(page.view)


def test_a_question_has_quick_answers(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> None:
    ask = RunEvent(EventKind.QUESTION, 9, "q", "Per batch?", choices=("Per batch", "Over all"))
    runs.put(a_run(1, RunState.WAITING), ask)
    page = open_page()
    qtbot.waitUntil(lambda: page.view.question.isVisible())
    press(qtbot, page, "Over all")
    qtbot.waitUntil(lambda: bool(runs.calls))
    assert runs.calls == [("resume", 1, "Over all")]


def test_when_reading_fails_the_reason_stands_above_what_is_shown(
    qtbot: QtBot, open_page: Opener, runs: FakeRuns
) -> None:
    runs.put(a_run(1, finished=NOW))
    page = open_page()
    runs.fails["all"] = Failed("Runs cannot be read.", "The disk is full.")
    page.refresh()
    qtbot.waitUntil(lambda: banners(page) == ["Runs cannot be read."])
    assert page.list.current() is not None, "the old rows stay"
    runs.fails.clear()
    press(qtbot, page, "Try again")
    qtbot.waitUntil(lambda: banners(page) == [])


def test_a_thousand_runs(qtbot: QtBot, open_page: Opener, runs: FakeRuns) -> None:
    for number in range(1, 1001):
        runs.put(a_run(number, RunState.MERGED, title=f"Run {number} " + "long " * 30))
    page = open_page()
    assert page.list.rows.rowCount() == 1000
    page.open_argument(3)
    qtbot.waitUntil(lambda: page.view.run is not None and page.view.run.id == 3)
    QTest.keyClick(page.list, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: page.view.run is not None and page.view.run.id == 4)
    page.grab()


def test_one_project_without_runs_after_the_other(stage: Stage) -> None:
    tenant = stage.tenant()
    both = [stage.project(tenant, name, clone=False) for name in ("one", "two")]

    def said() -> list[str]:
        page = stage.window.page_of("runs")
        return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]

    for project in (*both, both[0]):
        stage.desk.select(project.id, "runs")
        wanted = f"{project.name} is not cloned yet. Assistants work on a clone."
        stage.wait(partial(_within, wanted, said))
    stage.settle()


def _within(wanted: str, said: Callable[[], list[str]]) -> bool:
    return wanted in said()
