"""The Test button of the Semaphore settings, and the checklist it answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.deployments import CheckStep
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, vbox, words
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.settings.page import SettingsPage


class SemaphoreTest(QWidget):
    """Tries what stands in the fields, saved or not."""

    def __init__(self, desk: Desk, page: SettingsPage) -> None:
        super().__init__()
        self._desk, self._page = desk, page
        self.button = desk.kit.button(tr("Test"), "check-circle", self.run)
        self._steps = vbox(gap=0)
        help_ = words(tr("Tries the values above, saved or not."), "small")
        self.setLayout(vbox(hline(), 4, hbox(self.button, (help_, 1)), self._steps, gap=8))

    def run(self) -> None:
        """Ask the server."""
        values = {
            path: row.raw
            for path, row in self._page.rows.items()
            if path.startswith("semaphore.") and not row.item.option.secret and not row.error
        }
        token = str(self._page.rows["semaphore.api_token"].raw)
        house = self._desk.house
        self.button.setEnabled(False)
        self.button.setText(tr("Testing…"))
        self._desk.start(
            tr("Test Semaphore"),
            lambda _job: house.deployments.test(values, token),
            done=self._show,
            trouble=self._fail,
            ended=self._rest,
        )

    def _rest(self) -> None:
        self.button.setEnabled(True)
        self.button.setText(tr("Test"))

    def _fail(self, trouble: Trouble) -> None:
        self._show([CheckStep(trouble.what, False, trouble.hint)])

    def _show(self, steps: list[CheckStep]) -> None:
        clear(self._steps)
        looks = {True: ("check-circle", "success"), False: ("x-circle", "danger")}
        for step in steps:
            icon, tone = (
                looks.get(step.ok, ("minus-circle", "muted"))
                if step.ok is not None
                else (
                    "minus-circle",
                    "muted",
                )
            )
            detail = step.detail or ("" if step.ok is not None else tr("not reached"))
            self._steps.addWidget(
                holder(
                    hbox(
                        vbox(self._desk.kit.glyph(icon, tone), STRETCH, margins=(0, 2, 0, 0)),
                        vbox(label(step.title), words(detail, "small") if detail else None, gap=0),
                        STRETCH,
                        margins=(0, 4, 0, 4),
                    )
                )
            )
