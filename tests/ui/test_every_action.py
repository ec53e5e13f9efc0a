"""Every action, triggered once in every state of a project: it works, or it gives its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.actions.all import every_action
from aiops_desktop.ui.jobs import JobRecord
from tests.support.stage import Stage
from tests.support.states import STATES, Scene

#: They change the state itself, so they come last, in this order; quitting ends everything.
LAST = (
    *("runs.stop", "runs.retire", "runs.merge", "deploy.stop", "project.clone"),
    *("tenant.seed", "app.quit"),
)
#: Every widget there is takes a new style sheet, so this comes while there are few.
FIRST = "view.theme"
#: They need a page to be shown; all others start from the history.
FROM = {
    "terminal.attach_command": "terminal",
    "terminal.close": "terminal",
    "deploy.confirm": "deploy",
    "deploy.stop": "deploy",
    "view.history": "overview",
}
#: What is quietly right when there is nothing for it to do.
MAY_REST = {"view.primary", "view.refresh", "terminal.close"}
#: They open a dialog, at once or when something was read for it.
ASKING = {
    *("tenant.new", "tenant.edit", "tenant.delete", "key.new", "key.import", "help.shortcuts"),
    *("project.new", "project.edit", "project.delete", "git.token"),
    *("git.push", "git.push_lease", "git.show_incoming", "git.switch"),
}
SENTENCE = re.compile(r"[“\w].*[.]", re.DOTALL)
#: What at least can and cannot be done in a state, so that no state is another one by mistake.
CAN = {
    "no project": {"tenant.new"},
    "not cloned": {"project.clone", "project.delete", "key.new"},
    "clone failed": {"project.clone", "project.edit"},
    "clean": {"git.pull", "git.fetch", "git.switch", "runs.new", "terminal.new"},
    "ahead": {"git.push", "git.push_lease", "git.show_incoming"},
    "dirty": {"git.commit", "git.commit_push", "git.pull"},
    "conflicted": {"git.fetch", "git.show_incoming"},
    "detached": {"git.switch", "git.fetch"},
    "run at work": {"runs.stop", "git.fetch"},
    "run to review": {"runs.review", "runs.resume", "runs.attention"},
    "run failed": {"runs.attention", "git.fetch"},
    "deploying": {"deploy.stop", "deploy.launch"},
}
CANNOT = {
    "no project": {"project.clone", "git.push", "runs.new", "deploy.launch", "project.new"},
    "not cloned": {"git.push", "git.pull", "runs.new", "terminal.new", "git.open_folder"},
    "clone failed": {"git.push", "runs.new"},
    "clean": {"project.clone", "git.push", "git.commit", "runs.stop", "deploy.stop"},
    "ahead": {"git.commit"},
    "dirty": {"git.push", "git.fetch_rebase"},
    "conflicted": {"git.commit", "git.push", "git.pull", "git.switch", "git.fetch_rebase"},
    "detached": {"git.push", "git.pull", "git.show_incoming", "git.push_lease"},
    "run at work": {"runs.review", "runs.merge", "runs.retire"},
    "run to review": {"runs.stop", "runs.merge"},
    "run failed": {"runs.stop", "runs.merge", "runs.retire"},
    "deploying": {"deploy.confirm"},
}


class _Watch:
    """What happened in the window since the test began, as values that can be compared."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stage = stage
        self.started: list[str] = []
        self.outside: list[str] = []
        self.failed: list[str] = []
        start = stage.desk.jobs.start

        def started(title: str, *args: Any, **named: Any) -> object:
            if not named.get("quiet"):
                self.started.append(title)
            return start(title, *args, **named)

        def open_url(url: QUrl) -> bool:
            self.outside.append(url.toString())
            return True

        monkeypatch.setattr(stage.desk.jobs, "start", started)
        monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
        stage.desk.jobs.failed.connect(self._failed)

    def _failed(self, record: JobRecord) -> None:
        if not record.quiet:
            self.failed.append(f"{record.title}: {record.trouble}")

    def work(self) -> tuple[object, ...]:
        """What must not come of an action that is not available."""
        return (len(self.started), len(self.outside), len(_dialogs()))

    def traces(self) -> tuple[object, ...]:
        """One of these is another one after an action that was available."""
        window, desk = self.stage.window, self.stage.desk
        return (
            *self.work(),
            window.isVisible(),
            window.stack.currentWidget(),
            window.palette_.isVisible(),
            window.drawer.isVisible(),
            tuple(map(id, window.toasts.shown)),
            desk.project,
            desk.theme.choice,
            len(desk.jobs.shown),
            QApplication.focusWidget(),
        )

    def calm(self) -> None:
        """Until no verb and no look at the checkout is under way, and terminals can open."""
        desk, project = self.stage.desk, self.stage.desk.project
        looks = [("status", project.id)] if project else []

        def idle() -> bool:
            records = [record for record in desk.jobs.records if record.alive]
            known = desk.terminals is None or desk.terminals.keeper.ready
            known = known or self.stage.window.closing
            return known and all(one.quiet and one.lane not in looks for one in records)

        self.stage.qtbot.waitUntil(idle)

    def tidy(self) -> None:
        """Close what has opened."""
        for dialog in _dialogs():
            dialog.reject()
        window = self.stage.window
        window.palette_.shut()
        if window.drawer.isVisible():
            window.drawer.shut()
        self.stage.wait(lambda: not _dialogs())


