"""How long a passphrase is kept: not at all, for the session, or in the secret store."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import vbox
from aiops_desktop.ui.text import tr


class Keeping(QWidget):
    """A choice of three; the first keeps nothing."""

    def __init__(self, desk: Desk, *, session: bool = True) -> None:
        """`session` offers to keep it until the program ends."""
        super().__init__()
        said = [
            (tr("Ask each time"), tr("It is kept nowhere."), False, False),
            (
                tr("Until the program ends or is locked"),
                tr("In memory only; “Lock all keys” forgets it."),
                True,
                False,
            ),
            (tr("In the secret store"), tr("Encrypted, for this tenant only."), False, True),
        ]
        self._ways = [way for way in said if session or not way[2]]
        self.choice = desk.kit.choice(*(way[0] for way in self._ways))
        self._field = Field(desk.kit, tr("Keep it"), self.choice, self._ways[0][1])
        self.setLayout(vbox(self._field.layout))
        self.choice.currentIndexChanged.connect(
            lambda number: self._field.explain(self._ways[number][1])
        )

    @property
    def session(self) -> bool:
        """Until the program ends or is locked."""
        return self._ways[self.choice.currentIndex()][2]

    @property
    def store(self) -> bool:
        """In the secret store."""
        return self._ways[self.choice.currentIndex()][3]
