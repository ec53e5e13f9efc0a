"""The base of every dialog: title, subtitle, body, and buttons with the primary one last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import DIALOG, hbox, hline, holder, label, retone, vbox, words
from aiops_desktop.ui.text import tr

T = TypeVar("T")


class Dialog(QDialog):
    """A decision that blocks. Stays open while its verb works; field errors stand at the fields.

    Use `open()`, never `exec()`: the window goes on.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        title: str,
        subtitle: str = "",
        *,
        verb: str,
        danger: bool = False,
        width: int = DIALOG,
        cancel: str = "",
    ) -> None:
        """`verb` names the primary button by verb and object."""
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self.setWindowTitle(title)
        self.setModal(True)
        self.setFixedWidth(width)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields: dict[str, Field] = {}
        self.heading = label(title, "title")
        self.heading.setWordWrap(True)
        self.subtitle = words(subtitle, "muted")
        if not subtitle:
            self.subtitle.hide()
        self.body = vbox(gap=12)
        self.said = words("", "fine")
        self.cancel = self.kit.button(cancel or tr("Cancel"), "", self.reject)
        self.accept_button: QPushButton = self.kit.button(
            verb, "", self.submit, primary=not danger, danger=danger
        )
        self.accept_button.setDefault(not danger)
        self.accept_button.setAutoDefault(not danger)  # Enter alone does nothing dangerous
        self.cancel.setAutoDefault(False)
        self.buttons = hbox((self.said, 1), self.cancel, self.accept_button, margins=(24, 0, 16, 0))
        foot = holder(self.buttons, "bar", height=56)
        top = vbox(self.heading, self.subtitle, gap=4)
        self.setLayout(
            vbox(
                holder(vbox(top, self.body, gap=16, margins=(24, 20, 24, 20))), hline(), foot, gap=0
            )
        )

    def submit(self) -> None:
        """The primary button: override. Call `self.work(...)` to run the verb."""
        self.accept()

    def work(
        self,
        title: str,
        verb: Callable[..., object],
        *,
        done: Callable[[object], None] | None = None,
        project_id: int | None = None,
    ) -> None:
        """Run the verb as a job with the dialog open; closes it when it ended well."""
        self.set_busy(True)
        for field in self.fields.values():
            field.wrong("")
        self.say("")

        def finished(result: object) -> None:
            if done:
                done(result)
            if self.lives:
                self.accept()

        def failed(trouble: Trouble) -> None:
            if not self.lives:  # closed meanwhile: the trouble is told above the page
                self.desk.banner_wanted.emit(project_id, trouble)
                return
            self.set_busy(False)
            self.show_trouble(trouble)

        def ended() -> None:
            if self.lives and self.isVisible():  # stopped: nothing was told
                self.set_busy(False)

        self.desk.start(
            title,
            verb,
            done=finished,
            trouble=failed,
            ended=ended,
            project_id=project_id,
        )

    def read(
        self,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        trouble: Callable[[Trouble], None] | None = None,
    ) -> None:
        """Read something for the dialog; what comes after it was closed is dropped."""

        def finished(result: T) -> None:
            if self.lives:
                done(result)

        def failed(problem: Trouble) -> None:
            if self.lives:
                (trouble or self.show_trouble)(problem)

        self.desk.read(work, finished, trouble=failed)

    @property
    def lives(self) -> bool:
        """Whether the dialog is still there; a closed one is deleted soon."""
        return bool(shiboken6.isValid(self))

    def show_trouble(self, trouble: Trouble) -> None:
        """At its field, or beside the buttons."""
        field = self.fields.get(trouble.field)
        if field:
            field.wrong(str(trouble))
            field.control.setFocus()
        else:
            self.say(str(trouble), "danger")

    def say(self, text: str, tone: str = "muted") -> None:
        """A sentence beside the buttons."""
        self.said.setText(text)
        retone(self.said, tone=tone)

    def set_busy(self, busy: bool) -> None:
        """While the verb works the fields rest."""
        self.accept_button.setEnabled(not busy)
        for field in self.fields.values():
            field.control.setEnabled(not busy)

    def event(self, event: QEvent) -> bool:
        """As high as its content needs, also when a field says something or a row comes later."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)  # it may have deleted this object: touch nothing after it
        handled = super().event(event)
        layout = self.layout()
        if layout and self.isVisible():
            layout.activate()
            high = max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height())
            self.resize(self.width(), min(high, self.screen().availableGeometry().height() - 48))
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, Ctrl+Enter the primary one."""
        strong = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        enter, at = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter), self.focusWidget()
        if enter and strong:
            if self.accept_button.isEnabled():
                self.submit()
            return
        if enter and isinstance(at, QPushButton):
            at.click()  # Qt would press the default button, whichever has the focus
            return
        super().keyPressEvent(event)
