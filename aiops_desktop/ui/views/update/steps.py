"""The steps of an update: state, name, what each did or does, how long it took."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.updates import Stage, Step, StepState
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    ROW,
    STRETCH,
    hbox,
    label,
    retone,
    vbox,
)
from aiops_desktop.ui.text import duration, tr

#: Step → its name, and what is said of it before it began.
NAMES = {
    Stage.FETCH: ("Fetch", "what the server has"),
    Stage.BACKUP: ("Back up", "environment and database are kept for the way back"),
    Stage.STASH: ("Set aside", "local changes, untracked files too"),
    Stage.SWITCH: ("Move", "to the new version; local changes come back"),
    Stage.DEPENDENCIES: ("Packages", "what the new version needs"),
    Stage.CHECK: ("Try out", "the new version, on a copy of the data"),
    Stage.MIGRATE: ("Database", "upgraded, after a copy of it was made"),
    Stage.RESTART: ("Restart", "terminals in tmux stay"),
}
_LOOKS = {
    StepState.WAITING: ("circle", "muted", "muted", "waiting"),
    StepState.RUNNING: ("spinner", "accent", "", "running"),
    StepState.DONE: ("check-circle", "success", "muted", "done"),
    StepState.FAILED: ("x-circle", "danger", "danger", "failed"),
    StepState.SKIPPED: ("minus", "muted", "muted", "not done"),
}


class _Row(QWidget):
    """One step."""

    def __init__(self, desk: Desk, stage: Stage) -> None:
        super().__init__()
        self._glyph = desk.kit.glyph("circle", "muted")
        self._name = label(tr(NAMES[stage][0]), "muted")
        self._name.setFixedWidth(84)
        self._said = Elided("", "muted")
        self._took = label("", "small")
        self.setFixedHeight(ROW)
        self.setLayout(hbox(self._glyph, self._name, (self._said, 20), STRETCH, self._took, gap=8))
        self.show_step(Step(stage))

    def show_step(self, step: Step) -> None:
        """Show where it stands."""
        shape, tone, said_tone, word = _LOOKS[step.state]
        self._glyph.show_icon(shape, tone)
        strong = step.state in (StepState.RUNNING, StepState.FAILED)
        waiting = step.state in (StepState.WAITING, StepState.SKIPPED)
        retone(self._name, role="strong" if strong else "muted" if waiting else "")
        said = step.said or (tr(NAMES[step.stage][1]) if waiting or strong else "")
        self._said.setText(said)
        retone(self._said, tone=said_tone)
        self._took.setText(duration(step.seconds))
        self.setAccessibleName(f"{tr(NAMES[step.stage][0])}: {tr(word)}. {said}".strip())


class Steps(QWidget):
    """All of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._count = label("", "small")
        self._rows = {stage: _Row(desk, stage) for stage in Stage}
        self.steps: dict[Stage, Step] = {}
        self.setLayout(
            vbox(
                hbox(label(tr("Steps"), "section"), STRETCH, self._count),
                4,
                *self._rows.values(),
                STRETCH,
                gap=0,
                margins=(MARGIN, 12, MARGIN, 12),
            )
        )
        self.clear()

    def clear(self) -> None:
        """Nothing has begun."""
        for stage in Stage:
            self.take(Step(stage))
        self._count.setText("")

    def take(self, step: Step) -> None:
        """One of them has got further."""
        self.steps[step.stage] = step
        self._rows[step.stage].show_step(step)
        done = sum(1 for one in self.steps.values() if one.state is StepState.DONE)
        self._count.setText(tr("{n} of {all} done", n=done, all=len(Stage)))

    def end(self) -> None:
        """What has not begun will not."""
        for step in list(self.steps.values()):
            if step.state in (StepState.WAITING, StepState.RUNNING):
                self.take(Step(step.stage, StepState.SKIPPED, tr("not reached")))