@pytest.fixture(params=STATES, ids=lambda name: name.replace(" ", "-"))
def scene(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Scene]:
    """A project in this state, shown."""
    made = STATES[request.param](stage)
    made.name = request.param
    try:
        yield made
    finally:
        made.end()


def test_every_action_works_or_says_why_not(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, watch = scene.stage, _Watch(scene.stage, monkeypatch)
    scene.show()
    could, refused = set[str](), set[str]()
    where = ""
    for action in _in_order():
        wanted = FROM.get(action.id, "history")
        if where != wanted:
            stage.desk.go(wanted)
        watch.calm()
        reason = action.unavailable(stage.desk)
        (refused if reason else could).add(action.id)
        assert action.title_for(stage.desk), action.id
        if reason:
            _refused(watch, action, reason)
        else:
            _works(watch, action)
        watch.tidy()
        where = wanted if reason else ""  # what was refused has left everything as it was
    assert could >= CAN[scene.name], CAN[scene.name] - could
    assert refused >= CANNOT[scene.name], CANNOT[scene.name] - refused
    doomed = "Clone gone: " if scene.name == "clone failed" else "none"
    assert [said for said in watch.failed if not said.startswith(doomed)] == []


def _in_order() -> list[Action]:
    rank = {name: number for number, name in enumerate(LAST)} | {FIRST: -2}
    return sorted(every_action(), key=lambda action: rank.get(action.id, -1))


def _refused(watch: _Watch, action: Action, reason: str) -> None:
    before = watch.work()
    watch.stage.desk.run_action(action.id)
    assert SENTENCE.fullmatch(reason), f"{action.id}: {reason}"
    assert reason in watch.stage.window.toasts.shown[-1].accessibleName(), action.id
    QApplication.processEvents()
    assert watch.work() == before, action.id


def _works(watch: _Watch, action: Action) -> None:
    before = watch.traces()
    watch.stage.desk.run_action(action.id)
    if action.id in ASKING:
        _wait(watch, lambda: bool(_dialogs()), f"{action.id} opened no dialog")
    elif action.id not in MAY_REST:
        _wait(watch, lambda: watch.traces() != before, f"{action.id} left no trace")
    watch.calm()


def _wait(watch: _Watch, condition: Callable[[], bool], otherwise: str) -> None:
    try:
        watch.stage.wait(condition)
    except Exception as error:
        raise AssertionError(otherwise) from error


def _dialogs() -> list[QDialog]:
    tops = QApplication.topLevelWidgets()
    return [top for top in tops if isinstance(top, QDialog) and top.isVisible()]
