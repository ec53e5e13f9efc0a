"""The form for a new run: what to do, who does it, and under which limits."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.runs import Assistant, Run, RunChanged, RunDraft
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import (
    FORM,
    MARGIN,
    ROW,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    retone,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.parts.rows import Cell, Column, Rows
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.runs.looks import first_line
from aiops_desktop.ui.views.runs.notice_slot import NoticeSlot

_RECENT = 8


class PromptEdit(QPlainTextEdit):
    """A field of several lines; Ctrl+Enter starts, Tab goes on to the next field."""

    sent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(tr("Say what should be different afterwards."))

    def sizeHint(self) -> QSize:
        """Six lines."""
        return QSize(200, 132)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter."""
        strong = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if strong and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sent.emit()
            return
        super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a new form begins with, such as from an issue."""

    prompt: str = ""
    assistant: str = ""
    issue_id: int | None = None
    about: str = ""
    """What the issue is called."""


class NewRun(QWidget):
    """The form.

    Signals:
        started(Run): the run has begun.
        left: Cancel.
    """

    started = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._kit = desk, desk.kit
        self._project: Project | None = None
        self._wanted = ""
        self._filled = Filled()
        self._recent: tuple[str, ...] = ()
        self._busy = False
        self._build()

    # What is shown ---------------------------------------------------------------------------

    def open_for(self, project: Project, runs: Sequence[Run], filled: Filled) -> None:
        """Begin a form for a project; what was typed for the same project stays."""
        if self._project is None or project.id != self._project.id:
            self.prompt.clear()
            self.files.clear()
        self._project = project
        if filled.prompt or not self.prompt.toPlainText().strip():
            self._filled = filled
        if filled.prompt:
            self.prompt.setPlainText(filled.prompt)
        self._wanted = filled.assistant or self._wanted
        said = tr(
            "It works in a copy of its own; nothing in your checkout changes until you merge."
        )
        if self._filled.about:
            said = tr("About {issue}. {said}", issue=self._filled.about, said=said)
        self._subtitle.setText(said)
        self._recent = tuple(dict.fromkeys(run.prompt.strip() for run in runs))[:_RECENT]
        self._recents.setVisible(bool(self._recent))
        self._clear_wrong()
        self.notice.put(None)
        self._read_assistants(project.id)
        self.prompt.setFocus()

    @property
    def chosen(self) -> Assistant | None:
        """The assistant that is chosen."""
        found = self.assistants.current()
        return found if isinstance(found, Assistant) else None

    def press_primary(self) -> None:
        """Start the run."""
        if self.start.isEnabled():
            self._start()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.notice = NoticeSlot()
        self._subtitle = words("", "muted")
        self.prompt = PromptEdit()
        self.prompt.sent.connect(self._start)
        self._recents = self._kit.link(tr("Recent prompts"), self._show_recent)
        self.assistants = Rows(
            self._desk.theme,
            (Column(""), Column("", 0)),
            self._cells,
            name=lambda item: item.title if isinstance(item, Assistant) else "",
            key=lambda item: item.id if isinstance(item, Assistant) else None,
            edge=8,
        )
        self.assistants.setFixedHeight(ROW * 3)
        self.assistants.chosen.connect(lambda _item: self._show_choice())
        self.hint = words("", "small")
        self.model = self._kit.edit(tr("As the assistant is configured"))
        self.sandbox = self._kit.choice()
        self.files = self._kit.edit(tr("such as site.yml roles/web/tasks/main.yml"), mono=True)
        self.fields = {
            "prompt": Field(self._kit, tr("What should be done"), self.prompt),
            "assistant": Field(self._kit, tr("Assistant"), self.assistants),
            "model": Field(self._kit, tr("Model"), self.model),
            "sandbox": Field(self._kit, tr("What it may do"), self.sandbox),
            "files": Field(
                self._kit,
                tr("Files"),
                self.files,
                tr("It edits these files only; others it asks for by name."),
            ),
        }
        self._files = holder(self.fields["files"].layout)
        self._sandbox = holder(self.fields["sandbox"].layout)
        side = hbox((holder(self.fields["model"].layout), 1), (self._sandbox, 1), gap=16)
        form = vbox(
            label(tr("New run"), "title"),
            self._subtitle,
            8,
            self.fields["prompt"].layout,
            hbox(self._recents, STRETCH),
            self.fields["assistant"].layout,
            self.hint,
            side,
            self._files,
            STRETCH,
            gap=8,
            margins=(MARGIN, 16, MARGIN, 16),
        )
        inner = holder(form)
        inner.setMaximumWidth(FORM + 2 * MARGIN)
        self._said = label("", "fine", "danger")
        self.start = self._kit.button(tr("Start run"), "play", self._start, primary=True)
        cancel = self._kit.button(tr("Cancel"), "", self.left.emit)
        foot = bar((self._said, 1), cancel, self.start)
        shell = holder(hbox((inner, 1000), STRETCH, gap=0))
        self.setLayout(vbox(self.notice, (scroller(shell), 1), hline(), foot, gap=0))

    def _cells(self, item: object) -> Sequence[Cell]:
        if not isinstance(item, Assistant):
            return ()
        told = item.version if item.available else item.reason
        return (
            Cell(
                item.title,
                "check-circle" if item.available else "prohibit",
                "success" if item.available else "muted",
                "text" if item.available else "muted",
                tip=item.labelled or item.path,
            ),
            Cell(told or tr("ready"), text_tone="muted", tip=told),
        )

    # Filling ---------------------------------------------------------------------------------

    def _read_assistants(self, project_id: int) -> None:
        house = self._desk.house

        def done(found: list[Assistant]) -> None:
            if self._project is None or self._project.id != project_id:
                return
            self.assistants.show_rows(found)
            self.assistants.setFixedHeight(ROW * max(1, min(6, len(found))))
            usable = [one for one in found if one.available]
            known = {one.id for one in found}
            current = self.chosen.id if self.chosen else ""
            wanted = current if current in known else self._wanted
            if wanted in known:
                self.assistants.choose(wanted)
            elif usable:
                self.assistants.choose(usable[0].id)
            else:
                self.assistants.choose_first()
            self._show_choice()

        def trouble(problem: Trouble) -> None:
            self.notice.put(trouble_banner(self._kit, problem))

        self._desk.read(lambda _job: house.runs.assistants(project_id), done, trouble=trouble)

    def _show_choice(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.fields["assistant"].wrong("")
        told = " ".join(part for part in (chosen.reason or chosen.labelled, chosen.hint) if part)
        self.hint.setText(told)
        self.hint.setVisible(bool(told))
        retone(self.hint, tone="warning" if told else "muted")
        self._files.setVisible(chosen.id == "aider")
        self._sandbox.setVisible(bool(chosen.sandboxes))
        self.sandbox.clear()
        for name in chosen.sandboxes:
            self.sandbox.addItem(_sandbox_words(name), name)
        self.start.setEnabled(chosen.available and not self._busy)
        self.start.setToolTip("" if chosen.available else chosen.reason)

    def _show_recent(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text in self._recent:
            action = menu.addAction(first_line(text)[:72].replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, prompt=text: self.prompt.setPlainText(prompt)
            )
        menu.popup(self._recents.mapToGlobal(self._recents.rect().bottomLeft()))

    # Starting --------------------------------------------------------------------------------

    def _start(self) -> None:
        project, chosen = self._project, self.chosen
        if project is None or self._busy:
            return
        self._clear_wrong()
        if not self.prompt.toPlainText().strip():
            self._wrong("prompt", tr("The assistant needs to know what to do."))
            return
        if chosen is None or not chosen.available:
            self._wrong("assistant", tr("Choose an assistant that is installed."))
            return
        try:
            files = tuple(shlex.split(self.files.text())) if chosen.id == "aider" else ()
        except ValueError:
            self._wrong("files", tr("A quotation mark is not closed."))
            return
        draft = RunDraft(
            project_id=project.id,
            prompt=self.prompt.toPlainText().strip(),
            assistant=chosen.id,
            model=self.model.text().strip(),
            sandbox=str(self.sandbox.currentData() or "") if chosen.sandboxes else "",
            files=files,
            issue_id=self._filled.issue_id,
        )
        self._set_busy(True)
        house = self._desk.house
        self._desk.start(
            tr("Start {who}", who=chosen.title),
            lambda job: house.runs.start(draft, job),
            done=self._begun,
            trouble=self._trouble,
            ended=lambda: self._set_busy(False),
            lane=("checkout", project.id),
            project_id=project.id,
        )

    def _begun(self, result: RunChanged) -> None:
        self.prompt.clear()
        self._filled = Filled()
        self.started.emit(result.run)

    def _trouble(self, problem: Trouble) -> None:
        if problem.field in self.fields:
            self._wrong(problem.field, str(problem))
        else:
            self.notice.put(trouble_banner(self._kit, problem))

    def _wrong(self, field: str, sentence: str) -> None:
        self.fields[field].wrong(sentence)
        self.fields[field].control.setFocus()

    def _clear_wrong(self) -> None:
        for field in self.fields.values():
            field.wrong("")

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.start.setText(tr("Starting…") if busy else tr("Start run"))
        self.start.setEnabled(not busy and (self.chosen is None or self.chosen.available))
        self.prompt.setReadOnly(busy)


def _sandbox_words(name: str) -> str:
    return {
        "workspace-write": tr("Change files in its own copy"),
        "read-only": tr("Read only"),
        "danger-full-access": tr("Everything on this computer"),
    }.get(name, name)
