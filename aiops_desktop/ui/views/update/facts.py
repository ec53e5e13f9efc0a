"""What runs, what there is, and where it comes from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.updates import Kind, Standing, Version
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import MARGIN, ROW, STRETCH, clear, hbox, holder, label, vbox
from aiops_desktop.ui.text import age, counted, moment, short_id, tr

_KINDS = {
    Kind.CHECKOUT: "its repository's clone",
    Kind.DEB: "a Debian package",
    Kind.TARBALL: "an unpacked archive",
    Kind.WHEEL: "a Python package",
    Kind.OTHER: "files of unknown origin",
}


#: Characters that are never cut: numbers, remotes, most branches.
SHORT = 24


class Facts(QWidget):
    """A line a fact.

    Signals:
        news: the person wants to see what is new.
    """

    news = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._lines: QVBoxLayout = vbox(gap=0)
        self.setLayout(
            vbox(
                label(tr("Version"), "section"),
                4,
                self._lines,
                STRETCH,
                gap=0,
                margins=(MARGIN, 12, MARGIN, 12),
            )
        )

    def show_standing(self, found: Standing) -> None:
        """Show it."""
        clear(self._lines)
        self._version(tr("Running"), found.running)
        if found.available:
            self._version(tr("Available"), found.available)
        else:
            seen = tr("nothing newer, looked {age} ago", age=age(found.looked))
            known = seen if found.looked else tr("nobody looked yet")
            if found.looked and age(found.looked) == tr("now"):
                known = tr("nothing newer")
            self._add(tr("Available"), "", known)
        self._add(tr("Installed"), "", tr("from {what}", what=tr(_KINDS[found.kind])))
        if found.kind is not Kind.CHECKOUT:
            self._add(tr("Listed at"), "", found.address or tr("no address is set"))
            return
        self._add(tr("From"), found.remote, found.address or tr("there is no such remote"))
        kept = tr("its newest release") if found.releases else tr("its newest commit")
        self._add(tr("Follows"), found.branch, kept)
        if found.count:
            link = self._desk.kit.link(tr("What is new"), self.news.emit)
            self._row(
                tr("Changes"),
                label(counted(found.count, "{n} commit", "{n} commits")),
                link,
            )
        mine = counted(len(found.changed), "{n} changed file", "{n} changed files")
        own = counted(found.own_commits, "{n} own commit", "{n} own commits")
        parts = [part for part, on in ((mine, found.changed), (own, found.own_commits)) if on]
        self._add(tr("Local"), "", ", ".join(parts) or tr("no changes"), tip=_names(found.changed))
        self._add(tr("Restart"), found.restart_command, "" if found.restart_command else _OWN)

    def _add(self, name: str, exact: str, text: str, *, tip: str = "") -> None:
        said = Elided(text, "muted")
        if tip:
            said.setToolTip(tip)
        known = label(exact, "mono") if len(exact) <= SHORT else Elided(exact, "mono")
        self._row(name, known if exact else None, said)

    def _version(self, name: str, one: Version) -> None:
        when = age(one.time)
        ago = when if not when or when == tr("now") else tr("{age} ago", age=when)
        parts = [part for part in (short_id(one.commit), ago) if part]
        self._add(name, one.number or tr("unknown"), ", ".join(parts), tip=moment(one.time))

    def _row(self, name: str, *parts: QWidget | None) -> None:
        head = label(name, "muted")
        head.setFixedWidth(80)
        self._lines.addWidget(holder(hbox(head, *parts, STRETCH, gap=8), height=ROW))


_OWN = "the window starts anew"


def _names(files: tuple[str, ...]) -> str:
    return "\n".join(files[:20]) + ("\n…" if len(files) > 20 else "")
