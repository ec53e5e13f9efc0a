"""The round: every step done in the window like a person does it, and checked at the far end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.domain.deployments import DeploymentState
from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.runs import Assistant, Run, RunState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.services import demo
from aiops_desktop.ui.demo.hand import Hand, NotSeen
from aiops_desktop.ui.demo.report import Report, Step, Watch
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.toasts import Toast
from aiops_desktop.ui.views.diff.view import DiffView
from aiops_desktop.ui.views.runs.page import RunsPage
from aiops_desktop.ui.views.welcome.page import WelcomePage

W = TypeVar("W", bound=QWidget)

#: What the assistant is asked. A scripted model answers to these words.
PROMPT = "Say on each host when the play has ended"
#: Seconds an assistant or a playbook may take.
LONG = 240.0
_ANSWER = 6 * 7
_COMMAND = 'echo "demo $((6*7)) in $(basename "$PWD")"'


@dataclass(frozen=True, slots=True)
class Model:
    """A Codex and the model server it shall speak to; empty: the built-in demo assistant."""

    url: str = ""
    command: str = "codex"


class Round:
    """Goes round once. `go` never raises: what went wrong stands in the report."""

    def __init__(
        self, desk: Desk, window: QWidget, report: Report, model: Model, limit: float
    ) -> None:
        """`limit` is how many seconds anything in the window may take."""
        self._desk, self._window, self._report, self._model = desk, window, report, model
        self._hand = Hand(desk, limit)
        self._discarded: tuple[str, str] = ("", "")
        self._steps: tuple[tuple[str, Callable[[], str]], ...] = (
            ("first start", self._first),
            ("demo data", self._load),
            ("clone", self._clone),
            ("terminal", self._terminal),
            ("assist run", self._assist),
            ("review", self._review),
            ("commit", self._commit),
            ("merge", self._merge),
            ("push", self._push),
            ("deploy", self._deploy),
            ("history", self._history),
        )

    def go(self) -> None:
        """Do the steps until one does not happen."""
        self._report.steps = [Step(name) for name, _ in self._steps]
        for number, (name, act) in enumerate(self._steps, 1):
            step, watch = self._report.steps[number - 1], Watch()
            try:
                step.evidence = act()
                self._hand.calm()
                self._hand.dismiss(Toast)
                step.ok = True
            except (NotSeen, Trouble) as problem:
                step.evidence = str(problem)
            except Exception as bug:
                step.evidence = f"{type(bug).__name__}: {bug}"
            step.seconds = watch.seconds
            self._report.picture(self._window, number, name)
            print(f"  {'✓' if step.ok else '✗'} {name}: {step.evidence}", flush=True)
            if not step.ok:
                return

    # Steps -----------------------------------------------------------------------------------

    def _first(self) -> str:
        guide = self._hand.see("the guide of the first start", lambda: self._shown(WelcomePage))
        known = self._hand.ask(self._desk.house.tenants.all)
        if known:
            raise NotSeen("The data folder is not fresh: it holds tenants.")
        return f"{type(guide).__name__} on an empty data folder, {self._desk.layout.data}"

    def _load(self) -> str:
        hand, desk = self._hand, self._desk
        hand.press("Load")
        wanted = sum(len(names) for names in demo.DEMO.values())
        hand.see("the demo's projects", lambda: len(desk.projects) == wanted)
        house = desk.house
        hand.ask(self._configure)
        hand.row("Tenants and projects", self._name)
        hand.see("the project", lambda: desk.project and desk.project.name == self._name)
        project = self._project
        self._report.remote = project.remote_url
        tip = hand.ask(lambda: demo.tip(house, project))
        return (
            f"{len(desk.tenants)} tenants and {wanted} projects; {project.remote_url} has main "
            f"at {tip[:8]}"
        )

    def _configure(self) -> None:
        """End what a demo of before left in tmux; terminals start the shell.

        Codex, when there is a model for it, speaks to that alone.
        """
        house = self._desk.house
        for tenant in house.tenants.all():
            house.sessions.end_all(house.tenants.room(tenant.id))
        house.settings.save({"assistants.default_tool": "shell"})
        if self._model.url:
            tenant = house.tenants.find(next(iter(demo.DEMO)))
            demo.use_model(house, tenant.id, self._model.url, self._model.command)

    def _clone(self) -> str:
        hand, project, house = self._hand, self._project, self._desk.house
        hand.press("Clone")
        hand.see("the clone", lambda: self._project.state is CheckoutState.READY)
        head = hand.ask(lambda: house.repositories.log(project.id, limit=1))[0].id
        _same("The checkout", head, hand.ask(lambda: demo.tip(house, project)))
        return f"{project.checkout} is at {head[:8]}, like the remote"

    def _terminal(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        hand.tab("Terminal")
        hand.press("Open terminal")
        screen = hand.see("a terminal", lambda: self._shown(TerminalWidget))
        hand.see("the shell's prompt", lambda: screen.running and screen.text().strip())
        hand.click(screen)
        QTest.keyClicks(screen, _COMMAND)
        QTest.keyClick(screen, Qt.Key.Key_Return)
        answer = f"demo {_ANSWER} in {project.checkout.name}"
        hand.see(f"the answer “{answer}”", lambda: answer in screen.text().splitlines())
        sessions = hand.ask(lambda: house.sessions.all(project.tenant_id))
        own = next((one for one in sessions if one.name.endswith("-shell")), None)
        if own is None:
            raise NotSeen("No session of the tenant was found; the demo needs tmux.")
        self._report.session = own.name
        return f"typed “{_COMMAND}”, saw “{answer}”; attach with “{own.attach_command}”"

    def _assist(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        chosen = self._assistant(hand.ask(lambda: house.runs.assistants(project.id)))
        hand.tab("Runs")
        hand.press("New run")
        hand.fill("What should be done", PROMPT)
        hand.row("Assistant", chosen.title)
        hand.see(f"{chosen.title} chosen", lambda: self._page.form.chosen == chosen)
        hand.press("Start run")
        hand.see("the run", lambda: self._desk.run is not None)
        hand.see("the end of the run", lambda: not self._run.state.alive, LONG)
        if self._run.state is not RunState.READY:
            raise NotSeen(f"The run is {self._run.state.value}. {self._run.error}".strip())
        hand.see("the button of the review", lambda: self._page.view.primary.isVisible())
        run = self._run
        self._report.assistant = chosen.labelled or f"{chosen.title} {chosen.version}".strip()
        return f"{run.branch}: {run.files} files, +{run.added} −{run.removed} in {run.worktree}"

    def _review(self) -> str:
        hand = self._hand
        hand.press("Review")
        review = self._page.review
        hand.see("the files of the run", lambda: review.isVisible() and review.list.paths)
        file = next((one for one in review.files if len(one.hunks) > 1), review.files[0])
        hand.row("Files of the run", file.path)
        diff: DiffView = review.diff
        hand.see("its diff", lambda: diff.diff is not None and diff.diff.path == file.path)
        before = review.decisions.tally()
        hunk = file.hunks[0]
        added = [line.text.strip() for line in hunk.lines if line.kind == "+" and line.text.strip()]
        self._discarded = (file.path, added[0] if added else "")
        diff.setFocus()
        QTest.keyClick(diff, Qt.Key.Key_Delete)
        hand.see("one hunk discarded", lambda: review.decisions.tally().discarded == 1)
        now = review.decisions.tally()
        if not now.kept:
            raise NotSeen("The run has one hunk only, so nothing would be left to commit.")
        return (
            f"discarded hunk 1 of {file.path} (“{self._discarded[1]}”); "
            f"{now.kept} of {before.hunks} hunks kept"
        )

    def _commit(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        branch = self._run.branch
        hand.press("Commit kept hunks")
        hand.see("the commit", lambda: self._run.state is RunState.COMMITTED)
        made = hand.ask(lambda: house.repositories.log(project.id, limit=1, ref=branch))[0]
        _same("The run's branch", made.id, self._run.commit)
        path, gone = self._discarded
        text = hand.ask(lambda: (self._run.worktree / path).read_text("utf-8"))
        if gone and gone in text:
            raise NotSeen(f"The discarded line is still in {path}.")
        return f"{made.id[:8]} “{made.summary}” by {made.author_name} on {branch}"

    def _merge(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        hand.press("Merge into")
        hand.see("the merge", lambda: self._run.state is RunState.MERGED)
        head = hand.ask(lambda: house.repositories.log(project.id, limit=1))[0]
        _same("The project's branch", head.id, self._run.commit)
        return f"main of {project.checkout} is at {head.id[:8]}"

    def _push(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        head = hand.ask(lambda: house.repositories.log(project.id, limit=1))[0].id
        hand.press("Push", self._page.view)
        dialog = hand.see("the push dialog", self._dialog)
        hand.press("Push", dialog)
        hand.see("nothing left to push", lambda: self._ahead() == 0)
        _same("The remote", hand.ask(lambda: demo.tip(house, project)), head)
        path, gone = self._discarded
        if gone and gone in hand.ask(lambda: demo.file_at(house, project, path, "main")):
            raise NotSeen(f"The discarded line arrived in {path}.")
        self._report.commit = head
        return f"refs/heads/main of {project.remote_url} is {head}"

    def _deploy(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        output = project.checkout / demo.PLAYBOOK_OUTPUT
        if output.exists():
            raise NotSeen(f"{output} was there before the playbook ran.")
        hand.tab("Deploy")
        hand.row("Templates", "site.yml")
        hand.press("Deploy")
        hand.see(
            "the end of the playbook",
            lambda: any(d.state.over for d in hand.ask(lambda: house.deployments.all(project.id))),
            LONG,
        )
        last = hand.ask(lambda: house.deployments.all(project.id))[0]
        if last.state is not DeploymentState.SUCCESS:
            raise NotSeen(f"The playbook ended with {last.state.value}. {last.message}".strip())
        text = _written(output)
        self._report.playbook_output = str(output)
        return f"{output} was written: “{text}”"

    def _history(self) -> str:
        hand, house, project = self._hand, self._desk.house, self._project
        hand.tab("History")
        events = hand.ask(lambda: house.history.all(EventFilter(project_id=project.id)))
        verbs = [event.verb for event in reversed(events)]
        missing = [verb for verb in _TOLD if verb not in verbs]
        if missing:
            raise NotSeen(f"The history lacks {', '.join(missing)}; it has {', '.join(verbs)}.")
        hand.see("the rows of the history", lambda: self._rows_of_history() >= len(_TOLD))
        return f"{len(events)} events: {', '.join(verbs)}"

    # What they look at -----------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return next(iter(demo.DEMO.values()))[0]

    @property
    def _project(self) -> Project:
        found = next((p for p in self._desk.projects.values() if p.name == self._name), None)
        if found is None:
            raise NotSeen(f"The project {self._name} is not there.")
        return found

    @property
    def _page(self) -> RunsPage:
        return self._window.findChildren(RunsPage)[0]

    @property
    def _run(self) -> Run:
        if self._desk.run is None:
            raise NotSeen("The Runs page shows no run.")
        return self._desk.run

    def _shown(self, kind: type[W]) -> W | None:
        return next((one for one in self._window.findChildren(kind) if one.isVisible()), None)

    def _dialog(self) -> QWidget | None:
        from aiops_desktop.ui.dialogs.push import PushDialog

        tops = QApplication.topLevelWidgets()
        return next((top for top in tops if isinstance(top, PushDialog) and top.isVisible()), None)

    def _ahead(self) -> int | None:
        status = self._desk.status
        return status.ahead if status else None

    def _assistant(self, found: list[Assistant]) -> Assistant:
        wanted = "codex" if self._model.url else "demo"
        usable = {one.id: one for one in found if one.available}
        chosen = usable.get(wanted) or usable.get("demo")
        if chosen is None:
            raise NotSeen("Neither Codex nor the demo assistant can be used.")
        return chosen

    def _rows_of_history(self) -> int:
        from PySide6.QtWidgets import QAbstractItemView

        from aiops_desktop.ui.views.history.page import HistoryPage

        page = self._shown(HistoryPage)
        views = page.findChildren(QAbstractItemView) if page else []
        return max((view.model().rowCount() for view in views), default=0)


#: Verbs of the history the round leaves, in this order.
_TOLD = ("clone", "open session", "run", "discard", "commit", "merge", "push", "deploy")


def _same(what: str, found: str, wanted: str) -> None:
    if found != wanted:
        raise NotSeen(f"{what} is at {found[:8] or 'nothing'}, not at {wanted[:8]}.")


def _written(path: Path) -> str:
    try:
        return " ".join(path.read_text("utf-8").split())
    except OSError as error:
        raise NotSeen(f"{path} cannot be read: {error.strerror}.") from error
