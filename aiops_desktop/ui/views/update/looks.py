"""What the foot of the update page says, and how lines of its log are coloured."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.domain.updates import Standing, Step, StepState
from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.text import duration, tr
from aiops_desktop.ui.views.update.steps import NAMES

_BAD = re.compile(r"^\s*(error|fatal|\[?failed|traceback|rolling back)|\berror:", re.IGNORECASE)

Said = tuple[str, str, str, str]
"""Icon, tone, the sentence, and what stands muted behind it."""


def inked(text: str) -> str:
    """Commands and headings strong, what went wrong in red, as a terminal would."""
    if text.startswith("$ "):
        return f"\x1b[1m{text}\x1b[0m"
    if text.startswith("== "):
        return f"\x1b[1m{text[3:]}\x1b[0m"
    return f"\x1b[31m{text}\x1b[0m" if _BAD.search(text) else text


def at_work(record: JobRecord) -> Said:
    """While it runs: what it does, and since when."""
    took = duration(round(time.time() - record.begun)) if record.begun else ""
    return "spinner", "accent", record.message or tr("Starting"), took


def ended(
    found: Standing, state: JobState | None, failed: Trouble | None, steps: Iterable[Step]
) -> Said:
    """When none runs: how the last one ended, else how things stand."""
    if found.unfinished:
        said = tr("An update was cut off.")
        return "x-circle", "danger", said, tr("Roll back to have everything as it was.")
    as_before = tr("{n} runs on; everything is as it was.", n=found.running.number)
    if state is JobState.STOPPED:
        return "stop", "warning", tr("Stopped."), as_before
    if failed is not None:
        bad = next((step for step in steps if step.state is StepState.FAILED), None)
        said = tr("The update failed.")
        if bad is not None:
            said = tr("{step} failed.", step=tr(NAMES[bad.stage][0]))
        return "x-circle", "danger", said, f"{as_before} {failed.hint}".strip()
    if found.moved:
        return "check-circle", "success", tr("The new version is ready."), ""
    if found.blocked:
        return "warning-circle", "warning", found.blocked, ""
    if found.available is None and found.looked:
        return "check-circle", "success", tr("This is the newest version."), ""
    return "", "muted", "", ""
