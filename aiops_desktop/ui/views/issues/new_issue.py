"""The form for a new issue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QWidget

from aiops_desktop.domain.issues import IssueDraft, IssueSaved, SyncState
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import (
    FORM,
    MARGIN,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.looks import people
from aiops_desktop.ui.views.runs.notice_slot import NoticeSlot


class NewIssue(QWidget):
    """Title, text, labels and people.

    Signals:
        made(IssueSaved): it is on the forge.
        left: Cancel.
    """

    made = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._kit = desk, desk.kit
        self._project: Project | None = None
        self._syncs: tuple[SyncState, ...] = ()
        self._labels: list[str] = []
        self._people: list[str] = []
        self._build()

    def open_for(self, project: Project, syncs: Sequence[SyncState]) -> None:
        """Begin; what was typed for the same project stays."""
        if self._project is None or self._project.id != project.id:
            self._clear()
        self._project, self._syncs = project, tuple(syncs)
        chosen = self.where.currentData()
        self.where.clear()
        for state in syncs:
            self.where.addItem(state.title, state.link_id)
        self.where.setCurrentIndex(max(0, self.where.findData(chosen)))
        self._where.setVisible(len(self._syncs) > 1)
        title = self._syncs[0].title if len(self._syncs) == 1 else ""
        self._subtitle.setText(tr("It is made in {where}.", where=title) if title else "")
        self.notice.put(None)
        self.title.setFocus()

    def press_primary(self) -> None:
        """Create the issue."""
        if self.make.isEnabled():
            self._create()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self.notice = NoticeSlot()
        self._subtitle = words("", "muted")
        self.title = kit.edit(tr("What is wrong, or what is wanted"))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(160)
        self.where = kit.choice()
        self.labels: QPushButton = kit.button("", "tag", self._choose_labels)
        self.people: QPushButton = kit.button("", "user", self._choose_people)
        self.hidden = kit.check(tr("Members of the project only"))
        self.fields = {
            "title": Field(kit, tr("Title"), self.title),
            "text": Field(kit, tr("Description"), self.text, tr("Markdown works.")),
            "where": Field(kit, tr("Forge"), self.where),
            "labels": Field(kit, tr("Labels"), self.labels),
            "people": Field(kit, tr("Assignee"), self.people),
        }
        self._where = holder(self.fields["where"].layout)
        side = hbox(
            (holder(self.fields["labels"].layout), 1),
            (holder(self.fields["people"].layout), 1),
            gap=16,
        )
        form = vbox(
            label(tr("New issue"), "title"),
            self._subtitle,
            8,
            self.fields["title"].layout,
            self.fields["text"].layout,
            self._where,
            side,
            self.hidden,
            STRETCH,
            gap=10,
            margins=(MARGIN, 16, MARGIN, 16),
        )
        inner = holder(form)
        inner.setMaximumWidth(FORM + 2 * MARGIN)
        self.make: QPushButton = kit.button(tr("Create issue"), "", self._create, primary=True)
        cancel = kit.button(tr("Cancel"), "", self.left.emit)
        shell = holder(hbox((inner, 1000), STRETCH, gap=0))
        self.setLayout(
            vbox(
                self.notice,
                (scroller(shell), 1),
                hline(),
                bar(STRETCH, cancel, self.make),
                gap=0,
            )
        )
        self._show_choices()

    # Choosing --------------------------------------------------------------------------------

    @property
    def _state(self) -> SyncState | None:
        wanted = self.where.currentData()
        return next((state for state in self._syncs if state.link_id == wanted), None)

    def _choose_labels(self) -> None:
        state = self._state
        names = [(one.name, one.name) for one in state.labels] if state else []
        self._choose(self.labels, names, self._labels)

    def _choose_people(self) -> None:
        state = self._state
        names = list(people(state.members).items()) if state else []
        self._choose(self.people, names, self._people)

    def _choose(
        self, button: QPushButton, names: Sequence[tuple[str, str]], chosen: list[str]
    ) -> None:
        menu = QMenu(self)
        if not names:
            menu.addAction(tr("The forge told of none yet. Sync first.")).setEnabled(False)
        for value, shown in names:
            action = menu.addAction(shown.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.toggled.connect(partial(self._toggle, chosen, value))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _toggle(self, chosen: list[str], value: str, on: bool) -> None:
        if on:
            chosen.append(value)
        else:
            chosen.remove(value)
        self._show_choices()

    def _show_choices(self) -> None:
        self.labels.setText(", ".join(self._labels) or tr("None"))
        self.people.setText(", ".join(self._people) or tr("Nobody"))
        self.labels.setAccessibleName(tr("Labels: {names}", names=self.labels.text()))
        self.people.setAccessibleName(tr("Assignee: {names}", names=self.people.text()))

    # Creating --------------------------------------------------------------------------------

    def _create(self) -> None:
        project = self._project
        if project is None:
            return
        for field in self.fields.values():
            field.wrong("")
        if not self.title.text().strip():
            self.fields["title"].wrong(tr("Say what it is about."))
            self.title.setFocus()
            return
        draft = IssueDraft(
            project.id,
            self.title.text(),
            self.text.toPlainText(),
            tuple(self._labels),
            tuple(self._people),
            self.where.currentData(),
            self.hidden.isChecked(),
        )
        house = self._desk.house
        self._set_busy(True)
        self._desk.start(
            tr("Create issue “{title}”", title=draft.title.strip()),
            lambda job: house.issues.create(draft, job),
            done=self._done,
            trouble=self._trouble,
            ended=lambda: self._set_busy(False),
            project_id=project.id,
        )

    def _done(self, saved: IssueSaved) -> None:
        self._clear()
        self.made.emit(saved)

    def _trouble(self, trouble: Trouble) -> None:
        if trouble.field in self.fields:
            self.fields[trouble.field].wrong(str(trouble))
        else:
            self.notice.put(trouble_banner(self._kit, trouble))

    def _set_busy(self, busy: bool) -> None:
        self.make.setEnabled(not busy)
        self.make.setText(tr("Creating…") if busy else tr("Create issue"))

    def _clear(self) -> None:
        self.title.clear()
        self.text.clear()
        self.hidden.setChecked(False)
        self._labels, self._people = [], []
        self._show_choices()
