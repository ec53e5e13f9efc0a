"""What is seen while the window is locked: who locked it, a field, and that work goes on."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from aiops_desktop.domain.operators import OperatorSaved
from aiops_desktop.domain.states import RunState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, hline, holder, label, vbox
from aiops_desktop.ui.statusline import version
from aiops_desktop.ui.text import age, counted, tr

#: Width of the column in the middle.
_WIDTH = 320


class LockScreen(QWidget):
    """Covers the whole window. Nothing of a tenant stands on it.

    `unlocked` is emitted with the operator who is at the desk now.
    """

    unlocked = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Locked"))
        self._desk, kit = desk, desk.kit
        self._since = datetime.now(UTC)
        self._who = label("", "muted")
        self.email = kit.edit("name@host")
        self.passphrase: QLineEdit = peek(kit, kit.edit(secret=True))
        self._fields = {
            "email": Field(kit, tr("E-mail"), self.email),
            "passphrase": Field(kit, tr("Passphrase"), self.passphrase),
        }
        self._email = holder(self._fields["email"].layout)
        self._email.hide()
        self.other = kit.button(tr("Other operator…"), "", self._turn)
        self.button = kit.button(tr("Unlock"), "", self.submit, primary=True)
        self._goes_on = label("", "")
        self._waits = label("", "", "warning")
        self._build()
        window.installEventFilter(self)
        self._clock = QTimer(self)
        self._clock.setInterval(30_000)
        self._clock.timeout.connect(self._tell)
        self._clock.start()
        desk.status_changed.connect(lambda _project: self._tell())
        self.setGeometry(window.rect())
        self._sessions = 0
        self._tell()
        self._count()

    def _build(self) -> None:
        kit = self._desk.kit
        self._terminals = kit.glyph("terminal-window", "muted")
        self._hourglass = kit.glyph("hourglass-medium", "warning")
        self._rule = hline()
        column = vbox(
            kit.glyph("lock", "muted", 20),
            label(tr("Locked"), "title"),
            self._who,
            8,
            self._email,
            self._fields["passphrase"].layout,
            6,
            hbox(self.other, STRETCH, self.button),
            12,
            self._rule,
            8,
            hbox(self._terminals, (self._goes_on, 1), gap=10),
            hbox(self._hourglass, (self._waits, 1), gap=10),
            gap=6,
        )
        middle = hbox(STRETCH, holder(column, width=_WIDTH), STRETCH)
        foot = holder(
            hbox(
                label(tr("aiops {version}", version=version()), "small"),
                STRETCH,
                label(tr("Nothing of a tenant is shown or searched while locked"), "small"),
                margins=(12, 0, 12, 0),
            ),
            "statusline",
            height=26,
        )
        self.setLayout(vbox((holder(vbox(STRETCH, middle, STRETCH, STRETCH)), 1), foot, gap=0))

    # What a person does ----------------------------------------------------------------------

    def take_focus(self) -> None:
        """The field that is to be filled first."""
        (self.email if self._asks_email else self.passphrase).setFocus()

    def submit(self) -> None:
        """Try the passphrase; the field forgets it."""
        desk = self._desk
        if not self.button.isEnabled():
            return
        email = self.email.text().strip() if self._asks_email else ""
        if self._asks_email and not email:
            self._fields["email"].wrong(tr("Write name@host."))
            self.email.setFocus()
            return
        text = self.passphrase.text()
        self.passphrase.clear()
        self._fields["email"].wrong("")
        self.button.setEnabled(False)
        house = desk.house

        def done(saved: OperatorSaved) -> None:
            desk.announce(saved.changes)
            self.unlocked.emit(saved.operator)

        desk.read(
            lambda _job: house.operators.unlock(text, email),
            done,
            trouble=self._wrong,
            ended=lambda: self.button.setEnabled(True),
        )

    def _wrong(self, trouble: Trouble) -> None:
        self._fields["passphrase"].wrong(str(trouble))
        self.passphrase.setFocus()

    def _turn(self) -> None:
        """Sign in as another operator, or as the same one again."""
        asks = not self._asks_email
        self._email.setVisible(asks)
        name = self._desk.operator.name if self._desk.operator else ""
        self.other.setText(name if asks else tr("Other operator…"))
        self._fields["passphrase"].wrong("")
        self._who.setVisible(not asks)
        self.take_focus()

    @property
    def _asks_email(self) -> bool:
        return not self._email.isHidden()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter tries; nothing goes on to the window below."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    # What goes on ----------------------------------------------------------------------------

    def _count(self) -> None:
        house = self._desk.house

        def count(_job: Job) -> int:
            return sum(len(one.windows) for one in house.sessions.inventory().sessions)

        def counted_(found: int) -> None:
            self._sessions = found
            self._tell()

        self._desk.read(count, counted_, lane="lock")

    def _tell(self) -> None:
        operator, runs = self._desk.operator, self._desk.living_runs
        since = age(self._since)
        name = operator.name if operator else ""
        self._who.setText(tr("{name}, for {time}", name=name, time=since) if since != tr("now")
                          else name)  # fmt: skip
        working = sum(1 for run in runs if run.state in (RunState.STARTING, RunState.WORKING))
        waiting = sum(1 for run in runs if run.state is RunState.WAITING)
        terminals = counted(self._sessions, "{n} terminal", "{n} terminals")
        at_work = counted(working, "{n} run", "{n} runs")
        both = tr("{terminals} and {runs} go on", terminals=terminals, runs=at_work)
        one = tr("{what} go on", what=terminals if self._sessions else at_work)
        self._goes_on.setText(both if self._sessions and working else one)
        self._waits.setText(
            counted(waiting, "{n} run waits for an answer", "{n} runs wait for an answer")
        )
        for part in (self._terminals, self._goes_on):
            part.setVisible(bool(self._sessions or working))
        for part in (self._hourglass, self._waits):
            part.setVisible(bool(waiting))
        self._rule.setVisible(bool(self._sessions or working or waiting))
