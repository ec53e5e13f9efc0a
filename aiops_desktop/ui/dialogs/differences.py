"""What would be replaced, as lines of a dialog: how many now and then, and which of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.backups import named
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.differences import Difference
    from aiops_desktop.ui.parts.kit import Kit

_NOUNS = {
    "tenants": ("Tenants", "buildings"),
    "projects": ("Projects", "git-branch"),
    "keys": ("Keys", "key"),
    "integrations": ("Integrations", "share-network"),
    "issues": ("Issues", "circle-half"),
    "runs": ("Runs", "robot"),
    "deployments": ("Deployments", "rocket-launch"),
    "events": ("History", "clock-counter-clockwise"),
    "settings": ("Settings", "gear-six"),
}


def difference_lines(kit: Kit, found: Iterable[Difference]) -> QVBoxLayout:
    """A line for each noun; under it what goes, what comes back and what changes, by name."""
    return vbox(*(_line(kit, one) for one in found), gap=0)


def _line(kit: Kit, one: Difference) -> QWidget:
    title, icon = _NOUNS[one.noun]
    now = label(f"{one.now:,}", "muted")
    now.setFixedWidth(72)
    name = label(tr(title))
    name.setFixedWidth(112)
    text, tone = _in_words(one)
    top = hbox(
        kit.glyph(icon, "muted"),
        name,
        now,
        kit.glyph("arrow-right", "muted"),
        label(text, "", tone),
        STRETCH,
    )
    below = vbox(gap=0, margins=(24, 0, 0, 4))
    for said, names, loud in (
        (tr("Goes: {names}"), one.gone, "warning"),
        (tr("Comes back: {names}"), one.back, "muted"),
        (tr("Changes: {names}"), one.changed, "muted"),
    ):
        if names:
            line = words(said.format(names=named(names)), "small", loud)
            line.setToolTip("\n".join(names[:40]))
            below.addWidget(line)
    return holder(vbox(holder(top, height=28), below, gap=0))


def _in_words(one: Difference) -> tuple[str, str]:
    then = f"{one.then:,}"
    if one.same:
        return tr("{n}, the same", n=then), ""
    parts: list[str] = []
    if one.gone:
        parts.append(counted(len(one.gone), "{n} goes", "{n} go"))
    if one.back:
        parts.append(counted(len(one.back), "{n} comes back", "{n} come back"))
    if one.changed:
        parts.append(counted(len(one.changed), "{n} changes", "{n} change"))
    if not parts:
        less = one.now - one.then
        parts.append(tr("{n} fewer", n=f"{less:,}") if less > 0 else tr("{n} more", n=f"{-less:,}"))
    fewer = bool(one.gone) or one.then < one.now
    return f"{then}; {', '.join(parts)}", "warning" if fewer else ""
