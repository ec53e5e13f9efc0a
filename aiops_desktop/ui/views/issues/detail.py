"""One issue: what it says, who works on it, what people wrote under it, and what one can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from aiops_desktop.domain.forges import Comment
from aiops_desktop.domain.issues import Issue, IssueDetail, IssueState
from aiops_desktop.domain.runs import Run
from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import (
    BAR,
    MARGIN,
    STRETCH,
    Sheds,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    retone,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.markdown import Markdown
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.issues.comment_box import CommentBox
from aiops_desktop.ui.views.issues.facts import Facts
from aiops_desktop.ui.views.issues.looks import look, people

#: Comments that are rendered at once; earlier ones when they are asked for.
SHOWN = 30
#: Height of the pane below which the field for a comment is one line.
LOW = 560


class IssueView(QWidget):
    """The reading pane.

    Signals:
        menu_wanted(QMenu): fill the menu of further verbs.
        said(str): a comment is to be sent.
        drafted(int, str): an issue's draft is another one.
    """

    menu_wanted = Signal(object)
    said = Signal(str)
    drafted = Signal(int, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._kit = desk, desk.kit
        self.issue: Issue | None = None
        self._talk: tuple[Comment, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._earlier = SHOWN
        self._build()

    # What is shown ---------------------------------------------------------------------------

    def show_issue(
        self,
        found: IssueDetail,
        run: Run | None,
        where: str,
        host: str,
        *,
        told_above: bool = False,
    ) -> None:
        """Show an issue; the same one keeps its scroll position and what is typed.

        Args:
            found: with its comments.
            run: the last assist run about it.
            where: project and tenant, "" when that is clear.
            host: where comments go to.
            told_above: a strip says already why the forge does not answer.
        """
        other = self.issue is None or self.issue.id != found.issue.id
        self.issue = issue = found.issue
        seen = look(issue)
        self._number.setText(f"#{issue.number}")
        self._glyph.show_icon(seen.icon, seen.tone)
        self._state.setText(seen.word)
        retone(self._state, tone=seen.tone)
        own = issue.original if issue.original not in ("", "opened", "open", "closed") else ""
        self._state.setToolTip(tr("The forge says “{word}”.", word=own) if own else "")
        self._where.setText(where)
        self._where.setVisible(bool(where))
        self._title.setText(issue.title)
        self.facts.show_facts(found, run)
        self._body.show_text("issue.md", issue.body or tr("*It has no description.*"))
        if other:
            self._earlier = SHOWN
        self._show_talk(found.talk, people(found.members))
        self._stale.setText(found.stale)
        self._stale.setVisible(bool(found.stale) and not told_above)
        told = tr("Shown on {host}", host=host) if host else ""
        self.comment.open_for(
            issue.id,
            found.draft,
            told,
            stale=found.stale,
            refused=self._desk.refusal("issues.comment"),
        )
        self._show_verbs(issue)
        if other:
            self._scroll.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Low windows give the issue the room."""
        super().resizeEvent(event)
        self.comment.set_slim(self.height() < LOW)

    def press_primary(self) -> None:
        """Start run."""
        self.start.click()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        kit, run = self._kit, self._desk.run_action
        self._number = label("", "mono-muted")
        self._glyph = kit.glyph("circle", "muted")
        self._state = label("", "", "muted")
        self.browser = kit.tool(
            "arrow-square-out", tr("Open on the forge"), lambda: run("issues.browser")
        )
        self.edit = kit.tool("pencil-simple", tr("Edit"), lambda: run("issues.edit"))
        self.more = kit.tool("dots-three", tr("More"), self._unfold)
        self.close_button: QPushButton = kit.button(tr("Close issue"), "", self._close)
        self.start: QPushButton = kit.button(
            tr("Start run"), "robot", lambda: run("issues.run"), primary=True
        )
        head = bar(
            self._number,
            self._glyph,
            self._state,
            STRETCH,
            self.edit,
            self.browser,
            self.more,
            self.close_button,
            self.start,
            height=BAR,
        )
        Sheds(head, (460, self.close_button))
        self._where = label("", "small")
        self._title = words("", "title")
        self.facts = Facts(self._desk)
        self._stale = words("", "fine", "warning")
        self._stale.hide()
        self._body = Markdown(self._desk.theme)
        self._comments = vbox(gap=12)
        inner = vbox(
            self._where,
            self._title,
            self.facts,
            self._stale,
            hline(),
            self._body,
            self._comments,
            STRETCH,
            gap=10,
            margins=(MARGIN, 12, MARGIN, 16),
        )
        self._scroll = scroller(holder(inner, "page"))
        self.comment = CommentBox(kit)
        self.comment.sent.connect(self.said)
        self.comment.rested.connect(self.drafted)
        self.setLayout(vbox(head, hline(), (self._scroll, 1), hline(), self.comment, gap=0))

    def _show_verbs(self, issue: Issue) -> None:
        closed = issue.state is IssueState.CLOSED
        self.close_button.setText(tr("Reopen issue") if closed else tr("Close issue"))
        refused = self._desk.refusal("issues.reopen" if closed else "issues.close")
        gone = tr("It is not on the forge any more.") if issue.gone else ""
        self.close_button.setEnabled(not (refused or gone))
        self.close_button.setToolTip(refused or gone)
        self.browser.setEnabled(bool(issue.url))
        no_edit = self._desk.refusal("issues.edit") or gone
        self.edit.setEnabled(not no_edit)
        self.edit.setToolTip(no_edit or tr("Edit"))
        project = self._desk.projects.get(issue.project_id)
        cloned = project is not None and project.state is CheckoutState.READY
        why_not = "" if cloned else tr("Assistants work on a clone, and the project is not cloned.")
        why_not = self._desk.refusal("runs.start") or gone or why_not
        self.start.setEnabled(not why_not)
        self.start.setToolTip(why_not)

    def _close(self) -> None:
        closed = self.issue is not None and self.issue.state is IssueState.CLOSED
        self._desk.run_action("issues.reopen" if closed else "issues.close")

    def _unfold(self) -> None:
        menu = QMenu(self)
        self.menu_wanted.emit(menu)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    # Comments --------------------------------------------------------------------------------

    def _show_talk(self, talk: Sequence[Comment], names: Mapping[str, str]) -> None:
        now = (tuple(talk), tuple(names.items()), self._earlier)
        if now == self._shown:
            return
        self._shown, self._talk = now, tuple(talk)
        clear(self._comments)
        if not talk:
            return
        self._comments.addWidget(hline())
        hidden = len(talk) - self._earlier
        if hidden > 0:
            text = counted(hidden, "Show {n} earlier comment", "Show {n} earlier comments")
            link = self._kit.link(text, lambda: self._show_earlier(names))
            self._comments.addWidget(holder(hbox(link, STRETCH)))
        for said in talk[max(0, hidden) :]:
            self._comments.addWidget(self._comment(said, names))

    def _show_earlier(self, names: Mapping[str, str]) -> None:
        self._earlier += 10 * SHOWN
        self._show_talk(self._talk, names)

    def _comment(self, said: Comment, names: Mapping[str, str]) -> QWidget:
        when = label(age(said.created), "small")
        when.setToolTip(moment(said.created))
        hidden = label(tr("internal"), "small", "warning") if said.internal else None
        text = Markdown(self._desk.theme)
        text.show_text("comment.md", said.body)
        who = label(names.get(said.author, said.author) or tr("Somebody"), "strong")
        made = holder(vbox(hbox(who, when, hidden, STRETCH), text, gap=2))
        made.setAccessibleName(tr("Comment of {who}", who=said.author or tr("somebody")))
        return made
