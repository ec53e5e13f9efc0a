"""Offers to bring back what ran before the computer or tmux went down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    Sheds,
    clear,
    hbox,
    hline,
    holder,
    label,
    vbox,
)
from aiops_desktop.ui.text import counted, from_home, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.sessions import RememberedSession
    from aiops_desktop.ui.desk import Desk


class LostStrip(QWidget):
    """One line for all of them, and a row each when unfolded."""

    wanted = Signal(object)
    """Bring these back."""
    unwanted = Signal(object)
    """Offer these no more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("warn")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._desk = desk
        self._lost: tuple[RememberedSession, ...] = ()
        kit = desk.kit
        self._said = label("", "strong")
        self._who = Elided("", "muted", Qt.TextElideMode.ElideRight)
        self._fold = kit.button(tr("Show each"), "", self._unfold, quiet=True, small=True)
        self._later = kit.button(tr("Not now"), "", self.hide, quiet=True, small=True)
        self._all = kit.button(
            tr("Bring them back"), "", lambda: self.wanted.emit(self._lost), small=True
        )
        line = holder(
            hbox(
                kit.glyph("arrow-counter-clockwise", "warning"),
                self._said,
                self._who,
                STRETCH,
                self._fold,
                self._later,
                self._all,
                margins=(MARGIN, 0, MARGIN, 0),
            ),
            height=40,
        )
        Sheds(line, (760, self._who))
        self._rows = vbox(gap=0, margins=(MARGIN, 0, MARGIN, 8))
        self._each = holder(self._rows)
        self._each.hide()
        self.setLayout(vbox(line, self._each, hline(), gap=0))
        self.hide()

    @property
    def count(self) -> int:
        """How many are offered."""
        return len(self._lost)

    def show_lost(self, lost: Sequence[RememberedSession]) -> None:
        """Offer these; nothing to offer hides the strip."""
        other = tuple(lost) != self._lost
        self._lost = tuple(lost)
        if not lost:
            self.hide()
            return
        if not other:  # also when it was put off with "Not now"
            return
        self._said.setText(
            counted(
                len(lost),
                "{n} session was running before the restart.",
                "{n} sessions were running before the restart.",
            )
        )
        self._who.setText(tr("{counts}; programs start again in their folders.",
                             counts=self._counts()))  # fmt: skip
        self._all.setText(tr("Bring it back") if len(lost) == 1 else tr("Bring them back"))
        clear(self._rows)
        for one in lost:
            self._rows.addWidget(self._row(one))
        self.show()

    def _counts(self) -> str:
        number: dict[int, int] = {}
        for one in self._lost:
            number[one.tenant_id] = number.get(one.tenant_id, 0) + 1
        names = self._desk.tenants
        return ", ".join(
            f"{names[tenant].name} {count}" for tenant, count in number.items() if tenant in names
        )

    def _row(self, one: RememberedSession) -> QWidget:
        kit = self._desk.kit
        tenant = self._desk.tenants.get(one.tenant_id)
        project = self._desk.projects.get(one.project_id)
        path = Elided(from_home(one.folder), "mono-small")
        path.setToolTip(tr("Opened {when}", when=moment(one.opened)))
        name = one.name or (project.name if project else one.session)

        def act(signal: Callable[[object], object]) -> Callable[[], object]:
            return lambda: signal((one,))

        again = kit.button(tr("Bring back"), "", act(self.wanted.emit), small=True)
        again.setAccessibleName(tr("Bring {name} back", name=name))
        drop = kit.tool("x", tr("Offer {name} no more", name=name), act(self.unwanted.emit),
                        slim=True)  # fmt: skip
        dot = Dot(tenant.colour if tenant else "")
        program = label(one.program, "mono")
        return holder(
            hbox(dot, Elided(name), program, path, STRETCH, again, drop, margins=(24, 0, 0, 0)),
            height=32,
        )

    def _unfold(self) -> None:
        on = self._each.isHidden()
        self._each.setVisible(on)
        self._fold.setText(tr("Hide them") if on else tr("Show each"))
