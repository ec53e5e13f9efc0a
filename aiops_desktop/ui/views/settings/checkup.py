"""The check-up: what the program works with, whether it is well, and a button where it can help."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.doctor import Finding
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import (
    FORM,
    STRETCH,
    clear,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.text import counted, tr

_LOOKS = {
    True: ("check-circle", "success"),
    False: ("x-circle", "danger"),
    None: ("minus-circle", "muted"),
}


class Checkup(QWidget):
    """Reads by itself when it is seen: asking every program for its version takes a moment."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, kit = desk, desk.kit
        self.found: list[Finding] = []
        self._token = 0
        self._line = kit.line()
        self._line.hide()
        self._said = words("", "muted")
        self._wrong = words("", "", "danger")
        self._wrong.hide()
        self.again = kit.button(tr("Look again"), "arrows-clockwise", self.look)
        self._shown: QVBoxLayout = vbox(gap=0)
        column = vbox(
            hbox(label(tr("Check-up"), "title"), STRETCH, self.again),
            self._said,
            self._wrong,
            8,
            self._shown,
            STRETCH,
            gap=4,
        )
        inner = holder(column)
        inner.setMaximumWidth(FORM + 160)
        row = hbox((inner, 10), (QWidget(), 1), margins=(24, 14, 24, 16), gap=0)
        self.setLayout(vbox(self._line, (scroller(holder(row)), 1), gap=0))

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: look."""
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Look at everything again."""
        if not self._desk.ready or self._desk.house.doctor is None:
            return
        doctor = self._desk.house.doctor
        self._token += 1
        token = self._token
        self._line.set_part(None)
        self._line.show()
        self.again.setEnabled(False)

        def rest() -> None:
            if token == self._token:
                self._line.hide()
                self._line.set_part(0)
                self.again.setEnabled(True)

        def show(found: list[Finding]) -> None:
            if token == self._token:
                self._show(found)

        self._desk.read(lambda _job: doctor.look(), show, trouble=self._fail, ended=rest)

    def repair(self, finding: Finding) -> None:
        """Do what the finding offers, then look again."""
        doctor = self._desk.house.doctor
        if doctor is None:
            return
        self._wrong.hide()
        self._desk.start(
            tr("Repair {title}", title=finding.title),
            lambda _job: doctor.fix(finding.fix),
            trouble=self._fail,
            ended=self.look,
        )

    def _fail(self, trouble: Trouble) -> None:
        self._wrong.setText(str(trouble))
        self._wrong.show()

    def _show(self, found: list[Finding]) -> None:
        self.found = found
        clear(self._shown)
        wrong = sum(1 for one in found if one.ok is False)
        self._said.setText(
            counted(wrong, "{n} thing is not well.", "{n} things are not as they should be.")
            if wrong
            else tr("Everything the program needs is there.")
        )
        for one in sorted(found, key=lambda one: one.ok is not False):
            self._shown.addWidget(self._row(one))
            self._shown.addWidget(hline())

    def _row(self, one: Finding) -> QWidget:
        kit = self._desk.kit
        icon, tone = _LOOKS[one.ok]
        title = label(one.title, "strong" if one.ok is False else "")
        title.setFixedWidth(128)
        hint = one.hint if one.ok is not True and one.hint and one.hint not in one.detail else ""
        said = vbox(
            words(one.detail, "small"), words(hint, "small", "text") if hint else None, gap=2
        )
        button = None
        if one.fix:
            button = kit.button(tr("Repair"), "wrench", lambda: self.repair(one), small=True)
            refused = self._desk.refusal("doctor.fix")
            button.setEnabled(not refused)
            button.setToolTip(refused or one.does)
            button.setAccessibleName(tr("Repair {title}", title=one.title))
        made = holder(
            hbox(
                vbox(kit.glyph(icon, tone), STRETCH),
                vbox(title, STRETCH),
                (holder(said), 1),
                vbox(button, STRETCH) if button else None,
                gap=10,
                margins=(0, 8, 0, 8),
            )
        )
        made.setAccessibleName(f"{one.title}: {one.detail}")
        return made
