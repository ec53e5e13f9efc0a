"""One run: what was asked, what happened, what it used, and the next sensible step."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from aiops_desktop.domain.runs import Assistant, Run, RunEvent, RunState, RunUpdate, Usage
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    retone,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.text import moment, tr
from aiops_desktop.ui.views.runs.follow import Follower
from aiops_desktop.ui.views.runs.looks import (
    NextStep,
    assistant_label,
    assistant_title,
    can_resume,
    facts,
    heading,
    look,
    next_step,
    rest_of_prompt,
    usage_line,
)
from aiops_desktop.ui.views.runs.notice_slot import NoticeSlot
from aiops_desktop.ui.views.runs.question import QuestionStrip
from aiops_desktop.ui.views.runs.steps import Folded
from aiops_desktop.ui.views.runs.timeline import Timeline

PROSE = 720
_PROMPT_LINES = 3


class RunView(QWidget):
    """Shows a run and follows it while it is seen.

    Signals:
        asked(str): the primary button's verb was pressed: "review", "merge", "push" or "retire".
        said(str): the person wrote what the assistant should do next, or an answer.
        stop_wanted: Stop was pressed.
        moved(Run): the run was read anew.
    """

    asked = Signal(str)
    said = Signal(str)
    stop_wanted = Signal()
    moved = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._kit = desk, desk.kit
        self.run: Run | None = None
        self._assistants: Mapping[str, Assistant] = {}
        self._hunks: int | None = None
        self._ahead = 0
        self._usage = Usage()
        self._step: NextStep | None = None
        self._busy = ""
        self._told: tuple[RunState, str] | None = None
        self._build()
        self.follower = Follower(desk, self.timeline.steps, self)
        self.follower.updated.connect(self._updated)
        self.follower.failed.connect(self._failed)
        self._tick = QTimer(self)
        self._tick.setInterval(1_000)
        self._tick.timeout.connect(self._show_usage)

    # What is shown ---------------------------------------------------------------------------

    def show_run(self, run: Run, assistants: Mapping[str, Assistant], ahead: int) -> None:
        """Show a run; the same run is followed on."""
        other = self.run is None or run.id != self.run.id
        if other:
            self._hunks, self._usage, self._busy = None, run.usage, ""
            self.say.clear()
            self.notice.put(None)
            self.question.put(None, "")
            self._whole, self._told = False, None
        self.run, self._assistants, self._ahead = run, assistants, ahead
        self._desk.run = run
        self._refill()
        self.follower.watch(run)

    def set_counts(self, hunks: int, counts: Mapping[str, tuple[int, int]]) -> None:
        """How many hunks a review would show, and lines by file."""
        self._hunks = hunks
        self.timeline.steps.set_counts(counts)
        self._show_bar()

    def set_busy(self, words_: str) -> None:
        """A verb on this run is under way ("Merging…"); "" when it has ended."""
        self._busy = words_
        self._show_bar()

    def press_primary(self) -> None:
        """Do the next sensible step."""
        if self.primary.isVisible() and self.primary.isEnabled():
            self.primary.click()

    def focus_say(self, text: str = "") -> None:
        """Put the cursor where the assistant is told what to do next."""
        if text:
            self.say.setText(text)
        self.say.setFocus()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.timeline = Timeline(self._desk.theme)
        self.notice = NoticeSlot()
        self.usage = Elided("", "small", Qt.TextElideMode.ElideRight)
        self.question = QuestionStrip(self._kit)
        self.question.chosen.connect(self.said)
        self._newest = self._kit.button(
            tr("Newest"), "arrow-down", self.timeline.follow, small=True
        )
        self._newest.setAccessibleName(tr("Go to the newest step and follow it"))
        self._newest.hide()
        self.timeline.following.connect(lambda on: self._newest.setVisible(not on))
        usage = bar(self.usage, STRETCH, self._newest, height=32)
        self.setLayout(
            vbox(
                self._head(),
                hline(),
                self.notice,
                (self.timeline, 1),
                hline(),
                usage,
                self.question,
                hline(),
                self._bar(),
                gap=0,
            )
        )

    def _head(self) -> QWidget:
        self.title = Elided("", "title", Qt.TextElideMode.ElideRight)
        self._glyph = self._kit.glyph("circle", "muted")
        self._word = label("")
        self.prompt = words("")
        self.prompt.setMaximumWidth(PROSE)
        self._whole = False
        self._more = self._kit.link(tr("Show the whole prompt"), self._unfold)
        self.facts = Elided("", "small", Qt.TextElideMode.ElideRight)
        self._label = label("", "fine", "warning")
        self._labelled = holder(
            hbox(self._kit.glyph("info", "warning", 14), self._label, STRETCH, gap=6)
        )
        top = hbox(self.title, STRETCH, self._glyph, self._word, gap=6)
        return holder(
            vbox(
                top,
                self.prompt,
                hbox(self._more, STRETCH),
                hbox(self.facts, STRETCH),
                self._labelled,
                gap=4,
                margins=(MARGIN, 12, MARGIN, 12),
            )
        )

    def _bar(self) -> QWidget:
        self.say: QLineEdit = self._kit.edit()
        send = self.say.addAction(
            self._kit.icon("paper-plane-right", "muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        send.setToolTip(tr("Send"))
        send.triggered.connect(self._send)
        self.say.returnPressed.connect(self._send)
        self._working = label("", "muted")
        self.retire: QPushButton = self._kit.button(
            tr("Retire"), "archive", lambda: self.asked.emit("retire")
        )
        self.stop: QPushButton = self._kit.button(
            tr("Stop"), "stop", self.stop_wanted.emit, danger=True
        )
        self.primary: QPushButton = self._kit.button("", "", self._press, primary=True)
        return bar((self.say, 1), (self._working, 1), self.retire, self.stop, self.primary)

    # Filling ---------------------------------------------------------------------------------

    def _refill(self) -> None:
        run = self.run
        if run is None:
            return
        shown = look(run.state)
        self.title.setText(heading(run))
        self._glyph.show_icon(shown.icon, shown.tone)
        self._word.setText(shown.word)
        retone(self._word, tone=shown.tone)
        self._word.setToolTip(moment(run.finished or run.created))
        self._show_prompt(rest_of_prompt(run))
        title = assistant_title(run.assistant, self._assistants)
        self.facts.setText(facts(run, title))
        note = assistant_label(run.assistant, self._assistants)
        self._label.setText(note)
        self._labelled.setVisible(bool(note))
        self._show_error(run, title)
        self.timeline.set_placeholder(
            tr("{who} is starting.", who=title) if run.state.alive else tr("It reported nothing.")
        )
        if run.state.alive:
            self._tick.start()
        else:
            self._tick.stop()
        self._show_usage()
        self._show_bar()

    def _show_error(self, run: Run, who: str) -> None:
        """Why it failed, or what is odd about it while it works; said once for each sentence."""
        if (run.state, run.error) == self._told:
            return
        self._told = (run.state, run.error)
        if not run.error:
            if run.state.alive:
                self.notice.put(None)
            return
        failed = run.state is RunState.FAILED
        title = tr("{who} failed", who=who) if failed else look(run.state).word
        look_ = ("x-circle", "danger", "fail") if failed else ("warning-circle", "warning", "warn")
        self.notice.put(Banner(self._kit, *look_, title, run.error))

    def _show_prompt(self, text: str) -> None:
        lines = text.splitlines()
        long = len(lines) > _PROMPT_LINES or len(text) > 420
        shown = text if self._whole or not long else "\n".join(lines[:_PROMPT_LINES])[:400] + " …"
        self.prompt.setText(shown)
        self.prompt.setVisible(bool(text))
        self._more.setVisible(long and not self._whole)

    def _unfold(self) -> None:
        self._whole = True
        if self.run:
            self._show_prompt(rest_of_prompt(self.run))

    def _show_usage(self) -> None:
        if self.run:
            self.usage.setText(usage_line(self.run, self._usage))

    def _show_bar(self) -> None:
        run = self.run
        if run is None:
            return
        who = assistant_title(run.assistant, self._assistants)
        known = self._assistants.get(run.assistant)
        goes_on = can_resume(run) and (known is None or known.resumable)
        waits = run.state is RunState.WAITING
        self.say.setVisible((goes_on or waits) and not self._busy)
        self.say.setPlaceholderText(
            tr("Answer {who}", who=who) if waits else tr("Tell {who} what to do next", who=who)
        )
        self.say.setAccessibleName(self.say.placeholderText())
        plain = self._busy or (tr("{who} is at work.", who=who) if run.state.alive else "")
        self._working.setText(plain)
        self._working.setVisible(not self.say.isVisibleTo(self))
        self.stop.setVisible(run.state.alive)
        self._step = next_step(run, self._hunks, self._ahead)
        step = self._step
        self.primary.setVisible(step is not None)
        if step is not None:
            self.primary.setText(step.words)
            icon = self._kit.icon(step.icon, "on_accent") if step.icon else None
            self.primary.setIcon(icon or QIcon())
        self.primary.setEnabled(not self._busy)
        over = not run.state.alive and run.state is not RunState.RETIRED
        self.retire.setVisible(over and (step is None or step.verb != "retire"))
        self.retire.setEnabled(not self._busy)

    # What happens ----------------------------------------------------------------------------

    def _press(self) -> None:
        if self._step is not None:
            self.asked.emit(self._step.verb)

    def _send(self) -> None:
        text = self.say.text().strip()
        if text:
            self.said.emit(text)

    def _updated(self, update: RunUpdate, folded: Folded) -> None:
        if self.run is None or update.run.id != self.run.id:
            return
        measured = (update.run.added, update.run.removed, update.run.files)
        if measured != (self.run.added, self.run.removed, self.run.files):
            self._hunks = None
        self.run = self._desk.run = update.run
        self._usage = folded.usage or update.run.usage
        waits = update.run.state is RunState.WAITING
        question: RunEvent | None = folded.question if waits else None
        self.question.put(question, assistant_title(update.run.assistant, self._assistants))
        self._refill()
        self.moved.emit(update.run)

    def _failed(self, trouble: Trouble) -> None:
        self.timeline.set_placeholder(str(trouble))
