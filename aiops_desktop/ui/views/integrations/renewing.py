"""Where a server can replace its token by itself: how long the new one lives, and the button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.integrations import TOKEN_DAYS, TOKEN_MOST, Integration
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import STRETCH, hbox, label, vbox, words
from aiops_desktop.ui.text import counted, tr

_DAYS = (30, TOKEN_DAYS, 180, TOKEN_MOST)


class Renewing(QWidget):
    """Stands above the steps to a token that is pasted."""

    def __init__(self, desk: Desk, one: Integration, renew: Callable[[int], object]) -> None:
        """`renew` is called with the days the new token is to live."""
        super().__init__()
        kit = desk.kit
        self.days = kit.choice()
        self.days.setAccessibleName(tr("How long the new token lives"))
        for days in _DAYS:
            self.days.addItem(counted(days, "for {n} day", "for {n} days"), days)
        self.days.setCurrentIndex(_DAYS.index(TOKEN_DAYS))
        self.button = kit.button(
            tr("Rotate on the server"),
            "arrows-clockwise",
            lambda: renew(self.days.currentData()),
        )
        self._reason = one.not_renewed(datetime.now(UTC)) or desk.refusal(
            "integrations.tokens.renew"
        )
        about = self._reason or tr(
            "{host} makes the new token and ends the old one at once. Whatever else uses the old"
            " one needs the new one, too.",
            host=one.host,
        )
        self.button.setToolTip(self._reason)
        self.set_busy(False)
        self.setLayout(
            vbox(
                label(tr("Let the server make it"), "section"),
                words(about, "muted" if self._reason else ""),
                hbox(self.button, self.days, STRETCH),
                4,
                gap=6,
            )
        )

    def set_busy(self, busy: bool) -> None:
        """Something else of the form is under way."""
        self.button.setEnabled(not (busy or self._reason))
        self.days.setEnabled(not (busy or self._reason))
