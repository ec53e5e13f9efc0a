"""One setting as a field: its title, where its value comes from, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from aiops_desktop.domain.setting_values import parse
from aiops_desktop.domain.settings import Schema
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.controls import Choice, Switch
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone, reveal, vbox, words
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.settings.proposals import Proposals

#: Origins that are written here; values from elsewhere are stronger and stand locked.
_OURS = {"default", "settings.toml", "secret store"}
#: Pixels between a setting and the next one.
BELOW = 16


class SettingRow(QObject):
    """A setting's controls.

    Signals:
        edited: the person changed something.
        entered(str): the person is at this setting now; its path.
    """

    edited = Signal()
    entered = Signal(str)

    def __init__(self, desk: Desk, item: Schema, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk, self.item = desk, item
        self._saved: object = item.default
        self._origin = "default"
        self._advice = self._problem = ""
        self._browser: QPushButton | None = None
        self._waits = self._removing = False
        kit, known = desk.kit, item.option
        self.control = self._control()
        self.control.setAccessibleName(known.title)
        self.control.installEventFilter(self)
        self._padlock = kit.glyph("lock", "muted", 14)
        self._padlock.hide()
        self._glyph = kit.glyph("x-circle", "danger", 14)
        self._below = words(known.help, "small")
        self._note = label("", "small")
        self._restart = kit.state("arrow-clockwise", tr("after restart"), "warning", small=True)
        self._restart.hide()
        self._reset = kit.tool(
            "arrow-counter-clockwise",
            tr("Remove the stored value") if known.secret else tr("Back to the default"),
            self.reset,
            slim=True,
        )
        self._reset.hide()
        title = label(known.title)
        title.setBuddy(self.control)
        env = label(known.env, "mono-small")
        top = hbox(
            title, env, STRETCH, self._reset, self._restart, self._padlock, self._note, gap=6
        )
        below = hbox(vbox(self._glyph, STRETCH), (self._below, 1), gap=6)
        if isinstance(self.control, Switch):
            said = vbox(holder(top), below, gap=2)
            made = vbox(hbox(vbox(self.control, STRETCH), (holder(said), 1), gap=10), gap=0)
        else:
            made = vbox(holder(top), self._with_unit(), below, gap=4)
        made.addSpacing(BELOW)
        #: All of it, to be laid out and to be hidden.
        self.box = holder(made)
        blocked = self.control.blockSignals(True)
        self.put(item.default)
        self.control.blockSignals(blocked)
        self.wrong("")

    # Making ----------------------------------------------------------------------------------

    def _control(self) -> QWidget:
        kit, item = self._desk.kit, self.item
        if item.type is bool:
            switch = Switch(self._desk.theme, item.option.title)
            switch.toggled.connect(lambda _on: self._changed())
            return switch
        if item.option.choices:
            choice: Choice = kit.choice(*item.option.choices)
            choice.currentIndexChanged.connect(lambda _at: self._changed())
            return choice
        if item.option.proposals:
            proposals = Proposals(self._desk.theme, item.option.proposals)
            proposals.currentTextChanged.connect(lambda _text: self._changed())
            return proposals
        if item.option.secret:
            edit = peek(kit, kit.edit(secret=True))
        else:
            mono = item.option.kind in ("url", "folder", "file", "command")
            edit = kit.edit(str(item.default), mono=mono)
        edit.textChanged.connect(lambda _text: self._changed())
        return edit

    def _with_unit(self) -> QWidget:
        kit, kind = self._desk.kit, self.item.option.kind
        parts: list[object] = [(self.control, 1)]
        if self.item.type in (int, float):
            self.control.setFixedWidth(160)
            unit = label(self.item.option.unit, "muted")
            parts = [self.control, unit, STRETCH]
        if kind in ("folder", "file"):
            self._browser = kit.button(tr("Browse…"), "folder-open", self._browse)
            parts.append(self._browser)
        return holder(hbox(*parts))

    # Values ----------------------------------------------------------------------------------

    def show(self, value: object, origin: str, problem: str = "", *, waits: bool = False) -> None:
        """Show what is in force and where it comes from; drops what was typed.

        `problem` says of a value that is not taken why; `waits` that it counts after a restart.
        """
        self._saved, self._origin, self._waits = value, origin, waits
        blocked = self.control.blockSignals(True)
        self.put(value)
        self.control.blockSignals(blocked)
        locked = self.locked
        reveal(self._padlock, locked)
        if isinstance(self.control, QLineEdit):  # it can still be read, copied and come to
            self.control.setReadOnly(locked)
            retone(self.control, locked="true" if locked else "")
        else:
            self.control.setEnabled(not locked)
        if self._browser is not None:
            self._browser.setEnabled(not locked)
        self._help = self.item.option.help
        if locked:
            self._help = (
                tr("Set in the environment the program was started with. Change it there.")
                if origin == "environment"
                else tr("Set in {where}. Change it there.", where=origin)
            )
        self.wrong(problem)
        self._tell()

    def put(self, value: object) -> None:
        """Write a value into the control, as the person would."""
        control = self.control
        if isinstance(control, Switch):
            control.setChecked(bool(value))
            control.update()
        elif isinstance(control, Proposals):
            control.put(_text(value))
        elif isinstance(control, Choice):
            control.setCurrentIndex(max(0, control.findText(str(value))))
        elif isinstance(control, QLineEdit):
            if self.item.option.secret:
                self._removing = False
                control.clear()
                self._hint()
            else:
                control.setText(_text(value))

    @property
    def locked(self) -> bool:
        """Whether the value stands in a stronger place and is changed there."""
        return self._origin not in _OURS

    @property
    def raw(self) -> object:
        """What the control holds."""
        control = self.control
        if isinstance(control, Switch):
            return control.isChecked()
        if isinstance(control, Proposals):
            return control.value
        if isinstance(control, Choice):
            return control.currentText()
        return control.text() if isinstance(control, QLineEdit) else ""

    @property
    def dirty(self) -> bool:
        """Whether it differs from what is in force."""
        if self.item.option.secret:
            return bool(str(self.raw)) or self._removing
        if isinstance(self.control, (QLineEdit, Proposals)):
            return str(self.raw).strip() != _text(self._saved)
        return self.raw != self._saved

    @property
    def error(self) -> str:
        """Why the value cannot be taken, "" when it can."""
        try:
            parse(self.item, self.raw)
        except ValueError as error:
            return str(error)
        return ""

    @property
    def said(self) -> str:
        """What stands under the control."""
        return self._below.text()

    @property
    def waits(self) -> bool:
        """Whether it was changed and counts after a restart."""
        return self._waits

    def revert(self) -> None:
        """Drop what was typed."""
        self.show(self._saved, self._origin)

    def reset(self) -> None:
        """Back to the default, which for a secret is none; saved like any other change."""
        self.put(self.item.default)
        self._removing = self.item.option.secret
        self._hint()
        self._changed()

    def wrong(self, sentence: str) -> None:
        """Say at the field what is wrong; "" shows the advice, or the help."""
        self._problem = sentence
        help_: str = getattr(self, "_help", self.item.option.help)
        advice = f"{self._advice} {help_}" if self._advice and self.locked else self._advice
        text = sentence or advice or help_
        tone = "danger" if sentence else "warning" if self._advice else "muted"
        self._glyph.show_icon("x-circle" if sentence else "warning", tone)
        reveal(self._glyph, tone != "muted")
        self._below.setText(text)
        reveal(self._below, bool(text))
        retone(self._below, tone=tone)
        if not isinstance(self.control, Switch):
            retone(self.control, wrong="true" if sentence else "")

    def advise(self, sentence: str) -> None:
        """Say what this computer lacks for a value that is valid; "" when nothing."""
        self._advice = sentence
        self.wrong(self._problem)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The person comes to the control."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.item.path)
        return False

    def _changed(self) -> None:
        error = self.error if self.dirty else ""
        stays = "" if self.item.option.secret else _text(self._saved)
        if error and stays:
            error = tr("{error} {value} stays in use.", error=error, value=stays)
        self._advice = ""
        self.wrong(error)
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        origin = tr("settings file") if self._origin == "settings.toml" else tr(self._origin)
        self._note.setText(tr("not saved") if self.dirty else origin)
        retone(self._note, tone="text" if self.dirty else "muted")
        reveal(self._restart, self._waits or (self.item.option.restart and self.dirty))
        ours = self._origin in _OURS and self._origin != "default"
        self._reset.setVisible(ours and not self.dirty)

    def _hint(self) -> None:
        """What stands in the empty field of a secret."""
        if not (self.item.option.secret and isinstance(self.control, QLineEdit)):
            return
        if self._removing:
            said = tr("removed when you save")
        elif self._origin != "default":
            said = tr("stored; type another one to replace it")
        else:
            said = tr("none stored")
        self.control.setPlaceholderText(said)

    def _browse(self) -> None:
        control = self.control
        window = control.window()
        if self.item.option.kind == "folder":
            found = QFileDialog.getExistingDirectory(window, self.item.option.title)
        else:
            found = QFileDialog.getOpenFileName(window, self.item.option.title)[0]
        if found and isinstance(control, QLineEdit):
            control.setText(found)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
