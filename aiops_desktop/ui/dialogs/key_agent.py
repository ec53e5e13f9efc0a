"""Load a key into the tenant's own agent for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import KeysLoaded
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import moment, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine

#: Words and minutes; None is the tenant's own rule, 0 until it is locked.
_TIMES: tuple[tuple[str, int | None], ...] = (
    ("As the tenant's rules say", None),
    ("15 minutes", 15),
    ("1 hour", 60),
    ("8 hours", 480),
    ("Until it is locked", 0),
)


class LoadKeyDialog(Dialog):
    """Asks for how long, and into whose agent."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        super().__init__(
            desk,
            parent,
            tr("Load {name} into the agent", name=line.key.name),
            tr(
                "Terminals of {tenant} can then use it without its passphrase.",
                tenant=line.tenant.name,
            ),
            verb=tr("Load key"),
        )
        self._line = line
        self.minutes = self.kit.choice(*(tr(said) for said, _minutes in _TIMES))
        self.own, row = self.kit.switch(
            tr("Into my own ssh-agent instead"), tr("Every tenant's tools can use it there.")
        )
        self.fields = {"minutes": Field(self.kit, tr("For how long"), self.minutes)}
        self.body.addLayout(self.fields["minutes"].layout)
        self.body.addLayout(row)
        self.minutes.setFocus()

    def submit(self) -> None:
        """Load it; a passphrase is asked for by the job."""
        house, line = self.desk.house, self._line
        minutes, own = _TIMES[self.minutes.currentIndex()][1], self.own.isChecked()
        self.work(
            tr("Load key {name}", name=line.key.name),
            lambda job: house.agents.load(
                line.tenant.id, job, [line.key.id], minutes=minutes, own=own
            ),
            done=self._loaded,
        )

    def _loaded(self, made: object) -> None:
        if isinstance(made, KeysLoaded):
            until = tr("Until {when}", when=moment(made.until)) if made.until else ""
            self.desk.toast("lock-key-open", tr("The agent holds {name}",
                            name=self._line.key.name), until)  # fmt: skip
