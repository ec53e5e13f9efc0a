"""The form for a new issue, and for one that is there and is to be written anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from aiops_desktop.domain.issues import Issue, IssueDraft, IssueEdit, IssueSaved, SyncState
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import Clash, Trouble
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
    reveal,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.choosing import Names, offer_milestones
from aiops_desktop.ui.views.issues.looks import people
from aiops_desktop.ui.views.runs.notice_slot import NoticeSlot


class IssueForm(QWidget):
    """Title, text, labels, people and the milestone.

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
        #: The issue that is written anew, as it was when that began; None: a new one.
        self.seen: Issue | None = None
        self._syncs: tuple[SyncState, ...] = ()
        self._build()

    def open_for(self, project: Project, syncs: Sequence[SyncState]) -> None:
        """Begin a new one; what was typed for the same project stays."""
        if self._project is None or self._project.id != project.id or self.seen is not None:
            self._clear()
        self._project, self.seen = project, None
        self._heading.setText(tr("New issue"))
        self._offer(syncs)
        title = self._syncs[0].title if len(self._syncs) == 1 else ""
        self._subtitle.setText(tr("It is made in {where}.", where=title) if title else "")
        self._begin(tr("Create issue"))

    def open_edit(self, issue: Issue, sync: SyncState | None) -> None:
        """Begin to change one; what was typed for it and is not saved stays."""
        if self.seen is None or self.seen.id != issue.id or not self.changed:
            self.seen = issue
            self._show(issue)
        self._project = self._desk.projects.get(issue.project_id)
        self._heading.setText(tr("Edit #{n}", n=issue.number))
        self._offer([sync] if sync else [])
        self._subtitle.setText(sync.title if sync else "")
        self._begin(tr("Save issue"))

    @property
    def changed(self) -> bool:
        """Whether an issue that is written anew is not saved as it stands."""
        return self.seen is not None and self._edit(self.seen) != IssueEdit()

    def press_primary(self) -> None:
        """Create or save the issue."""
        if self.make.isEnabled():
            self._save()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self.notice = NoticeSlot()
        self._heading = label("", "title")
        self._subtitle = words("", "muted")
        self.title = kit.edit(tr("What is wrong, or what is wanted"))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(160)
        self.where = kit.choice()
        self.where.currentIndexChanged.connect(lambda _index: self._offer_known())
        self.labels = Names(kit, "tag", tr("Labels"), tr("None"))
        self.people = Names(kit, "user", tr("Assignee"), tr("Nobody"))
        self.milestone = kit.choice()
        self.hidden = kit.check(tr("Members of the project only"))
        self.fields = {
            "title": Field(kit, tr("Title"), self.title),
            "text": Field(kit, tr("Description"), self.text, tr("Markdown works.")),
            "where": Field(kit, tr("Forge"), self.where),
            "labels": Field(kit, tr("Labels"), self.labels.button),
            "assignees": Field(kit, tr("Assignee"), self.people.button),
            "milestone": Field(kit, tr("Milestone"), self.milestone),
        }
        self._where = holder(self.fields["where"].layout)
        side = hbox(
            *((holder(self.fields[name].layout), 1) for name in ("labels", "assignees")), gap=16
        )
        form = vbox(
            self._heading,
            self._subtitle,
            8,
            self.fields["title"].layout,
            self.fields["text"].layout,
            self._where,
            side,
            self.fields["milestone"].layout,
            self.hidden,
            STRETCH,
            gap=10,
            margins=(MARGIN, 16, MARGIN, 16),
        )
        inner = holder(form)
        inner.setMaximumWidth(FORM + 2 * MARGIN)
        self.make: QPushButton = kit.button("", "", self._save, primary=True)
        cancel = kit.button(tr("Cancel"), "", self.left.emit)
        shell = holder(hbox((inner, 1000), STRETCH, gap=0))
        foot = bar(STRETCH, cancel, self.make)
        self.setLayout(vbox(self.notice, (scroller(shell), 1), hline(), foot, gap=0))
        self._offer_known()

    def _begin(self, verb: str) -> None:
        self._verb = verb
        self.make.setText(verb)
        reveal(self.hidden, self.seen is None)
        self.notice.put(None)
        self.title.setFocus()

    # Choosing --------------------------------------------------------------------------------

    def _offer(self, syncs: Sequence[SyncState]) -> None:
        """The forges it can be made on, and what the chosen one has to choose from."""
        self._syncs = tuple(syncs)
        chosen = self.where.currentData()
        blocked = self.where.blockSignals(True)  # nothing is chosen anew while it is refilled
        self.where.clear()
        for state in self._syncs:
            self.where.addItem(state.title, state.link_id)
        self.where.setCurrentIndex(max(0, self.where.findData(chosen)))
        self.where.blockSignals(blocked)
        self._where.setVisible(len(self._syncs) > 1)
        self._offer_known()

    def _offer_known(self) -> None:
        wanted = self.where.currentData()
        state = next((one for one in self._syncs if one.link_id == wanted), None)
        self.labels.offer([(one.name, one.name) for one in state.labels] if state else [])
        self.people.offer(list(people(state.members).items()) if state else [])
        own = self.seen.milestone if self.seen else ""
        offer_milestones(self.milestone, state.milestones if state else (), own)

    # Saving ----------------------------------------------------------------------------------

    def _save(self) -> None:
        project = self._project
        if project is None:
            return
        for field in self.fields.values():
            field.wrong("")
        if not self.title.text().strip():
            self.fields["title"].wrong(tr("Say what it is about."))
            self.title.setFocus()
            return
        house, seen = self._desk.house, self.seen
        if seen is None:
            draft = self._draft(project)
            title = tr("Create issue “{title}”", title=draft.title.strip())
            self._run(title, partial(house.issues.create, draft), project.id, None)
        elif (edit := self._edit(seen)) == IssueEdit():
            self.left.emit()
        else:
            work = partial(house.issues.edit, seen.id, edit, seen=seen)
            self._run(tr("Edit #{n}", n=seen.number), work, project.id, ("issue", seen.id))

    def _run(self, title: str, work: partial[IssueSaved], project_id: int, lane: object) -> None:
        self._set_busy(True)
        self._desk.start(
            title,
            work,
            done=self._done,
            trouble=self._trouble,
            ended=lambda: self._set_busy(False),
            lane=lane,
            project_id=project_id,
        )

    def _draft(self, project: Project) -> IssueDraft:
        return IssueDraft(
            project.id,
            self.title.text(),
            self.text.toPlainText(),
            self.labels.chosen,
            self.people.chosen,
            self.where.currentData(),
            self.hidden.isChecked(),
            self.milestone.currentData() or "",
        )

    def _edit(self, seen: Issue) -> IssueEdit:
        """What is another than it was; the rest stays as the forge has it."""
        title, stone = " ".join(self.title.text().split()), self.milestone.currentData() or ""
        body = self.text.toPlainText()
        same = body == _lines(seen.body)  # the field knows one kind of line end only
        return IssueEdit(
            None if title == " ".join(seen.title.split()) else title,
            None if same else body,
            None if set(self.labels.chosen) == set(seen.labels) else self.labels.chosen,
            None if set(self.people.chosen) == set(seen.assignees) else self.people.chosen,
            None if stone == seen.milestone else stone,
        )

    def _done(self, saved: IssueSaved) -> None:
        self._clear()
        self.made.emit(saved)

    def _trouble(self, trouble: Trouble) -> None:
        if isinstance(trouble, Clash) and self.seen is not None:
            self._meanwhile(trouble, self.seen.id)
        elif trouble.field in self.fields:
            self.fields[trouble.field].wrong(str(trouble))
        else:
            self.notice.put(trouble_banner(self._kit, trouble))

    def _meanwhile(self, trouble: Trouble, issue_id: int) -> None:
        """Somebody else wrote: theirs can be looked at, mine stays until that is asked for."""
        house = self._desk.house

        def show(theirs: Issue) -> None:
            self.seen = theirs
            take = self._kit.button(
                tr("Take their title and text"), "", partial(self._take, theirs), small=True
            )
            self.notice.put(trouble_banner(self._kit, trouble, steps=(take,)))

        self._desk.read(lambda _job: house.issues.get(issue_id), show)

    def _take(self, theirs: Issue) -> None:
        """Put theirs into the fields; undo brings mine back."""
        self.title.selectAll()
        self.title.insert(theirs.title)
        cursor = self.text.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(theirs.body)
        self.notice.put(None)

    def _set_busy(self, busy: bool) -> None:
        self.make.setEnabled(not busy)
        doing = tr("Creating…") if self.seen is None else tr("Saving…")
        self.make.setText(doing if busy else self._verb)

    def _show(self, issue: Issue) -> None:
        self.title.setText(issue.title)
        self.text.setPlainText(issue.body)
        self.labels.choose(issue.labels)
        self.people.choose(issue.assignees)
        offer_milestones(self.milestone, (), issue.milestone)
        self.milestone.setCurrentIndex(max(0, self.milestone.findData(issue.milestone)))

    def _clear(self) -> None:
        self.title.clear()
        self.text.clear()
        self.hidden.setChecked(False)
        self.milestone.setCurrentIndex(0)
        self.labels.choose(())
        self.people.choose(())
        self.seen = None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
