"""How issues are put into words and colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from PySide6.QtGui import QColor

from aiops_desktop.domain.forges import Label, Person
from aiops_desktop.domain.issues import Issue, IssueState
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import Scheme, legible

_LOOKS = {
    IssueState.ACTIVE: ("circle-half", "In progress", "accent"),
    IssueState.OPEN: ("circle", "Open", "muted"),
    IssueState.CLOSED: ("check-circle", "Closed", "success"),
}
#: Days before its end in which a date counts as pressing.
PRESSING = 3


@dataclass(frozen=True, slots=True)
class Look:
    """Icon, words and tone."""

    icon: str
    word: str
    tone: str


def look(issue: Issue) -> Look:
    """How an issue stands."""
    if issue.gone is not None:
        return Look("prohibit", tr("Not on the forge any more"), "muted")
    icon, word, tone = _LOOKS[issue.state]
    return Look(icon, tr(word), tone)


def state_title(state: IssueState) -> str:
    """The name of a state."""
    return tr(_LOOKS[state][1])


def due(issue: Issue, today: date | None = None) -> tuple[str, str]:
    """When it is due, and the tone of that: ("due tomorrow", "warning"); "" when never."""
    if issue.due is None:
        return "", "muted"
    days = (issue.due - (today or datetime.now(UTC).astimezone().date())).days
    tone = "muted" if not issue.open or days > PRESSING else "danger" if days < 0 else "warning"
    if days < -1:
        return counted(-days, "{n} day overdue", "{n} days overdue"), tone
    near = {-1: tr("due yesterday"), 0: tr("due today"), 1: tr("due tomorrow")}
    if days in near:
        return near[days], tone
    if days < 14:
        return tr("due in {n} days", n=days), tone
    return tr("due {date}", date=issue.due.isoformat()), tone


def label_colour(name: str, labels: Mapping[str, str], scheme: Scheme) -> str:
    """The colour of a label's word: as its forge has it, moved until it can be read."""
    colour = labels.get(name, "")
    if not QColor.isValidColorName(colour) or QColor(colour).saturation() < 24:
        return scheme.muted
    return legible(QColor(colour).name(), scheme.surface, scheme.text)


def colours(labels: Sequence[Label]) -> dict[str, str]:
    """Label → colour."""
    return {label.name: label.colour for label in labels}


def people(members: Sequence[Person]) -> dict[str, str]:
    """Login → what is shown of it."""
    return {person.login: person.shown for person in members}


def sections(issues: Sequence[Issue], sizes: Mapping[IssueState, int]) -> list[object]:
    """The issues under headings of their states, as they come, with how many there are of each."""
    rows: list[object] = []
    last: IssueState | None = None
    for issue in issues:
        if issue.state is not last:
            last = issue.state
            rows.append(Section(state_title(last), f"{sizes.get(last, 0):,}"))
        rows.append(issue)
    return rows


def spoken(issue: Issue) -> str:
    """An issue in one sentence, for who cannot see the icons."""
    parts = [f"#{issue.number} {issue.title}", look(issue).word, *issue.labels]
    parts += [tr("assigned to {who}", who=", ".join(issue.assignees))] if issue.assignees else []
    when = due(issue)[0]
    return ", ".join([*parts, when] if when else parts)
