"""The secret store: where its data key lies, open or locked, and what is kept in it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.secrets import Place, SecretsChanged, SecretsStatus, StoreState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.dialogs.secret_over import StartOverDialog
from aiops_desktop.ui.dialogs.secret_place import NAMES, DataKeyDialog
from aiops_desktop.ui.parts.kit import Field
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

#: State → words, icon, tone.
LOOKS = {
    StoreState.EMPTY: ("Nothing is kept yet", "minus-circle", "muted"),
    StoreState.OPEN: ("Open", "lock-key-open", "success"),
    StoreState.LOCKED: ("Locked", "lock-key", "warning"),
    StoreState.SILENT: ("The keyring does not answer", "warning-circle", "warning"),
    StoreState.LOST: ("The data key is lost", "x-circle", "danger"),
}


class SecretStore(QWidget):
    """A section of the settings that reads by itself: a keyring may take seconds to answer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, kit = desk, desk.kit
        self.status: SecretsStatus | None = None
        self._token = 0
        self._line = kit.line()
        self._line.hide()
        self._shown: QVBoxLayout = vbox(gap=4)
        self.passphrase = peek(kit, kit.edit(secret=True))
        self._field = Field(kit, tr("Passphrase of the secret store"), self.passphrase)
        self.unlock_button = kit.button(tr("Unlock"), "lock-key-open", self.unlock)
        self.lock_button = kit.button(tr("Lock"), "lock-key", self.lock)
        self.move_button = kit.button(tr("Change place…"), "", self._move)
        self.rekey_button = kit.button(tr("New data key…"), "arrows-clockwise", self._rekey)
        self.over_button = kit.button(tr("Start over…"), "", self._start_over, danger=True)
        self._ask = holder(vbox(self._field.layout))
        self._said = words("", "", "danger")
        self._said.hide()
        self._kept: QVBoxLayout = vbox(gap=0)
        column = vbox(
            label(tr("Secret store"), "title"),
            words(tr("Tokens and passphrases, encrypted and bound to whom they belong."), "muted"),
            12,
            self._shown,
            8,
            self._ask,
            self._said,
            hbox(
                self.unlock_button,
                self.lock_button,
                self.move_button,
                self.rekey_button,
                self.over_button,
                STRETCH,
            ),
            12,
            hline(),
            8,
            self._kept,
            STRETCH,
            gap=4,
        )
        inner = holder(column)
        inner.setMaximumWidth(FORM)
        area = scroller(holder(hbox((inner, 10), (QWidget(), 1), margins=(24, 14, 24, 16), gap=0)))
        self.setLayout(vbox(self._line, (area, 1), gap=0))
        self.passphrase.returnPressed.connect(self.unlock)
        self.passphrase.textChanged.connect(lambda _text: self._look())
        desk.changed.connect(self._changed)
        self._look()

    # Reading ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: look how it stands."""
        super().showEvent(event)
        self.look()

    def _changed(self, changes: Changes) -> None:
        if changes.touched & (Touched.SETTINGS | Touched.KEYS) and self.isVisible():
            self.look()

    def look(self) -> None:
        """Read how the store stands."""
        if not self._desk.ready:
            return
        safe = self._desk.house.safe
        self._token += 1
        token = self._token
        self._line.set_part(None)
        self._line.show()

        def read(_job: Job) -> SecretsStatus:
            return safe.status()

        def done(status: SecretsStatus) -> None:
            if token == self._token:
                self._line.hide()
                self.show_status(status)

        def failed(trouble: Trouble) -> None:
            if token == self._token:
                self._line.hide()
                self._fail(trouble)

        self._desk.read(read, done, trouble=failed)

    def show_status(self, status: SecretsStatus) -> None:
        """Show how it stands."""
        self.status = status
        kit = self._desk.kit
        clear(self._shown)
        put = self._shown.addWidget
        said, icon, tone = LOOKS[status.state]
        put(_line(tr("State"), kit.state(icon, tr(said), tone)))
        place = tr(NAMES[status.place]) if status.place else tr("Nowhere yet")
        put(_line(tr("Data key"), label(place)))
        put(words(status.sentence, "muted"))
        if status.warning:
            glyph = vbox(kit.glyph("warning", "warning"), STRETCH, margins=(0, 1, 0, 0))
            put(holder(hbox(glyph, (words(status.warning, "", "warning"), 1))))
        if status.place is not Place.KEYRING and status.can_keyring and status.place:
            put(words(tr("A keyring answers on this computer; the data key could lie there."),
                      "small"))  # fmt: skip
        clear(self._kept)
        number = len(status.kept)
        self._kept.addWidget(
            label(counted(number, "{n} secret is kept", "{n} secrets are kept"), "section")
        )
        self._kept.addSpacing(4)
        if number:
            lost = status.state is StoreState.LOST
            self._kept.addWidget(
                words(
                    tr("These must be entered again:")
                    if lost
                    else tr("Should the data key be lost, these must be entered again:"),
                    "",
                    "danger" if lost else "",
                )
            )
        for text in status.kept:
            glyph = vbox(kit.glyph("minus", "muted"), STRETCH, margins=(0, 1, 0, 0))
            self._kept.addWidget(holder(hbox(glyph, (words(text), 1), margins=(0, 3, 0, 3))))
        self._look()

    def _look(self) -> None:
        status = self.status
        state = status.state if status else None
        under = bool(status and status.place is Place.PASSPHRASE)
        shut = state in (StoreState.LOCKED, StoreState.SILENT)
        self._ask.setVisible(shut and under)
        self.unlock_button.setVisible(shut)
        self.unlock_button.setEnabled(not under or bool(self.passphrase.text()))
        self.lock_button.setVisible(state is StoreState.OPEN)
        self.move_button.setVisible(state in (StoreState.OPEN, StoreState.EMPTY))
        self.rekey_button.setVisible(state is StoreState.OPEN)
        self.over_button.setVisible(state is StoreState.LOST)

    # Doing -----------------------------------------------------------------------------------

    def lock(self) -> None:
        """Close it."""
        safe = self._desk.house.safe
        self._run(tr("Lock the secret store"), lambda _job: safe.lock())

    def unlock(self) -> None:
        """Open it with what was typed; the field forgets it."""
        if not self.unlock_button.isEnabled() or self.unlock_button.isHidden():
            return
        safe, text = self._desk.house.safe, self.passphrase.text()
        self.passphrase.clear()
        self._run(tr("Unlock the secret store"), lambda _job: safe.unlock(text))

    def _run(self, title: str, verb: object) -> None:
        buttons = (self.lock_button, self.unlock_button, self.move_button, self.rekey_button)
        for button in buttons:
            button.setEnabled(False)
        self._said.hide()

        def ended() -> None:
            for button in buttons:
                button.setEnabled(True)
            self._look()

        self._desk.start(
            title,
            verb,  # type: ignore[arg-type]  # one of the two above
            done=self._done,
            trouble=self._fail,
            ended=ended,
        )

    def _done(self, made: object) -> None:
        if isinstance(made, SecretsChanged):
            self.show_status(made.status)
            title, _stop, rest = made.summary.partition(". ")
            self._desk.toast("lock-key", title.removesuffix("."), rest)

    def _fail(self, trouble: Trouble) -> None:
        self._said.setText(str(trouble))
        self._said.show()
        if self.isVisible() and not self._ask.isHidden():
            self.passphrase.setFocus()

    def _move(self) -> None:
        if self.status:
            DataKeyDialog(self._desk, over(), self.status, moves=True).open()

    def _rekey(self) -> None:
        if self.status:
            DataKeyDialog(self._desk, over(), self.status, moves=False).open()

    def _start_over(self) -> None:
        if self.status:
            StartOverDialog(self._desk, over(), self.status).open()


def _line(name: str, said: QWidget) -> QWidget:
    left = label(name, "muted")
    left.setFixedWidth(104)
    return holder(hbox(left, said, STRETCH), height=28)
